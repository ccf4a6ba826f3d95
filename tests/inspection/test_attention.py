"""What is passed over changes nothing: read as it is, a source tells what it tells when every statement is read."""

import pytest

from inspection.fixtures import cases
from inspection.rules.development import CAUGHT, LEFT
from sekisho.inspection.extract import extract
from sekisho.inspection.findings import Findings, Site
from sekisho.inspection.languages import ir
from sekisho.inspection.languages.attention import WHOLE, Attention
from sekisho.inspection.languages.calls import Calls
from sekisho.inspection.languages.javascript_calls import JAVASCRIPT
from sekisho.inspection.languages.special_calls import GIVES
from sekisho.inspection.virtual import VirtualFile
from support.inspection import Files

PROJECTS: list[tuple[str, Files]] = [
    *((f"{rule}: {claim}", sample.files) for rule, claim, sample in CAUGHT),
    *((f"{rule}, honest: {claim}", files) for rule, claim, files in LEFT),
    *((case.ident, case.project.files) for case in cases("validation")),
    *((f"{case.ident}, twin", case.twin.files) for case in cases("validation")),
]


def origins(found: Findings) -> set[tuple[object, ...]]:
    """All flows, each with where it begins."""
    return {(flow.source, flow.origin, flow.sink, flow.end, flow.unit) for flow in found.flows}


def told(found: Findings) -> tuple[object, ...]:
    """What rules go by, without what more is known of a source in one reading than in another."""
    flows = {(flow.source, flow.sink, flow.end, flow.unit) for flow in found.flows}
    return flows, {(sight.mark, sight.site, sight.unit) for sight in found.sights}, set(found.uses), found.triggers


def every_statement(self: Attention) -> None:
    """To begin with all of a source."""
    for place in range(len(self.entries)):
        self.wake(place, WHOLE)


@pytest.mark.parametrize("files", [files for _, files in PROJECTS], ids=[name for name, _ in PROJECTS])
def test_what_is_passed_over_changes_nothing(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [VirtualFile(path, data.encode() if isinstance(data, str) else data) for path, data in files.items()]
    as_it_is = [extract(file, {}) for file in given]
    monkeypatch.setattr(Attention, "begin", every_statement)
    whole = [extract(file, {}) for file in given]
    assert list(map(told, as_it_is)) == list(map(told, whole))
    for one, other in zip(as_it_is, whole, strict=True):  # of many places where a flow begins some are named
        assert origins(one) <= origins(other)


def test_a_catch_without_its_try_is_read() -> None:
    module = ir.Module(ir.Function("", (), 1))
    run = ir.Call(ir.Name("eval"), (ir.Name("e"),), (), 1)
    module.top.body += [ir.Caught(ir.Name("e")), ir.Bind(None, run)]
    engine = Calls(module, JAVASCRIPT, lambda line: Site("a.js", line, ""), "", {}, GIVES)
    engine.run()
    assert engine.telling
    assert not engine.flows


def test_most_of_an_ordinary_source_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(f"def area_{n}(a, b):\n    c = a * {n}\n    return c + b\n" for n in range(200))
    source = f"import os\n{lines}\ndef run(x):\n    os.system(x)\n"
    read: list[int] = []
    wake = Attention.wake

    def noted(self: Attention, place: int, depth: int = 1) -> None:
        read.append(place)
        wake(self, place, depth)

    monkeypatch.setattr(Attention, "wake", noted)
    (end,) = extract(VirtualFile("a.py", source.encode()), {}).exports
    assert end.name == "run"
    assert len(set(read)) < 250  # 200 definitions, and a few statements of the 800
