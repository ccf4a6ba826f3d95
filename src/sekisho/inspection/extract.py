"""From one virtual file to its findings: a pure function, run in a worker."""

import re
from collections.abc import Callable, Mapping

from sekisho.inspection.classify import Class, classify, guess
from sekisho.inspection.configs import ci, editors, jetbrains, locks, notebook, packages, repository
from sekisho.inspection.configs.document import MalformedDocument, Node, read_json, read_toml, read_yaml
from sekisho.inspection.findings import Export, Findings, Mark, Moment
from sekisho.inspection.languages.pickles import read_pickle
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.page import Page
from sekisho.inspection.prefilter import worth_reading
from sekisho.inspection.text import decode, hidden
from sekisho.inspection.virtual import Gap, VirtualFile

Reader = Callable[[Page], None]

_SOURCES = {"python", "javascript", "typescript", "tsx", "shell"}
_LONG = 4_000_000
"""Bytes; a longer source is named as a gap, with what a search for its words says."""

_CONFIGURATIONS: tuple[tuple[re.Pattern[str], Reader], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reader)
    for pattern, reader in (
        (r"(?:^|/)\.vscode/tasks\.json$", editors.tasks),
        (r"(?:^|/)\.vscode/settings\.json$", editors.settings),
        (r"(?:^|/)\.vscode/launch\.json$", editors.launch),
        (r"\.code-workspace$", editors.workspace),
        (r"(?:^|/)\.?devcontainer(?:/[^/]+)?(?:/devcontainer)?\.json$", editors.container),
        (r"(?:^|/)(?:\.mcp\.json|\.(?:cursor|vscode)/mcp\.json|\.(?:claude|gemini)/settings[^/]*\.json)$",
         editors.agents),
        (r"(?:^|/)\.envrc$", editors.direnv),
        (r"(?:^|/)\.?mise\.toml$", editors.mise),
        (r"(?:^|/)(?:\.idea/(?:runConfigurations/)?|\.run/)[^/]+\.xml$", jetbrains.project),
        (r"(?:^|/)(?:package-lock|npm-shrinkwrap)\.json$", locks.package_lock),
        (r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.ya?ml|poetry\.lock|uv\.lock"
         r"|Pipfile\.lock|pdm\.lock)$", locks.sources),
        (r"(?:^|/)package\.json$", packages.package_json),
        (r"(?:^|/)\.(?:npmrc|yarnrc)$", packages.npmrc),
        (r"(?:^|/)pip\.(?:conf|ini)$", packages.pip_configuration),
        (r"(?:^|/)setup\.py$", packages.setup_py),
        (r"(?:^|/)pyproject\.toml$", packages.pyproject),
        (r"(?:^|/)(?:pytest\.ini|tox\.ini|setup\.cfg)$", packages.pytest_ini),
        (r"(?:^|/)(?:site|user)customize\.py$", packages.interpreter_start),
        (r"(?:^|/)(?:conftest|test_[^/]*|[^/]*_test)\.py$", packages.test_code),
        (r"(?:^|/)[^/]+\.(?:test|spec)\.[cm]?[jt]sx?$", packages.test_code),
        (r"(?:^|/)(?:vite|vitest|jest|webpack|rollup|babel|eslint|next|nuxt|tailwind|postcss|svelte|astro|metro|karma"
         r"|hardhat|truffle|playwright|cypress|craco|prettier|commitlint|tsup)[.-]config\.[cm]?[jt]s$",
         packages.build_configuration),
        (r"(?:^|/)(?:gulpfile|gruntfile|\.eslintrc|\.babelrc|truffle|\.pnpmfile)\.[cm]?js$",
         packages.build_configuration),
        (r"^(?:[^/]+!/)?(?:[^/]+/)?(?:main|app|manage|run|index|server|start|__main__|cli)\.(?:py|[cm]?[jt]s)$",
         packages.entry),
        (r"(?:^|/)binding\.gyp$", packages.native_build),
        (r"(?:^|/)(?:build\.rs|build\.gradle(?:\.kts)?|CMakeLists\.txt|Rakefile|pom\.xml|build\.xml|Justfile"
         r"|foundry\.toml"
         r"|project\.pbxproj|Vagrantfile|build\.sbt|Package\.swift)$", packages.foreign_build),
        (r"(?:^|/)(?:docker-)?compose[^/]*\.ya?ml$", packages.compose),
        (r"(?:^|/)(?:\.git|[^/]+\.git|\.git/modules/.+|\.husky|\.githooks)/?(?:hooks/)?(?:applypatch-msg|pre-applypatch"
         r"|post-applypatch|pre-commit|pre-merge-commit|prepare-commit-msg|commit-msg|post-commit|pre-rebase"
         r"|post-checkout"
         r"|post-merge|pre-push|pre-receive|update|post-receive|post-update|push-to-checkout|pre-auto-gc|post-rewrite"
         r"|fsmonitor-watchman|sendemail-validate|post-index-change|reference-transaction)$", repository.hook),
        (r"(?:^|/)(?:\.git/(?:modules/.+/)?config|\.git/config\.worktree|\.gitconfig|\.gitmodules|[^/]+\.git/config)$",
         repository.config),
        (r"^config$", repository.config),
        (r"(?:^|/)\.pre-commit-config\.ya?ml$", repository.pre_commit),
        (r"(?:^|/)\.(?:github|gitea|forgejo)/workflows/[^/]+\.ya?ml$", ci.workflow),
        (r"(?:^|/)action\.ya?ml$", ci.action),
        (r"(?:^|/)\.gitlab-ci\.ya?ml$", ci.gitlab),
        (r"(?:^|/)(?:\.travis\.yml|\.circleci/config\.yml|azure-pipelines\.yml|bitbucket-pipelines\.yml|Jenkinsfile"
         r"|\.drone\.yml|appveyor\.yml|\.buildkite/[^/]+\.ya?ml)$", ci.other),
    )
)  # fmt: skip

