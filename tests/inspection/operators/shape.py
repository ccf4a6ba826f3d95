"""What every change of a Python program is, and its way from a source to a tree and back."""

import ast
import random
from collections.abc import Callable

Operator = Callable[[str, random.Random], str | None]
"""Takes a source and a source of chance; gives the changed source, or None where there is nothing to change."""

_WORDS = ("amount", "batch", "cursor", "draft", "entry", "frame", "gauge", "handle", "index", "job", "kind", "ledger")


def fresh(dice: random.Random) -> str:
    """A name that is not in use."""
    return f"{dice.choice(_WORDS)}_{dice.randrange(10**6)}"


def on_tree(change: Callable[[ast.Module, random.Random], ast.Module | None]) -> Operator:
    """A change of the tree as a change of the source."""

    def changed(source: str, dice: random.Random) -> str | None:
        tree = parsed(source)
        new = change(tree, dice) if tree else None
        return ast.unparse(ast.fix_missing_locations(new)) + "\n" if new else None

    return changed


def parsed(source: str) -> ast.Module | None:
    """Its tree, or None if this Python does not read it."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return None
