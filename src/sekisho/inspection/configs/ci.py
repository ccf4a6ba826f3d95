"""What a push starts on somebody's server, and with which secrets."""

import re
from collections.abc import Iterator

from sekisho.inspection.configs.document import Node, read_yaml
from sekisho.inspection.findings import Moment
from sekisho.inspection.page import Page

_SECRET = re.compile(r"\$\{\{\s*secrets\.(\w+)\s*\}\}|\bsecrets\.(\w+)")
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
        page.trigger(Moment.PUSH, by + suffix, run.line, _EXPRESSION.sub("$_", run.text), language)
    if uses.text and not uses.text.startswith("./"):
        page.need(uses.text, uses.line, "GitHub")


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
