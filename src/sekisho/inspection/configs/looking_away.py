"""Requests to scanners and reviewers to look away: shown, and never obeyed."""

import re

from sekisho.inspection.configs.document import read_ini, read_toml
from sekisho.inspection.findings import Mark
from sekisho.inspection.page import Page
from sekisho.inspection.prefilter import asking

_WORDS = re.compile(
    r"(?:#\s*nosec\b|\bnosemgrep\b|guarddog:\s*ignore|sekisho:\s*ignore|#\s*noqa:\s*S\d|lgtm\[|\bNOSONAR\b"
    r"|eslint-disable[^\n]{0,80}(?:security|no-eval|no-new-func|implied-eval|detect-)|gitleaks:allow|allowlist secret"
    r"|\btrivy:ignore|checkov:skip|codeql\[|snyk:ignore|bearer:disable|DevSkim:\s*ignore|#\s*skipcq|cycode:ignore"
    r"|pylint:\s*disable=[^\n]{0,60}(?:exec-used|eval-used)|horusec:ignore|zizmor:\s*ignore|biome-ignore[^\n]{0,40}security"
    r"|SuppressWarnings\(\"(?:squid|java:S|security))"
)
_SPOKEN = re.compile(
    r"\b(?:AI|LLM|automated|security|static|malware|code)[ -]+(?:reviewer|review|scanner|scan|auditor|audit|analy[sz]er"
    r"|analysis|assistant|agent|tool)s?\b.{0,100}\b(?:is safe|are safe|benign|harmless|ignore|skip"
    r"|do not (?:flag|report|scan)|don't (?:flag|report|scan)|no (?:issues|threats|malware)|false positive)",
    re.IGNORECASE,
)
_MOST = 20


def words(page: Page) -> None:
    """Words in a source that ask a scanner to pass a line over, or tell a reviewer what to think."""
    for number in asking(page.text):
        line = page.lines[number - 1][:2000]
        found = _WORDS.search(line) or _SPOKEN.search(line)
        if found:
            page.see(Mark.SUPPRESS, number, found[0])


def ignore_file(page: Page) -> None:
    """`.semgrepignore`, `.gitleaksignore`, `.snyk` and the like: each line leaves something out."""
    said = [(n, line.strip()) for n, line in enumerate(page.lines, 1) if line.strip() and line.strip()[0] not in "#;"]
    for number, line in said[:_MOST]:
        page.see(Mark.SUPPRESS, number, f"{page.name}: {line}")


def scanner_settings(page: Page) -> None:
    """`.bandit`, `setup.cfg`, `pyproject.toml`, `bandit.yaml`: folders and tests that a scanner leaves out."""
    if page.name.endswith(".toml"):
        bandit = read_toml(page.text).first("tool", "bandit")
        pairs = [(key, value) for key, value in bandit.members if key in {"exclude_dirs", "skips", "exclude"}]
    else:
        pairs = [
            (key, value)
            for name, section in read_ini(page.text).members
            if name == "bandit"
            for key, value in section.members
            if key in {"exclude", "skips", "exclude_dirs"}
        ]
    for key, value in pairs:
        page.see(Mark.SUPPRESS, value.line, f"bandit: {key}")
