"""What a text holds that its reader does not see: far to the right, reversed, without width, or of another alphabet.

Sources: Unicode Standard Annexes 9 and 31, Technical Standard 39; Boucher & Anderson, "Trojan Source" (2021).
"""

import re
import unicodedata
from typing import NamedTuple

_OPEN = {"\u202a": "\u202c", "\u202b": "\u202c", "\u202d": "\u202c", "\u202e": "\u202c",
         "\u2066": "\u2069", "\u2067": "\u2069", "\u2068": "\u2069"}  # fmt: skip
_CLOSE = frozenset(_OPEN.values())
_TABS = "\t" * 40
_FAR = re.compile(r"[^\S\n]{160,}(?=\S)|\t{40,}(?=\S)")
_EMPTY = 150
"""Empty lines below which nobody looks for more."""

_REMARK = re.compile(r"/\*[^*]*\*/|(?://|#)[^()\[\]{}`;=]*")
"""What stands there is for people, if they find it; were it none, as in Python `//` is no remark, it calls nothing."""

_NO_WIDTH = "\u200b\u200c\u200d\u2060-\u2064\ufeff\u180e\u00ad"
_RUN = re.compile(rf"[{_NO_WIDTH}]{{4,}}|[\ufe00-\ufe0f]{{4,}}|[\U000e0100-\U000e01ef]{{2,}}")
_BETWEEN = re.compile(rf"(?<=[\x20-\x7e])(?!(?<=[\"'`])[{_NO_WIDTH}][\"'`])[{_NO_WIDTH}]+(?=[\x20-\x7e])")
"""Not: one alone between quotes, as in a table of HTML's entities."""
_TAGS = re.compile("(\U0001f3f4?)([\U000e0000-\U000e007f]+)")
_FILLERS = re.compile("(?!(?<=([\"'`])).\\1)[\u115f\u1160\u3164\uffa0]+")
"""Not: one alone between quotes, with which a program compares what it reads."""

_JOINED = re.compile(r"(?<=[A-Za-z_$])[\u200c\u200d](?=[A-Za-z_$])")
_WORD = re.compile(r"[^\W\d_]+")
_RANGE = re.compile(r"[^\0-\x7f]-[^\0-\x7f]")
_TABLE = 100
"""Ranges of letters on one line, or letters that differ, beyond which it is a table of Unicode's, as of a library for
regular expressions: a single letter in it that is not seen says nothing."""

_CONSTANT = re.compile(r"""(["'])((?:(?!\1)[^\\]|\\.)*)(?:\1|\\?$)""")
_WORDS = re.compile(r"[ ]|\\[nt]")
_LOOKALIKES = frozenset("асеорхуіјѕһԁԛԝАВСЕНІЈКМОРЅТХҮοαρνικΑΒΕΗΙΚΜΝΟΡΤΥΧΖ")
_READ = 5_000
"""Characters of a line that somebody reads: whether a longer one is in order nobody would see."""

_MOST = 20
_BETWEEN_LETTERS = 8
"""Characters without width on one line of plain letters, beyond which they must mean something."""


class Hidden(NamedTuple):
    """A line, and what is not seen on it. `surely`: there is no honest reason for it anywhere."""

    line: int
    why: str
    surely: bool


def hidden(text: str, *, source: bool = True) -> list[Hidden]:
    """What a reader of a text would not see, twenty places at most. `source`: it is a program."""
    found: list[Hidden] = []
    plain = text.isascii()
    empty = 0
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.isspace():
            empty += 1
            continue
        if source and _EMPTY <= empty < number - 1:
            found.append(Hidden(number, "code below a long run of empty lines", surely=False))
        empty = 0
        if source and _is_far(line):
            found.append(Hidden(number, "code far to the right of the screen", surely=False))
        if not plain and not line.isascii():
            found += [Hidden(number, why, surely) for why, surely in _unseen(line[:200_000], source)]
        if len(found) >= _MOST:
            break
    return found[:_MOST]


def _is_far(line: str) -> bool:
    """Whether something else than a remark stands far to the right on a line."""
    if line[:1] in "\"'" or not (len(line) > 200 or _TABS in line):
        return False
    far = _FAR.search(line[:100_000].rstrip())
    return far is not None and not _REMARK.fullmatch(line[far.end() :].rstrip())


def _unseen(line: str, source: bool) -> list[tuple[str, bool]]:
    found = []
    bare, ranges = _RANGE.subn("", line)
    line = bare if ranges > _TABLE else line
    if any(not flag[1] or len(flag[2]) > 7 for flag in _TAGS.finditer(line)) or _RUN.search(line):
        found.append(("invisible characters that spell text", True))
    elif sum(len(match[0]) for match in _BETWEEN.finditer(line)) >= _BETWEEN_LETTERS:
        found.append(("invisible characters between letters", True))
    reversed_by = _reversing(line) if source and len(line) <= _READ else ""
    if reversed_by:
        found.append(("characters that reverse the order of text", reversed_by == "unpaired"))
    if source and any(len(each[0]) > 3 or not _is_table(line) for each in _FILLERS.finditer(line)):
        found.append(("letters that are not seen", True))
    elif source and _JOINED.search(line):
        found.append(("characters without width within a name", False))
    named = _CONSTANT.sub(_unless_prose, unicodedata.normalize("NFC", line)) if source else ""
    if any(_is_lookalike(word) for word in _WORD.findall(named)):
        found.append(("a name with letters of another alphabet that look like ours", False))
    return found


def _is_table(line: str) -> bool:
    return sum(not each.isascii() for each in set(line)) > _TABLE


def _reversing(line: str) -> str:
    """`unpaired` if a line leaves its order open, `paired` if it reorders plain letters only; or nothing."""
    waiting: list[str] = []
    seen = False
    for character in line:
        if character in _OPEN:
            seen = True
            waiting.append(_OPEN[character])
        elif character in _CLOSE and (not waiting or waiting.pop() != character):
            return "unpaired"
    if waiting:
        return "unpaired"
    strong = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in line) if seen else True
    return "" if strong else "paired"


def _unless_prose(constant: re.Match[str]) -> str:
    """A constant, unless it is several words and no address: then people read it, and it names nothing."""
    text = constant[2]
    return constant[0] if "://" in text or not _WORDS.search(text) else ""


def _is_lookalike(word: str) -> bool:
    """Whether a word mixes Latin letters with ones that cannot be told from them, and with no other."""
    foreign = [letter for letter in word if not letter.isascii()]
    return bool(foreign) and len(foreign) < len(word) and all(letter in _LOOKALIKES for letter in foreign)
