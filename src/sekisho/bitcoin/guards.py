"""Who can spend from a wallet without the cosigner, and from when.

A descriptor is lifted to a tree of thresholds over keys, locks and preimages (as Miniscript's "lifting" does); from it
the ways to spend are listed. Thresholds over keys stay thresholds: 11 of 20 is one way, not 167,960.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import combinations, islice, product

from embit.descriptor.arguments import Key
from embit.descriptor.miniscript import (
    After,
    AndB,
    AndN,
    AndOr,
    AndV,
    Miniscript,
    Multi,
    Older,
    OrB,
    OrC,
    OrD,
    OrI,
    Pk,
    PkH,
    Pkh,
    PkK,
    Sha256,
    Thresh,
    Wrapper,
)

from sekisho.bitcoin.network import Network, height_by
from sekisho.bitcoin.wallet import MalformedWallet, Wallet

MAX_WAYS = 1_000
"""No wallet a person could explain has more; a descriptor that does is refused instead of listed for ever."""

_LOCKTIME_THRESHOLD = 500_000_000


@dataclass(frozen=True, slots=True)
class Way:
    """One way to spend: the keys it needs, and how long the coin must wait."""

    positions: frozenset[int]
    """Places among the descriptor's keys of those that can take part."""
    keys: str
    """In words: `2 of key 1, key 2, key 3`."""
    older: int | None = None
    """Blocks since the coin was mined (BIP-68); None for no wait."""
    after: int | None = None
    """Height, or from 500,000,000 on a time in seconds since 1970 (BIP-65); None for no wait."""

    def opens_at_once(self, network: Network, now: int) -> bool:
        """Whether nothing has to be waited for at `now` (seconds since 1970), as far as a clock tells without a chain:
        a height counts as passed when it may have been."""
        if self.older is not None:
            return False
        if self.after is None:
            return True
        if self.after >= _LOCKTIME_THRESHOLD:
            return self.after <= now
        height = height_by(network, datetime.fromtimestamp(now, UTC))
        return height is not None and self.after <= height

    def __str__(self) -> str:
        waits = []
        if self.older is not None:
            waits.append(f"once the coin is {self.older} blocks old")
        if self.after is not None:
            waits.append(f"from {'time' if self.after >= _LOCKTIME_THRESHOLD else 'height'} {self.after} on")
        return f"{self.keys or 'anyone'} {' and '.join(waits) or 'at once'}"


def ways_without(wallet: Wallet, cosigner: int) -> tuple[Way, ...]:
    """Every way to spend that needs no signature of the key at position `cosigner`. None: it is always needed."""
    return _ways(wallet, frozenset({cosigner}))


@lru_cache(maxsize=64)
def recovery_positions(wallet: Wallet) -> frozenset[int]:
    """Keys that have a part only in ways that must wait: none in an ordinary spend. None, where every way must wait."""
    at_once = [way for way in _ways(wallet, frozenset()) if way.older is None and way.after is None]
    ordinary = {place for way in at_once for place in way.positions}
    return frozenset(range(len(wallet.key_texts))) - ordinary if ordinary else frozenset()


def _ways(wallet: Wallet, absent: frozenset[int]) -> tuple[Way, ...]:
    descriptor = wallet.descriptors[0]
    if descriptor.miniscript is None:
        return () if 0 in absent else (_one_key(0),)
    places: dict[int, int] = {id(key): place for place, key in enumerate(descriptor.miniscript.keys)}
    return _lift(descriptor.miniscript, places, absent)


def _one_key(place: int) -> Way:
    return Way(frozenset({place}), f"key {place}")


def _lift(  # noqa: PLR0911 - one return for each fragment
    node: Miniscript, places: dict[int, int], absent: frozenset[int]
) -> tuple[Way, ...]:
    """The ways to satisfy one fragment (BIP-379, "Semantics")."""

    def lift(each: Miniscript) -> tuple[Way, ...]:
        return _lift(each, places, absent)

    match node:
        case Wrapper():
            # t:X is and_v(X,1), l:X and u:X are or_i(0,X) and or_i(X,0): 1 adds nothing, 0 is never satisfied.
            return lift(node.args[0])
        case After():
            return (Way(frozenset(), "", after=node.args[0].num),)
        case Older():
            return (Way(frozenset(), "", older=node.args[0].num),)
        case Sha256():  # and the other three hashes, which embit derives from it
            return (Way(frozenset(), "whoever knows a preimage"),)
        case PkK() | PkH() | Pk() | Pkh():
            place = places[id(node.args[0])]
            return () if place in absent else (_one_key(place),)
        case Multi():  # and sortedmulti
            return _of_keys(
                node.args[0].num, [places[id(key)] for key in node.args[1:] if isinstance(key, Key)], absent
            )
        case AndV() | AndB() | AndN():
            return _all_of([lift(node.args[0]), lift(node.args[1])])
        case OrB() | OrC() | OrD() | OrI():
            return _bounded((*lift(node.args[0]), *lift(node.args[1])))
        case AndOr():
            return _bounded((*_all_of([lift(node.args[0]), lift(node.args[1])]), *lift(node.args[2])))
        case Thresh():
            return _threshold(node.args[0].num, [lift(each) for each in node.args[1:]])
        case _:
            return _unknown(node)


def _unknown(node: Miniscript) -> tuple[Way, ...]:
    name = str(node)
    if name == "0":
        return ()
    if name == "1":
        return (Way(frozenset(), ""),)
    raise MalformedWallet(f"nobody can say yet who may spend by the fragment {type(node).__name__}")


def _of_keys(needed: int, keys: list[int], absent: frozenset[int]) -> tuple[Way, ...]:
    left = [place for place in keys if place not in absent]
    if len(left) < needed:
        return ()
    listed = ", ".join(f"key {place}" for place in left)
    return (Way(frozenset(left), listed if needed == len(left) else f"{needed} of {listed}"),)


def _threshold(needed: int, parts: list[tuple[Way, ...]]) -> tuple[Way, ...]:
    """Any `needed` of the parts; parts that are one plain key each stay a threshold."""
    keys = [way for part in parts if len(part) == 1 and _plain(part[0]) for way in part]
    others = [part for part in parts if part and not (len(part) == 1 and _plain(part[0]))]
    places = [place for way in keys for place in way.positions]
    found: list[Way] = []
    for count in range(max(0, needed - len(places)), min(needed, len(others)) + 1):
        rest = _of_keys(needed - count, places, frozenset()) if needed > count else (Way(frozenset(), ""),)
        for chosen in combinations(others, count):
            found += _all_of([rest, *chosen])
            _bounded(found)
    return tuple(found)


def _plain(way: Way) -> bool:
    return len(way.positions) == 1 and way.older is None and way.after is None and " of " not in way.keys


def _all_of(parts: list[tuple[Way, ...]]) -> tuple[Way, ...]:
    return _bounded([_together(each) for each in islice(product(*parts), MAX_WAYS + 1)])


def _together(ways: Iterable[Way]) -> Way:
    ways = tuple(ways)
    return Way(
        frozenset().union(*(way.positions for way in ways)),
        " and ".join(way.keys for way in ways if way.keys),
        max((way.older for way in ways if way.older is not None), default=None),
        max((way.after for way in ways if way.after is not None), default=None),
    )


def _bounded(ways: Iterable[Way]) -> tuple[Way, ...]:
    ways = tuple(ways)
    if len(ways) > MAX_WAYS:
        raise MalformedWallet(f"it can be spent in more than {MAX_WAYS} ways; nobody could guard that")
    return ways
