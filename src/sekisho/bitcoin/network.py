"""Which bitcoin: the chains a request, a wallet or an address can belong to."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum


class Network(StrEnum):
    """The networks sekisho knows, by the names written in requests and wallet files."""

    MAIN = "main"
    TESTNET4 = "testnet4"
    SIGNET = "signet"
    REGTEST = "regtest"


_HALVING = 840_000, datetime(2024, 4, 20, 0, 9, 27, tzinfo=UTC)
"""A block of the main chain, by its height and its time."""
_FASTEST = timedelta(seconds=570)
"""Between two blocks on average. The rule is 600 s; in its first fifteen years, when it grew most, the main chain took
574."""


def height_by(network: Network, moment: datetime) -> int | None:
    """A height that the main chain will not have passed by a moment; None for networks whose blocks come at will."""
    height, then = _HALVING
    return height + max(0, (moment - then) // _FASTEST) + 2016 if network is Network.MAIN else None
