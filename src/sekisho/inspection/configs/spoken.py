"""What a program says to an assistant: descriptions of tools, prompts, and any text that an assistant is to obey."""

import re

from sekisho.inspection.configs.manuals import conceals
from sekisho.inspection.findings import Mark
from sekisho.inspection.page import Page

_HINTS = ("~/.", "id_rsa", "id_ed25519", ".env", "credentials", "private key", "mcp.json")
_LIES = re.compile(
    r"~/\.(?:ssh|aws|cursor|claude|codex|gemini|config|npmrc|pypirc|gnupg|kube|docker|git-credentials|netrc|env|\w+_history)"
    r"|\bid_(?:rsa|ed25519)\b|(?<![\w.])\.env\b|\bcredentials\b|\bprivate keys?\b|\bmcp\.json\b",
    re.IGNORECASE,
)
_TAKES = re.compile(r"\b(?:read|open|load|cat|fetch|collect|find|get|include|pass|attach|append|send)\b", re.IGNORECASE)
_FIRST = re.compile(
    r"</?(?:IMPORTANT|SYSTEM|INSTRUCTIONS?|CRITICAL|HIDDEN)>"
    r"|\b(?:before|after) (?:using|calling|running|any)\b.{0,20}\btools?\b"
    r"|\btool (?:will|does) not work\b|\botherwise\b.{0,30}\b(?:fails?|not work)\b"
)
_FORGETS = re.compile(
    r"\b(?:ignore|disregard|forget) (?:everything|all|whatever) you(?:'ve| have| were)?\b.{0,20}"
    r"\b(?:know|told|learned|read)\b|"
    r"\b(?:ignore|disregard|forget|override)\b.{0,20}\b(?:previous|prior|above|earlier)\b.{0,12}\binstructions\b",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"\b(?:this|the) (?:code|file|package)\b.{0,20}\b(?:legit|safe|trusted|harmless|benign|tested)|"
    r"\b(?:run|execute|print|send|upload|fetch|download|curl|install|report|mark|answer|reply|approve)\b.{0,80}"
    r"(?:`|https?://|\benvironment\b|\bscript\b|\bcommand\b|\bsafe\b|\bno issues\b|\bclean\b|\bwithout\b|\blegit"
    r"|\bsecrets?\b|\bkeys?\b)",
    re.IGNORECASE | re.DOTALL,
)
_PROSE = re.compile(r"^[^.]+$|\.(?:md|mdx|markdown|rst|adoc|txt|html?|ipynb)$")
_REACH = 200
"""Characters before and after such words that say what is to be done."""

_AROUND, _LONGEST, _MOST = 6, 2_000_000, 5
"""Lines before and after one that speaks of secrets; characters that are looked at; places that are told."""


def orders(page: Page) -> None:
    """Text that tells a tool to take what is secret, and to do so first or to say nothing of it."""
    if len(page.text) > _LONGEST:
        return
    if not _PROSE.search(page.name):  # which may well be about such words; what it hides is looked at as it is shown
        _overrides(page)
    if not any(hint in page.text for hint in _HINTS):
        return
    found = 0
    for number, line in enumerate(page.lines, 1):
        if not any(hint in line for hint in _HINTS) or not _LIES.search(line[:2000]):
            continue
        near = [each[:500] for each in page.lines[max(0, number - 1 - _AROUND) : number + _AROUND]]
        words = " ".join(" ".join(near).split())
        if _TAKES.search(words) and (conceals(words) and _FIRST.search(words)):
            page.see(Mark.INSTRUCT, number, "tells an assistant to take secrets, and to say nothing of it")
            found += 1
            if found == _MOST:
                return


def _overrides(page: Page) -> None:
    """`Ignore all previous instructions` with what is to be done instead: nobody tells that to people."""
    found = 0
    for word in _FORGETS.finditer(page.text) if "nstructions" in page.text or " you " in page.text else ():
        around = page.text[max(0, word.start() - _REACH) : word.end() + _REACH]
        if _INSTEAD.search(around):
            page.see(
                Mark.INSTRUCT, page.text.count("\n", 0, word.start()) + 1, "tells an assistant to forget its orders"
            )
            found += 1
            if found == _MOST:
                return
