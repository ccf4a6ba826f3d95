"""npm and its like: what installing, building, testing and starting a package of JavaScript runs."""

import re
from collections.abc import Iterator

from sekisho.inspection.configs import tools
from sekisho.inspection.configs.addresses import is_foreign
from sekisho.inspection.configs.commands import commands, objects, quoted
from sekisho.inspection.configs.document import Node, read_ini, read_json, read_toml, read_yaml
from sekisho.inspection.configs.environment import environment
from sekisho.inspection.configs.releases import taken_back
from sekisho.inspection.findings import Mark, Moment, Package, Use
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.page import Page, Place

_SCRIPTS = {
    **dict.fromkeys(("preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare", "prepublish",
                     "dependencies", "pnpm:devPreinstall"), Moment.INSTALL),
    **dict.fromkeys(("pretest", "test", "posttest"), Moment.TEST),
    **dict.fromkeys(("prebuild", "build", "postbuild", "prepack", "postpack", "prepublishOnly"), Moment.BUILD),
    **dict.fromkeys(("prestart", "start", "poststart", "predev", "dev", "serve", "develop"), Moment.RUN),
}  # fmt: skip
_ELSEWHERE = re.compile(r"^(?:git\+|git:|https?:|github:|gitlab:|bitbucket:|ssh:|file:|link:|[\w.-]+/[\w.-]+(?:#|$))")
_GIT_HOOKS = ("husky", "simple-git-hooks", "gitHooks", "pre-commit", "pre-push", "lint-staged", "nano-staged")
_TEST_FILES = ("setupFiles", "setupFilesAfterEnv", "globalSetup", "globalTeardown", "testEnvironment", "transform",
               "runner", "testRunner", "reporters", "resolver", "preset", "snapshotSerializers", "require", "file",
               "import", "loader", "spec", "testSequencer", "prettierPath", "watchPlugins", "haste")  # fmt: skip
_NPMRC = {"script-shell": "exec", "shell": "exec", "git": "exec", "onload-script": "import:javascript",
          "init-module": "import:javascript", "pnpmfile": "import:javascript", "global-pnpmfile": "import:javascript",
          "npm-path": "exec", "globalconfig": "load"}  # fmt: skip
_LONGEST_NAME = 214
"""Characters of a package's name, by npm's rules."""

_COMMENT = re.compile(r"""('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")|#[^\n]*""")
_GYP_COMMAND = re.compile(r"<!@?\(([^()]*(?:\([^()]*\)[^()]*)*)\)")


def package_json(page: Page) -> None:
    """`package.json`: scripts, entry points, hooks and dependencies."""
    document = read_json(page.text)
    vendored = "node_modules/" in page.path
    for scripts in document.every("scripts"):
        for name, script in scripts.members:
            if name in _SCRIPTS and script.text and not (vendored and _SCRIPTS[name] is not Moment.INSTALL):
                page.trigger(_SCRIPTS[name], f"npm script {name!r}", script.line, script.text)
            elif script.text:
                page.code(Embedded("shell", script.text, script.line), f"script:{name}", _always(script.line))
    if not vendored:
        _entries(page, document)
        _offers(page, document)
        _hooks(page, document)
        test_settings(page, document.first("jest"), "jest")
        test_settings(page, document.first("mocha"), "mocha")
        test_settings(page, document.first("ava"), "ava")
        nodemon_settings(page, document.first("nodemonConfig"))
        tools.in_package(page, document)
    manager = document.first("packageManager")
    if "@http" in manager.text:  # Corepack fetches it, and runs it in the place of npm
        unit = page.trigger(Moment.INSTALL, "package manager by its address", manager.line, manager.text, uses=())
        page.see(Mark.FETCH_RUN, manager.line, manager.text, unit)
    for section in ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies"):
        for name, version in document.first(section).members:
            _dependency(page, name, version, told=not vendored and section != "peerDependencies")
    if not vendored:
        for key in (("overrides",), ("resolutions",), ("pnpm", "overrides"), ("pnpm", "patchedDependencies")):
            for name, version in _replaced(document.first(*key)):
                _dependency(page, name, version, told=True)


def _dependency(page: Page, name: str, version: Node, *, told: bool) -> None:
    """`"a": "^1"`, `"a": "npm:b@1"` (which is b), `"a": "https://…"`."""
    origin = version.text if _ELSEWHERE.match(version.text) else ""
    meant = _meant(name, version.text)
    page.need(meant, version.line, origin, "" if meant == name else name)
    if name == "js-yaml" and re.match(r"[\^~=v ]*[0-3](?:\.|$)", version.text):  # `load` is safe since version 4
        page.see(Mark.OLD, version.line, f"{name} {version.text}")
    if released := taken_back(meant, version.text.rpartition("@")[2]):
        page.see(Mark.STOLEN, version.line, released)
    if origin and told:
        foreign = is_foreign(origin)
        page.see(Mark.REDIRECT, version.line, f"packages from {origin}" if foreign else f"{name} from {origin}")


