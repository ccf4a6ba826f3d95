"""What a rule finds in one transaction."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.chain.chain import ChainTransaction

OP_RETURN = 0x6A
"""The first byte of an output that only carries data."""


class Confidence(StrEnum):
    """How seldom something else has this shape. The measured figures stand in docs/patterns.md."""

    HIGH = "high"
    """Nothing else is known to have it."""
    MEDIUM = "medium"
    """Something else may, by chance."""
    LOW = "low"
    """A hint: ordinary payments have it too."""


class Fact(NamedTuple):
    """One thing that was counted or read: `denomination`, 5000000."""

    name: str
    value: str | int


@dataclass(frozen=True, slots=True)
class Candidates:
    """Outputs among which the chain does not say whose is whose: each may belong to whoever paid any of the inputs."""

    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    sats: Sats
    """What each of these outputs holds."""

    @property
    def size(self) -> int:
        """Among how many outputs one hides."""
        return len(self.outputs)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's answer about one transaction."""

    rule: str
    """The rule's name: its file, its heading in docs/patterns.md, its tests."""
    confidence: Confidence
    sentence: str
    """What was found, in plain words."""
    facts: tuple[Fact, ...]
    candidates: tuple[Candidates, ...] = ()
    """For mixes: one set for each amount that several outputs share."""


def is_data(script: Script) -> bool:
    """Whether an output with this script only carries data."""
    return script[:1] == bytes([OP_RETURN])


def pushed_data(script: Script) -> bytes | None:
    """What an OP_RETURN script carries, where that is exactly one push. Read from the bytes: texts made of scripts show
    short pushes as numbers."""
    if script[:1] != bytes([OP_RETURN]) or len(script) < 2:
        return None
    width = {0x4C: 1, 0x4D: 2, 0x4E: 4}.get(script[1], 0)
    if width == 0 and script[1] > 75:
        return None
    start = 2 + width
    length = int.from_bytes(script[2:start], "little") if width else script[1]
    return bytes(script[start:]) if len(script) == start + length else None


def spendable_outputs(transaction: ChainTransaction) -> tuple[int, ...]:
    """The outputs that hold money: all but those that only carry data."""
    return tuple(at for at, each in enumerate(transaction.outputs) if not is_data(each.script))
