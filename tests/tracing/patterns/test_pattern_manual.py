"""A rule is its file, its test and its heading in the manual, all under one name."""

import re
from importlib import import_module

from support.shared import ROOT

FOLDER = ROOT / "src/sekisho/tracing/patterns"
MANUAL = (ROOT / "docs/patterns.md").read_text()
RULES = sorted(path.stem for path in FOLDER.glob("*.py") if "\nRULE = " in path.read_text())


def test_every_rule_carries_the_name_of_its_file() -> None:
    assert len(RULES) == 12
    for name in RULES:
        assert name.replace("_", "-") == import_module(f"sekisho.tracing.patterns.{name}").RULE


def test_every_rule_has_its_test_file() -> None:
    assert all((ROOT / f"tests/tracing/patterns/test_{name}.py").exists() for name in RULES)


def test_every_rule_has_its_heading_in_the_manual_and_no_heading_lacks_its_rule() -> None:
    headings = re.findall(r"^## ([a-z0-9-]+)$", MANUAL, re.MULTILINE)
    assert sorted(headings) == [name.replace("_", "-") for name in RULES]
