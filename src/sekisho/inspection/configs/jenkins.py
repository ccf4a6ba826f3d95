"""Jenkins: the commands of a pipeline that is declared. One that is a program in Groovy stays a gap."""

import re

from sekisho.inspection.findings import Moment
from sekisho.inspection.page import Page

_TEXT = r"'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\""
_NAMED = rf"\w+\s*:\s*(?:true|false|{_TEXT})\s*,\s*"
_STEP = re.compile(
    rf"\b(?:sh|bat|powershell|pwsh)\b[ \t]*\(?\s*(?:{_NAMED}){{0,4}}(?:script\s*:\s*)?(?P<text>{_TEXT})", re.DOTALL
)
_PASSED = re.compile(rf"(?P<text>{_TEXT})|//[^\n]*|/\*.*?\*/", re.DOTALL)
_PLAIN = re.compile(r"(?<!\\)\$(?!\{[\w.]+\})(?![\w.])")
"""A value in a text that is more than a name."""

_VALUE = re.compile(r"\$\{[^}\n]*\}|\$\w+")
_BARE = re.compile(r"\b(?:sh|bat|powershell|pwsh)\b[ \t]*(?!\(?\s*(?:\"\"|\w+\s*:))|\bscript\s*\{|[;@.]|->|\$")
"""In a pipeline without its texts: a command that stands elsewhere, or a program."""

_KNOWN = """pipeline agent any none label docker image args reuseNode dockerfile filename stages stage steps sh bat
    powershell pwsh echo post always success failure unstable changed fixed regression aborted cleanup environment
    options timeout time unit timestamps ansiColor buildDiscarder logRotator numToKeepStr artifactNumToKeepStr
    daysToKeepStr disableConcurrentBuilds skipDefaultCheckout skipStagesAfterUnstable retry triggers cron pollSCM
    githubPush tools nodejs maven jdk gradle go junit archiveArtifacts artifacts allowEmptyArchive allowEmptyResults
    testResults fingerprint onlyIfSuccessful checkout scm deleteDir cleanWs parallel failFast when branch not anyOf
    allOf buildingTag changeRequest beforeAgent dir parameters string name defaultValue description booleanParam
    choice choices credentials script returnStdout returnStatus encoding true false SECONDS MINUTES HOURS DAYS stash
    unstash includes excludes publishHTML reportDir reportFiles reportName keepAll alwaysLinkToLastBuild mail to
    subject body input message ok sleep"""
_WORDS = frozenset(_KNOWN.split())
_VARIABLE = re.compile(r"\b[A-Z][A-Z0-9_]*\s*=\s*(?:\"\"|credentials\s*\(\s*\"\"\s*\))")
_LONGEST = 50_000


def pipeline(page: Page) -> None:
    """`Jenkinsfile`: what its steps give to a shell."""
    told = _PASSED.sub(_without, page.text) if len(page.text) < _LONGEST else ""
    steps = list(_STEP.finditer(told))
    for step in steps:
        raw = step["text"]
        text = raw[3:-3] if raw[:3] in {"'''", '"""'} else raw[1:-1]
        line = told.count("\n", 0, step.start("text")) + 1
        page.trigger(Moment.PUSH, "Jenkins pipeline", line, _VALUE.sub("$_", text) if raw[0] == '"' else text)
    if not steps or not _is_declared(told):
        page.trigger(Moment.PUSH, "continuous integration", 1, page.path, whole=True)
        page.gap(1, "continuous integration of a kind that is not read")


def _without(found: re.Match[str]) -> str:
    """A text as it is; of a comment its lines."""
    return found[0] if found["text"] else " " + "\n" * found[0].count("\n")


def _is_declared(told: str) -> bool:
    """Whether a pipeline is nothing but stages and steps that are known, and names in its texts."""
    texts = [found["text"] for found in _PASSED.finditer(told) if found["text"]]
    plain = _VARIABLE.sub(" ", _PASSED.sub('""', told))
    known = all(word in _WORDS or word.isdecimal() for word in re.findall(r"\w+", plain))
    return known and not _BARE.search(plain) and not any(text[0] == '"' and _PLAIN.search(text) for text in texts)
