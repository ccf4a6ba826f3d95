"""Containers: what runs on the host before one exists, while it is built, and in it."""

import re
from collections.abc import Callable

from sekisho.inspection.configs.addresses import is_foreign
from sekisho.inspection.configs.commands import commands, quoted, relative
from sekisho.inspection.configs.document import Node, read_yaml
from sekisho.inspection.configs.editors import read_as_typed, read_settings
from sekisho.inspection.configs.environment import environment, variables
from sekisho.inspection.configs.mounts import as_outside, at_home, holds_keys, keys_within
from sekisho.inspection.findings import Mark, Moment
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.page import Page

_STEPS = {
    "initializeCommand": "dev container, on the host itself", "onCreateCommand": "dev container",
    "updateContentCommand": "dev container", "postCreateCommand": "dev container",
    "postStartCommand": "dev container", "postAttachCommand": "dev container",
}  # fmt: skip
_RUN_WORDS = {"RUN": Moment.BUILD, "CMD": Moment.RUN, "ENTRYPOINT": Moment.RUN}
_WHOLE = re.compile(r"(?:^|=|\s)/:/|(?:source|src)=/(?:,|$)|^(?:/var)?/run/docker\.sock:")
_HEALTH = re.compile(r".*?\bCMD(?:-SHELL)?\s+(.*)", re.DOTALL)


def dev_container(page: Page) -> None:
    """`devcontainer.json`. `initializeCommand` runs on the host (devcontainers/cli#290)."""
    document = read_as_typed(page)
    for key, value in document.members:
        if key in _STEPS:
            for line, command in commands(value):
                page.trigger(Moment.OPEN, f"{_STEPS[key]} ({key})", line, relative(command))
        if key in {"dockerFile", "dockerComposeFile"}:
            for node in value.texts():
                page.trigger(Moment.OPEN, f"dev container ({key})", node.line, node.text, uses=(("whole", node.text),))
        if key in {"containerEnv", "remoteEnv"}:
            environment(page, value.members, f"dev container ({key})", Moment.OPEN)
    _made(page, document)
    for inner in (document.first("settings"), document.first("customizations", "vscode", "settings")):
        read_settings(page, inner, "dev container setting")


def _made(page: Page, document: Node) -> None:
    """What a dev container is made of, and what of the machine it holds."""
    built = document.first("build", "dockerfile")
    if built.text:
        page.trigger(Moment.OPEN, "dev container (build)", built.line, built.text, uses=(("whole", built.text),))
    for name, node in document.first("features").members:
        if name.startswith("."):
            page.trigger(Moment.OPEN, f"dev container feature {name!r}", node.line, f"sh {name}/install.sh")
        else:
            page.need(name, node.line, "a feature of the dev container")
            if is_foreign(name):
                page.see(Mark.REDIRECT, node.line, f"packages from {name}")
    image = document.first("image")
    if image.text:
        page.need(image.text, image.line, "a container image")
    for node in (*document.first("runArgs").texts(), *document.first("mounts").texts()):
        _mount(page, node, "dev container (mount)", Moment.OPEN)


