"""Yes, or no with every reason at once."""

from dataclasses import dataclass, fields
from typing import ClassVar

from sekisho.bitcoin.outpoint import OutPoint

Fact = str | int
"""What a reason's field becomes in JSON: amounts, counts and indexes stay integers, everything else is text."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a payment may not leave. Subclasses add the facts as fields, and say the sentence in `__str__`.

    `code` is stable: logs, manuals and other people's alarms quote it.
    """

    code: ClassVar[str]

    def facts(self) -> dict[str, Fact]:
        """The reason's fields, ready for JSON. Bytes become hex, outpoints `txid:vout`."""
        return {field.name: _fact(getattr(self, field.name)) for field in fields(self)}


def _fact(value: object) -> Fact:
    match value:
        case bool():
            return str(value).lower()
        case int() | str():
            return value
        case bytes():
            return value.hex()
        case OutPoint():
            return str(value)
        case tuple():
            return ", ".join(str(_fact(item)) for item in value)
        case _:
            return str(value)


@dataclass(frozen=True, slots=True)
class Allowed:
    """This may be co-signed: the bytes with this digest, and no others."""

    digest: bytes
    """SHA-256 of the exact PSBT (or transaction) that was decided on."""


@dataclass(frozen=True, slots=True)
class Refused:
    """This may not be co-signed, for all of these reasons."""

    reasons: tuple[Reason, ...]

    def codes(self) -> tuple[str, ...]:
        """The reasons' codes, each once, in order."""
        return tuple(dict.fromkeys(reason.code for reason in self.reasons))


Verdict = Allowed | Refused
"""No third thing, and no bool to misread."""
