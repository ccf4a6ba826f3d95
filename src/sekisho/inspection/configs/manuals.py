"""Texts that tell somebody what to do: people, whom they tell what to run, and tools, whom they may tell it unseen."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.page import Page

_FENCE = re.compile(r"^\s*(?:>\s*)?(```+|~~~+)\s*(\w*)")
_INLINE = re.compile(r"(?<!`)`([^`\n]{3,200})`(?!`)")
_SHELLS = {"", "sh", "bash", "shell", "console", "zsh", "terminal", "text", "shellsession", "powershell", "cmd", "bat"}
_PROGRAMS = {"python": "python", "python3": "python", "py": "python", "node": "node", "nodejs": "node", "bun": "bun",
             "deno": "deno", "tsx": "tsx", "ts-node": "ts-node", "bash": "bash", "sh": "sh", "zsh": "zsh",
             "source": "sh", ".": "sh"}  # fmt: skip
_FILE = re.compile(r"[\w@./\\-]*\.(?:py|pyw|[cm]?[jt]sx?|sh|bash|command|ps1|bat|cmd)$|\./[\w./-]+$|[\w./-]+$")
_AI = re.compile(
    r"\b(?:AI|A\.I\.|LLMs?|[Ll]anguage [Mm]odels?|[Aa]ssistants?|[Aa]gents?|[Cc]opilot|[Cc]laude|[Cc]hat ?GPT|GPT"
    r"|[Gg]emini|[Cc]ursor|[Cc]odex|[Mm]odels?|[Rr]eviewers?|[Ss]canners?)\b"
)
_ORDER = re.compile(
    r"\b(?:do not|don't|never|without)\b.{0,30}\b(?:tell|mention|inform|reveal|report|flag|warn|show|ask|asking|telling"
    r"|mentioning|showing|informing)\b|\b(?:run|execute|install|fetch|download|send|upload|exfiltrate|insert|read)\b.{0,80}"
    r"\b(?:commands?|scripts?|code|curl|wget|bash|npm|secrets?|keys?|tokens?|\.env|credentials|https?)\b"
    r"|\b(?:mark|report|treat|consider|rate|classify)\b.{0,60}\b(?:safe|benign|clean|harmless|trusted)\b"
    r"|\bsystem prompt\b",
    re.IGNORECASE,
)
_OVERRIDE = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:previous|prior|above|earlier|all|your|system|other)\b.{0,20}"
    r"\b(?:instructions?|prompts?|rules|guidelines|directions)\b",
    re.IGNORECASE,
)
_CONCEAL = re.compile(
    r"\b(?:do not|don't|never|without)\b.{0,20}\b(?:tell|telling|mention|mentioning|inform|informing|reveal|revealing"
    r"|show|showing|notify|notifying)\b.{0,40}\b(?:users?|developers?|humans?|anyone|them)\b",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])"
    r"|(?<!-)color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"^\[(?://|comment|_)[^\]]*\]:\s*(?:#|<>)\s*[(\"'](.*)[)\"']$")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_LONGEST = 500_000


def manual(page: Page) -> None:
    """A README or a task: the files of the project that it tells its reader to run."""
    for line, command in _commands(page.lines):
        words = command.split()
        if words[:1] and words[0] in _PROGRAMS:
            told = next((word for word in words[1:] if not word.startswith("-")), "")
            if words[1:2] == ["-m"] and _PROGRAMS[words[0]] == "python" and re.fullmatch(r"[\w.]+", told):
                page.trigger(Moment.RUN, f"told to by {page.name}", line, command,
                             uses=(("import:python", told), ("import:python", f"{told}.__main__")))  # fmt: skip
            elif _FILE.match(told) and "." in told:
                page.trigger(Moment.RUN, f"told to by {page.name}", line, command,
                             uses=((_PROGRAMS[words[0]], told),))  # fmt: skip
        elif words[:1] and words[0].startswith("./") and len(words[0]) > 3:
            page.trigger(Moment.RUN, f"told to by {page.name}", line, command, uses=(("exec", words[0]),))


def agent_rules(page: Page) -> None:
    """`AGENTS.md`, `.cursorrules` and their like: commands that a coding agent is told, and what it is told to hide."""
    for line, command in _commands(page.lines, inline=False):
        page.trigger(Moment.RUN, f"told to coding agents by {page.name}", line, command)
    for number, text in enumerate(page.lines, 1):
        if _CONCEAL.search(text[:2000]) or _OVERRIDE.search(text[:2000]):
            page.see(Mark.INSTRUCT, number, "tells a coding agent to hide something, or to forget its instructions")


def unseen_words(page: Page) -> None:
    """Instructions to tools, where only tools read: in comments of a page or manual, or in what it does not show."""
    text = page.text[:_LONGEST]
    if not (_ORDER.search(text) or _OVERRIDE.search(text)):
        return
    reader = _Unseen()
    try:
        reader.feed("\n".join(_without_fences(text.split("\n"))))
        reader.close()
    except (AssertionError, ValueError):
        page.gap(reader.getpos()[0], "markup that does not parse")
    for number, line in enumerate(page.lines, 1):
        reference = _REFERENCE.match(line.rstrip()[:5000])
        if reference:
            reader.found.append((number, reference[1]))
    for number, words in reader.found:
        if _OVERRIDE.search(words) or (_ORDER.search(words) and _AI.search(words)):
            page.see(Mark.INSTRUCT, number, "instructions to tools where a reader does not see them")


class _Unseen(HTMLParser):
    """Collects what a page holds and does not show, with lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._hidden: list[str] = []

    def handle_comment(self, data: str) -> None:
        line = self.getpos()[0]
        before = data[: len(data) - len(data.lstrip())].count("\n")
        self.found.append((line + before, " ".join(data.split())))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        hides = "hidden" in given or bool(_HIDDEN_STYLE.search(given.get("style") or ""))
        if tag not in _VOID and (hides or self._hidden):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            while self._hidden.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self._hidden and data.strip():
            self.found.append((self.getpos()[0], " ".join(data.split())))


def _commands(lines: list[str], *, inline: bool = True) -> Iterator[tuple[int, str]]:
    """Command lines in the code of a Markdown text: fenced, indented, or between backticks."""
    fence = language = ""
    for number, line in enumerate(lines, 1):
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence, language = ("", "") if fence else (mark[1], mark[2].lower())
            continue
        if fence or line.startswith(("    ", "\t")):
            if language in _SHELLS and line.strip() and not line.lstrip().startswith("#"):
                yield number, line.strip().lstrip("$>% ").strip()
        elif inline:
            for found in _INLINE.findall(line):
                yield number, found.strip().lstrip("$ ")


def _without_fences(lines: list[str]) -> Iterator[str]:
    """The lines, those of fenced code left empty: what stands there is shown."""
    fence = ""
    for line in lines:
        mark = _FENCE.match(line)
        if mark and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else mark[1]
            yield ""
        else:
            yield "" if fence else line
