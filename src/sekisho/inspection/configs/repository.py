"""Git: hooks, configuration that names programs, and what other tools hang on it."""

import re

from sekisho.inspection.configs.document import Node, read_ini, read_yaml
from sekisho.inspection.findings import Mark, Moment
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
_SOURCE_NAME = re.compile(r"\.(?:py|[cm]?[jt]sx?|sh|json|toml|ya?ml|\*)$|^\*$")
_HIDING = {"linguist-generated", "linguist-generated=true", "linguist-vendored", "linguist-vendored=true", "-diff",
           "binary", "diff=binary"}  # fmt: skip


def hook(page: Page) -> None:
    """A script in a hooks folder."""
    page.trigger(Moment.GIT, f"git hook {page.path.rpartition('/')[2]!r}", 1, page.path, whole=True)


def config(page: Page) -> None:
    """`.git/config`, `.gitconfig`, `.gitmodules`, a repository within: every key that names a program."""
    if page.name == "config" and not _is_git(page):
        return
    for section, node in read_ini(page.text).members:
        for key, value in node.members:
            name = _dotted(section, key)
            if not _PROGRAMS.match(name) or value.text.strip('"') in _USUAL:
                continue
            text = value.text.strip('"')
            if name.startswith("alias.") and not text.startswith("!"):
                continue
            by = f"git configuration {name}"
            if name.endswith(".path") and name.startswith("include"):
                page.trigger(Moment.GIT, by, value.line, text, uses=())
                page.gap(value.line, "git configuration taken from another file, which was not read as such")
            elif name == "core.hookspath":
                page.trigger(Moment.GIT, by, value.line, text, uses=(("sh", f"{text.rstrip('/')}/"),))
            else:
                page.trigger(Moment.GIT, by, value.line, _shell(text.removeprefix("!")))
        url = node.first("url")
        if section.startswith("submodule") and url.text:
            page.need(section.partition(" ")[2].strip('" '), url.line, url.text)
        if section.startswith("submodule") and page.name == ".gitmodules":
            _submodule(page, section, node)


def _submodule(page: Page, section: str, node: Node) -> None:
    """A path or address that git reads otherwise: CVE-2018-11235 (`..`), 2018-17456 (a dash), 2025-48384 (a return)."""
    for each in (*node.every("path"), *node.every("url")):
        text = each.text.strip('"')
        odd = (
            each.text.count('"') % 2 == 1  # a lone carriage return ended the line
            or any(ord(letter) < 32 for letter in text)
            or text.startswith("-")
            or re.match(r"ext::|file:|[\w+.-]+::", text)
            or (
                each in node.every("path") and re.search(r"(?:^|/)\.\.(?:/|$)|(?:^|/)\.git(?:/|$)", text, re.IGNORECASE)
            )
        )
        if odd:
            page.trigger(Moment.GIT, "git submodule that git reads otherwise", each.line, each.text, uses=())
    if re.search(r"[\"/ ]\.\.(?:/|\")", section):
        page.trigger(Moment.GIT, "git submodule that git reads otherwise", node.line, section, uses=())


def _shell(command: str) -> str:
    """A file's name without a folder may be one of the input."""
    return f"./{command}" if re.fullmatch(r"[\w-]+\.(?:sh|py|js|exe|bat|cmd)", command) else command


def _is_git(page: Page) -> bool:
    """Whether a file called `config` is git's: it lies in `.git`, or says what every repository's says."""
    if re.search(r"(?:^|/)(?:\.git|[^/]+\.git|\.git/modules/.+)/config$", page.path):
        return True
    core = read_ini(page.text).first("core")
    return bool(core.members) and any(key.lower() in {"repositoryformatversion", "bare"} for key, _ in core.members)


def git_file(page: Page) -> None:
    """A file `.git` names the folder that git uses instead; if that lies in the input, it came along."""
    key, _, folder = page.text.partition(":")
    if key.strip() == "gitdir" and not folder.strip().startswith(("/", "..")):
        page.trigger(Moment.GIT, "git configuration (.git names another folder)", 1, folder.strip(),
                     uses=(("whole", f"{folder.strip()}/config"),))  # fmt: skip


def attributes(page: Page) -> None:
    """`.gitattributes`: what hides a source from whoever reads its changes. Filters run only if configured."""
    for number, line in enumerate(page.lines, 1):
        words = line.split()
        if words and not words[0].startswith("#") and _SOURCE_NAME.search(words[0]):
            hiding = [word for word in words[1:] if word in _HIDING]
            if hiding:
                page.see(Mark.SUPPRESS, number, f"changes of {words[0]} are not shown ({' '.join(hiding)})")


def pre_commit(page: Page) -> None:
    """`.pre-commit-config.yaml`: local hooks run here, others are fetched."""
    for document in read_yaml(page.text):
        for repository in document.first("repos").items:
            where = repository.first("repo")
            if where.text != "local":
                page.need(where.text, where.line, where.text)
                continue
            for each in repository.first("hooks").items:
                language = each.first("language").text
                if language in {"pygrep", "fail"}:
                    continue
                page.trigger(Moment.GIT, "pre-commit hook", each.first("entry").line, _entry(each))


def _entry(node: Node) -> str:
    arguments = " ".join(each.text for each in node.first("args").items)
    return f"{node.first('entry').text} {arguments}".strip()


def _dotted(section: str, key: str) -> str:
    name, _, sub = section.partition(" ")
    sub = sub.strip().strip('"')
    return ".".join(part for part in (name.lower(), sub, key.lower()) if part)
