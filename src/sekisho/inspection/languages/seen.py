"""One call whose parts have been read, and what single calls do of their own."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sekisho.inspection.languages import ir
from sekisho.inspection.languages.knowledge import Role
from sekisho.inspection.languages.scope import Scope
from sekisho.inspection.languages.values import NOTHING, PARAMETER, Label, Value

if TYPE_CHECKING:
    from sekisho.inspection.languages.calls import Calls

PATH = "\0path"
"""The field of an open file that holds its path."""

GETTER = "a getter"
"""The symbol of what `operator.attrgetter` makes, and the field that holds its names."""

FAILED = "\0failed"
"""The field of a promise that holds what its error may be, where that is more than what it gives."""

WRAPS = "functools.wraps.made"
"""The symbol of what `functools.wraps` makes: a decorator that gives back the function below it."""


class Seen:
    """One call with its values read."""

    def __init__(self, call: ir.Call, callee: Value, receiver: Value, arguments: tuple[Value, ...],
                 keywords: dict[str, Value], scope: Scope) -> None:  # fmt: skip
        self.call, self.callee, self.receiver, self.scope = call, callee, receiver, scope
        self.arguments, self.keywords = arguments, keywords

    def with_arguments(self, arguments: tuple[Value, ...]) -> "Seen":
        """The same call, with other arguments."""
        return Seen(self.call, self.callee, self.receiver, arguments, self.keywords, self.scope)

    @property
    def everything(self) -> tuple[Value, ...]:
        """Receiver, arguments and keywords."""
        return (self.receiver, *self.arguments, *self.keywords.values())

    @property
    def given(self) -> frozenset[Label]:
        """The parameters whose method this is: the object was chosen by a caller, and so what it throws."""
        return frozenset(label for label in self.receiver.labels if label.source == PARAMETER)

    def at(self, place: int) -> Value:
        """One argument, or nothing."""
        return self.arguments[place] if place < len(self.arguments) else NOTHING

    def chosen(self, role: Role) -> tuple[Value, ...]:
        """The arguments that matter to a sink."""
        if not role.arguments:
            return (*self.arguments, *self.keywords.values())
        named = tuple(self.keywords[name] for name in role.keywords if name in self.keywords)
        return (*(self.at(place) for place in role.arguments), *named)


Gives = Mapping[str, Callable[["Calls", Seen], Value]]
"""What single calls give, by the special of their role."""
