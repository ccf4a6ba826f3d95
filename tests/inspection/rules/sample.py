"""What a sample is, and short ways to write one."""

from typing import NamedTuple


class Sample(NamedTuple):
    """A hostile input, the verdict of the rule, and a place (file, line) that its chain must name."""

    files: dict[str, str | bytes]
    verdict: str
    place: tuple[str, int]


def py(text: str, verdict: str = "block", line: int = 2) -> Sample:
    """One Python file."""
    return Sample({"app.py": text}, verdict, ("app.py", line))


def js(text: str, verdict: str = "block", line: int = 2) -> Sample:
    """One JavaScript file."""
    return Sample({"app.js": text}, verdict, ("app.js", line))


def task(command: str, extra: str = "") -> str:
    """A VS Code task that runs on opening the folder."""
    return (
        '{"version": "2.0.0", "tasks": [{"label": "a", "type": "shell",\n'
        f' "command": "{command}",\n "runOptions": {{"runOn": "folderOpen"}}{extra}}}]}}'
    )


def package(**scripts: str) -> str:
    """A package with scripts, the first of them on line 2."""
    lines = ",\n".join(f'"{name}": "{text}"' for name, text in scripts.items())
    return '{"name": "a", "scripts": {\n' + lines + "}}"


PICKLE_PRINT = b"cbuiltins\nprint\n(Vhello\ntR."
PICKLE_PLAIN = b"(lp0\nVhello\np1\na."
QUIET = ', "presentation": {"reveal": "never", "echo": false}'