def _replaced(node: Node) -> Iterator[tuple[str, Node]]:
    """What a package has in the place of others' dependencies, however deep."""
    stack = list(node.members)
    while stack:
        name, value = stack.pop()
        if value.scalar:
            yield re.sub(r"(?<=.)@[^/]*$", "", name.rpartition(">")[2]), value
        stack.extend(value.members)


def _meant(name: str, version: str) -> str:
    """The package that is installed: with `npm:other@1` another one, under this name."""
    alias = version.removeprefix("npm:")
    return name if alias == version else alias[:1] + alias[1:].partition("@")[0]


def _entries(page: Page, document: Node) -> None:
    """What `require` of the package, its commands, or an editor that has it as an extension load."""
    engine = document.first("engines", "vscode")
    events = {each.text for each in document.first("activationEvents").items}
    for key in ("main", "browser"):
        by = "package entry point" if key == "main" else ""
        if engine.text:
            soon = bool(events & {"*", "onStartupFinished"}) or any(e.startswith("workspaceContains") for e in events)
            by = "editor extension, as soon as the editor starts" if soon else "editor extension"
        for main in document.every(key) if by else ():
            if main.text:
                page.trigger(Moment.RUN, by, main.line, f"node ./{main.text.removeprefix('./')}")
    programs = document.first("bin")
    for node in programs.texts():
        page.trigger(Moment.RUN, "package command", node.line, f"node ./{node.text.removeprefix('./')}")
    exported = document.first("exports")
    inner = [value for key, value in exported.members if key == "."]
    for node in (each for start in inner or ([exported] if exported.scalar else []) for each in start.texts()):
        if re.search(r"\.[cm]?js$", node.text):
            page.trigger(Moment.RUN, "package entry point", node.line, f"node ./{node.text.removeprefix('./')}")


def _offers(page: Page, document: Node) -> None:
    """By which name the other packages of a workspace import this one, and what they get."""
    exported = document.first("exports")
    inner = [value for key, value in exported.members if key == "."] or ([exported] if exported.scalar else [])
    known = [each.text for start in inner for each in start.texts() if re.search(r"(?<!\.d)\.[cm]?[jt]sx?$", each.text)]
    known += [document.first(key).text for key in ("main", "module")]
    entry = next(filter(None, known), "index")
    if name := document.first("name").text[:_LONGEST_NAME]:
        page.packages = (Package(name, entry[:_LONGEST_NAME]),)


def _hooks(page: Page, document: Node) -> None:
    """Commands that husky, simple-git-hooks, yorkie and lint-staged hang on git."""
    for key in _GIT_HOOKS:
        told = document.first(key)
        for name, line, command in _hooked(told.first("hooks") if told.first("hooks").members else told):
            if key in {"pre-commit", "pre-push"}:  # names of scripts
                page.trigger(Moment.GIT, f"git hook {key!r}", line, f"npm run {quoted(command)}")
            else:
                page.trigger(Moment.GIT, f"{key} ({name})" if name else key, line, command)


def _hooked(node: Node) -> Iterator[tuple[str, int, str]]:
    for name, value in node.members:
        for each in value.texts():
            yield name, each.line, each.text
    for item in node.items:
        yield "", item.line, item.text


def test_settings(page: Page, document: Node, by: str) -> None:
    """Files that a test runner loads before the tests: from `package.json`, `jest.config.json`, `.mocharc`."""
    for key in _TEST_FILES:
        for node in document.first(key).texts():
            text = node.text.replace("<rootDir>", ".")
            if "/" in text or re.search(r"\.[cm]?[jt]sx?$", text):
                own = text if text.startswith(".") else f"./{text.lstrip('/')}"
                page.trigger(Moment.TEST, f"{by} ({key})", node.line, text, uses=(("import:javascript", own),))


def test_runner(page: Page) -> None:
    """`.mocharc.json`, `.mocharc.yml`, `jest.config.json`, `.nycrc`, `cypress.json`"""
    documents = (read_json(page.text),) if page.text.lstrip()[:1] == "{" else read_yaml(page.text)
    for document in documents:
        test_settings(page, document, page.name)


def nodemon(page: Page) -> None:
    """`nodemon.json`"""
    nodemon_settings(page, read_json(page.text))


def nodemon_settings(page: Page, document: Node) -> None:
    """What nodemon starts, and on its events."""
    for key in ("exec", "execMap", "events"):
        for node in document.first(key).texts():
            page.trigger(Moment.RUN, f"nodemon ({key})", node.line, node.text)
    environment(page, document.first("env").members, "nodemon", Moment.RUN)


def npmrc(page: Page) -> None:
    """`.npmrc`: another registry than npm's, or a program of this folder for npm to use."""
    for _, section in read_ini(page.text).members:
        for key, value in section.members:
            if key.endswith("registry") and "registry.npmjs.org" not in value.text and "yarnpkg.com" not in value.text:
                page.see(Mark.REDIRECT, value.line, f"registry {value.text}")
            if key in _NPMRC and value.text not in {"", "git", "bash", "sh", "powershell", "cmd"}:
                page.trigger(Moment.INSTALL, f".npmrc ({key})", value.line, value.text,
                             uses=((_NPMRC[key], value.text),))  # fmt: skip
            if key == "strict-ssl" and value.text == "false":
                page.see(Mark.REDIRECT, value.line, "registry of anyone on the way: its certificate is not checked")
            if key == "node-options":
                environment(page, [("NODE_OPTIONS", value)], ".npmrc", Moment.INSTALL)


