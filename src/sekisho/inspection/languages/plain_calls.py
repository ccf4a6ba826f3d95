"""What calls are not, although they look like it: commands that only handle data, signs by number, made functions."""

import re

from sekisho.inspection.languages.commands import FETCHERS, HANDLERS, program_name
from sekisho.inspection.languages.folding import fold
from sekisho.inspection.languages.knowledge import Role
from sekisho.inspection.languages.seen import Seen
from sekisho.inspection.languages.values import NOTHING, Value

_RUNS_MORE = re.compile(
    r"eval|Function|constructor|import|require|exec|spawn|vm\b|process|global|window|self|\[|\bthis\b(?!\s*;?\s*$)"
)
_SEVERAL = re.compile(r"[;&|`$()<>\n]")
_LETTER = re.compile(r"[A-Za-z0-9]")


_NUMBER = "the number of a letter"
_ENCODINGS = {"ascii", "utf-8", "utf8", "latin-1", "latin1", "iso-8859-1", "utf_8"}


def letters_of(role: Role, seen: Seen, texts: tuple[str, ...]) -> tuple[tuple[str, Value], ...]:
    """The fields of an encoded text that stands nowhere: each element is the number of a letter, as it is in there."""
    if role.special != "encode" or texts:
        return ()
    known = (seen.at(0) if seen.arguments else seen.keywords.get("encoding", NOTHING)).texts
    return ((f"\0{_NUMBER}", Value(symbols=(_NUMBER,))),) if _ENCODINGS.issuperset(known) else ()


def is_a_sign(role: Role, seen: Seen) -> bool:
    """Whether known numbers stand for quotes, spaces and the like alone: what is hard to type hides nothing. Nor does
    the number of a letter of some text, made that letter again."""
    if role.special != "charcodes" and role.decoder != "chr":
        return False
    if seen.at(0).symbols == (_NUMBER,):
        return True
    values = seen.at(0).items or seen.arguments
    letters = [[fold("chr", text) for text in value.texts] for value in values]
    return (
        bool(letters)
        and all(each and all(each) for each in letters)
        and not any(_LETTER.search(letter or "") for each in letters for letter in each)
    )


def handles_data(line: Value, words: tuple[Value, ...]) -> bool:
    """Whether a command is given files to handle, as `tar`, `git` and `curl` are, and nothing of it runs them."""
    texts = words[0].texts if words else line.texts
    programs = [program_name(text.split()[0]) for text in texts if text.strip() and not _SEVERAL.search(text)]
    return bool(texts) and len(programs) == len(texts) and (HANDLERS | FETCHERS).issuperset(programs)


def made_by(symbol: str, seen: Seen) -> tuple[str, ...]:
    """What a call is known as: by what was called. `Function("return this")` gives the global object, and a function
    that `Function` makes of a known text runs that one, whatever it is given, unless it says otherwise."""
    body = seen.arguments[-1].texts if seen.arguments else ()
    if symbol != "global.Function" or not body or any("\0" in text or _RUNS_MORE.search(text) for text in body):
        return seen.callee.symbols
    return ("global",) if any(text.strip(" ;") == "return this" for text in body) else ()
