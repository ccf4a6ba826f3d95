"""Idioms of cmd and PowerShell, by their words: what is fetched and run, loaded by a program of the system, hidden."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sekisho.inspection.findings import Mark
from sekisho.inspection.languages.commands import (
    FETCHERS,
    INTERPRETERS,
    POWERSHELL_FETCH,
    POWERSHELL_RUN,
    URL_RUN,
    program_name,
)

_LINES, _LONGEST = 20_000, 4000

_LOADS = re.compile(
    r"\b(?:rundll32|regsvr32|wscript|cscript|installutil|regasm|regsvcs|msiexec)(?:\.exe)?[\"']?\s+(?:[/-]\S*\s+)*"
    r"[\"']?(?P<file>[^\s\"',;|&)}]+)",
    re.IGNORECASE,
)
"""Programs of Windows that load a library, script or package which they are given (LOLBAS project)."""

_SAVED = re.compile(
    r"(?:downloadfile\s*\([^,]{1,400},\s*|-outfile\s+|-destination\s+)[\"']?(?P<file>[^\s\"');]+)", re.IGNORECASE
)
_STARTS = re.compile(r"\b(?:start-process|saps|invoke-item|ii|start)\b|^\s*(?:&|\.)\s", re.IGNORECASE)
_RUNS = re.compile(
    r"\b(?:iex|invoke-expression)\b|\[scriptblock\]::create|\[reflection\.assembly\]::load", re.IGNORECASE
)
_ANSWER = re.compile(
    r"(\$\w+)\s*=\s*.{0,200}?"
    r"(?:downloadstring|downloaddata|invoke-restmethod|invoke-webrequest|\birm\b|\biwr\b)",
    re.IGNORECASE,
)
"""A variable that holds what a server says."""

_INSTALLS = re.compile(
    r"\bmsiexec(?:\.exe)?\b[^|;&\n]{0,200}?[\s\"',][/-](?:i|package)[\s\"',]+(?:https?://|\\\\[\w-]+\.)"
    r"|\badd-appx\w*package\b[^|;&\n]{0,200}?[\s\"',]https?://|\bms-appinstaller:\?source=https?:"
    r"|\b(?:rundll32|regsvr32|[wc]script|javaws)(?:\.exe)?[\"']?\s(?:[/-]\S*\s)*[\"']?(?:https?://|\\\\[\w-]+\.)",
    re.IGNORECASE,
)
"""Programs of Windows to which an address is as good as a file, and what they fetch there is run or installed."""

_SAYS = re.compile(r"\s*(?:@?(?:echo|rem|printf|write-\w+)\b|#|::)", re.IGNORECASE)
_UNSEEN = re.compile(r"(?:powershell|pwsh)\b.{0,200}?\s[-/]w\w*\s+[\"']?(?:h\w*|1)\b", re.IGNORECASE)
"""A window that is not shown."""


class Idiom(NamedTuple):
    """What a line does: a mark, or (`loads`) a file that a program of the system is told to load."""

    line: int
    mark: Mark | None
    loads: str = ""


def idioms(text: str) -> Iterator[Idiom]:
    """What the lines of a text do, if cmd or PowerShell reads them."""
    saved: set[str] = set()
    asked: set[str] = set()
    decoded = False
    for number, whole in enumerate(text.splitlines()[:_LINES], 1):
        line = whole[:_LONGEST]
        lowered = line.lower()
        fetches = any(word in lowered for word in POWERSHELL_FETCH)
        at_once = fetches and any(word in lowered for word in POWERSHELL_RUN)
        if asked and _RUNS.search(line) and any(name in lowered for name in asked):
            at_once = True
        at_once = at_once or (_INSTALLS.search(line) is not None and _SAYS.match(line) is None)
        if at_once or URL_RUN.search(line) or (_STARTS.search(line) and any(name in lowered for name in saved)):
            yield Idiom(number, Mark.FETCH_RUN)
        decoded = decoded or "frombase64string" in lowered
        if decoded and _RUNS.search(line):
            yield Idiom(number, Mark.DECODE_RUN)
        if fetches:
            asked |= {each.lower() for each in _ANSWER.findall(line)}
            saved |= {each["file"].lower().strip("./\\") for each in _SAVED.finditer(line)} - {""}
        if _UNSEEN.search(line):
            yield Idiom(number, Mark.CHILD)
        for each in _LOADS.finditer(line):
            if "://" not in each["file"]:
                yield Idiom(number, None, each["file"])


_COMMAND = re.compile(
    r"(?:^|[&|(]|\bdo\b|\belse\b)\s*@?\s*(?:(?:call|start)\b(?:\s+(?:\"[^\"]*\"(?=\s+\S)|/\S+))*\s+)?"
    r"[\"']?(?:%~dp0|%cd%)?[\\/]?(?P<file>[\w.\\/-]+\.(?:exe|bat|cmd|com|scr|msi|ps1|vbs|js|hta))\b",
    re.IGNORECASE,
)


def started(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The files that the lines of a batch file start, each with its line: of this folder, or programs of the system."""
    for number, line in enumerate(lines[:_LINES], 1):
        for each in _COMMAND.finditer(line[:_LONGEST]):
            yield number, each["file"].replace("\\", "/")


_BUILT_IN = re.compile(
    r"@?\s*(?:(?:echo|rem|cd|chdir|pushd|popd|exit|ver|pause|title|cls|setlocal|endlocal|color|mkdir|md)\b|echo\.|::)"
    r"(?:[^&|%`^(>]|%~dp0)*(?:>+\s*(?:nul|[\w.\\-]+\.(?:txt|log|md)))?$",
    re.IGNORECASE,
)
_OF_THE_SYSTEM = INTERPRETERS | FETCHERS | {
    "rundll32", "regsvr32", "wscript", "cscript", "installutil", "regasm", "regsvcs", "msiexec", "reg", "schtasks",
    "sc", "net", "wmic", "forfiles", "netsh", "attrib", "xcopy", "robocopy", "taskkill", "control", "explorer",
}  # fmt: skip


def is_plain(lines: Sequence[str]) -> bool:
    """Whether a batch file does nothing but speak, change folders and start files that it names."""
    told = {number for number, file in started(lines) if program_name(file) not in _OF_THE_SYSTEM}
    return len(lines) < _LINES and all(
        not line.strip() or _BUILT_IN.match(line.strip()) or (number in told and not re.search(r"[&|^`(>]", line))
        for number, line in enumerate(lines, 1)
    )