def yarnrc(page: Page) -> None:
    """`.yarnrc.yml`: the program that every `yarn` command runs, and its plugins; another registry."""
    for document in read_yaml(page.text):
        for node in document.every("yarnPath"):
            page.trigger(Moment.INSTALL, "yarn itself, from this folder", node.line, f"node ./{node.text}")
        for plugin in document.first("plugins").items:
            path = plugin.text or plugin.first("path").text
            page.trigger(Moment.INSTALL, "plugin of yarn", plugin.line, f"node ./{path}")
        scopes = [
            value for _, scope in document.first("npmScopes").members for value in scope.every("npmRegistryServer")
        ]
        for node in document.first("unsafeHttpWhitelist").items:
            page.see(Mark.REDIRECT, node.line, f"registry without protection: {node.text}")
        for node in (*document.every("npmRegistryServer"), *scopes):
            if "yarnpkg.com" not in node.text and "registry.npmjs.org" not in node.text:
                page.see(Mark.REDIRECT, node.line, f"registry {node.text}")


def yarnrc_old(page: Page) -> None:
    """`.yarnrc`: lines of a key and a value."""
    for number, line in enumerate(page.lines, 1):
        key, _, value = line.strip().partition(" ")
        value = value.strip().strip("\"'")
        if key in {"yarn-path", "--install.pure-lockfile"} and value:
            page.trigger(Moment.INSTALL, "yarn itself, from this folder", number, f"node ./{value}")
        if key == "registry" and "yarnpkg.com" not in value and "registry.npmjs.org" not in value:
            page.see(Mark.REDIRECT, number, f"registry {value}")


def bun(page: Page) -> None:
    """`bunfig.toml`: what bun loads before anything else; another registry."""
    document = read_toml(page.text)
    for when, where in ((Moment.RUN, document), (Moment.TEST, document.first("test"))):
        for node in where.first("preload").texts():
            page.trigger(when, "bun (preload)", node.line, node.text, uses=(("import:javascript", node.text),))
    registry = document.first("install", "registry")
    scopes = [
        value.first("url") if value.members else value for _, value in document.first("install", "scopes").members
    ]
    for node in (registry.first("url") if registry.members else registry, *scopes):
        if node.text and "registry.npmjs.org" not in node.text:
            page.see(Mark.REDIRECT, node.line, f"registry {node.text}")


def pnpm_workspace(page: Page) -> None:
    """`pnpm-workspace.yaml`: what replaces dependencies, and packages in catalogs."""
    for document in read_yaml(page.text):
        for name, version in (*_replaced(document.first("overrides")), *_replaced(document.first("catalog"))):
            _dependency(page, name, version, told=True)


def deno(page: Page) -> None:
    """`deno.json`: tasks."""
    for name, task in read_json(page.text).first("tasks").members:
        for line, command in commands(task):
            page.trigger(_SCRIPTS.get(name, Moment.RUN), f"deno task {name!r}", line, command)


def hook_manager(page: Page) -> None:
    """`lefthook.yml`, `.lintstagedrc`, `.huskyrc`, `.simple-git-hooks.json`: commands hung on git."""
    documents = (read_json(page.text),) if page.text.lstrip()[:1] in "{[" else read_yaml(page.text)
    for document in documents:
        lefthook = [node for node in objects(document) if node.first("run").text]
        for node in lefthook:
            page.trigger(Moment.GIT, "lefthook", node.first("run").line, node.first("run").text)
        inner = document.first("hooks")
        for name, line, command in () if lefthook else _hooked(inner if inner.members else document):
            page.trigger(Moment.GIT, f"git hook {name!r}", line, command)


def native_build(page: Page) -> None:
    """`binding.gyp`: npm builds it on install even without a script. Its `<!(…)` and actions are commands."""
    if page.name == "binding.gyp":
        page.trigger(Moment.INSTALL, "node-gyp", 1, "node-gyp rebuild", whole=True)
    document = read_json(_COMMENT.sub(lambda match: match[1] or "", page.text))
    for node in document.texts():
        for command in _GYP_COMMAND.findall(node.text):
            page.trigger(Moment.INSTALL, "command in binding.gyp", node.line, command)
    for sources in (node for each in objects(document) for node in each.every("sources")):
        for node in sources.items:
            page.uses.add(Use("whole", node.text, node.line, ""))
    for action in objects(document):
        told = action.first("action")
        if told.items:
            words = " ".join(quoted(each.text) for each in told.items)
            page.trigger(Moment.INSTALL, "action in binding.gyp", told.line, words)


def _always(line: int) -> Place:
    return lambda _: line
