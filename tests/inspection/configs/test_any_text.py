"""Whatever stands in a configuration, its reader gives findings or gaps, and never another exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.inspection.configs.document import MalformedDocument, elements, read_xml
from sekisho.inspection.extract import extract
from sekisho.inspection.virtual import VirtualFile

NAMES = [
    ".vscode/tasks.json", ".vscode/settings.json", ".vscode/launch.json", ".vscode/extensions.json", "a.code-workspace",
    ".zed/settings.json", "a.sublime-project", ".exrc", ".dir-locals.el", ".envrc", "mise.toml", ".asdfrc",
    "devbox.json",
    ".tmuxinator.yml", ".gitpod.yml", ".replit", ".env", ".devcontainer.json", "compose.yml", "Dockerfile", ".mcp.json",
    ".claude/settings.json", ".codex/config.toml", ".aider.conf.yml", ".kiro/hooks/a.kiro.hook",
    ".claude/commands/a.md",
    "AGENTS.md", "README.md", "a.html", ".semgrepignore", ".bandit", "package.json", ".npmrc", ".yarnrc.yml", ".yarnrc",
    "bunfig.toml", "deno.json", "nodemon.json", ".mocharc.yml", "lefthook.yml", "binding.gyp", "setup.py",
    "pyproject.toml", "setup.cfg", "a.pth", "a.start", "conftest.py", "mkdocs.yml", "environment.yml", "Pipfile",
    "requirements.txt", "Makefile", "a.mk", "justfile", "Taskfile.yml", "Procfile", "Cargo.toml", "composer.json",
    "a.csproj", "pom.xml", "Gemfile", ".git/config", ".git", ".gitattributes", ".pre-commit-config.yaml",
    ".github/workflows/a.yml", "action.yml", ".gitlab-ci.yml", ".travis.yml", "vercel.json", "netlify.toml", "a.ipynb",
    "pnpm-workspace.yaml", "uv.toml", "tsconfig.json", ".babelrc", ".eslintrc.yml", "project.json", ".releaserc",
    ".pylintrc",
    "supervisord.conf", "dvc.yaml", "a.go", "a.tf", "playbook.yml", ".Rprofile", ".gdbinit", ".pdbrc", "languages.toml",
    "gradle/wrapper/gradle-wrapper.properties", "gradle.properties", ".cargo/config.toml", "nuget.config", "a.sh",
    "a.ps1",
    "build.rs", ".gitmodules", ".claude/skills/a/SKILL.md", "docker-compose.yml", "deno.jsonc", "CMakeLists.txt",
]  # fmt: skip
WORDS = [
    "tasks", "command", "args", "runOptions", "runOn", "folderOpen", "dependsOn", "label", "options", "env", "shell",
    "executable", "hooks", "mcpServers", "scripts", "postinstall", "jobs", "steps", "run", "uses", "on", "services",
    "tool", "hatch", "build", "custom", "path", "NODE_OPTIONS", "-r ./a.js", "$(shell x)", "`x`", "include", "all:",
    "\techo hi", "RUN", "<<EOF", "ENV A=1", "CMD [", "FROM", "[core]", "fsmonitor = x", "<Exec Command=", "<!--", "-->",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "ignore all previous instructions", "do not mention AI", "```", "```sh",
    "{", "}", "[", "]", ":", ",", '"', "'", "=", "\n", "\n  ", "- ", "# ", "!", "*a", "&a", "<", ">", "/>", "|",
    "\u202e",
    "\u3164", "\\u0000", "1e999", "null", "true", "$schema", "<!(", "for x in a b; do", "done", "<<<", "f() {",
    "$(f)", "curl a", "| sh", "base64 -d", ">& /dev/tcp/a/1",
    "for", "init-hook=", "//go:generate a", "local-exec", "system('x')", "npm:a@1", "https://a.invalid/x",
    "[submodule \"a\"]", "path =", ")", "::", "%", "{{ exec(command='x') }}",
]  # fmt: skip

texts = st.one_of(st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join),
                  st.lists(st.sampled_from(WORDS), max_size=40).map("".join))  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(text=texts)
def test_any_text_is_read_or_a_gap(name: str, text: str) -> None:
    found = extract(VirtualFile(name, text.encode("utf-8", "surrogatepass")), {})
    lines = text.count("\n") + text.count("\r") + 1
    assert all(0 <= trigger.site.line <= lines for trigger in found.triggers)


@pytest.mark.parametrize("text", ["?", "a:\n  - ?", "a: |", "a: |\n  b"])
def test_what_is_left_out_at_the_end_stands_on_the_last_line(text: str) -> None:
    found = extract(VirtualFile("lefthook.yml", text.encode()), {})
    assert all(trigger.site.line <= text.count("\n") + 1 for trigger in found.triggers)


@given(texts)
def test_any_text_is_xml_or_malformed(text: str) -> None:
    try:
        root = read_xml(text)
    except MalformedDocument:
        return
    assert all(isinstance(name, str) for name, _ in elements(root))


@pytest.mark.parametrize("text", ["<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<a>" * 200 + "</a>" * 200, "<a", "\x00"])
def test_xml_that_asks_for_more_than_elements_is_malformed(text: str) -> None:
    with pytest.raises(MalformedDocument):
        read_xml(text)
