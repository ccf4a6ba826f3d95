"""A small tracer for the tests of reports: every method in a few obvious lines, over chains that fit on a page.

It hands over `Trace` values as an engine does, and is neither fast nor the reference: that one tests the engines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sekisho.bitcoin.outpoint import OutPoint
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.chain.chain import Chain
from sekisho.chain.columns import UNSPENDABLE, UNSPENT
from sekisho.tracing.case import End, Method, Parameters, Seed, Status
from sekisho.tracing.report.recount import PLACED, row_of
from sekisho.tracing.trace import Hop, ListUsed, Portion, Taint, Trace


def follow(
    chain: Chain,
    seeds: Iterable[tuple[str, OutPoint]],
    method: Method,
    *,
    services: Iterable[Script] = (),
    mixes: Mapping[bytes, str] | None = None,
    lists: tuple[ListUsed, ...] = (),
) -> Trace:
    """Follow whole outputs forward to the tip."""
    stops, kinds = set(services), mixes or {}
    named = [
        Seed(label, each, chain.find_output(each), chain.output(chain.find_output(each)).sats) for label, each in seeds
    ]
    held: dict[int, tuple[Taint, ...]] = {}
    placed = method in PLACED
    for seed in named:
        held[seed.txo] = (Taint(seed.label, False, seed.sats, Sats(0) if placed else None),)
    hops: list[Hop] = []
    ends: list[End] = []
    for seed in named:
        _rest(chain, seed.txo, held, stops, ends)
    for tx in range(len(chain.columns.txid)):
        spent = [
            int(txo) for txo in chain.columns.in_prev[chain.columns.tx_first_in[tx] : chain.columns.tx_first_in[tx + 1]]
        ]
        inputs = tuple(_portion(chain, txo, held.get(txo, ())) for txo in spent)
        if not any(portion.taints for portion in inputs):
            continue
        outputs = tuple(_portion(chain, txo, ()) for txo in chain.outputs_of(tx))
        fee = Sats(sum(each.sats for each in inputs) - sum(each.sats for each in outputs))
        height, time = chain.when(tx)
        bare = Hop(chain.txid(tx), height, time, inputs, outputs, fee, (), kinds.get(chain.txid(tx)))
        *carried, fee_taints = _carry(method, bare, list(dict.fromkeys(seed.label for seed in named)))
        made = tuple(replace(each, taints=taints) for each, taints in zip(outputs, carried, strict=True))
        hops.append(replace(bare, outputs=made, fee_taints=fee_taints))
        ends += [
            End(chain.txid(tx), None, None, taint.sats, Status.FEES, taint.convention_only, height, time, taint.label)
            for taint in _joined(fee_taints)
        ]
        for txo, portion in zip(chain.outputs_of(tx), made, strict=True):
            if portion.taints:
                held[txo] = portion.taints
                _rest(chain, txo, held, stops, ends)
    ends.sort(key=lambda end: (end.height or 0, end.txid, end.outpoint is None, end.outpoint or OutPoint(end.txid, 0)))
    seeded = Sats(sum(seed.sats for seed in named))
    conserved = None if method is Method.POISON else sum(end.sats for end in ends) == seeded
    return Trace(
        chain.network,
        Parameters(method),
        lists,
        chain.tip,
        tuple(named),
        seeded,
        tuple(ends),
        conserved,
        tuple(hops),
        len(hops),
    )


def _rest(chain: Chain, txo: int, held: dict[int, tuple[Taint, ...]], stops: set[Script], ends: list[End]) -> None:
    """End the taint of an output that nobody spends, or that a service got."""
    script, spender = chain.output(txo).script, int(chain.columns.out_spender[txo])
    status = {UNSPENT: Status.UNSPENT, UNSPENDABLE: Status.DESTROYED}.get(spender)
    status = Status.SERVICE if script in stops else status
    if status is None:
        return
    height, time = chain.when(chain.creator(txo))
    outpoint = chain.outpoint(txo)
    for taint in _joined(held.pop(txo)):
        ends.append(
            End(outpoint.txid, outpoint, script, taint.sats, status, taint.convention_only, height, time, taint.label)
        )


def _joined(taints: tuple[Taint, ...]) -> list[Taint]:
    sums: dict[tuple[str, bool], int] = {}
    for taint in taints:
        key = (taint.label, taint.convention_only)
        sums[key] = sums.get(key, 0) + taint.sats
    return [Taint(label, convention, Sats(amount), None) for (label, convention), amount in sums.items() if amount]


def _portion(chain: Chain, txo: int, taints: tuple[Taint, ...]) -> Portion:
    output = chain.output(txo)
    return Portion(chain.outpoint(txo), output.sats, output.script, taints)


def _carry(method: Method, hop: Hop, labels: list[str]) -> list[tuple[Taint, ...]]:
    """The taint of each output, and of the fee."""
    if method in PLACED:
        return _placed(method, hop)
    room = [*(each.sats for each in hop.outputs), hop.fee]
    whole, sizes = sum(room), list(room)
    made: list[list[Taint]] = [[] for _ in room]
    for label in labels:
        mine = [taint for each in hop.inputs for taint in each.taints if taint.label == label]
        brought, guessed = sum(taint.sats for taint in mine), sum(taint.sats for taint in mine if taint.convention_only)
        if not brought:
            continue
        if method is Method.POISON:
            given = list(sizes)
        elif method is Method.HAIRCUT:
            given = _shares(brought, room, whole)
        else:
            order = [*sorted(range(len(room) - 1), key=lambda at: -sizes[at]), len(room) - 1]
            given, left = [0] * len(room), brought
            for at in order:
                given[at] = min(left, room[at])
                left -= given[at]
        room, whole = [have - took for have, took in zip(room, given, strict=True)], whole - brought
        if method is Method.POISON:
            room, all_guess = sizes, guessed == brought
            guesses = given if all_guess else [0] * len(given)
        else:
            guesses = _shares(guessed, given, brought)
        if hop.mix:
            guesses = given
        for at, (amount, guess) in enumerate(zip(given, guesses, strict=True)):
            made[at] += [Taint(label, True, Sats(guess), None)] if guess else []
            made[at] += [Taint(label, False, Sats(amount - guess), None)] if amount > guess else []
    return [tuple(each) for each in made]


def _shares(amount: int, parts: list[int], whole: int) -> list[int]:
    if not whole:
        return [0] * len(parts)
    floors = [amount * part // whole for part in parts]
    ranked = sorted(range(len(parts)), key=lambda at: (-(amount * parts[at] % whole), at))
    for at in ranked[: amount - sum(floors)]:
        floors[at] += 1
    return floors


def _placed(method: Method, hop: Hop) -> list[tuple[Taint, ...]]:
    row = row_of(method, hop)
    pieces = [
        (*row.place(stretch, taint, output=False), taint)
        for stretch, portion in zip(row.inputs, hop.inputs, strict=True)
        for taint in portion.taints
    ]
    made = []
    for since, until in (*row.outputs, row.fee):
        taints = []
        for start, end, taint in pieces:
            low, high = max(start, since), min(end, until)
            if low < high:
                first = until - high if row.reversed_outputs else low - since
                guess = taint.convention_only or hop.mix is not None
                taints.append(Taint(taint.label, guess, Sats(high - low), Sats(first)))
        made.append(tuple(sorted(taints, key=lambda taint: taint.start or 0)))
    return made
