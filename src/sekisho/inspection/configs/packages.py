"""Packages of Python: what runs on install, build, test, or when Python starts."""

import ast
import re
from collections.abc import Iterator

from sekisho.inspection.configs.addresses import is_foreign
from sekisho.inspection.configs.commands import commands
from sekisho.inspection.configs.document import Node, read_ini, read_toml, read_yaml
from sekisho.inspection.configs.environment import environment, variables
from sekisho.inspection.configs.releases import taken_back
from sekisho.inspection.findings import Mark, Moment, Use
from sekisho.inspection.page import Page

_PDM_HOOKS = {
    "pre_install",
    "post_install",
    "pre_build",
    "post_build",
    "pre_lock",
    "post_lock",
    "pre_init",
    "post_init",
}
_ENTRY_POINT = re.compile(r"\s*[A-Za-z_][\w.]*\s*:\s*[A-Za-z_]\w*\s*$")
_COVERAGE = {"import coverage", "coverage.process_startup()", "try:", "except ImportError:", "pass", "else:"}
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)")
_INDEX = re.compile(r"^\s*(?:--(?:extra-)?index-url|-i|--find-links|-f|--trusted-host)[ =](\S+)")
INSTALLER = "an installer's own .pth line"
_PTH = re.compile(
    r"import (?:"
    r"(__editable___\w+_finder); \1\.install\(\)"
    r"|_virtualenv|coverage; coverage\.process_startup\(\)"
    r"|os|sys|pywin32_bootstrap|_\w+_editable(?:_loader)?|_editable_impl_\w+"
    r"|sys; exec\('import os\\n\\nif os\.getenv\(\"COVERAGE_PROCESS_START\"\)"
    r"(?: or os\.getenv\(\"COVERAGE_PROCESS_CONFIG\"\))?:\\n try:"
    r"\\n  import coverage\\n except:\\n  pass\\n else:\\n  coverage\.process_startup\((?:slug=\"pth\")?\)'\)"
    r"|sys; sys\.__plen = len\(sys\.path\)|sys; new=sys\.path\[sys\.__plen:\]; del sys\.path\[sys\.__plen:\];"
    r" p=getattr\(sys,'__egginsert',0\); sys\.path\[p:p\]=new; sys\.__egginsert = p\+len\(new\)"
    r"|os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os\.environ\.get\(var, '(?:local|stdlib)'\) == 'local'; "
    r"enabled and __import__\('_distutils_hack'\)(?:\.add_shim\(\))?;"
    r"|sys, ?types, ?os; ?p = os\.path\.join\(sys\._getframe\(1\)\.f_locals\['sitedir'\], \*\('\w+',(?: ?'\w+',?)*\)\);"
    r" ?ie = os\.path\.exists\(os\.path\.join\(p,'__init__\.py'\)\); ?"
    r"m = not ie and sys\.modules\.setdefault\('[\w.]+', ?types\.ModuleType\('[\w.]+'\)\); ?"
    r"mp = \(m or \[\]\) and m\.__dict__\.setdefault\('__path__',\[\]\); ?\(p not in mp\) and mp\.append\(p\)"
    r"(?:; ?m and setattr\(sys\.modules\['[\w.]+'\], '\w+', m\))?"
    r"|sys, types, os;has_mfs = sys\.version_info > \(3, 5\);"
    r"p = os\.path\.join\(sys\._getframe\(1\)\.f_locals\['sitedir'\], \*\('\w+',(?: ?'\w+',?)*\)\);"
    r"importlib = has_mfs and __import__\('importlib\.util'\);has_mfs and __import__\('importlib\.machinery'\);"
    r"m = has_mfs and sys\.modules\.setdefault\('[\w.]+', importlib\.util\.module_from_spec\("
    r"importlib\.machinery\.PathFinder\.find_spec\('[\w.]+', \[os\.path\.dirname\(p\)\]\)\)\);"
    r"m = m or sys\.modules\.setdefault\('[\w.]+', types\.ModuleType\('[\w.]+'\)\);"
    r"mp = \(m or \[\]\) and m\.__dict__\.setdefault\('__path__',\[\]\);\(p not in mp\) and mp\.append\(p\)"
    r")"
)
"""What installers write: editable installs, virtualenv, coverage, setuptools, namespace packages. Whole lines."""


def pip_configuration(page: Page) -> None:
    """`pip.conf`: another index than PyPI."""
    for _, section in read_ini(page.text).members:
        for key, value in section.members:
            if key in {"index-url", "extra-index-url", "find-links", "index_url", "trusted-host"} and (
                "pypi.org" not in value.text and "pythonhosted.org" not in value.text
            ):
                page.see(Mark.REDIRECT, value.line, f"packages from {value.text}")


