"""What a push starts on somebody's server, and with which secrets."""

import re
import shlex
from collections.abc import Iterator, Mapping

from sekisho.inspection.configs.document import Node, read_yaml
from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.languages.commands import FETCHERS
from sekisho.inspection.page import Page

_SECRET = re.compile(r"\$\{\{\s*secrets\.(\w+)\s*\}\}|\bsecrets\.(\w+)")
_EVERYTHING = re.compile(
    r"toJSON\(\s*secrets\s*\)|(?:^|\s)(?:env|printenv|set)(?:\s|$)|\$\((?:env|printenv)\b", re.IGNORECASE
)
_DATA_FLAGS = {"-d", "--data", "--data-binary", "--data-raw", "--data-urlencode", "--json", "-F", "--form", "-T",
               "--upload-file", "--post-data", "--body-data", "--post-file"}  # fmt: skip
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}", re.DOTALL)


def workflow(page: Page) -> None:
    """A GitHub workflow: its steps, the actions it takes from elsewhere, and the secrets it may use."""
    for document in read_yaml(page.text):
        by = "GitHub workflow" + _events(document)
        for _, job in document.first("jobs").members:
            host = job.first("runs-on").text
            where = by + (", on your own machine" if "self-hosted" in host else "")
            for step in job.first("steps").items:
                _step(page, step, where)
            reused = job.first("uses")
            if reused.text:
                page.need(reused.text, reused.line, "GitHub")


def action(page: Page) -> None:
    """`action.yml`: the steps of an action of this repository."""
    for document in read_yaml(page.text):
        for step in document.first("runs", "steps").items:
            _step(page, step, "GitHub action")
        for key in ("main", "pre", "post"):
            node = document.first("runs", key)
            if node.text:
                page.trigger(Moment.PUSH, "GitHub action", node.line, f"node ./{node.text}")


def gitlab(page: Page) -> None:
    """`.gitlab-ci.yml`"""
    for document in read_yaml(page.text):
        for name, job in document.members:
            for key in ("script", "before_script", "after_script"):
                for node in job.every(key) if job.members else ():
                    for each in node.texts():
                        page.trigger(Moment.PUSH, f"GitLab job {name!r}", each.line, each.text)


def other(page: Page) -> None:
    """CI of a kind that is not read: named, and a gap."""
    page.trigger(Moment.PUSH, "continuous integration", 1, page.path, whole=True)
    page.gap(1, "continuous integration of a kind that is not read")


def _step(page: Page, step: Node, by: str) -> None:
    run, uses = step.first("run"), step.first("uses")
    secrets = sorted({a or b for each in step.texts() for a, b in _SECRET.findall(each.text)})
    suffix = f", with {', '.join(secrets)}" if secrets else ""
    if run.text:
        shell = step.first("shell").text
        language = "python" if shell.startswith("python") else "shell"
        unit = page.trigger(Moment.PUSH, by + suffix, run.line, _EXPRESSION.sub("$_", run.text), language)
        held = {name: value.text for name, value in step.first("env").members if _SECRET.search(value.text)}
        for line, told in _leaks(run.text, held):
            page.see(Mark.LEAK, run.line + line, told, unit)
    if uses.text and not uses.text.startswith("./"):
        page.need(uses.text, uses.line, "GitHub")


def _leaks(text: str, held: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The lines of a step that send secrets as data, and which. In a header or an address they authenticate."""
    known = re.compile("|".join((r"\$\{\{[^}]{0,200}\bsecrets\b[^}]{0,200}\}\}",
                                 *(rf"\$\{{?{re.escape(name)}\b" for name in held))))  # fmt: skip
    first, joined = 0, ""
    for number, line in enumerate(text.split("\n")):
        first, joined = (first, joined + " " + line) if joined else (number, line)
        if line.endswith("\\"):
            joined = joined[:-1]
            continue
        words, joined = _words(joined[:20_000]), ""
        if not any(word.rpartition("/")[2] in FETCHERS for word in words):
            continue
        sent = " ".join(_data(words))
        if _EVERYTHING.search(sent):
            yield first, "all of them"
        elif found := sorted(set(known.findall(sent))):
            yield first, ", ".join(held.get(each.strip("${"), each) for each in found)


def _data(words: list[str]) -> Iterator[str]:
    """The words of a command line that are sent as data: after a flag for it, or piped into what sends its input."""
    sending = False
    for place, word in enumerate(words):
        if word.startswith("-"):
            sending = word.partition("=")[0] in _DATA_FLAGS or word[:2] in {"-d", "-F"}
            if sending:
                yield word.partition("=")[2] or word[2:]
            if sending and words[place + 1 : place + 2] in (["@-"], ["-"]):
                yield from words[:place]
        elif sending:
            yield word
            sending = False


def _words(line: str) -> list[str]:
    """The words of a command line, a pipe between its blanks."""
    told = _EXPRESSION.sub(lambda match: "".join(match[0].split()), line).replace("|", " | ")
    try:
        return shlex.split(told)
    except ValueError:
        return told.split()


def _events(document: Node) -> str:
    """`on` is YAML's own word for true, so it may be called that."""
    names: list[str] = []
    for node in (*document.every("on"), *document.every("true"), *document.every("True")):
        names += [each.text for each in _names(node)]
    return f" on {', '.join(names[:5])}" if names else ""


def _names(node: Node) -> Iterator[Node]:
    if node.scalar:
        yield node
    yield from node.items
    yield from (Node(value.line, key, scalar=True) for key, value in node.members)
