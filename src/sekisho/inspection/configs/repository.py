"""Git: hooks, configuration that names programs, and what other tools hang on it."""

import re

from sekisho.inspection.configs.document import Node, read_ini, read_yaml
from sekisho.inspection.findings import Moment
from sekisho.inspection.page import Page

_PROGRAMS = re.compile(
    r"^(?:core\.(?:fsmonitor|sshcommand|editor|pager|askpass|gitproxy|hookspath|alternaterefscommand)|sequence\.editor"
    r"|credential(?:\..*)?\.helper|gpg(?:\..*)?\.program|filter\..*\.(?:clean|smudge|process)|merge\..*\.driver"
    r"|diff(?:\..*)?\.(?:external|command|textconv)|difftool\..*\.cmd|mergetool\..*\.cmd|pager\..*"
    r"|uploadpack\.packobjectshook"
    r"|remote\..*\.(?:uploadpack|receivepack|vcs)|submodule\..*\.update|trailer\..*\.(?:command|cmd)|man\..*\.cmd"
    r"|web\.browser|browser\..*\.cmd|interactive\.difffilter|sendemail\..*cmd|alias\..*"
    r"|include(?:if)?(?:\..*)?\.path)$",
    re.IGNORECASE,
)
_USUAL = {"less", "vim", "vi", "nano", "emacs", "code --wait", "cat", "store", "cache", "osxkeychain", "manager",
          "true",
          "false", "git-lfs clean -- %f", "git-lfs smudge -- %f", "git-lfs filter-process", "nbdime", "checkout",
          "rebase",
          "merge", "none", "libsecret", "manager-core"}  # fmt: skip


def hook(page: Page) -> None:
    """A script in a hooks folder."""
    page.trigger(Moment.GIT, f"git hook {page.path.rpartition('/')[2]!r}", 1, page.path, whole=True)


def config(page: Page) -> None:
    """`.git/config`, `.gitconfig`, `.gitmodules`: every key that names a program."""
    for section, node in read_ini(page.text).members:
        for key, value in node.members:
            name = _dotted(section, key)
            if not _PROGRAMS.match(name) or value.text.strip('"') in _USUAL:
                continue
            text = value.text.strip('"')
            if name.startswith("alias.") and not text.startswith("!"):
                continue
            if name.endswith(".path") and name.startswith("include"):
                page.trigger(Moment.GIT, f"git configuration {name}", value.line, "", whole=False)
                page.gap(value.line, "git configuration taken from another file, which was not read as such")
            else:
                page.trigger(Moment.GIT, f"git configuration {name}", value.line, _command(name, text))


def pre_commit(page: Page) -> None:
    """`.pre-commit-config.yaml`: local hooks run here, others are fetched."""
    for document in read_yaml(page.text):
        for repository in document.first("repos").items:
            where = repository.first("repo")
            if where.text != "local":
                page.need(where.text, where.line, where.text)
                continue
            for each in repository.first("hooks").items:
                page.trigger(Moment.GIT, "pre-commit hook", each.line, _entry(each))


def _entry(node: Node) -> str:
    arguments = " ".join(each.text for each in node.first("args").items)
    return f"{node.first('entry').text} {arguments}".strip()


def _dotted(section: str, key: str) -> str:
    name, _, sub = section.partition(" ")
    sub = sub.strip().strip('"')
    return ".".join(part for part in (name.lower(), sub, key.lower()) if part)


def _command(name: str, text: str) -> str:
    if name == "core.hookspath":
        return f"sh {text}/"
    return text.removeprefix("!")