def setup_py(page: Page) -> None:
    """`setup.py` is a program that installing runs."""
    page.trigger(Moment.INSTALL, "setup.py", 1, "python setup.py", whole=True)


def pyproject(page: Page) -> None:
    """`pyproject.toml`: a build backend of the project's own and hooks of others', commands by name, dependencies."""
    document = read_toml(page.text)
    path, backend = document.first("build-system", "backend-path"), document.first("build-system", "build-backend")
    for node in path.items:
        place = f"{node.text}/{backend.text.partition(':')[0].replace('.', '/')}.py".removeprefix("./")
        unit = page.trigger(Moment.INSTALL, "build backend in the project", node.line, f"python {place}")
        page.uses.add(Use("import:python", backend.text.partition(":")[0], node.line, unit))
    for group in (document.first("project", "dependencies"), document.first("build-system", "requires")):
        for node in group.items:
            _requirement(page, node.text, node.line)
    for _, extra in document.first("project", "optional-dependencies").members:
        for node in extra.items:
            _requirement(page, node.text, node.line)
    for name, node in document.first("tool", "poetry", "dependencies").members:
        if name != "python":
            page.need(name, node.line, node.first("git").text or node.first("url").text)
    _indexes(page, document)
    told = document.first("tool", "pytest", "ini_options", "addopts")
    _plugins(page, told.text or " ".join(node.text for node in told.items), told.line)
    _build_hooks(page, document)
    _named_commands(page, document)


def _build_hooks(page: Page, document: Node) -> None:
    """Programs of the project that hatch, poetry, pdm and setuptools run while they build it."""
    tool = document.first("tool")
    hatch = (tool.first("hatch", "build", "hooks"), tool.first("hatch", "metadata", "hooks"),
             *(target.first("hooks") for _, target in tool.first("hatch", "build", "targets").members))  # fmt: skip
    for hooks in hatch:
        for name, hook in hooks.members:
            if name == "custom":
                _started(page, "hatch build hook", hook.first("path").line, hook.first("path").text or "hatch_build.py")
    for node in (tool.first("poetry", "build"), tool.first("pdm", "build")):
        for text in (node, node.first("script"), node.first("custom-hook")):
            if text.text:
                _started(page, "build script", text.line, text.text)
    _setuptools(page, tool.first("setuptools"))
    for name, node in tool.first("cibuildwheel").members:
        if name.startswith(("before-", "test-command")) and (node.text or node.items):
            for each in node.texts():
                page.trigger(Moment.BUILD, f"cibuildwheel ({name})", each.line, each.text)
    tox = tool.first("tox", "legacy_tox_ini")
    if tox.text:
        _ini(page, read_ini(tox.text, nested=True), tox.line - 1)


def _setuptools(page: Page, tool: Node) -> None:
    """Classes that replace its commands, and modules it imports to learn a version."""
    for node in tool.first("cmdclass").texts():
        _imported(page, Moment.INSTALL, "setuptools (cmdclass)", node)
    for _, node in tool.first("dynamic").members:
        attribute = node.first("attr")
        if attribute.text:
            module = attribute._replace(text=attribute.text.rpartition(".")[0])
            _imported(page, Moment.INSTALL, "setuptools (attr)", module)


def _named_commands(page: Page, document: Node) -> None:
    """Commands that installing makes, and tasks that are run by name."""
    tool = document.first("tool")
    for group in (document.first("project", "scripts"), document.first("project", "gui-scripts"),
                  tool.first("poetry", "scripts")):  # fmt: skip
        for name, node in group.members:
            _imported(page, Moment.RUN, f"command {name!r}", node)
    for kind, points in document.first("project", "entry-points").members:
        for _, node in points.members:
            when, by = (Moment.TEST, "pytest plugin") if kind == "pytest11" else (Moment.RUN, f"entry point of {kind}")
            _imported(page, when, by, node)
    tasks = [(by, tool.first(*path)) for by, path in (
        ("taskipy", ("taskipy", "tasks")), ("poe", ("poe", "tasks")), ("pdm", ("pdm", "scripts")),
        ("rye", ("rye", "scripts")), ("pixi", ("pixi", "tasks")))]  # fmt: skip
    tasks += [("hatch", env.first("scripts")) for _, env in tool.first("hatch", "envs").members]
    for by, group in tasks:
        for name, node in group.members:
            when = Moment.INSTALL if by == "pdm" and name in _PDM_HOOKS else Moment.RUN
            for line, command in commands(node.first("shell") if node.first("shell").text else node):
                page.trigger(when, f"{by} {name!r}", line, command)


def _started(page: Page, by: str, line: int, path: str) -> None:
    page.trigger(Moment.INSTALL, by, line, path, uses=(("python", path),))


