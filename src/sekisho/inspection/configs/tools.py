"""Tools of all kinds, each with a file of its own: by a table of keys that hold a command, a module or a program."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sekisho.inspection.configs.commands import commands, is_within
from sekisho.inspection.configs.document import Node, read_ini, read_json, read_toml, read_yaml
from sekisho.inspection.findings import Moment
from sekisho.inspection.languages.shell_hidden import shell_calls
from sekisho.inspection.page import Page


class Key(NamedTuple):
    """A path of keys (`*` is any), what stands there, and when it runs.

    `how`: a command; `js`, `py`: a module; `code`: Python; `load`: a file; `sh`: a script of the shell.
    """

    path: str
    how: str
    when: Moment


def _keys(how: str, when: Moment, *paths: str) -> tuple[Key, ...]:
    return tuple(Key(path, how, when) for path in paths)


_BUILD, _TEST, _RUN, _OPEN = Moment.BUILD, Moment.TEST, Moment.RUN, Moment.OPEN
_BABEL = _keys("js", _BUILD, "presets.*", "plugins.*", "env.*.plugins.*", "env.*.presets.*", "overrides.*.plugins.*")
_ESLINT = _keys("js", _BUILD, "parser", "plugins.*", "extends", "extends.*", "overrides.*.parser", "rulesDirectory.*")
_PRETTIER = _keys("js", _BUILD, "plugins.*", "overrides.*.options.plugins.*")
_STYLELINT = _keys("js", _BUILD, "plugins.*", "customSyntax", "extends", "extends.*", "processors.*")
_ELECTRON = _keys(
    "js", _BUILD, "beforeBuild", "beforePack", "afterPack", "afterSign", "afterAllArtifactBuild", "afterExtract"
)
_RELEASE = _keys("js", _RUN, "plugins.*", "plugins.*.*", "extends", "extends.*")
_SHIPS = _keys("command", _RUN, "plugins.*.*.prepareCmd", "plugins.*.*.publishCmd", "plugins.*.*.verifyConditionsCmd",
               "plugins.*.*.analyzeCommitsCmd", "plugins.*.*.successCmd", "hooks.*", "hooks.*.*",
               "scripts.*")  # fmt: skip
_PYLINT = (*_keys("code", _TEST, "*.init-hook", "*.init_hook"), *_keys("py", _TEST, "*.load-plugins"))
_FLAKE = (*_keys("py", _TEST, "flake8:local-plugins.extension", "flake8:local-plugins.report", "mypy.plugins",
                 "coverage:run.plugins"), *_keys("code", _TEST, "pylint.*.init-hook",
                                                 "pylint.*.load-plugins"))  # fmt: skip

_TABLE: tuple[tuple[str, tuple[Key, ...]], ...] = (
    (r"[tj]sconfig(?:\.[\w.-]+)?\.json", _keys("js", _OPEN, "compilerOptions.plugins.*.name",
                                               "compilerOptions.plugins.*.transform")),
    (r"\.babelrc(?:\.json)?|babel\.config\.json", _BABEL),
    (r"\.eslintrc(?:\.json|\.ya?ml)?", _ESLINT),
    (r"\.prettierrc(?:\.json5?|\.ya?ml|\.toml)?", _PRETTIER),
    (r"\.stylelintrc(?:\.json|\.ya?ml)?", _STYLELINT),
    (r"\.postcssrc(?:\.json|\.ya?ml)?", _keys("js", _BUILD, "plugins.*", "parser", "syntax")),
    (r"\.swcrc", _keys("load", _BUILD, "jsc.experimental.plugins.*.*")),
    (r"\.nycrc(?:\.json|\.ya?ml)?|\.c8rc\.json", _keys("js", _TEST, "require", "require.*")),
    (r"(?:angular|project|nx|workspace)\.json",
     (*_keys("js", _BUILD, "projects.*.architect.*.builder", "projects.*.targets.*.executor", "targets.*.executor",
             "plugins.*",
             "plugins.*.plugin", "tasksRunnerOptions.*.runner"),
      *_keys("command", _BUILD, "targets.*.command", "targets.*.options.command", "targets.*.options.commands.*",
             "targets.*.options.commands.*.command", "projects.*.targets.*.options.command"))),
    (r"tauri\.conf\.json5?", (*_keys("command", _BUILD, "build.beforeBuildCommand", "build.beforeBundleCommand"),
                              *_keys("command", _RUN, "build.beforeDevCommand"))),
    (r"electron-builder\.(?:json5?|ya?ml|toml)", _ELECTRON),
    (r"app\.json", _keys("js", _BUILD, "expo.plugins.*", "expo.plugins.*.*", "expo.hooks.postPublish.*.file")),
    (r"wrangler\.(?:toml|jsonc?)", _keys("command", _BUILD, "build.command", "env.*.build.command")),
    (r"typedoc\.json", _keys("js", _BUILD, "plugin", "plugin.*")),
    (r"\.releaserc(?:\.json|\.ya?ml)?|\.release-it\.(?:json|ya?ml|toml)|\.versionrc(?:\.json)?", (*_RELEASE, *_SHIPS)),
    (r"\.commitlintrc(?:\.json|\.ya?ml)?", _keys("js", Moment.GIT, "extends", "extends.*", "plugins.*",
                                                 "parserPreset")),
    (r"\.markdownlint-cli2\.(?:jsonc|yaml)", _keys("js", _BUILD, "customRules.*", "markdownItPlugins.*.*")),
    (r"command-line\.json", _keys("command", _BUILD, "commands.*.shellCommand")),
    (r"\.luarc\.jsonc?", _keys("load", _OPEN, "runtime.plugin", "Lua.runtime.plugin", "runtime\\.plugin")),
    (r"\.air\.toml", _keys("command", _RUN, "build.cmd", "build.bin", "build.full_bin", "build.pre_cmd.*",
                           "build.post_cmd.*")),
    (r"\.?goreleaser\.ya?ml", _keys("command", _BUILD, "before.hooks.*", "before.hooks.*.cmd", "builds.*.hooks.pre",
                                    "builds.*.hooks.post", "builds.*.hooks.pre.*", "builds.*.hooks.post.*")),
    (r"anchor\.toml", _keys("command", _TEST, "scripts.*")),
    (r"dvc\.ya?ml", _keys("command", _RUN, "stages.*.cmd", "stages.*.cmd.*", "stages.*.do.cmd")),
    (r"mlproject", _keys("command", _RUN, "entry_points.*.command")),
    (r"skaffold\.ya?ml", _keys("command", _BUILD, "build.artifacts.*.custom.buildCommand",
                               "build.artifacts.*.hooks.*.*.command")),
    (r"\.overcommit\.ya?ml", _keys("command", Moment.GIT, "*.*.command", "*.*.required_executable")),
    (r"captainhook\.json", _keys("command", Moment.GIT, "*.actions.*.action")),
    (r"(?:tasks|launch)\.vs\.json", _keys("command", _RUN, "tasks.*.command", "configurations.*.program")),
    (r"run\.json", _keys("command", _RUN, "configurations.*.program", "configurations.*.executable")),
    (r"languages\.toml", _keys("load", _OPEN, "language-server.*.command", "language.*.formatter.command")),
    (r"\.?pylintrc(?:\.toml)?", _PYLINT),
    (r"\.?mypy\.ini", _keys("py", _TEST, "mypy.plugins")),
    (r"\.flake8|setup\.cfg|tox\.ini|\.coveragerc", (*_FLAKE, *_keys("py", _TEST, "run.plugins"))),
    (r"pyproject\.toml",
     (*_keys("code", _TEST, "tool.pylint.*.init-hook", "tool.pylint.init-hook"),
      *_keys("py", _TEST, "tool.pylint.*.load-plugins", "tool.pylint.*.load-plugins.*", "tool.mypy.plugins",
             "tool.mypy.plugins.*",
             "tool.coverage.run.plugins.*"),
      *_keys("command", _RUN, "tool.bumpversion.pre_commit_hooks.*", "tool.bumpversion.setup_hooks.*",
             "tool.commitizen.pre_bump_hooks.*", "tool.commitizen.post_bump_hooks.*",
             "tool.semantic_release.build_command"))),
    (r"coc-settings\.json", _keys("command", _OPEN, "languageserver.*", "languageserver.*.command")),
    (r"cdk\.json", _keys("command", _BUILD, "app", "build")),
    (r"rush\.json", _keys("command", Moment.INSTALL, "eventHooks.*.*")),
    (r"pixi\.toml", (*_keys("command", _RUN, "tasks.*", "tasks.*.cmd"), *_keys("sh", _OPEN, "activation.scripts.*"))),
    (r"moon\.ya?ml", _keys("command", _BUILD, "tasks.*.command", "tasks.*.script")),
    (r"[^/]+\.up(?:roject|lugin)", _keys("command", _BUILD, "PreBuildSteps.*.*", "PostBuildSteps.*.*")),
    (r"\.rubocop\.ya?ml", _keys("load", _TEST, "require", "require.*")),
    (r"scrapy\.cfg", _keys("py", _RUN, "settings.*")),
    (r"(?:supervisord?|circus|uwsgi|honcho)\.(?:conf|ini)",
     (*_keys("command", _RUN, "*.command", "*.cmd", "*.exec-asap", "*.exec-pre-jail", "*.exec-as-user",
             "*.exec-pre-app",
             "*.hook-asap", "*.hook-pre-app", "*.attach-daemon", "*.smart-attach-daemon", "*.exec-as-root"),
      *_keys("py", _RUN, "*.module", "*.import", "*.shared-import"), *_keys("load", _RUN, "*.wsgi-file", "*.file"))),
)  # fmt: skip
_READERS = tuple((re.compile(pattern), keys) for pattern, keys in _TABLE)

NAMES = "|".join(pattern for pattern, _ in _TABLE)
"""A pattern for the names of all these files."""

_PACKAGE: tuple[tuple[str, tuple[Key, ...]], ...] = (
    ("babel", _BABEL), ("eslintConfig", _ESLINT), ("prettier", _PRETTIER), ("stylelint", _STYLELINT), ("build",
                                                                                                       _ELECTRON),
    ("postcss", _keys("js", _BUILD, "plugins.*")), ("nyc", _keys("js", _TEST, "require", "require.*")),
    ("release", (*_RELEASE, *_SHIPS)), ("release-it", _SHIPS), ("standard-version", _SHIPS),
    ("commitlint", _keys("js", Moment.GIT, "extends", "extends.*", "plugins.*")), ("tap", _keys("js", _TEST, "before",
                                                                                                "require.*")),
    ("ts-node", _keys("js", _RUN, "require.*", "compiler")), ("expo", _keys("js", _BUILD, "plugins.*")),
)  # fmt: skip
_START_FILES = re.compile(r"system2?|shell|popen|:!|\bexec\b|process_create|unix\(", re.IGNORECASE)


def tool(page: Page) -> None:
    """A file of a tool in the table."""
    for pattern, keys in _READERS:
        if pattern.fullmatch(page.name):
            for document in _documents(page):
                _read(page, document, keys, page.name)


def in_package(page: Page, document: Node) -> None:
    """What `package.json` says to tools that may have a file of their own."""
    for name, keys in _PACKAGE:
        _read(page, document.first(name), keys, name)


def start_file(page: Page) -> None:
    """`.Rprofile`, `.gdbinit`, `.ghci` and their like: what a program runs first when it is started here."""
    told = [
        n for n, line in enumerate(page.lines, 1) if _START_FILES.search(line) and line.lstrip()[:1] not in {"#", "%"}
    ]
    opens = Moment.OPEN if page.name in {".rprofile", "startup.m"} else Moment.RUN
    for number in told[:20]:
        line = page.lines[number - 1].strip()
        direct = re.match(r"(?::!|!|shell\s|platform shell\s)\s*(.+)", line)
        for command in [direct[1]] if direct else shell_calls(line):
            page.trigger(opens, f"started with what {page.name} says", number, command)
        page.gap(number, "a command in a language that is not read")
    page.trigger(opens, f"started with what {page.name} says", 1, page.path, whole=True)


def debugger_start(page: Page) -> None:
    """`.pdbrc`: Python that each debugger started here runs first."""
    lines = [re.sub(r"^\s*!", "", line) for line in page.lines]
    kept = "\n".join("" if re.match(r"\s*(?:alias|b|break|c|n|s|display|w)\b", line) else line for line in lines)
    page.trigger(Moment.RUN, "Python's debugger, started here", 1, kept, "python")


def go_generate(page: Page) -> None:
    """`//go:generate` lines of Go: commands that `go generate` runs."""
    for number, line in enumerate(page.lines, 1) if "go:generate" in page.text else ():
        if line.startswith("//go:generate "):
            page.trigger(Moment.BUILD, "go generate", number, line.removeprefix("//go:generate "))


def terraform(page: Page) -> None:
    """`*.tf`: commands that planning or applying runs here."""
    for number, line in enumerate(page.lines, 1):
        told = re.match(r"\s*(?:command|program)\s*=\s*(.+)", line)
        near = "\n".join(page.lines[max(0, number - 8) : number])
        if told and re.search(r"local-exec|\"external\"", near):
            words = re.findall(r'"((?:[^"\\]|\\.)*)"', told[1])
            page.trigger(Moment.RUN, "terraform", number, " ".join(words).replace('\\"', '"'))


def playbook(page: Page) -> None:
    """Ansible: commands of tasks."""
    for document in read_yaml(page.text):
        stack = [document]
        while stack:
            node = stack.pop()
            for key, value in node.members:
                if key.rpartition(".")[2] in {"shell", "command", "raw"} and (value.text or value.first("cmd").text):
                    page.trigger(Moment.RUN, f"Ansible ({key})", value.line, value.text or value.first("cmd").text)
                stack.append(value)
            stack.extend(node.items)


def _documents(page: Page) -> tuple[Node, ...]:
    """The file, whatever it is written in: some have no suffix."""
    start = page.text.lstrip()[:1]
    if page.name.endswith(".toml"):
        return (read_toml(page.text),)
    if page.name.endswith((".ini", ".cfg", ".conf", "pylintrc", ".flake8", ".coveragerc")):
        return (read_ini(page.text, nested=True),)
    return (read_json(page.text),) if start in "{[" or page.text.lstrip().startswith("/") else read_yaml(page.text)


def _read(page: Page, document: Node, keys: tuple[Key, ...], where: str) -> None:
    for key in keys:
        names = [name.replace("\0", ".") for name in key.path.replace("\\.", "\0").split(".")]
        for node in _at(document, names):
            _start(page, key, node, f"{where} ({names[-1] if names[-1] != '*' else names[-2]})")


def _at(node: Node, names: list[str]) -> Iterator[Node]:
    if not names:
        yield node
        return
    for key, value in node.members:
        if names[0] in {"*", key}:
            yield from _at(value, names[1:])
    if names[0] == "*":
        for item in node.items:
            yield from _at(item, names[1:])


def _start(page: Page, key: Key, node: Node, by: str) -> None:
    text = node.text.strip()
    if key.how == "command":
        listed = bool(node.items) and all(each.scalar for each in node.items)
        for line, command in commands(node) if text or listed or node.first("command").text else ():
            page.trigger(key.when, by, line, command)
    elif key.how == "code" and text:
        page.trigger(key.when, by, node.line, text.strip("\"'"), "python")
    elif key.how == "py" and text:
        modules = [each.rpartition("=")[2].partition(":")[0].strip() for each in re.split(r"[,\n]", text)]
        uses = tuple(("import:python", each) for each in modules if re.fullmatch(r"[A-Za-z_][\w.]*", each))
        if uses:
            page.trigger(key.when, by, node.line, text, uses=uses)
    elif key.how == "js" and text.startswith(("./", "../")):
        page.trigger(key.when, by, node.line, text, uses=(("import:javascript", text),))
    elif key.how == "sh" and text:
        page.trigger(key.when, by, node.line, text, uses=(("sh", text),))
    elif key.how == "load" and is_within(text):
        page.trigger(key.when, by, node.line, text, uses=(("load", text),))
