"""Names that a module offers and has from others: what a package's `__init__` or an `index.ts` collects."""

from collections.abc import Iterator

from sekisho.inspection.findings import Passed
from sekisho.inspection.languages import ir

_MOST = 2000


def passed_on(module: ir.Module, language: str) -> tuple[Passed, ...]:
    """The names of a module that are another's. Python offers whatever it imports, JavaScript what it exports."""
    body = module.top.body
    imported = {each.name: each.symbol for each in body if isinstance(each, ir.Import) and "." in each.symbol}
    if language == "python":
        stars = [Passed("*", each.symbol) for each in body if isinstance(each, ir.Import) and each.name == "*"]
        found = [*stars, *(Passed(name, symbol) for name, symbol in imported.items() if name != "*")]
    else:
        found = list(_shared(body, imported))
    return tuple(sorted(set(found)))[:_MOST]


def _shared(body: list[ir.Statement], imported: dict[str, str]) -> Iterator[Passed]:
    for each in body:
        match each:
            case ir.Share(name, ir.Name(of)) if of in imported:
                yield Passed(name, imported[of])
