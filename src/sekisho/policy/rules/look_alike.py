"""`look_alike`: nobody is paid at an address made to be taken for a known payee's.

People check the beginning and the end of an address. The thief of DMM Bitcoin was paid at

    1B6rJRfjTXwEy36SCs5zofGMmdv2kdZw7P    where the payee was
    1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P    four characters alike after the 1 of every such address, and two at the end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from operator import eq
from typing import ClassVar

from sekisho.bitcoin.address import show_address
from sekisho.policy.document import Table
from sekisho.policy.history import History, HistoryMissing, LookAlikeQuestion
from sekisho.policy.payment import Payment
from sekisho.policy.rules.allow_list import AllowList
from sekisho.verdicts import Reason

DEFAULT_CHARACTERS = 6
"""Head and tail together. docs/policy.md says how it was measured."""

MIN_CHARACTERS = 5
"""Of five characters alike, three are at one end: what `look_keys` rests on."""

_KEY = (MIN_CHARACTERS + 1) // 2

_COMMON_PREFIX = re.compile(r"(?:bc|tb|bcrt)1[qp]|2[MN]|[13mn]", re.ASCII)
"""What every address of a type and network begins with: it says nothing about the payee.

Base58Check: version bytes 0 (1), 5 (3), 111 (m or n), 196 (2M or 2N). Bech32: the human-readable part, the separator,
and the witness version (BIP-173, BIP-350).
"""


@dataclass(frozen=True, slots=True)
class LooksAlike(Reason):
    """A payee's address could be taken for that of another, known one."""

    code: ClassVar[str] = "look-alike"
    payee: str
    known: str
    name: str
    """The name on the allow-list, or "paid before"."""
    head: int
    tail: int

    def __str__(self) -> str:
        return (
            f"{self.payee} looks like {self.known} ({self.name}): {self.head} characters alike after the common "
            f"prefix, {self.tail} at the end"
        )


@dataclass(frozen=True)
class LookAlike:
    """No payee shares `characters` of visible head and tail with a listed payee or one paid before.

    A payee who is itself on the allow-list is none: a quorum signed that address in full.
    """

    characters: int
    allow_list: AllowList

    @classmethod
    def read(cls, table: Table, allow_list: AllowList) -> "LookAlike":
        """Read `[look_alike]`. Raises MalformedPolicy."""
        rule = cls(table.integer("characters", MIN_CHARACTERS, 20, DEFAULT_CHARACTERS), allow_list)
        table.end()
        return rule

    def questions(self, payment: Payment) -> Iterator[LookAlikeQuestion]:
        """Which past payees look like each payee who is not listed."""
        for script, _ in payment.received:
            address = show_address(script, self.allow_list.network)
            if address is not None and self.allow_list.name_of(script) is None:
                yield LookAlikeQuestion(address, self.characters)

    def objections(self, payment: Payment, history: History) -> Iterator[Reason]:
        """Object once for each known address that a payee looks like."""
        for question in self.questions(payment):
            listed = self._listed_like(question.address)
            past = history.resembling(question)
            for known, name in listed.items():
                yield LooksAlike(question.address, known, name, *shared(question.address, known))
            if past is None:
                yield HistoryMissing("look_alike", question)
                continue
            for known in past:
                if known not in listed and looks_like(question.address, known, self.characters):
                    yield LooksAlike(question.address, known, "paid before", *shared(question.address, known))

    def _listed_like(self, address: str) -> dict[str, str]:
        near = {known: name for key in look_keys(address) for known, name in self._index.get(key, ())}
        return {known: name for known, name in near.items() if looks_like(address, known, self.characters)}

    @cached_property
    def _index(self) -> dict[str, list[tuple[str, str]]]:
        index: dict[str, list[tuple[str, str]]] = {}
        for address, name in self.allow_list.addresses:
            for key in look_keys(address):
                index.setdefault(key, []).append((address, name))
        return index


def shared(one: str, other: str) -> tuple[int, int]:
    """How many characters two addresses have in common at the head, beyond the prefix of their types, and at the tail.

    The prefix is taken off each for itself, so a Taproot address can look like a P2WPKH one. No character counts twice.
    """
    a, b = _telling(one), _telling(other)
    head = _alike(a, b)
    return head, _alike(a[head:][::-1], b[head:][::-1])


def looks_like(one: str, other: str, characters: int) -> bool:
    """Say whether two different addresses have at least `characters` in common at head and tail."""
    return one != other and sum(shared(one, other)) >= characters


def look_keys(address: str) -> tuple[str, str]:
    """Keys for an index: any two addresses with at least `MIN_CHARACTERS` in common share at least one of them."""
    telling = _telling(address)
    return f"{telling[:_KEY]}…", f"…{telling[-_KEY:]}"


def _telling(address: str) -> str:
    prefix = _COMMON_PREFIX.match(address)
    return address[prefix.end() :] if prefix else address


def _alike(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(bool, map(eq, one, other)))