def _imported(page: Page, when: Moment, by: str, node: Node) -> None:
    """A module by its name; or a thing in it, after a colon or a dot."""
    module = node.text.partition(":")[0].partition("[")[0].strip()
    names = (module, module.rpartition(".")[0]) if ":" not in node.text else (module,)
    page.trigger(when, by, node.line, node.text, uses=tuple(("import:python", each) for each in names if each))


def _indexes(page: Page, document: Node) -> None:
    """Indexes that poetry, uv and pdm take packages from."""
    for key in (("tool", "poetry", "source"), ("tool", "uv", "index"), ("tool", "uv"), ("tool", "pdm", "source"),
                ("index",), ("pip",), ("source",), ()):  # fmt: skip
        for node in document.every(*key):
            for name in ("url", "index-url", "extra-index-url", "default-index", "find-links"):
                addresses = [each for source in node.items or (node,) for each in source.first(name).texts()]
                for address in addresses:
                    if "://" in address.text and "pypi.org/" not in address.text:
                        page.see(Mark.REDIRECT, address.line, f"packages from {address.text}")


def pytest_ini(page: Page) -> None:
    """`pytest.ini`, `tox.ini`, `setup.cfg`: plugins that tests load, commands of tox, classes of setuptools."""
    _ini(page, read_ini(page.text, nested=True), 0)


def _ini(page: Page, document: Node, above: int) -> None:
    """`above`: how many lines of the file stand above this text."""
    for name, section in document.members:
        for key, plain in section.members:
            value = plain._replace(line=plain.line + above)
            if key == "addopts" and "pytest" in name:
                _plugins(page, value.text, value.line)
            if name.startswith("testenv"):
                if key in {"commands", "commands_pre", "commands_post", "install_command"} and value.text:
                    page.trigger(Moment.TEST, "tox", value.line, value.text.lstrip("- "))
                if key in {"setenv", "set_env"}:
                    environment(page, variables(Node(value.line, items=(value,))), "tox", Moment.TEST)
            name_of, equals, target = value.text.partition("=")
            if equals and (key == "cmdclass" or name == "options.entry_points"):
                when = Moment.INSTALL if key == "cmdclass" else Moment.TEST if key == "pytest11" else Moment.RUN
                _imported(page, when, f"setup.cfg ({name_of.strip()})", value._replace(text=target.strip()))


_QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_LINES_OF_CODE = re.compile(
    rf"\bexec_lines\b\s*(?:=|\.(?:append|extend)\()\s*\[?\s*((?:(?:{_QUOTED.pattern})\s*,?\s*)+)"
)


def requirements(page: Page) -> None:
    """`requirements.txt`: packages, and where they come from."""
    for number, line in enumerate(page.lines, 1):
        index = _INDEX.match(line)
        if index and "pypi.org" not in index[1]:
            page.see(Mark.REDIRECT, number, f"packages from {index[1]}")
        elif line.strip() and line.lstrip()[0] not in "#-":
            _requirement(page, line, number)


def path_file(page: Page) -> None:
    """`*.pth`: Python runs its `import` lines at every start (site.py)."""
    for number, line in enumerate(page.lines, 1):
        if line.startswith(("import ", "import\t")):
            if _PTH.fullmatch(line.strip()):
                modules = re.findall(r"import (_\w+)", line)
                page.trigger(Moment.START, INSTALLER, number, line,
                             uses=tuple(("import:python", each) for each in modules))  # fmt: skip
                continue
            page.trigger(Moment.START, "a .pth file", number, line, "python")
            page.see(Mark.PERSIST, number, "runs at every start of Python", f"{len(page.triggers)}:{number}")


def start_file(page: Page) -> None:
    """`*.start` (PEP 829): functions, as `package.module:name`, that Python calls at every start."""
    for number, line in enumerate(page.lines, 1):
        if _ENTRY_POINT.match(line):
            node = Node(number, line.strip(), scalar=True)
            _imported(page, Moment.START, "a .start file", node)


def interpreter_start(page: Page) -> None:
    """`sitecustomize.py` and `usercustomize.py`, unless they only begin measuring coverage."""
    lines = [line.strip() for line in page.lines if line.strip() and not line.strip().startswith("#")]
    if lines and all(line in _COVERAGE for line in lines):
        return
    page.trigger(Moment.START, page.name, 1, f"python {page.name}", whole=True)


def notebook_start(page: Page) -> None:
    """Configuration and profiles of IPython and Jupyter: files that each of their sessions runs first."""
    page.trigger(Moment.RUN, "Jupyter or IPython", 1, page.path, whole=True)


