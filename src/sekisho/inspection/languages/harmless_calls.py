"""Which arguments make single calls harmless."""

from collections.abc import Callable, Mapping

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.seen import Seen
from sekisho.inspection.languages.values import NOTHING, PARAMETER


def _safe_yaml(seen: Seen) -> bool:
    loader = seen.keywords.get("Loader", seen.at(1))
    return any(symbol.rpartition(".")[2] in {"SafeLoader", "CSafeLoader", "BaseLoader", "CBaseLoader"}
               for symbol in loader.symbols) or any(
                   "Safe" in symbol or "RoundTrip" in symbol for symbol in loader.symbols)  # fmt: skip


def _weights_only(seen: Seen) -> bool:
    return "1" in seen.keywords.get("weights_only", NOTHING).texts


def _no_pickle(seen: Seen) -> bool:
    return "1" not in seen.keywords.get("allow_pickle", NOTHING).texts


def _no_text(seen: Seen) -> bool:
    """A timer takes a function, as a rule: a function, also a bound one, or a parameter as given is not called text."""
    value = seen.at(0)
    given = any(label.source == PARAMETER for label in value.labels)
    match seen.call.arguments[:1]:
        case (ir.Call(ir.Attribute(_, "bind", _)),):
            return True
        case (ir.Name(_),) if given:
            return True
    return bool(value.functions)


def _is_data(seen: Seen) -> bool:
    """A page in a program's own window is given data: as JSON, within a text that stands in the source."""
    match seen.call.arguments[:1]:
        case (ir.Mix(_, parts),):
            return any(isinstance(each, ir.Call) and isinstance(each.function, ir.Attribute)
                       and each.function.name in {"stringify", "dumps"} for each in parts)  # fmt: skip
    return False


HARMLESS: Mapping[str, Callable[[Seen], bool]] = {
    "yaml": _safe_yaml,
    "torch": _weights_only,
    "numpy": _no_pickle,
    "timer": _no_text,
    "page": _is_data,
}