def dockerfile(page: Page) -> None:
    """`RUN`, `CMD`, `ENTRYPOINT` and the like; continued lines are one, here-documents are theirs."""
    number = 0
    added: dict[str, int] = {}
    while number < len(page.lines):
        first, line = number + 1, page.lines[number]
        while line.rstrip().endswith("\\") and number + 1 < len(page.lines):
            number += 1
            after = page.lines[number]
            line = line.rstrip()[:-1] + " " + ("\\" if after.lstrip().startswith("#") else after)
        number += 1
        word, _, rest = line.strip().partition(" ")
        word = word.upper()
        if word == "ONBUILD":
            word, _, rest = rest.strip().partition(" ")
            word = word.upper()
        if word in _RUN_WORDS:
            rest = re.sub(r"^(?:--\w+=\S+\s+)+", "", rest.strip())
            document = re.match(r"<<-?\s*['\"]?(\w+)['\"]?\s*$", rest)
            if document:
                end = next((n for n in range(number, len(page.lines)) if page.lines[n].strip() == document[1]), number)
                body = "\n".join(page.lines[number:end])
                page.trigger(_RUN_WORDS[word], f"container ({word})", first + 1, body)
                number = end + 1
                continue
            unit = page.trigger(_RUN_WORDS[word], f"container ({word})", first, _listed(rest))
            if any(name and re.search(rf"(?:^|[\s/\"]){re.escape(name)}(?:[\s\"]|$)", rest) for name in added):
                page.see(Mark.FETCH_RUN, first, "added from an address, then run", unit)
        elif word == "HEALTHCHECK" and _HEALTH.match(rest):
            page.trigger(Moment.RUN, "container (HEALTHCHECK)", first, _listed(_HEALTH.sub(r"\1", rest)))
        elif word == "ENV":
            pairs = re.findall(r"(\w+)=(\"[^\"]*\"|'[^']*'|\S*)", rest) or [rest.strip().partition(" ")[::2]]
            environment(
                page, ((k, Node(first, v.strip("\"'"), scalar=True)) for k, v in pairs), "a container", Moment.RUN
            )
        elif word == "ADD" and "://" in rest:
            page.need(rest.split()[0], first, "fetched while the container is built")
            added[rest.split()[-1].rstrip("/").rpartition("/")[2] or rest.split()[-1]] = first
        elif word == "FROM":
            page.need(rest.split()[0] if rest.split() else "", first, "a container image")


def compose(page: Page) -> None:
    """`docker-compose.yml`: commands of services."""
    for document in read_yaml(page.text):
        for name, service in document.first("services").members:
            held = dict(keys_within(document, service))
            for key in ("command", "entrypoint"):
                node = service.first(key)
                text = node.text or " ".join(quoted(each.text) for each in node.items)
                if text:
                    unit = page.trigger(Moment.RUN, f"container service {name!r}", node.line, text)
                    here = as_outside(text, held)
                    if here != text:
                        page.code(Embedded("shell", here, node.line), unit, _only(node.line))
            test = service.first("healthcheck", "test")
            words = [each.text for each in test.items if each.text not in {"CMD", "CMD-SHELL", "NONE"}]
            if test.text or words:
                spoken = test.text or (words[0] if len(words) == 1 else " ".join(map(quoted, words)))
                page.trigger(Moment.RUN, f"container service {name!r} (HEALTHCHECK)", test.line, spoken)
            image = service.first("image")
            if image.text:
                page.need(image.text, image.line, "a container image")
            for hooks in (*service.every("post_start"), *service.every("pre_stop")):
                for line, command in commands(hooks):
                    page.trigger(Moment.RUN, f"container service {name!r}", line, command)
            for node in service.first("volumes").texts():
                _mount(page, node, f"container service {name!r}", Moment.RUN)
            environment(page, variables(service.first("environment")), f"container service {name!r}", Moment.RUN)


def _only(line: int) -> Callable[[int], int]:
    """The place of every line of a command that stands on one."""
    return lambda _: line


def _mount(page: Page, node: Node, by: str, when: Moment) -> None:
    """What of the machine a container holds: all of it, or where its user's keys lie."""
    paths = [path.rstrip("/") for path in re.split(r"[,=:]", at_home(node.text))]
    told = ""
    if _WHOLE.search(node.text):
        told = "a container that holds the whole machine"
    elif any(map(holds_keys, paths)) or "~" in paths[:2]:
        told = "a container that holds the user's keys"
    if told:
        unit = page.trigger(when, by, node.line, node.text, uses=())
        page.see(Mark.DOOR, node.line, told, unit)
        if target := next((path for path in paths[1:] if path[:1] == "/"), ""):
            page.see(Mark.MOUNTED, node.line, target, unit)


def _listed(text: str) -> str:
    """`["a", "b"]` as a command line."""
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', text) if text.strip().startswith("[") else []
    return " ".join(map(quoted, words)) if words else text
