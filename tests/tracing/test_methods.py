"""The six methods in one transaction: the worked examples of the manual, ties, labels, and the arithmetic itself."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sekisho.bitcoin.sats import MAX_MONEY, Sats
from sekisho.chain.chain import Chain
from sekisho.chain.columns import I64
from sekisho.compiled import compiled
from sekisho.tracing.case import Method, Parameters, Seed, Status
from sekisho.tracing.methods.desk import GIVEN, LEFT, MARKS
from sekisho.tracing.methods.haircut import share
from sekisho.tracing.run import trace
from support.chains import chain_of, coinbase, out, pay
from support.naive_trace import shared

BTC = 100_000_000


def one_transaction(inputs: list[int], outputs: list[int]) -> tuple[Chain, list[int]]:
    """A chain in which one transaction spends coins of these values, and the numbers of these coins."""
    mined = [coinbase(height, (sats, height)) for height, sats in enumerate(inputs, 1)]
    spend = pay([out(each) for each in mined], *((sats, 100 + vout) for vout, sats in enumerate(outputs)))
    blocks = [*([each] for each in mined), [coinbase(len(inputs) + 1, (0, 99)), spend]]
    chain = chain_of(blocks)
    return chain, [chain.find_output(out(each)) for each in mined]


def outcome(
    inputs: list[int], outputs: list[int], method: Method, thefts: dict[int, str], parts: dict[int, int] | None = None
) -> dict[str, list[int]]:
    """What each theft has in each output, and behind them what it paid as fee. `thefts`: the stolen inputs."""
    chain, coins = one_transaction(inputs, outputs)
    part = parts or {}
    seeds = [
        Seed(label, chain.outpoint(coins[at]), coins[at], Sats(part.get(at, inputs[at])))
        for at, label in thefts.items()
    ]
    made = {label: [0] * (len(outputs) + 1) for label in thefts.values()}
    for end in trace(chain, seeds, Parameters(method)).ends:
        if end.status is Status.FEES or (end.outpoint and end.txid == chain.txid(len(inputs) + 1)):
            made[end.label][-1 if end.outpoint is None else end.outpoint.vout] += end.sats
    return made


A = ([3 * BTC, 7 * BTC], [6 * BTC, 3 * BTC], 0)
B = ([7 * BTC, 3 * BTC], [2 * BTC, 650_000_000], 1)
C = ([4 * BTC, 4 * BTC, 2 * BTC], [333_330_000] * 3, 1)

WORKED = {  # outputs, and the fee behind them, in satoshis (docs/tracing.md, "Worked examples")
    ("A", Method.POISON): [600_000_000, 300_000_000, 100_000_000],
    ("A", Method.HAIRCUT): [180_000_000, 90_000_000, 30_000_000],
    ("A", Method.FIFO): [300_000_000, 0, 0],
    ("A", Method.LIFO): [0, 200_000_000, 100_000_000],
    ("A", Method.LIFO_MIRROR): [0, 300_000_000, 0],
    ("A", Method.TIHO): [300_000_000, 0, 0],
    ("B", Method.POISON): [200_000_000, 650_000_000, 150_000_000],
    ("B", Method.HAIRCUT): [60_000_000, 195_000_000, 45_000_000],
    ("B", Method.FIFO): [0, 150_000_000, 150_000_000],
    ("B", Method.LIFO): [200_000_000, 100_000_000, 0],
    ("B", Method.LIFO_MIRROR): [150_000_000, 0, 150_000_000],
    ("B", Method.TIHO): [0, 300_000_000, 0],
    ("C", Method.POISON): [333_330_000, 333_330_000, 333_330_000, 10_000],
    ("C", Method.HAIRCUT): [133_332_000, 133_332_000, 133_332_000, 4_000],
    ("C", Method.FIFO): [0, 266_660_000, 133_340_000, 0],
    ("C", Method.LIFO): [133_330_000, 266_670_000, 0, 0],
    ("C", Method.LIFO_MIRROR): [133_340_000, 266_660_000, 0, 0],
    ("C", Method.TIHO): [333_330_000, 66_670_000, 0, 0],
}


@pytest.mark.parametrize(("name", "method"), WORKED)
def test_worked_examples(name: str, method: Method) -> None:
    inputs, outputs, stolen = {"A": A, "B": B, "C": C}[name]
    assert outcome(inputs, outputs, method, {stolen: "x"})["x"] == WORKED[name, method]


ONE_LABEL = {  # inputs, outputs, method, the input that is stolen -> outputs and fee
    "one satoshi in three equal outputs goes to the first": ([1, 2], [1, 1, 1], Method.HAIRCUT, 0, [1, 0, 0, 0]),
    "two go to the first two": ([2, 1], [1, 1, 1], Method.HAIRCUT, 0, [1, 1, 0, 0]),
    "the fee comes last of equal remainders": ([1, 2], [1, 1], Method.HAIRCUT, 0, [1, 0, 0]),
    "a larger remainder comes before a lower index": ([1, 4], [2, 3], Method.HAIRCUT, 0, [0, 1, 0]),
    "equal outputs are filled from the lower index": ([3, 4], [2, 2, 2], Method.TIHO, 0, [2, 1, 0, 0]),
    "the largest output is filled first wherever it stands": ([5, 4], [1, 2, 4], Method.TIHO, 0, [0, 1, 4, 0]),
    "only what no output can take is the fee's": ([9, 1], [2, 3], Method.TIHO, 0, [2, 3, 4]),
    "an empty output takes nothing": ([2, 2], [0, 2, 0, 2], Method.FIFO, 1, [0, 0, 0, 2, 0]),
    "a stack turns each coin round too": ([4], [1, 3], Method.LIFO, 0, [1, 3, 0]),
    "the fee of a stack falls on the first inputs": ([2, 3], [3], Method.LIFO, 0, [0, 2]),
    "the fee of a mirror falls on the last inputs": ([2, 3], [2], Method.LIFO_MIRROR, 1, [0, 3]),
    "poison reaches an empty output with nothing": ([1, 1], [0, 2], Method.POISON, 0, [0, 2, 0]),
}


@pytest.mark.parametrize("name", ONE_LABEL)
def test_one_theft(name: str) -> None:
    inputs, outputs, method, stolen, expected = ONE_LABEL[name]
    assert outcome(inputs, outputs, method, {stolen: "x"})["x"] == expected


TWO_LABELS = {  # the first input is stolen by "a", the second by "b", later
    Method.HAIRCUT: {"a": [2, 2, 0], "b": [1, 1, 0]},
    Method.TIHO: {"a": [3, 1, 0], "b": [0, 2, 0]},
    Method.FIFO: {"a": [3, 1, 0], "b": [0, 2, 0]},
    Method.LIFO: {"a": [0, 3, 1], "b": [2, 0, 0]},
    Method.LIFO_MIRROR: {"a": [1, 3, 0], "b": [2, 0, 0]},
    Method.POISON: {"a": [3, 3, 1], "b": [3, 3, 1]},
}


@pytest.mark.parametrize("method", Method)
def test_of_two_thefts_the_later_takes_what_the_earlier_left(method: Method) -> None:
    assert outcome([4, 2, 1], [3, 3], method, {0: "a", 1: "b"}) == TWO_LABELS[method]


def test_a_later_theft_is_shared_pro_rata_of_what_is_left_not_of_all() -> None:
    both = outcome([6, 3, 1], [5, 4], Method.HAIRCUT, {0: "a", 1: "b"})
    assert both == {"a": [3, 2, 1], "b": [2, 1, 0]}


def test_the_first_satoshis_of_an_output_are_its_stolen_part() -> None:
    parts = {0: 2}
    assert outcome([5], [1, 4], Method.FIFO, {0: "x"}, parts)["x"] == [1, 1, 0]
    assert outcome([5], [1, 4], Method.LIFO, {0: "x"}, parts)["x"] == [0, 2, 0]
    assert outcome([5], [4, 1], Method.LIFO_MIRROR, {0: "x"}, parts)["x"] == [1, 1, 0]
    assert outcome([5], [1, 4], Method.HAIRCUT, {0: "x"}, parts)["x"] == [0, 2, 0]


def test_many_outputs_are_shared_and_ordered_as_few_are() -> None:
    outputs = [7 + (vout * 13) % 5 for vout in range(60)]
    total = sum(outputs) + 3
    given = shared(100, [*outputs, 3])
    assert outcome([100, total - 100], outputs, Method.HAIRCUT, {0: "x"})["x"] == given
    largest = sorted(range(60), key=lambda vout: (-outputs[vout], vout))
    poured = outcome([100, total - 100], outputs, Method.TIHO, {0: "x"})["x"]
    assert [vout for vout in largest if poured[vout]] == largest[: sum(map(bool, poured))]


@compiled
def _share(marks: I64, targets: int, part: int, total: int) -> None:
    share(marks, LEFT, GIVEN, targets, part, total)


@st.composite
def rooms(draw: st.DrawFn) -> tuple[list[int], int]:
    """What targets hold, all the money there is at most, and a part of it."""
    room = draw(st.lists(st.integers(0, MAX_MONEY // 8), min_size=1, max_size=8).filter(any))
    room += draw(st.sampled_from([[], [0], [1], [MAX_MONEY - sum(room)]]))
    return room, draw(st.integers(0, sum(room)) | st.just(sum(room)) | st.just(1))


@given(asked=rooms())
@example(asked=([MAX_MONEY - 1, 1], MAX_MONEY - 1))
@example(asked=([1] * 30 + [MAX_MONEY - 30], 29))
def test_shares_are_exact_up_to_all_the_money_there_is(asked: tuple[list[int], int]) -> None:
    room, part = asked
    marks = np.zeros((MARKS, len(room) + 2), np.int64)
    marks[LEFT, : len(room)] = room
    _share(marks, len(room), part, sum(room))
    given = marks[GIVEN, : len(room)].tolist()
    assert given == shared(part, room)
    assert sum(given) == part
    assert all(abs(got - Fraction(part * each, sum(room))) < 1 for got, each in zip(given, room, strict=True))
