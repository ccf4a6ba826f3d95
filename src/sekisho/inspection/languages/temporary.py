"""Places for the moment, which a program gets from the system: each is known by what asked for it.

The letter in them is of Unicode's private use, so that no path which a program spells is taken for one.
"""

SHARED = "/tmp"  # noqa: S108 - told of a program that is read, never opened
_OWN = f"{SHARED}/\ue000"


def place(asker: int | str) -> str:
    """The place that the line or variable of this number or name was given."""
    return f"{_OWN}{asker}"


def is_within(path: str) -> bool:
    """Whether a path is such a place, or below one."""
    return path.startswith(_OWN)


def is_folder(path: str) -> bool:
    """Whether a path is such a place itself, or the folder of all: no name of what lies there."""
    return path == SHARED or (is_within(path) and "/" not in path[len(_OWN) :])
