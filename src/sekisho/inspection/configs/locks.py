"""Lock files: whether what is locked is what was asked for, and where it comes from."""

import re
from collections.abc import Iterator

from sekisho.inspection.configs.document import Node, read_json
from sekisho.inspection.configs.releases import taken_back
from sekisho.inspection.findings import Mark
from sekisho.inspection.page import Page

_REGISTRIES = ("registry.npmjs.org", "registry.yarnpkg.com", "npm.pkg.github.com", "pypi.org", "files.pythonhosted.org")
_ADDRESS = re.compile(r"\bhttps?://([^/\s\"'<>]{1,200})/")
_TARBALL = re.compile(
    r"^https?://registry\.(?:npmjs\.org|yarnpkg\.com)/((?:@[^/]{1,100}/|@[^/]{1,100}%2f)?[^/]{1,200})/-/", re.IGNORECASE
)
_SOURCE = re.compile(r"^\s*(?:resolved|tarball:|resolution:|url =|source =|registry =|\"url\":|\"resolved\":)")
_SOURCE_OF_NPM = re.compile(r"^\s*\"resolved\":")
"""In npm's own lock file a `url` asks for donations."""
_MOST = 20


def package_lock(page: Page) -> None:
    """`package-lock.json`: an entry whose tarball is another package's, or whose hash differs from its twin's."""
    document = read_json(page.text)
    hashes: dict[tuple[str, str, str], str] = {}
    for path, entry in _entries(document):
        name = entry.first("name").text or path.rpartition("node_modules/")[2]
        resolved, integrity = entry.first("resolved"), entry.first("integrity")
        tarball = _TARBALL.match(resolved.text)
        if tarball and name and tarball[1].replace("%2f", "/").replace("%2F", "/") != name:
            page.see(Mark.LOCK, resolved.line, f"{name} is taken from {resolved.text}")
        if released := taken_back(name, entry.first("version").text):
            page.see(Mark.STOLEN, entry.first("version").line, released)
        key = (name, entry.first("version").text, resolved.text)
        known = hashes.setdefault(key, integrity.text)
        if integrity.text and known and not _agree(known, integrity.text):
            page.see(Mark.LOCK, integrity.line, f"{name} has two hashes")


def sources(page: Page) -> None:
    """Any lock file: servers other than the public registries."""
    told: set[str] = set()
    source = _SOURCE_OF_NPM if page.name.endswith(".json") else _SOURCE
    for number, line in enumerate(page.lines, 1):
        if not source.match(line[:200]):
            continue
        for host in _ADDRESS.findall(line[:4000]):
            if host.lower() not in _REGISTRIES and host not in told and len(told) < _MOST:
                told.add(host)
                page.see(Mark.REDIRECT, number, f"registry {host}, in a lock file")


def _agree(one: str, other: str) -> bool:
    """Whether two entries name a hash in common, or hashes of different kinds, which may both be right."""
    kinds = {each.partition("-")[0] for each in one.split()} & {each.partition("-")[0] for each in other.split()}
    return not kinds or bool(set(one.split()) & set(other.split()))


def _entries(document: Node) -> Iterator[tuple[str, Node]]:
    for packages in document.every("packages"):
        yield from packages.members
    waiting = list(document.every("dependencies"))
    while waiting:
        for name, entry in waiting.pop().members:
            yield name, entry
            waiting.extend(entry.every("dependencies"))
