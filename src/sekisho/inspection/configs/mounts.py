"""What of its user's keys a container is given, and where in it they lie."""

import re
from collections.abc import Iterator, Mapping

from sekisho.inspection.configs.document import Node
from sekisho.inspection.languages.paths import is_secret

_HOME_FOLDER = re.compile(r"\$\{(?:localEnv:)?(?:HOME|USERPROFILE)(?::?-[^}]*)?\}|\$HOME\b")


def at_home(text: str) -> str:
    """A text in which the variable for the home folder is `~`."""
    return _HOME_FOLDER.sub("~", text)


def holds_keys(path: str) -> bool:
    """Whether keys lie at a path of the machine, or in the folder that it is."""
    return any(is_secret(f"{path}{inner}") for inner in ("", "/", "/credentials"))


def keys_within(document: Node, service: Node) -> Iterator[tuple[str, str]]:
    """The paths in a service's container at which keys of the machine lie, each with the path of the machine
    (Compose Specification: `volumes`, `secrets`, `configs`)."""
    for node in service.first("volumes").items:
        outside, _, rest = at_home(node.text).partition(":")
        within = rest.partition(":")[0]
        if node.members:
            outside, within = at_home(node.first("source").text), node.first("target").text
        yield from _kept(outside, within)
    for kind, folder in (("secrets", "/run/secrets/"), ("configs", "/")):
        for node in service.first(kind).items:
            name = node.text or node.first("source").text
            within = node.first("target").text or name
            path = within if within[:1] == "/" else folder + within
            yield from _kept(at_home(document.first(kind, name, "file").text), path)


def _kept(outside: str, within: str) -> Iterator[tuple[str, str]]:
    outside, within = outside.rstrip("/"), within.rstrip("/")
    if within[:1] == "/" and (outside == "~" or holds_keys(outside)):
        yield within, outside


def as_outside(command: str, held: Mapping[str, str]) -> str:
    """A command of a container with the machine's own paths for those at which its keys lie, and for the folders around
    them."""
    for within, outside in held.items():
        plain = outside.replace("\\", "\\\\")
        command = re.sub(rf"(?<![\w./~-]){re.escape(within)}(?![\w.-])", plain, command)
        around = within.rpartition("/")[0]
        while around:
            command = re.sub(rf"(?<![\w./~-]){re.escape(around)}/?(?![\w./*-])", plain, command)
            around = around.rpartition("/")[0]
    return command
