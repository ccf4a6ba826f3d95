"""Where names live while a source is read, and source text found within it."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sekisho.inspection.languages.values import Value


class Embedded(NamedTuple):
    """Source text found within source text, to be read in its turn."""

    language: str
    text: str
    line: int
    perhaps: bool = False
    """One of several texts that may lie where a program is started: it may as well be data, or of another language."""


class Scope:
    """Variables, and the scope around them."""

    def __init__(self, outer: "Scope | None", number: int) -> None:
        self.outer, self.number = outer, number
        self.names: dict[str, Value] = {}
