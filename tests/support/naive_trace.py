"""Every method again, slowly and obviously: what the engines must agree with.

The whole chain is walked in order. A coin is a list with a tag for each of its satoshis (fifo, lifo, lifo-mirror), or
says how much of it each tag has (haircut, tiho), or which tags reach it (poison). A tag is (label, by convention only).
Shares are exact fractions.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor

from sekisho.chain.chain import Chain
from sekisho.chain.columns import NO_HEIGHT, UNKNOWN_SATS, UNSPENDABLE, TxFlag
from sekisho.tracing.case import FollowFees, Method, Mix, Parameters, Seed, Status
from sekisho.tracing.outcome import halving_of

Tag = tuple[str, bool]
Satoshis = list[Tag | None]
Amounts = dict[Tag, int]
Place = tuple[int, int | None]
"""A transaction and an output of it, or None for its fee."""
PLACED = (Method.FIFO, Method.LIFO, Method.LIFO_MIRROR)


@dataclass
class Coin:
    """What of a coin is tainted."""

    sats: int
    each: Satoshis = field(default_factory=list)
    amounts: Amounts = field(default_factory=dict)

    def tainted(self) -> Amounts:
        return dict(Counter(tag for tag in self.each if tag)) if self.each else dict(self.amounts)


@dataclass(frozen=True)
class Listed:
    """A row of a stop list."""

    script: int
    entity: int
    since: int
    until: int


@dataclass
class Walk:
    """One case on its way through a chain."""

    chain: Chain
    labels: Sequence[str]
    seeds: Sequence[Seed]
    parameters: Parameters
    listed: Sequence[Listed] = ()
    is_mix: Callable[[int], bool] = lambda _: False
    coins: dict[int, Coin] = field(default_factory=dict)
    fees: dict[int, Coin] = field(default_factory=dict)
    ends: Counter[tuple[Place, Tag, Status]] = field(default_factory=Counter)
    seeded: Counter[str] = field(default_factory=Counter)
    passed: list[int] = field(default_factory=list)

    def run(self) -> "Walk":
        columns = self.chain.columns
        for block, height in enumerate(columns.block_height.tolist()):
            if self.parameters.until is not None and height > self.parameters.until:
                break
            txs = range(int(columns.block_first_tx[block]), int(columns.block_first_tx[block + 1]))
            last = [tx for tx in txs if self.parameters.follow_fees and self._flag(tx, TxFlag.COINBASE)]
            for tx in [tx for tx in txs if tx not in last]:
                self._transaction(tx, loose=height == NO_HEIGHT)
            if self.parameters.follow_fees and height != NO_HEIGHT:
                self._coinbase(last[0] if last else None, [tx for tx in txs if last and tx > last[0]], height)
        for txo, coin in self.coins.items():
            self._end((self.chain.creator(txo), txo), coin, Status.UNSPENT)
        return self

    def _flag(self, tx: int, flag: TxFlag) -> bool:
        return bool(self.chain.columns.tx_flags[tx] & flag)

    def _spent(self, tx: int) -> list[int]:
        columns = self.chain.columns
        return columns.in_prev[columns.tx_first_in[tx] : columns.tx_first_in[tx + 1]].tolist()  # type: ignore[no-any-return]

    def _value(self, txo: int) -> int:
        return int(self.chain.columns.out_sats[txo])

    def _end(self, place: Place, coin: Coin, status: Status) -> None:
        for tag, sats in coin.tainted().items():
            self.ends[place, tag, status] += sats

    def _transaction(self, tx: int, *, loose: bool) -> None:
        spent = self._spent(tx)
        inputs = [self.coins.pop(txo, Coin(self._value(txo), [], {})) for txo in spent]
        values = [self._value(txo) for txo in self.chain.outputs_of(tx)]
        touched = any(coin.tainted() for coin in inputs)
        if touched and any(coin.sats == UNKNOWN_SATS for coin in inputs):
            for txo, coin in zip(spent, inputs, strict=True):
                self._end((tx, txo), coin, Status.UNKNOWN)
            touched = False
        mixed = touched and self.is_mix(tx)
        if touched:
            self.passed.append(tx)
            outputs, fee = self.through(inputs, values, mixed=mixed)
        else:
            outputs, fee = [self._clean(value) for value in values], Coin(self._fee(tx) or 0)
        self._judge(tx, outputs, spent, mixed=mixed)
        if mixed and self.parameters.mix is Mix.STOP:
            self._end((tx, None), fee, Status.COINJOIN)
            fee = Coin(fee.sats)
        if self.parameters.follow_fees and not loose:
            self.fees[tx] = fee
        else:
            self._end((tx, None), fee, Status.FEES)

    def _clean(self, value: int) -> Coin:
        return Coin(value, [None] * max(value, 0) if self.parameters.method in PLACED else [])

    def _fee(self, tx: int) -> int | None:
        spent = [self._value(txo) for txo in self._spent(tx)]
        if UNKNOWN_SATS in spent:
            return None
        return sum(spent) - sum(self._value(txo) for txo in self.chain.outputs_of(tx))

    def _coinbase(self, coinbase: int | None, others: Sequence[int], height: int) -> None:
        fees, self.fees = self.fees, {}
        subsidy = Coin((50 * 10**8) >> (height // halving_of(self.chain.network)))
        known = [self._fee(tx) for tx in others]
        values = [] if coinbase is None else [self._value(txo) for txo in self.chain.outputs_of(coinbase)]
        total = subsidy.sats + sum(fee for fee in known if fee is not None)
        touched = any(fee.tainted() for fee in fees.values())
        if touched and (coinbase is None or None in known or total < sum(values)):
            for tx, fee in fees.items():
                self._end((tx, None), fee, Status.UNKNOWN)
            touched = False
        if coinbase is None:
            return
        outputs, rest = [self._clean(value) for value in values], Coin(0)
        if touched:
            self.passed.append(coinbase)
            taken = [fees[tx] for tx in others]
            ordered = [*taken, subsidy] if self.parameters.follow_fees is FollowFees.FEES_FIRST else [subsidy, *taken]
            outputs, rest = self.through(ordered, values, mixed=False)
        self._judge(coinbase, outputs, [], mixed=False)
        self._end((coinbase, None), rest, Status.DESTROYED)

    def through(self, inputs: Sequence[Coin], values: Sequence[int], *, mixed: bool) -> tuple[list[Coin], Coin]:
        """Outputs and fee of a transaction."""
        total = sum(coin.sats for coin in inputs)
        room = [*values, total - sum(values)]
        if self.parameters.method in PLACED:
            made = list(placed(self.parameters.method, inputs, room, mixed=mixed))
        else:
            sums: defaultdict[Tag, int] = defaultdict(int)
            for coin in inputs:
                for (label, convention), sats in coin.tainted().items():
                    sums[label, convention or mixed] += sats
            made = [Coin(sats, [], amounts) for sats, amounts in zip(room, self._spread(sums, room), strict=True)]
        return made[:-1], made[-1]

    def _spread(self, sums: Mapping[Tag, int], room: Sequence[int]) -> list[Amounts]:
        made: list[Amounts] = [{} for _ in room]
        left = list(room)
        for label in self.labels:
            exact, convention = sums.get((label, False)), sums.get((label, True))
            if exact is None and convention is None:
                continue
            if self.parameters.method is Method.POISON:
                for target, sats in enumerate(room):
                    if sats or target < len(room) - 1:
                        made[target][label, exact is None] = sats
                continue
            given, by_convention = self._amounts(exact or 0, convention or 0, left, room)
            for target, (sats, part) in enumerate(zip(given, by_convention, strict=True)):
                both = {(label, False): sats - part, (label, True): part}
                made[target] |= {tag: amount for tag, amount in both.items() if amount}
                left[target] -= sats
        return made

    def _amounts(
        self, exact: int, convention: int, left: Sequence[int], room: Sequence[int]
    ) -> tuple[list[int], list[int]]:
        if self.parameters.method is Method.HAIRCUT:
            given = shared(exact + convention, left)
            return given, shared(convention, given)
        first = poured(exact, left, room)
        second = poured(convention, [each - sats for each, sats in zip(left, first, strict=True)], room)
        return [one + two for one, two in zip(first, second, strict=True)], second

    def _judge(self, tx: int, outputs: Sequence[Coin], spent: Sequence[int], *, mixed: bool) -> None:
        for txo, coin in zip(self.chain.outputs_of(tx), outputs, strict=True):
            seeds = [seed for seed in self.seeds if seed.txo == txo]
            for seed in sorted(seeds, key=lambda seed: self.labels.index(seed.label)):
                self._seed(coin, seed)
            sats = coin.sats if self.parameters.method is Method.POISON else sum(coin.tainted().values())
            if not coin.tainted():
                continue
            if self.chain.columns.out_spender[txo] == UNSPENDABLE:
                self._end((tx, txo), coin, Status.DESTROYED)
            elif mixed and self.parameters.mix is Mix.STOP and not seeds:
                self._end((tx, txo), coin, Status.COINJOIN)
            elif self._pays_service(tx, txo, spent) and not seeds:
                self._end((tx, txo), coin, Status.SERVICE)
            elif sats < self.parameters.min_sats and not seeds:
                self._end((tx, txo), coin, Status.BELOW_THRESHOLD)
            else:
                self.coins[txo] = coin

    def _seed(self, coin: Coin, seed: Seed) -> None:
        tag = (seed.label, False)
        if self.parameters.method in PLACED:
            for place in range(seed.sats):
                if coin.each[place] is None:
                    coin.each[place] = tag
                    self.seeded[seed.label] += 1
        elif self.parameters.method is Method.POISON:
            if not {tag, (seed.label, True)} & coin.amounts.keys():
                self.seeded[seed.label] += seed.sats
            coin.amounts.pop((seed.label, True), None)
            coin.amounts[tag] = coin.sats
        else:
            added = min(seed.sats, coin.sats - sum(coin.amounts.values()))
            if added:
                coin.amounts[tag] = coin.amounts.get(tag, 0) + added
            self.seeded[seed.label] += added

    def _entities(self, txo: int, tx: int) -> set[int]:
        _, time = self.chain.when(tx)
        now = (1 << 62) - 1 if time is None else time
        script = int(self.chain.columns.out_script[txo])
        return {row.entity for row in self.listed if row.script == script and row.since <= now < row.until}

    def _pays_service(self, tx: int, txo: int, spent: Sequence[int]) -> bool:
        own = {entity for coin in spent for entity in self._entities(coin, tx)}
        return bool(self._entities(txo, tx) - own)


def placed(method: Method, inputs: Sequence[Coin], room: Sequence[int], *, mixed: bool) -> Iterator[Coin]:
    """Deal out satoshis, one after another."""
    satoshis = [tag for coin in inputs for tag in (coin.each or [None] * coin.sats)]
    satoshis = [tag and (tag[0], tag[1] or mixed) for tag in satoshis]
    if method is Method.LIFO:
        satoshis.reverse()
    order = list(range(len(room)))
    if method is Method.LIFO_MIRROR:
        order[:-1] = order[-2::-1]
    made: dict[int, Coin] = {}
    for target in order:
        made[target] = Coin(room[target], satoshis[: room[target]])
        del satoshis[: room[target]]
    return (made[target] for target in range(len(room)))


def shared(part: int, room: Sequence[int]) -> list[int]:
    """Pro rata: floors, and what is left to the largest remainders."""
    if not part:
        return [0] * len(room)
    quotas = [Fraction(part * each, sum(room)) for each in room]
    given = [floor(quota) for quota in quotas]
    order = sorted(range(len(room)), key=lambda target: (given[target] - quotas[target], target))
    for target in order[: part - sum(given)]:
        given[target] += 1
    return given


def poured(part: int, left: Sequence[int], room: Sequence[int]) -> list[int]:
    """The largest output first, the fee last; of each what is left of it."""
    given = [0] * len(room)
    for target in [*sorted(range(len(room) - 1), key=lambda target: (-room[target], target)), len(room) - 1]:
        given[target] = min(part, left[target])
        part -= given[target]
    return given
