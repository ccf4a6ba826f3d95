"""Texts that tell somebody what to do: people, whom they tell what to run, and tools, whom they may tell it unseen."""

import re
from collections.abc import Iterator

from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.languages.shell_doors import asks_for_secrets
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
    r"(?:\b(?:commands?|scripts?|code|curl|wget|bash|npm|secrets?|keys?|tokens?|credentials|https?|id_rsa)\b|\.(?:env|ssh)\b)"
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
    r"|show|showing|notify|notifying)\b.{0,40}\b(?:users?|developers?|humans?|anyone|them)\b"
    r"|\b(?:do not|don't|never) (?:mention|reveal|disclose|repeat) (?:this|these|that|those|the|any of the)\b.{0,20}"
    r"\b(?:notes?|instructions?|steps?|rules|messages?|prompts?|directives?)\b"
    r"|\bthe user (?:has|already|had)\b.{0,12}\b(?:approved|agreed|consented|authori[sz]ed)\b",
    re.IGNORECASE,
)
_TAKES = re.compile(
    r"\b(?:send|post|upload|submit|transmit|exfiltrate|forward"
    r"|include (?:them|it|their|its)|append|attach|paste"
    r"|write (?:them|it)|encode|base64|https?://)",
    re.IGNORECASE,
)
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d])"
    r"|(?<!-)color\s*:\s*(?:#fff(?:fff)?\b|white\b|transparent)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"^\[(?://|comment|_)[^\]]*\]:\s*(?:#|<>)\s*[(\"'](.*)[)\"']$")
_STARTS = re.compile(
    r"(?:\./|sudo |(?:npm|npx|pnpm|yarn|bunx?|deno|node|python3?|pip3?|pipx|uvx?|poetry|bash|sh|zsh|curl|wget|make|just"
    r"|git|docker|cargo|go|powershell|pwsh|iwr|irm|source|eval|echo|export|cd|chmod)\b)"
)
"""How a command begins; fenced text may as well be a list of files."""

_ASKS = re.compile(r"[;|&]\s*(?:curl|wget|nc|ncat)\s")
_HIDDEN_COMMAND = re.compile(
    r"\b(?:base64|openssl|xxd)\b.*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\|\s*base64\s+-\w+\s*\|\s*\w+|\b(?:powershell|pwsh)\b.*\s-e(?:nc|c|ncodedcommand)?\s"
    r"|\bmshta(?:\.exe)?\s+https?:|\b(?:ba|z|da)?sh\b.*<\(.*\bbase64\b|\beval\b.*\bbase64\b",
    re.IGNORECASE,
)
"""What nobody asks of another who has nothing to hide."""

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_LONGEST = 500_000
_TAG = re.compile(r"""<(/?)([a-zA-Z][\w-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""")
_HIDDEN_WORD = re.compile(r"(?:^|\s)hidden(?=\s|=|/|$)")


def conceals(text: str) -> bool:
    """Whether a text tells a tool to keep something from its user, or to forget what it was told."""
    return bool(_CONCEAL.search(text) or _OVERRIDE.search(text))


def manual(page: Page) -> None:
    """A README or a task: the files of the project that it tells its reader to run."""
    for line, command in _commands(page.lines):
        words = command.split()
        if _HIDDEN_COMMAND.search(command):
            page.trigger(Moment.RUN, f"told to by {page.name}", line, command)
        elif words[:1] and words[0] in _PROGRAMS:
            told = next((word for word in words[1:] if not word.startswith("-")), "")
            if words[1:2] == ["-m"] and _PROGRAMS[words[0]] == "python" and re.fullmatch(r"[\w.]+", told):
                page.trigger(Moment.RUN, f"told to by {page.name}", line, command,
                             uses=(("import:python", told), ("import:python", f"{told}.__main__")))  # fmt: skip
            elif _FILE.match(told) and "." in told:
                page.trigger(Moment.RUN, f"told to by {page.name}", line, command,
                             uses=((_PROGRAMS[words[0]], told),))  # fmt: skip
        elif words[:1] == ["make"] and words[1:]:
            page.trigger(Moment.RUN, f"told to by {page.name}", line, command, uses=(("make", " ".join(words[1:])),))
        elif words[:1] and words[0].startswith("./") and len(words[0]) > 3:
            page.trigger(Moment.RUN, f"told to by {page.name}", line, command, uses=(("exec", words[0]),))


def agent_rules(page: Page) -> None:
    """`AGENTS.md`, `.cursorrules` and their like: commands that a coding agent is told, and what it is told to hide."""
    for line, command in _commands(page.lines):
        if " " in command and (_STARTS.match(command) or _ASKS.search(command)):
            page.trigger(Moment.RUN, f"told to coding agents by {page.name}", line, command)
    for number, text in enumerate(page.lines, 1):
        if asks_for_secrets(text[:2000]) and _TAKES.search(text[:2000]):
            page.see(Mark.INSTRUCT, number, "tells a coding agent to look for secrets and hand them on")
        if conceals(text[:2000]):
            page.see(Mark.INSTRUCT, number, "tells a coding agent to hide something, or to forget its instructions")


def unseen_words(page: Page) -> None:
    """Instructions to tools, where only tools read: in comments of a page or manual, or in what it does not show."""
    text = page.text[:_LONGEST]
    if not (_ORDER.search(text) or _OVERRIDE.search(text)):
        return
    found = list(_unseen("\n".join(_without_fences(text.split("\n")))))
    for number, line in enumerate(page.lines, 1):
        reference = _REFERENCE.match(line.rstrip()[:5000])
        if reference:
            found.append((number, reference[1]))
    for number, words in found:
        if _OVERRIDE.search(words) or (_ORDER.search(words) and _AI.search(words)):
            page.see(Mark.INSTRUCT, number, "instructions to tools where a reader does not see them")


def _unseen(text: str) -> Iterator[tuple[int, str]]:
    """What a page holds and does not show, with lines: comments, and the text of elements that are hidden."""
    shown = []
    at = 0
    while (start := text.find("<!--", at)) >= 0:
        end = text.find("-->", start + 4)
        end = len(text) if end < 0 else end
        words = text[start + 4 : end]
        before = len(words) - len(words.lstrip())
        yield text.count("\n", 0, start + 4 + before) + 1, " ".join(words.split())
        shown += [text[at:start], "\n" * text.count("\n", start, end)]
        at = min(len(text), end + 3)
    yield from _hidden("".join([*shown, text[at:]]))


def _hidden(text: str) -> Iterator[tuple[int, str]]:
    """The text of elements that a style or attribute hides."""
    within: list[str] = []
    at = line = 0
    for tag in _TAG.finditer(text):
        if within and text[at : tag.start()].strip():
            yield line + 1, " ".join(text[at : tag.start()].split())
        line += text.count("\n", at, tag.end())
        at = tag.end()
        name = tag[2].lower()
        if tag[1]:
            while within and name in within and within.pop() != name:
                pass
        elif name not in _VOID and (within or _HIDDEN_STYLE.search(tag[3]) or _HIDDEN_WORD.search(tag[3])):
            within.append(name)


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
