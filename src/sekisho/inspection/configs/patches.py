"""`patches/*.patch`: what patch-package, pnpm and yarn write into dependencies is code of the input, not of theirs."""

import re

from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.page import Page
from sekisho.inspection.prefilter import worth_reading

_LANGUAGES = {
    **dict.fromkeys(("js", "cjs", "mjs", "jsx"), "javascript"), **dict.fromkeys(("ts", "cts", "mts"), "typescript"),
    "py": "python",
}  # fmt: skip
_TARGET = re.compile(r"\+\+\+ (?:b/)?(\S+)")
_LONGEST = 20_000
"""Lines."""


def patch(page: Page) -> None:
    """The lines that a patch adds, with those around them, as the programs they become."""
    programs: dict[str, list[str]] = {}
    target, within = "", False
    for number, line in enumerate(page.lines[:_LONGEST]):
        named = _TARGET.match(line)
        if line.startswith("diff ") or named:
            target, within = named[1] if named else "", False
        elif line.startswith("@@"):
            within = True
        elif within and target and line[:1] in {"+", " "}:
            text = programs.setdefault(target, [])
            text += [""] * (number - len(text))
            text.append(line[1:])
    for name, text in programs.items():
        language, source = _LANGUAGES.get(name.rpartition(".")[2], ""), "\n".join(text)
        if language and worth_reading(source.encode("utf-8", "replace"), language):
            page.code(Embedded(language, source, 1), "", lambda line: line)