def ipython(page: Page) -> None:
    """`ipython_config.py`: lines that each session runs first, which its settings hold as text."""
    for found in list(_LINES_OF_CODE.finditer(page.text[:200_000]))[:20]:
        lines = [double or single for single, double in _QUOTED.findall(found[1])]
        text = "\n".join(lines).replace("\\'", "'").replace('\\"', '"')
        page.trigger(Moment.RUN, "IPython (exec_lines)", page.text.count("\n", 0, found.start()) + 1, text, "python")


def test_code(page: Page) -> None:
    """`conftest.py` and test modules: code that a test run imports, with the plugins it names."""
    by = "pytest" if page.name.endswith(".py") else "test runner"
    page.trigger(Moment.TEST, by, 1, page.path, whole=True)
    for line, name in _plugin_names(page.text) if "pytest_plugins" in page.text else ():
        page.uses.add(Use("import:python", name, line, ""))


def _plugin_names(text: str) -> Iterator[tuple[int, str]]:
    """The strings that are assigned to `pytest_plugins`."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for statement in body:
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "pytest_plugins" for target in statement.targets
        ):
            values = statement.value.elts if isinstance(statement.value, ast.List | ast.Tuple) else [statement.value]
            for value in values:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.lineno, value.value


def installer_program(page: Page) -> None:
    """`.pnpmfile.cjs`, and yarn itself with its plugins: loaded by every command of the package manager."""
    page.trigger(Moment.INSTALL, "loaded by the package manager", 1, page.path, whole=True)


def python_tool(page: Page) -> None:
    """Programs that a tool of Python's loads: `noxfile.py`, `tasks.py`, `docs/conf.py`, `gunicorn.conf.py`."""
    when = Moment.TEST if page.name == "noxfile.py" else Moment.BUILD
    page.trigger(when, "configuration that is a program", 1, page.path, whole=True)


def django(page: Page) -> None:
    """`manage.py`: loads what Django finds by its place."""
    entry(page)
    page.uses.add(Use("framework", "django", 1, ""))


def mkdocs(page: Page) -> None:
    """`mkdocs.yml`: hooks, which are programs."""
    for document in read_yaml(page.text):
        for node in document.first("hooks").texts():
            page.trigger(Moment.BUILD, "mkdocs hook", node.line, node.text, uses=(("python", node.text),))


def conda(page: Page) -> None:
    """`environment.yml`: packages; `meta.yaml`: a build's commands."""
    for document in read_yaml(re.sub(r"^\s*\{%.*?%\}\s*$", "", page.text, flags=re.MULTILINE)):
        for node in document.first("channels").items:
            if is_foreign(node.text):
                page.see(Mark.REDIRECT, node.line, f"packages from {node.text}")
        for node in document.first("dependencies").items:
            for each in node.texts():
                _requirement(page, each.text, each.line)
        for node in document.first("build", "script").texts():
            page.trigger(Moment.INSTALL, "conda build", node.line, node.text)


def uv_settings(page: Page) -> None:
    """`uv.toml`: indexes."""
    _indexes(page, read_toml(page.text))


def pipfile(page: Page) -> None:
    """`Pipfile`: commands by name, indexes."""
    document = read_toml(page.text)
    _indexes(page, document)
    for name, node in document.first("scripts").members:
        for line, command in commands(node):
            page.trigger(Moment.RUN, f"pipenv {name!r}", line, command)


def build_configuration(page: Page) -> None:
    """Configuration files that are programs: vite, jest, webpack and the like; and what next and storybook load."""
    page.trigger(Moment.BUILD, "configuration that is a program", 1, page.path, whole=True)
    if page.name.startswith("next.config"):
        page.uses.add(Use("framework", "next", 1, ""))


def entry(page: Page) -> None:
    """Files that a reader would run first."""
    page.trigger(Moment.RUN, "started by hand", 1, page.path, whole=True)


def _requirement(page: Page, text: str, line: int) -> None:
    match = _REQUIREMENT.match(text)
    where = text.partition("@")[2].strip() if re.search(r"@\s*(?:git\+|https?:|file:)", text) else ""
    if re.match(r"\s*(?:git\+|https?:)", text):
        where = text.strip()
    if where:
        page.see(Mark.REDIRECT, line, f"packages from {where}" if is_foreign(where) else f"a package from {where}")
    page.need(match[1] if match else text.strip(), line, where)
    if match and (released := taken_back(match[1], re.split(r"[;#\\]| --", text[match.end() :])[0], python=True)):
        page.see(Mark.STOLEN, line, released)


def _plugins(page: Page, options: str, line: int) -> None:
    for name in re.findall(r"(?:^|\s)-p[ =]?([\w.]+)", options):
        unit = page.trigger(Moment.TEST, "pytest plugin", line, "", whole=False)
        page.uses.add(Use("import:python", name, line, unit))