_BY_LANGUAGE: Mapping[str, Reader] = {
    "make": packages.makefile,
    "docker": packages.dockerfile,
    "requirements": packages.requirements,
    "pth": packages.path_file,
    "notebook": notebook.notebook,
}
_SUPPRESSIONS = re.compile(
    r"(?:#\s*nosec\b|\bnosemgrep\b|guarddog:\s*ignore|sekisho:\s*ignore|#\s*noqa:\s*S\d|lgtm\["
    r"|eslint-disable[^\n]*security)"
)
_SUPPRESSING = ("nosec", "nosemgrep", "guarddog:", "sekisho:", "noqa:", "lgtm[", "eslint-disable")
"""Words of which every suppression has one: searched for first, since that is quick."""

_TAGS = re.compile(
    r"!!python/(?:object|name|module)|tag:yaml\.org,2002:python/(?:object|name|module)|_\$\$ND_FUNC\$\$_"
)
_OBFUSCATED = re.compile(r"\b_0x[0-9a-f]{4,6}\b")
_SCRIPT = re.compile(r"<script\b([^>]{0,500})>", re.IGNORECASE)


def extract(file: VirtualFile, imported: Mapping[str, Export], language: str = "") -> Findings:
    """Everything one file says. `imported` is what is known of the names it imports; `language` overrides its own."""
    found = classify(file)
    if language:
        found = Class(language if language != "guess" else guess(file.data) or found.language, found.disguised)
    if found.language == "pickle":
        return _pickle(file)
    if not _is_text(found.language):
        return Findings(found.language)
    decoded = decode(file.data, python=found.language == "python")
    page = Page(file.path, decoded.text, imported)
    if found.disguised:
        page.see(Mark.DISGUISED, 1, f"{found.language} under the name of something else")
    if decoded.odd and found.language in _SOURCES:
        page.see(Mark.HIDE, 1, decoded.odd)
    _whole(page, found.language, len(file.data))
    for pattern, reader in _CONFIGURATIONS:
        if pattern.search(file.path):
            _try(page, reader)
    by_language = _BY_LANGUAGE.get(found.language)
    if by_language is not None:
        _try(page, by_language)
    return page.findings(found.language)


