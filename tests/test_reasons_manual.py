"""The manual of reasons and the code agree: every code is listed, none is made up, none means two things."""

import importlib
import pkgutil
import re
from pathlib import Path

import sekisho
from sekisho.verdicts import Reason

MANUAL = Path(__file__).resolve().parents[1] / "docs" / "reasons.md"


def reasons() -> list[type[Reason]]:
    """Every reason there is, as its module names it."""
    modules = [importlib.import_module(each.name) for each in pkgutil.walk_packages(sekisho.__path__, "sekisho.")]
    here = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    return [kind for kind in here if issubclass(kind, Reason) and kind is not Reason]


def test_the_manual_lists_every_code_and_no_other() -> None:
    listed = re.findall(r"^\| `([a-z-]+)` \|", MANUAL.read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(each.code for each in reasons())


def test_no_code_means_two_things() -> None:
    codes = [each.code for each in reasons()]
    assert sorted(set(codes)) == sorted(codes)


def test_every_code_is_lower_case_words() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", each.code) for each in reasons())
