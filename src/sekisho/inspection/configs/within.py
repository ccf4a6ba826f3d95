"""Build files in other languages, of which the commands for the shell are read: Nix, Meson, CocoaPods, fastlane."""

import re

from sekisho.inspection.configs.commands import quoted
from sekisho.inspection.findings import Moment
from sekisho.inspection.page import Page

_HOOK = re.compile(r"\b(\w*[hH]ook)\s*=\s*(?:''(.*?)''|\"((?:[^\"\\]|\\.)*)\")", re.DOTALL)
_RUNS = re.compile(r"\b(run_command|add_(?:install|postconf|dist)_script|custom_target|run_target)\s*\(")
_WORD = re.compile(r"'((?:[^'\\\n]|\\.)*)'")
_KEYWORD = re.compile(r"[,(]\s*(?!command\b)\w+\s*:")
_COMMAND = re.compile(r"\bcommand\s*:\s*\[([^\]]*)\]")
_SCRIPT = re.compile(
    r"(?:\bprepare_command\b|:?script\b)\s*(?:=>|=|:)\s*"
    r"(?:<<[-~]?['\"]?(\w+)['\"]?[^\n]*\n(.*?)\n\s*\1\b|'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")",
    re.DOTALL,
)
_LANE = re.compile(r"\bsh\b\s*\(?\s*(?:command:\s*)?(?:'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\")|`([^`\n]+)`")
_LONGEST, _MOST = 200_000, 200
"""Characters of such a file, and commands of one."""


def nix(page: Page) -> None:
    """`shell.nix`, `flake.nix`: what a shell runs as it enters, by hand or through direnv."""
    for found in list(_HOOK.finditer(page.text[:_LONGEST]))[:_MOST]:
        text = found[2] if found[2] is not None else found[3].replace('\\"', '"')
        lead = len(text) - len(text.lstrip())
        line = page.text.count("\n", 0, found.start(2 if found[2] is not None else 3) + lead) + 1
        page.trigger(Moment.OPEN, f"Nix ({found[1]})", line, text.strip())


def meson(page: Page) -> None:
    """`meson.build`: commands that setting up, building or installing runs."""
    text = page.text[:_LONGEST]
    for found in list(_RUNS.finditer(text))[:_MOST]:
        arguments = text[found.end() : _closing(text, found.end())]
        listed = _COMMAND.search(arguments)
        told = listed[1] if listed else _KEYWORD.split(f"({arguments}")[0]
        words = [quoted(word.replace("\\'", "'")) for word in _WORD.findall(told)]
        if words:
            line = text.count("\n", 0, found.start()) + 1
            page.trigger(Moment.BUILD, f"Meson ({found[1]})", line, " ".join(words))


def pods(page: Page) -> None:
    """`*.podspec`, `Podfile`: commands that CocoaPods runs on installing, or has Xcode run on building."""
    for found in list(_SCRIPT.finditer(page.text[:_LONGEST]))[:_MOST]:
        group = next(number for number in (2, 3, 4) if found[number] is not None)
        line = page.text.count("\n", 0, found.start(group)) + 1
        page.trigger(Moment.BUILD, "CocoaPods", line, found[group].replace('\\"', '"'))


def lanes(page: Page) -> None:
    """`Fastfile`: commands of fastlane's lanes."""
    for number, line in enumerate(page.lines[:20_000], 1):
        for found in _LANE.finditer(line[:2000]) if not line.lstrip().startswith("#") else ():
            page.trigger(Moment.BUILD, "fastlane", number, (found[1] or found[2] or found[3] or "").replace('\\"', '"'))


def _closing(text: str, start: int) -> int:
    """Where the bracket that was opened before `start` is closed."""
    depth = 1
    for at in range(start, min(len(text), start + 20_000)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return len(text)
