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
_LED = ("orget ", "gnore ", "isregard ", "verride ")
_OVERRIDES = re.compile(
    r"\b(?:forget|ignore|disregard|override)\b.{0,30}\b(?:everything|anything|all|previous|prior|above|earlier|your"
    r"|system|what you|instructions)\b",
    re.IGNORECASE,
)
_OURS = r"(?:code|package|file|module|script|repo(?:sitory)?|project|library|program|plugin|dependency|change)s?"
_VOUCHES = re.compile(
    rf"\b{_OURS} (?:is|are|was|were|has been|have been)\b.{{0,40}}\b(?:legit(?:imate)?|safe|benign|harmless|clean"
    r"|trusted|approved|verified|reviewed|tested|audited|not malicious|free of)\b"
    rf"|\b(?:mark|report|treat|consider|rate|classify|approve)\b.{{0,40}}\b(?:{_OURS}|it|this)\b.{{0,30}}"
    r"\b(?:safe|benign|harmless|clean|trusted|legit(?:imate)?)\b",
    re.IGNORECASE,
)
"""What somebody says of his own code who wants it passed."""

_AROUND, _LONGEST, _MOST = 6, 2_000_000, 5
"""Lines before and after one that speaks of secrets; characters that are looked at; places that are told."""


def orders(page: Page) -> None:
    """Text that tells a tool to take what is secret, and to do so first or to say nothing of it."""
    if len(page.text) > _LONGEST:
        return
    _to_reviewers(page)
    if not any(hint in page.text for hint in _HINTS):
        return
    found = 0
    for number, line in enumerate(page.lines, 1):
        if not any(hint in line for hint in _HINTS) or not _LIES.search(line[:2000]):
            continue
        words = _near(page, number)
        if _TAKES.search(words) and (conceals(words) and _FIRST.search(words)):
            page.see(Mark.INSTRUCT, number, "tells an assistant to take secrets, and to say nothing of it")
            found += 1
            if found == _MOST:
                return


def _to_reviewers(page: Page) -> None:
    """Text that tells a machine to forget what it was told, and that this code is in order.

    In a comment that is a request to look away, as others are: it is told, and not obeyed.
    """
    if not any(word in page.text for word in _LED):
        return
    said = (number for number, line in enumerate(page.lines, 1) if _OVERRIDES.search(line[:2000]))
    for number in [number for number in said if _VOUCHES.search(_near(page, number))][:_MOST]:
        remark = page.lines[number - 1].lstrip().startswith(("*", "//", "/*", "#"))
        told = "tells whoever reviews this to forget the rules and to take it for harmless"
        page.see(Mark.SUPPRESS if remark else Mark.INSTRUCT, number, told)


def _near(page: Page, number: int) -> str:
    """The words on a line and around it."""
    near = [each[:500] for each in page.lines[max(0, number - 1 - _AROUND) : number + _AROUND]]
    return " ".join(" ".join(near).split())
