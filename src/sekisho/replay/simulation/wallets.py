"""Who holds coins: a wallet knows its own, hands out addresses, and pays in one style."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Coin
from sekisho.replay.simulation.keys import Keys
from sekisho.replay.simulation.locks import Lock, LockKind, new_lock
from sekisho.replay.simulation.truth import Actor, ActorKind


class Held(NamedTuple):
    """A coin with what opens it."""

    txid: Txid
    vout: int
    sats: int
    lock: Lock

    @property
    def coin(self) -> Coin:
        """The coin alone."""
        return Coin(OutPoint(self.txid, self.vout), Sats(self.sats), self.lock.script)


class Style(NamedTuple):
    """What a wallet's software writes into every transaction."""

    version: int
    sequence: int
    anti_sniping: bool
    """Whether the locktime is the height of the newest block."""


STYLES = (
    Style(2, 0xFFFFFFFD, True),
    Style(2, 0xFFFFFFFE, True),
    Style(2, 0xFFFFFFFD, False),
    Style(1, 0xFFFFFFFF, False),
    Style(2, 0xFFFFFFFF, False),
    Style(1, 0xFFFFFFFE, True),
)


@dataclass(eq=False)
class Wallet:
    """Somebody's coins, each in `coins` once until it is spent."""

    name: str
    role: ActorKind
    lock_kind: LockKind
    style: Style
    keys: Keys
    reuses: bool = False
    """Whether few addresses serve for everything."""
    coins: list[Held] = field(default_factory=list)
    scripts: list[Script] = field(default_factory=list)
    fixed: list[Lock] = field(default_factory=list)
    """Addresses that are used again and again."""

    def address(self) -> Lock:
        """An address to be paid at."""
        if self.fixed:
            return self.fixed[len(self.coins) % len(self.fixed)]
        made = self.fresh()
        if self.reuses:
            self.fixed.append(made)
        return made

    def fresh(self) -> Lock:
        """An address that nobody was paid at yet."""
        made = new_lock(self.lock_kind, self.keys)
        self.scripts.append(made.script)
        return made

    def total(self) -> int:
        """Satoshis held."""
        return sum(each.sats for each in self.coins)

    def take(self, rng: Random) -> Held:
        """Any one coin, which is its no longer."""
        at = rng.randrange(len(self.coins))
        self.coins[at], self.coins[-1] = self.coins[-1], self.coins[at]
        return self.coins.pop()

    def take_for(self, amount: int, rng: Random, most: int = 12) -> list[Held]:
        """Coins worth `amount` or more, at most `most` of them; nothing, and none taken, where that cannot be."""
        taken: list[Held] = []
        worth = 0
        while worth < amount and self.coins and len(taken) < most:
            taken.append(self.take(rng))
            worth += taken[-1].sats
        if worth >= amount:
            return taken
        self.coins += taken
        return []

    def beside(self, lock_kind: LockKind | None = None) -> "Wallet":
        """Another wallet of the same owner, with other coins."""
        return Wallet(self.name, self.role, lock_kind or self.lock_kind, self.style, self.keys)


def actors(wallets: Iterable[Wallet]) -> tuple[Actor, ...]:
    """The owners of these wallets, each once, in the order in which they come."""
    grouped: dict[tuple[str, ActorKind], list[Wallet]] = {}
    for each in wallets:
        grouped.setdefault((each.name, each.role), []).append(each)
    return tuple(
        Actor(
            name,
            role,
            tuple(script for each in owned for script in each.scripts),
            tuple(lock.script for each in owned for lock in each.fixed) if role is ActorKind.EXCHANGE else (),
        )
        for (name, role), owned in grouped.items()
    )
