"""What is true of a simulated chain: who owns what, and what each transaction was."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid, show_txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.chain.chain import Tip


class Kind(StrEnum):
    """What a transaction was."""

    PAYMENT = "payment"
    DEPOSIT = "deposit"
    """To an exchange's deposit address."""
    PAYOUT = "payout"
    """An exchange pays many customers at once."""
    EQUAL_PAYOUT = "equal-payout"
    """The same amount to each: it looks like a mix and is none."""
    CONSOLIDATION = "consolidation"
    EQUAL_REFILL = "equal-refill"
    """An exchange's many deposits into equal coins of its own: it looks like a mix and is none."""
    STONEWALL = "stonewall"
    """One payer who pays as if there were two: an equal pair and two changes; it looks like a mix and is none."""
    FAN_OUT = "fan-out"
    DUST = "dust"
    """A few hundred satoshis each to addresses that were seen before."""
    BRIDGE = "bridge"
    """To a vault of a bridge, with a memo."""
    PEEL = "peel"
    """A hop of a peel chain."""
    REPLACEMENT = "replacement"
    """Coins back to their owner, in place of a payment that was in a block now stale."""
    THEFT = "theft"
    SPLIT = "split"
    """A thief spreads the loot."""
    WASABI_1 = "wasabi-1"
    WASABI_2 = "wasabi-2"
    WHIRLPOOL = "whirlpool"
    WHIRLPOOL_TX0 = "whirlpool-tx0"
    JOINMARKET = "joinmarket"


MIXES = frozenset({Kind.WASABI_1, Kind.WASABI_2, Kind.WHIRLPOOL, Kind.JOINMARKET})
"""Kinds in which the owners' coins are mixed with each other's."""


class ActorKind(StrEnum):
    """Who somebody is."""

    USER = "user"
    EXCHANGE = "exchange"
    MINER = "miner"
    THIEF = "thief"
    BRIDGE = "bridge"
    COORDINATOR = "coordinator"


class Labelled(NamedTuple):
    """One transaction that is no coinbase."""

    txid: Txid
    height: int
    kind: Kind
    actor: str
    """Who made it; of a mix, who runs it."""
    change: int | None
    """The output that went back to who paid, where there is just one."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, with every script they ever had."""

    name: str
    kind: ActorKind
    scripts: tuple[Script, ...]
    hot: tuple[Script, ...]
    """The addresses an exchange pays from, known to all."""


@dataclass(frozen=True, slots=True)
class PeelChain:
    """Payments of which each spends the change of the one before."""

    actor: str
    hops: tuple[Txid, ...]


@dataclass(frozen=True, slots=True)
class Stolen:
    """A coin as a thief first held it."""

    outpoint: OutPoint
    sats: Sats


@dataclass(frozen=True, slots=True)
class Theft:
    """One theft: who took what from whom."""

    label: str
    victim: str
    thief: str
    txid: Txid
    seeds: tuple[Stolen, ...]


@dataclass(frozen=True, slots=True)
class BridgeDeposit:
    """Coins that left for another chain."""

    txid: Txid
    memo: str


@dataclass(frozen=True, slots=True)
class Truth:
    """All of it."""

    seed: int
    tip: Tip
    actors: tuple[Actor, ...]
    transactions: tuple[Labelled, ...]
    """In chain order; coinbases left out."""
    peel_chains: tuple[PeelChain, ...]
    thefts: tuple[Theft, ...]
    bridges: tuple[BridgeDeposit, ...]
    stale: tuple[bytes, ...]
    """Hashes of the blocks, in hashing order, that another branch overtook; they lie in the files all the same."""

    def of(self, kind: Kind) -> tuple[Labelled, ...]:
        """The transactions of one kind."""
        return tuple(each for each in self.transactions if each.kind is kind)


def truth_file(truth: Truth) -> bytes:
    """The truth as JSON. Amounts are decimal strings, scripts hex, txids as explorers print them."""
    document = {
        "version": 1,
        "network": Network.REGTEST.value,
        "seed": str(truth.seed),
        "tip": {"height": truth.tip.height, "hash": truth.tip.hash[::-1].hex()},
        "thefts": [
            {
                "label": each.label,
                "victim": each.victim,
                "thief": each.thief,
                "txid": show_txid(each.txid),
                "seeds": [{"outpoint": str(seed.outpoint), "sats": str(seed.sats)} for seed in each.seeds],
            }
            for each in truth.thefts
        ],
        "stale": [each[::-1].hex() for each in truth.stale],
        "bridges": [{"txid": show_txid(each.txid), "memo": each.memo} for each in truth.bridges],
        "peel_chains": [
            {"actor": each.actor, "hops": [show_txid(txid) for txid in each.hops]} for each in truth.peel_chains
        ],
        "transactions": [
            {
                "txid": show_txid(each.txid),
                "height": each.height,
                "kind": each.kind.value,
                "actor": each.actor,
                "change": each.change,
            }
            for each in truth.transactions
        ],
        "actors": [
            {
                "name": each.name,
                "kind": each.kind.value,
                "hot": [show_address(script, Network.REGTEST) for script in each.hot],
                "scripts": [script.hex() for script in each.scripts],
            }
            for each in truth.actors
        ],
    }
    return json.dumps(document, separators=(",", ":")).encode() + b"\n"
