"""Idioms of cmd and PowerShell, by their words: what is fetched and run, loaded by a program of the system, hidden."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sekisho.inspection.findings import Mark
from sekisho.inspection.languages.commands import POWERSHELL_FETCH, POWERSHELL_RUN, URL_RUN

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
