"""Packages and projects: what runs on install, build, test, or when Python starts."""

import re

from sekisho.inspection.configs.document import Node, read_ini, read_json, read_toml, read_yaml
from sekisho.inspection.findings import Mark, Moment, Use
from sekisho.inspection.languages.scope import Embedded
from sekisho.inspection.page import Page, Place

_SCRIPTS = {
    **dict.fromkeys(("preinstall", "install", "postinstall", "prepare", "preprepare", "postprepare", "prepublish",
                     "dependencies"), Moment.INSTALL),
    **dict.fromkeys(("pretest", "test", "posttest"), Moment.TEST),
    **dict.fromkeys(("prebuild", "build", "postbuild", "prepack"), Moment.BUILD),
    **dict.fromkeys(("prestart", "start", "poststart", "predev", "dev", "serve"), Moment.RUN),
}  # fmt: skip
_ELSEWHERE = re.compile(r"^(?:git\+|git:|https?:|github:|gitlab:|bitbucket:|ssh:|file:|link:|[\w.-]+/[\w.-]+(?:#|$))")
_REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9][\w.-]*)")
_INDEX = re.compile(r"^\s*(?:--(?:extra-)?index-url|-i|--find-links|-f|--trusted-host)[ =](\S+)")
_PTH = re.compile(
    r"import (?:"
    r"(__editable___\w+_finder); \1\.install\(\)"
    r"|_virtualenv|coverage; coverage\.process_startup\(\)"
    r"|os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os\.environ\.get\(var, '(?:local|stdlib)'\) == 'local'; "
    r"enabled and __import__\('_distutils_hack'\)(?:\.add_shim\(\))?;"
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


def package_json(page: Page) -> None:
    """`package.json`: lifecycle scripts, entry points and dependencies."""
    document = read_json(page.text)
    vendored = "node_modules/" in page.path
    for name, script in document.first("scripts").members:
        if name in _SCRIPTS and script.text and not (vendored and _SCRIPTS[name] is not Moment.INSTALL):
            page.trigger(_SCRIPTS[name], f"npm script {name!r}", script.line, script.text)
        elif script.text:
            page.code(Embedded("shell", script.text, script.line), f"script:{name}", _always(script.line))
    main = document.first("main")
    if main.text and not vendored:
        page.trigger(Moment.RUN, "package entry point", main.line, f"node ./{main.text.removeprefix('./')}")
    for section in ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies"):
        for name, version in document.first(section).members:
            origin = version.text if _ELSEWHERE.match(version.text) else ""
            page.need(name, version.line, origin)
            if origin and not vendored and section != "peerDependencies":
                page.see(Mark.REDIRECT, version.line, f"{name} from {origin}")


def npmrc(page: Page) -> None:
    """`.npmrc`: another registry than npm's."""
    for _, section in read_ini(page.text).members:
        for key, value in section.members:
            if key.endswith("registry") and "registry.npmjs.org" not in value.text and "yarnpkg.com" not in value.text:
                page.see(Mark.REDIRECT, value.line, f"registry {value.text}")


def pip_configuration(page: Page) -> None:
    """`pip.conf`: another index than PyPI."""
    for _, section in read_ini(page.text).members:
        for key, value in section.members:
            if key in {"index-url", "extra-index-url", "find-links"} and "pypi.org/" not in value.text:
                page.see(Mark.REDIRECT, value.line, f"packages from {value.text}")


def setup_py(page: Page) -> None:
    """`setup.py` is a program that installing runs."""
    page.trigger(Moment.INSTALL, "setup.py", 1, "python setup.py", whole=True)


def pyproject(page: Page) -> None:
    """`pyproject.toml`: a build backend of the project's own, and dependencies."""
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
    options = document.first("tool", "pytest", "ini_options", "addopts")
    for node in options.texts():
        _plugins(page, node.text, node.line)


def _indexes(page: Page, document: Node) -> None:
    """Indexes that poetry, uv and pdm take packages from."""
    for key in (("poetry", "source"), ("uv", "index"), ("uv",), ("pdm", "source")):
        for node in document.every("tool", *key):
            for name in ("url", "index-url", "extra-index-url"):
                addresses = [each for source in node.items or (node,) for each in source.first(name).texts()]
                for address in addresses:
                    if "pypi.org/" not in address.text:
                        page.see(Mark.REDIRECT, address.line, f"packages from {address.text}")


def pytest_ini(page: Page) -> None:
    """`pytest.ini`, `tox.ini`, `setup.cfg`: plugins that tests load."""
    for name, section in read_ini(page.text).members:
        for key, value in section.members:
            if key == "addopts" and "pytest" in name:
                _plugins(page, value.text, value.line)
            if key == "commands" and name.startswith("testenv"):
                page.trigger(Moment.TEST, "tox", value.line, value.text)


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
                continue
            page.trigger(Moment.START, "a .pth file", number, line, "python")
            page.see(Mark.PERSIST, number, "runs at every start of Python", f"{len(page.triggers)}:{number}")


def interpreter_start(page: Page) -> None:
    """`sitecustomize.py` and `usercustomize.py`"""
    page.trigger(Moment.START, page.name, 1, f"python {page.name}", whole=True)


def test_code(page: Page) -> None:
    """`conftest.py` and test modules: code that a test run imports."""
    page.trigger(Moment.TEST, "pytest", 1, page.path, whole=True)


def build_configuration(page: Page) -> None:
    """Configuration files that are programs: vite, jest, webpack and the like."""
    page.trigger(Moment.BUILD, "configuration that is a program", 1, page.path, whole=True)


def entry(page: Page) -> None:
    """Files that a reader would run first."""
    page.trigger(Moment.RUN, "started by hand", 1, page.path, whole=True)


def makefile(page: Page) -> None:
    """Recipes of a makefile, without its expansion."""
    recipes = [(n, line[1:].lstrip("@-+")) for n, line in enumerate(page.lines, 1) if line.startswith("\t")]
    text = "\n".join(re.sub(r"\$[({](\w+)[)}]", r"$\1", line.replace("$$", "$")) for _, line in recipes)
    if recipes:
        unit = page.trigger(Moment.BUILD, "make", recipes[0][0], "make", whole=False)
        numbers = [number for number, _ in recipes]
        page.code(Embedded("shell", text, recipes[0][0]), unit, lambda n: numbers[min(n, len(numbers)) - 1])


def dockerfile(page: Page) -> None:
    """`RUN`, `CMD` and `ENTRYPOINT`; continued lines are one."""
    number = 0
    while number < len(page.lines):
        first, line = number + 1, page.lines[number]
        while line.rstrip().endswith("\\") and number + 1 < len(page.lines):
            number += 1
            line = line.rstrip()[:-1] + " " + page.lines[number]
        number += 1
        word, _, rest = line.strip().partition(" ")
        when = {"RUN": Moment.BUILD, "CMD": Moment.RUN, "ENTRYPOINT": Moment.RUN}.get(word.upper())
        if when is not None:
            words = re.findall(r'"((?:[^"\\]|\\.)*)"', rest) if rest.strip().startswith("[") else []
            page.trigger(when, f"container ({word.upper()})", first, " ".join(words) if words else rest)


def compose(page: Page) -> None:
    """`docker-compose.yml`: commands of services."""
    for document in read_yaml(page.text):
        for name, service in document.first("services").members:
            for key in ("command", "entrypoint"):
                node = service.first(key)
                text = node.text or " ".join(each.text for each in node.items)
                if text:
                    page.trigger(Moment.RUN, f"container service {name!r}", node.line, text)


def _requirement(page: Page, text: str, line: int) -> None:
    match = _REQUIREMENT.match(text)
    where = text.partition("@")[2].strip() if re.search(r"@\s*(?:git\+|https?:|file:)", text) else ""
    if re.match(r"\s*(?:git\+|https?:)", text):
        where = text.strip()
    if where:
        page.see(Mark.REDIRECT, line, f"a package from {where}")
    page.need(match[1] if match else text.strip(), line, where)


def _plugins(page: Page, options: str, line: int) -> None:
    for name in re.findall(r"(?:^|\s)-p[ =]?([\w.]+)", options):
        unit = page.trigger(Moment.TEST, "pytest plugin", line, "", whole=False)
        page.uses.add(Use("import:python", name, line, unit))


def native_build(page: Page) -> None:
    """`binding.gyp`: npm builds it on install even without a script."""
    page.trigger(Moment.INSTALL, "node-gyp", 1, "node-gyp rebuild", whole=True)
    if re.search(r"<!@?\(", page.text):
        line = next((n for n, each in enumerate(page.lines, 1) if "<!" in each), 1)
        command = re.search(r"<!@?\((.*?)\)", page.lines[line - 1])
        page.trigger(Moment.INSTALL, "command in binding.gyp", line, command[1] if command else page.lines[line - 1])


def foreign_build(page: Page) -> None:
    """Build files in languages that are not read."""
    page.trigger(Moment.BUILD, "a build file", 1, page.path, whole=True)
    page.gap(1, "a build file in a language that is not read")


def _always(line: int) -> Place:
    return lambda _: line
