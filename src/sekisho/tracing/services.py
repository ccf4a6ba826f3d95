"""Services on a stop list: where taint ends because a business, not the chain, knows what happens next."""

from dataclasses import dataclass
from typing import NamedTuple

from sekisho.bitcoin.script import Script
from sekisho.chain.columns import I64


@dataclass(frozen=True, slots=True)
class Service:
    """One script of a service, or with `cluster` every script that is spent together with it."""

    name: str
    category: str
    script: Script
    cluster: bool
    since: int | None
    """Seconds since 1970; None for always."""
    until: int | None
    source: str


@dataclass(frozen=True, slots=True)
class StopList:
    """A list of services as one file told it."""

    name: str
    sha256: bytes
    """Of the file's bytes."""
    services: tuple[Service, ...]


class Stops(NamedTuple):
    """Stop lists in columns, one row for each script and time of validity, ascending by script."""

    script: I64
    """Its number in the chain."""
    entity: I64
    """The service it belongs to: rows of one service share a number."""
    since: I64
    """Seconds since 1970, inclusive; 0 for always."""
    until: I64
    """Seconds since 1970, exclusive; 2^62 for always."""
