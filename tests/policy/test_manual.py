"""A rule is its file, its test and its heading in the manual, all under one name."""

import re

from sekisho.policy.policy import parse_policy
from support.shared import ROOT

RULES = sorted(path.stem for path in (ROOT / "src/sekisho/policy/rules").glob("*.py") if not path.stem.startswith("_"))
MANUAL = (ROOT / "docs/policy.md").read_text()


def test_there_are_rules() -> None:
    assert RULES == ["allow_list", "amount_tier", "fee_cap", "look_alike", "sweep", "velocity_limit"]


def test_every_rule_has_its_test_file_and_no_test_file_lacks_its_rule() -> None:
    tested = (path.stem.removeprefix("test_") for path in (ROOT / "tests/policy/rules").glob("test_*.py"))
    assert sorted(tested) == RULES


def test_every_rule_has_its_heading_in_the_manual_and_no_heading_lacks_its_rule() -> None:
    assert sorted(re.findall(r"^## `(\w+)`$", MANUAL, re.MULTILINE)) == RULES


def test_the_manual_explains_every_reason_of_the_room_and_no_other() -> None:
    sources = "".join(path.read_text() for path in (ROOT / "src/sekisho/policy").rglob("*.py"))
    codes = re.findall(r'code: ClassVar\[str\] = "([a-z-]+)"', sources)
    assert len(codes) == len(set(codes)) > 0
    assert sorted(re.findall(r"^- `([a-z-]+)`:", MANUAL, re.MULTILINE)) == sorted(codes)


def test_the_manuals_example_is_a_policy() -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```$", MANUAL, re.MULTILINE | re.DOTALL)
    policy = parse_policy(example.encode())
    assert len(policy.rules) == 7
