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


_RUN_FILES = {
    "pip",
    "pytest",
    "unittest",
    "runpy",
    "pdb",
    "trace",
    "cProfile",
    "profile",
    "coverage",
    "IPython",
    "ipython",
    "ipykernel",
    "jupyter",
    "nbconvert",
    "papermill",
    "build",
    "invoke",
    "fabric",
    "scrapy",
    "celery",
    "idlelib",
}
"""Modules that run, build or install the file that they are given."""


def handles_data(line: Value, words: tuple[Value, ...]) -> bool:
    """Whether a command is given files to handle, as `tar`, `git` and `curl` are, and nothing of it runs them."""
    texts = words[0].texts if words else line.texts
    programs = [program_name(text.split()[0]) for text in texts if text.strip() and not _SEVERAL.search(text)]
    known = bool(texts) and len(programs) == len(texts)
    return known and ((HANDLERS | FETCHERS).issuperset(programs) or _by_module(programs, words))


def _by_module(programs: list[str], words: tuple[Value, ...]) -> bool:
    """`python -m module file`: the module is run, and few of them run the file."""
    modules = module_of(words)
    runs = any("\0" in each or each.partition(".")[0] in _RUN_FILES for each in modules)
    return bool(modules) and not runs and all(each.startswith("python") for each in programs)


def module_of(words: tuple[Value, ...]) -> tuple[str, ...]:
    """The module that `python -m module` runs, by what it may be."""
    return words[2].texts if len(words) > 2 and words[1].texts == ("-m",) else ()


def made_by(symbol: str, seen: Seen) -> tuple[str, ...]:
    """What a call is known as: by what was called. `Function("return this")` gives the global object, and a function
    that `Function` makes of a known text runs that one, whatever it is given, unless it says otherwise."""
    body = seen.arguments[-1].texts if seen.arguments else ()
    if symbol != "global.Function" or not body or any("\0" in text or _RUNS_MORE.search(text) for text in body):
        return seen.callee.symbols
    return ("global",) if any(text.strip(" ;") == "return this" for text in body) else ()
