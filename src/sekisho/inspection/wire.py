"""Between inspection and its workers: framed JSON, read back by the types it should have.

A worker has read hostile bytes: what it says is parsed like any other foreign input.
"""

import json
import sys
import typing
from enum import StrEnum
from functools import cache
from typing import TypeVar

from sekisho.errors import SekishoError

_T = TypeVar("_T")


class BrokenAnswer(SekishoError):
    """A worker answered with something that is no answer."""

    def __init__(self, why: str) -> None:
        super().__init__(f"a worker's answer cannot be read: {why}")
        self.why = why


def dump(value: object) -> bytes:
    """A named tuple of strings, numbers and tuples, as JSON."""
    return json.dumps(value, separators=(",", ":")).encode("utf-8", "surrogatepass")


def load(kind: type[_T], raw: bytes) -> _T:
    """A value of this type. Raises BrokenAnswer."""
    try:
        return typing.cast("_T", shape(kind, json.loads(raw)))
    except (ValueError, RecursionError) as why:
        raise BrokenAnswer("it is no JSON of the right shape") from why


def shape(kind: object, value: object) -> object:
    """A JSON value as the type it should have. Raises BrokenAnswer."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and isinstance(value, list):
        return tuple(shape(arguments[0], each) for each in value)
    if isinstance(kind, type):
        fields = _fields(kind)
        if fields and isinstance(value, list) and len(value) == len(fields):
            return kind(*(shape(field, each) for field, each in zip(fields, value, strict=True)))
        if kind is str and type(value) is str:
            return sys.intern(value)  # paths and names come again and again
        if not fields and kind in (int, bool) and type(value) is kind:
            return value
        if issubclass(kind, StrEnum) and isinstance(value, str):
            return kind(value)
    raise BrokenAnswer(f"{kind} was expected")


@cache
def _fields(kind: type) -> tuple[object, ...]:
    """The types of a named tuple's fields; nothing for any other type."""
    if not issubclass(kind, tuple) or not hasattr(kind, "_fields"):
        return ()
    return tuple(typing.get_type_hints(kind).values())
