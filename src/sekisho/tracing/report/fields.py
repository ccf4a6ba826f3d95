"""JSON values, and reading them strictly: every field there, none besides, each of its type."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeGuard

from sekisho.errors import SekishoError

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
"""What a report is written in: whole numbers only, amounts as decimal strings."""


class MalformedReport(SekishoError):
    """Bytes that are not a report of this version."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a trace report: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Fields:
    """One JSON object, and where it stands in the document."""

    members: dict[str, object]
    place: str

    def only(self, *names: str) -> None:
        """Check that it has exactly these members. Raises MalformedReport."""
        for name in names:
            if name not in self.members:
                raise MalformedReport(f"{self.place} lacks {name!r}")
        for name in self.members:
            if name not in names:
                raise MalformedReport(f"{self.place} has a field that has no meaning: {name[:40]!a}")

    def text(self, name: str) -> str:
        """A member that is text. Raises MalformedReport."""
        value = self.members[name]
        if not isinstance(value, str) or not _encodable(value):
            raise self._wrong(name, "text")
        return value

    def number(self, name: str) -> int:
        """A member that is a whole number, not negative. Raises MalformedReport."""
        value = self.members[name]
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
            raise self._wrong(name, "a whole number")
        return value

    def flag(self, name: str) -> bool:
        """A member that is true or false. Raises MalformedReport."""
        value = self.members[name]
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def absent(self, name: str) -> bool:
        """Whether a member is null."""
        return self.members[name] is None

    def hex(self, name: str, length: int | None = None) -> bytes:
        """A member that is bytes in lower-case hex. Raises MalformedReport."""
        told = self.text(name)
        try:
            value = bytes.fromhex(told)
        except ValueError as why:
            raise self._wrong(name, "hex") from why
        if value.hex() != told or (length is not None and len(value) != length):
            raise self._wrong(name, "lower-case hex" if length is None else f"{length} bytes in lower-case hex")
        return value

    def object(self, name: str) -> "Fields":
        """A member that is an object. Raises MalformedReport."""
        value = self.members[name]
        if not _is_object(value):
            raise self._wrong(name, "an object")
        return Fields(value, f"{self.place}.{name}")

    def objects(self, name: str) -> Iterator["Fields"]:
        """A member that is a list of objects. Raises MalformedReport."""
        value = self.members[name]
        if not isinstance(value, list):
            raise self._wrong(name, "a list")
        for number, each in enumerate(value):
            if not _is_object(each):
                raise self._wrong(name, "a list of objects")
            yield Fields(each, f"{self.place}.{name}[{number}]")

    def _wrong(self, name: str, wanted: str) -> MalformedReport:
        return MalformedReport(f"{self.place}.{name} is not {wanted}")


def parse_object(raw: bytes) -> Fields:
    """Read one JSON object in UTF-8 without duplicate keys. Raises MalformedReport."""
    try:
        value: object = json.loads(raw.decode("utf-8"), object_pairs_hook=_members)
    except (ValueError, RecursionError) as why:
        raise MalformedReport(" ".join(str(why).split())[:120]) from why
    if not _is_object(value):
        raise MalformedReport("it is no JSON object")
    return Fields(value, "report")


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key appears twice in one object")
    return members


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _encodable(text: str) -> bool:
    return text.isascii() or not any(0xD800 <= ord(character) <= 0xDFFF for character in text)
