"""Cases for the tests of reports: a theft small enough to reckon by hand, and launderings of any size."""

import random
from dataclasses import dataclass

from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxOutput
from sekisho.chain.chain import Chain
from sekisho.tracing.case import Method
from sekisho.tracing.report.dossier import Dossier
from sekisho.tracing.services import Service
from sekisho.tracing.trace import ListUsed, Trace
from support.chains import address_script, chain_of, coinbase, out, pay
from support.traces import follow

EXCHANGE = address_script(900_001)
SYNTHETIC = TxOutput(Sats(0), Script(b"\x6a\x12sekisho: synthetic"))
LIST = ListUsed("exchanges.yaml", bytes(range(32)))


@dataclass(frozen=True)
class Case:
    """A chain, and what was stolen and found on it."""

    chain: Chain
    seeds: tuple[tuple[str, OutPoint], ...]
    mixes: dict[bytes, str]
    blocks: tuple[tuple[Transaction, ...], ...]
    """The chain's, from height 1."""
    service: str = "Example Exchange"

    def trace(self, method: Method) -> Trace:
        return follow(self.chain, self.seeds, method, services=[EXCHANGE], mixes=self.mixes, lists=(LIST,))

    def dossier(self, told: Method = Method.FIFO) -> Dossier:
        others = tuple(self.trace(method) for method in Method if method is not told)
        service = Service(self.service, "exchange", EXCHANGE, False, None, None, "a tag pack")
        return Dossier(self.trace(told), others, {EXCHANGE: service})


def small_case(*, synthetic: bool = False, label: str = "theft", service: str = "Example Exchange") -> Case:
    """10 BTC stolen: a split, a mix of five, a payment to an exchange together with clean coins, and a fee."""
    theft = coinbase(1, (10 * COIN, 1))
    clean = coinbase(2, *((COIN, 50 + number) for number in range(6)))
    split = pay([out(theft)], (6 * COIN, 2), (4 * COIN - 1000, 3), *([SYNTHETIC] if synthetic else []))
    mix = pay(
        [out(split), *(out(clean, number) for number in range(4))],
        *((COIN - 500, 60 + number) for number in range(5)),
        (5 * COIN, 4),
    )
    deposit = pay([out(split, 1), out(clean, 4)], TxOutput(Sats(3 * COIN), EXCHANGE), (2 * COIN - 3001, 5))
    moved = pay([out(mix, 5)], (5 * COIN - 700, 6))
    blocks = ((theft,), (clean,), (split,), (mix,), (deposit, moved))
    return Case(chain_of(blocks), ((label, out(theft)),), {mix.txid: "whirlpool"}, blocks, service)


def laundering(edges: int, seed: int = 1) -> Case:
    """A theft split, peeled, merged with clean coins, mixed now and then, partly cashed in: about `edges` outputs."""
    chance = random.Random(seed)  # a story, not a secret
    theft = coinbase(1, (450_290_000_000, 1))
    clean = coinbase(2, *((COIN * chance.randint(1, 90), 10_000 + number) for number in range(edges)))
    blocks: list[list[Transaction]] = [[theft], [clean]]
    coins, fresh = (
        [(out(theft), 450_290_000_000)],
        [(out(clean, at), each.sats) for at, each in enumerate(clean.outputs)],
    )
    mixes, made, number = {}, 1, 20_000
    while made < edges:
        block: list[Transaction] = []
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(coins)) if chance.random() < 0.4 else len(coins) - 1
            spent = [coins.pop(at)]
            if coins and chance.random() < 0.15:
                spent.append(coins.pop(chance.randrange(len(coins))))
            if fresh and chance.random() < 0.3:
                spent.insert(chance.randint(0, len(spent)), fresh.pop())
            total = sum(amount for _, amount in spent)
            is_mix = chance.random() < 0.01 and len(fresh) > 5 and total > 20_000_000
            if is_mix:
                spent += [fresh.pop() for _ in range(5)]
                total = sum(amount for _, amount in spent)
                shares = [10_000_000] * 6
            else:
                shares = [total * chance.randint(1, 60) // 100 for _ in range(chance.choice([0, 1, 1, 1, 2]))]
                shares = shares if sum(shares) < total * 9 // 10 else shares[:1]
            rest = total - sum(shares) - min(1500, total // 10)
            outputs = [(amount, number + at) for at, amount in enumerate([*shares, rest])]
            number += len(outputs)
            told: list[tuple[int, int] | TxOutput] = [*outputs]
            if not is_mix and chance.random() < 0.08:
                told[0] = TxOutput(Sats(outputs[0][0]), EXCHANGE)
            transaction = pay([outpoint for outpoint, _ in spent], *told)
            if is_mix:
                mixes[transaction.txid] = "wasabi-1"
            block.append(transaction)
            kept = [(out(transaction, at), amount) for at, (amount, _) in enumerate(outputs)]
            coins += kept[1:] if isinstance(told[0], TxOutput) else kept
            made += len(kept)
            if not coins:
                made = edges
                break
        blocks.append(block)
    return Case(chain_of(blocks), (("theft", out(theft)),), dict(mixes), tuple(map(tuple, blocks)))
