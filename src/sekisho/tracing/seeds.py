"""Which coins were stolen: reading them as people write them, and putting thefts in order."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sekisho.bitcoin.address import MalformedAddress, parse_address
from sekisho.bitcoin.outpoint import MalformedOutPoint, OutPoint, Txid, parse_outpoint
from sekisho.bitcoin.sats import AmountOutOfRange, MalformedAmount, Sats, parse_sats
from sekisho.chain.chain import Chain, NotInChain
from sekisho.chain.columns import I64, UNKNOWN_SATS
from sekisho.errors import SekishoError
from sekisho.tracing.case import Seed

DEFAULT_LABEL = "theft"

_TXID = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LABEL = re.compile(r"[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]{1,64}")


class MalformedSeed(SekishoError):
    """Text that does not say which coins were stolen."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"{text[:160]!r} names no stolen coins: {why}")
        self.text, self.why = text, why


class NoSeeds(SekishoError):
    """A trace without a beginning."""

    def __init__(self) -> None:
        super().__init__("no stolen coins are named, so there is nothing to trace")


class UnknownSeed(SekishoError):
    """A stolen coin from outside the chain, whose value nobody told."""

    def __init__(self, outpoint: OutPoint) -> None:
        super().__init__(f"nobody told what coin {outpoint} holds, so it cannot be traced")
        self.outpoint = outpoint


def parse_seed(text: str, chain: Chain) -> tuple[Seed, ...]:
    """Read `[LABEL@]TXID[:VOUT][=SATS]` or `[LABEL@]ADDRESS`.

    Without VOUT every output of the transaction is meant, and with an address every output that was ever paid to it.
    SATS, the first satoshis of one output, needs an output; without it the whole of each is meant. Where two
    transactions share a txid (BIP-30), the newer is meant: nobody can spend the other's outputs.
    Raises MalformedSeed, UnknownSeed, NotInChain.
    """
    label, labelled, coins = text.rpartition("@")
    label = label if labelled else DEFAULT_LABEL
    if _LABEL.fullmatch(label) is None:
        raise MalformedSeed(text, "a label is 1 to 64 visible characters")
    name, limited, amount = coins.partition("=")
    txos = _outputs(text, name, chain)
    if not limited:
        return tuple(_seed(chain, label, txo, None) for txo in txos)
    if len(txos) != 1:
        raise MalformedSeed(text, f"an amount needs one output, not {len(txos)}")
    try:
        sats = parse_sats(amount)
    except (MalformedAmount, AmountOutOfRange) as why:
        raise MalformedSeed(text, str(why)) from why
    seed = _seed(chain, label, txos[0], sats)
    value = int(chain.columns.out_sats[seed.txo])
    if not 0 < sats <= value:
        raise MalformedSeed(text, f"the output holds {value} sats, and a part of it is at least 1")
    return (seed,)


def _outputs(text: str, name: str, chain: Chain) -> Sequence[int]:
    """The numbers of the outputs that a txid, an outpoint or an address means."""
    if _TXID.fullmatch(name):
        return _outputs_of(Txid(bytes.fromhex(name)[::-1]), chain)
    if ":" in name:
        try:
            return (_output(parse_outpoint(name), chain),)
        except MalformedOutPoint as why:
            raise MalformedSeed(text, str(why)) from why
    try:
        script = parse_address(name, chain.network)
    except MalformedAddress as why:
        raise MalformedSeed(text, f"neither txid, outpoint nor address ({why})") from why
    number = chain.find_script(script)
    if number is None:
        raise NotInChain(f"address {name}")
    return tuple(map(int, np.flatnonzero(chain.columns.out_script == number)))


def _outputs_of(txid: Txid, chain: Chain) -> Sequence[int]:
    found = chain.find(txid)
    if found:
        return chain.outputs_of(found[-1])
    same = (chain.columns.outside_txid == np.frombuffer(txid, np.uint8)).all(axis=1)
    if not same.any():
        raise NotInChain(f"transaction {txid[::-1].hex()}")
    return tuple(map(int, chain.columns.outside_txo[same]))


def _output(outpoint: OutPoint, chain: Chain) -> int:
    found = chain.find(outpoint.txid)
    if found and outpoint.vout < len(chain.outputs_of(found[-1])):
        return chain.outputs_of(found[-1])[outpoint.vout]
    return chain.find_output(outpoint)


def _seed(chain: Chain, label: str, txo: int, part: Sats | None) -> Seed:
    value = int(chain.columns.out_sats[txo])
    outpoint = chain.outpoint(txo)
    if value == UNKNOWN_SATS:
        raise UnknownSeed(outpoint)
    return Seed(label, outpoint, txo, Sats(value) if part is None else part)


@dataclass(frozen=True)
class Case:
    """The seeds of one trace, in order of theft."""

    seeds: tuple[Seed, ...]
    labels: tuple[str, ...]
    """In order of theft: of the earliest coin of each, and by their text where that is the same."""


def ordered(seeds: Iterable[Seed]) -> Case:
    """Put thefts in order; of one coin named twice under a label, the larger part counts. Raises NoSeeds."""
    largest: dict[tuple[str, int], Seed] = {}
    for seed in seeds:
        before = largest.get((seed.label, seed.txo))
        if before is None or before.sats < seed.sats:
            largest[seed.label, seed.txo] = seed
    if not largest:
        raise NoSeeds
    first: dict[str, int] = {}
    for label, txo in largest:
        first[label] = min(txo, first.get(label, txo))
    labels = tuple(sorted(first, key=lambda label: (first[label], label)))
    rank = {label: number for number, label in enumerate(labels)}
    return Case(tuple(sorted(largest.values(), key=lambda seed: (rank[seed.label], seed.txo))), labels)


def seed_rows(chain: Chain, cases: Sequence[Case]) -> tuple[I64, I64]:
    """The seeds of all cases as `Question.seeds`, and the case of each label; labels are numbered case by case."""
    rows: list[tuple[int, int, int, int]] = []
    case_of: list[int] = []
    for number, case in enumerate(cases):
        rank = {label: len(case_of) + place for place, label in enumerate(case.labels)}
        case_of += [number] * len(case.labels)
        rows += [(seed.txo, chain.creator(seed.txo), rank[seed.label], seed.sats) for seed in case.seeds]
    return np.array(sorted(rows), np.int64), np.array(case_of, np.int64)
