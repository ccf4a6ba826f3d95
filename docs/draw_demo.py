"""Draws docs/demo.svg, the demo's first two acts as they are told: `.venv/bin/python docs/draw_demo.py`."""

import io
import re
from itertools import dropwhile, takewhile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from sekisho.replay.story import tell

STYLES = {"##": "bold", "+ ": "green", "! ": "bold red", "* ": "bold"}
PAPER = TerminalTheme((250, 249, 245), (40, 40, 40), [(40, 40, 40), (190, 30, 30), (20, 120, 60), *[(90, 90, 90)] * 5])


def drawn(line: str) -> Text:
    """A line of the story as a terminal shows it. The margin is styled apart, so that no viewer swallows it."""
    style = STYLES.get(line[:2], "")
    told = f"  {line[2:]}" if line.startswith("* ") else line.removeprefix("## ") if not style else line[2:].lstrip()
    words = told.lstrip()
    return Text().append(" " * (len(told) - len(words)), "dim").append(words, style)


def main() -> None:
    """Play the demo, keep acts 1 and 2, and write them as a picture that loads nothing from anywhere."""
    lines: list[str] = []
    tell(lines.append)
    first = dropwhile(lambda line: not line.startswith("## Act 1"), lines)
    kept = takewhile(lambda line: not line.startswith("## Act 3"), first)
    console = Console(record=True, width=80, file=io.StringIO(), force_terminal=True)
    for line in kept:
        console.print(drawn(line))
    frame = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    picture = console.export_svg(title="sekisho demo", theme=PAPER, code_format=frame, unique_id="demo")
    Path(__file__).with_name("demo.svg").write_text(picture.replace("Fira Code", "ui-monospace"))


if __name__ == "__main__":
    main()