def _is_text(language: str) -> bool:
    return not language.startswith("opaque:") and language not in {"data", "archive", "link", "special", "empty"}


def _try(page: Page, reader: Reader) -> None:
    try:
        reader(page)
    except MalformedDocument as why:
        page.gap(why.line, why.why)


def _whole(page: Page, language: str, size: int) -> None:
    """What is looked for in every text, and the program if it is one."""
    if language in _SOURCES:
        for number, why in hidden(page.text):
            page.see(Mark.HIDE, number, why)
        _words(page)
        _program(page, language, size)
    elif language == "html":
        _scripts(page)
    elif language in {"yaml", "json", "toml"}:
        _tags(page)
        if size <= _LONG and re.search(r"(?:^|/)\.(?!git/)[^/]+/", page.path):
            _parses(page, language)
    elif language == "text":
        for number, why in hidden(page.text):
            if "invisible" in why:
                page.see(Mark.HIDE, number, why)


def _program(page: Page, language: str, size: int) -> None:
    if size > _LONG:
        page.gap(0, f"a source of {size} bytes, too long to be read as code")
    elif language == "shell" or page.imported or worth_reading(page.text.encode("utf-8", "replace"), language):
        page.code(Embedded(language, page.text, 1), "", lambda line: line)
    else:
        page.imports_only(language)


def _tags(page: Page) -> None:
    """Data that names code."""
    for number, line in enumerate(page.lines, 1) if _TAGS.search(page.text) else ():
        tag = _TAGS.search(line)
        if tag:
            page.see(Mark.TAG, number, tag[0])


def _parses(page: Page, language: str) -> None:
    """Configuration in a hidden folder must at least be readable: tools differ in how lenient they are."""
    readers: Mapping[str, Callable[[str], Node | tuple[Node, ...]]] = {
        "json": read_json, "yaml": read_yaml, "toml": read_toml,
    }  # fmt: skip
    try:
        readers[language](page.text)
    except MalformedDocument as why:
        page.gap(why.line, why.why)


def _words(page: Page) -> None:
    """Marks that are words in a source: requests to look away, and what obfuscators leave behind."""
    if any(word in page.text for word in _SUPPRESSING) and _SUPPRESSIONS.search(page.text):
        for number, line in enumerate(page.lines, 1):
            found = _SUPPRESSIONS.search(line[:2000])
            if found:
                page.see(Mark.SUPPRESS, number, found[0])
    names = _OBFUSCATED.findall(page.text[:2_000_000]) if "_0x" in page.text else []
    if len(names) >= 20 and len(set(names)) >= 5:
        first = next(n for n, each in enumerate(page.lines, 1) if _OBFUSCATED.search(each))
        page.see(Mark.OBFUSCATED, first, f"{len(names)} names such as {names[0]}")


def _scripts(page: Page) -> None:
    """The scripts within a page."""
    at = 0
    for match in _SCRIPT.finditer(page.text):
        end = page.text.lower().find("</script", match.end())
        if match.start() < at or end < 0:
            continue
        at = end
        kind = re.search(r"""\btype\s*=\s*["']?([\w/+-]+)""", match[1])
        lang = "typescript" if re.search(r"""lang\s*=\s*["']ts""", match[1]) else "javascript"
        if kind and not re.search(r"javascript|module|babel|ecmascript", kind[1]):
            continue
        first = page.text.count("\n", 0, match.end()) + 1
        page.code(Embedded(lang, page.text[match.end() : end], first), "", _after(first))
    if _SCRIPT.search(page.text) and page.name == "index.html":
        page.trigger(Moment.RUN, "opened in a browser", 1, page.path, whole=True)


def _after(first: int) -> Callable[[int], int]:
    return lambda number: first + number - 1


def _pickle(file: VirtualFile) -> Findings:
    page = Page(file.path, "", {})
    pickled = read_pickle(file.data)
    for call in pickled.calls:
        page.see(Mark.PICKLE, 0, call.replace(" ", "."))
    if pickled.lost:
        page.gaps.add(Gap(file.path, 0, pickled.lost))
    return page.findings("pickle")
