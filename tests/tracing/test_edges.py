"""Named edge cases of a trace: each has its line in docs/tracing.md."""

from collections.abc import Sequence

import numpy as np
import pytest

from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxOutput
from sekisho.chain.chain import Chain, ChainTransaction
from sekisho.tracing.case import End, FollowFees, Method, Mix, Parameters, Status
from sekisho.tracing.run import (
    ImpossibleTransaction,
    NoWayBack,
    SeedTooLate,
    parse_seed,
    trace,
    trace_many,
)
from sekisho.tracing.services import Stops
from sekisho.tracing.trace import Trace
from support.chains import FIRST_TIME, SPACING, address_script, chain_of, coinbase, out, pay

DATA = TxOutput(Sats(0), Script(b"\x6a\x02hi"))
FOREVER = 1 << 62
ALL = tuple(Method)
CONSERVING = tuple(each for each in Method if each is not Method.POISON)
PLACED = (Method.FIFO, Method.LIFO, Method.LIFO_MIRROR)

MINED = coinbase(1, (10, 1))
MINED_MUCH = coinbase(1, (10_000, 1))


def ran(
    chain: Chain, seeds: Sequence[str], parameters: Parameters, stops: Stops | None = None, *, mix: bool = False
) -> Trace:
    """The trace, after both engines agreed on it."""
    found = [seed for text in seeds for seed in parse_seed(text, chain)]

    def classify(transaction: ChainTransaction) -> str | None:
        return "mix" if len(transaction.inputs) > 1 else None

    alone = trace(chain, found, parameters, stops, classify=classify if mix else None)
    assert trace_many(chain, [found], parameters, stops, classify=classify if mix else None) == (alone,)
    return alone


def ends(traced: Trace) -> list[tuple[str | int, int, Status, str]]:
    """Each end as (output or "fee", satoshis, status, label)."""
    return [("fee" if e.outpoint is None else e.outpoint.vout, e.sats, e.status, e.label) for e in traced.ends]


def stopping(chain: Chain, *rows: tuple[int, int, int, int]) -> Stops:
    """A stop list of (address number, entity, since, until)."""
    found = sorted((chain.find_script(address_script(number)), *rest) for number, *rest in rows)
    return Stops(*np.array(found, np.int64).T)


@pytest.mark.parametrize("method", CONSERVING)
def test_a_chain_of_transactions_within_one_block_is_followed(method: Method) -> None:
    first = pay([out(MINED)], (10, 2))
    second = pay([out(first)], (9, 3))
    third = pay([out(second)], (9, 4))
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), first, second, third]])
    traced = ran(chain, [str(out(MINED))], Parameters(method))
    assert ends(traced) == [("fee", 1, Status.FEES, "theft"), (0, 9, Status.UNSPENT, "theft")] or ends(traced) == [
        (0, 9, Status.UNSPENT, "theft"),
        ("fee", 1, Status.FEES, "theft"),
    ]
    assert traced.transactions == 3


@pytest.mark.parametrize("method", ALL)
def test_one_coin_may_become_thousands_and_these_go_on_together(method: Method) -> None:
    """More than any array of an engine has room for at first, and seven times in a row."""
    blocks, coins = [[MINED_MUCH]], [out(MINED_MUCH)]
    for height in range(2, 9):
        fan = pay(coins, *[(3 + at % 5, at) for at in range(2_000)])
        blocks.append([coinbase(height, (0, 9)), fan])
        coins = [out(fan, at) for at in range(2_000)]
    chain = chain_of(blocks)
    traced = ran(chain, [str(out(MINED_MUCH))], Parameters(method))
    assert sum(end.status is Status.UNSPENT for end in traced.ends) == 2_000


@pytest.mark.parametrize("method", ALL)
def test_a_coinbase_can_be_the_stolen_coin(method: Method) -> None:
    chain = chain_of([[MINED]])
    assert ends(ran(chain, [str(out(MINED))], Parameters(method))) == [(0, 10, Status.UNSPENT, "theft")]


@pytest.mark.parametrize("method", ALL)
def test_what_nobody_can_spend_is_destroyed(method: Method) -> None:
    burn = pay([out(MINED)], TxOutput(Sats(10), DATA.script))
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), burn]])
    assert ends(ran(chain, [str(out(MINED))], Parameters(method))) == [(0, 10, Status.DESTROYED, "theft")]


def test_a_coinbase_that_a_later_one_overwrote_is_destroyed() -> None:
    chain = chain_of([[MINED], [MINED]])
    overwritten = chain.outputs_of(chain.find(MINED.txid)[0])[0]
    newer = parse_seed(str(out(MINED)), chain)[0]
    assert newer.txo != overwritten
    older = newer.__class__("older", newer.outpoint, overwritten, newer.sats)
    traced = trace(chain, [newer, older], Parameters(Method.FIFO))
    assert sorted((end.label, end.status) for end in traced.ends) == [
        ("older", Status.DESTROYED),
        ("theft", Status.UNSPENT),
    ]


def test_poison_passes_through_an_output_of_no_value() -> None:
    through = pay([out(MINED)], (10, 2), (0, 3))
    other = coinbase(2, (5, 7))
    later = pay([out(through, 1), out(other)], (5, 4))
    chain = chain_of([[MINED], [other, through], [coinbase(3, (0, 9)), later]])
    poisoned = ran(chain, [str(out(MINED))], Parameters(Method.POISON))
    assert (0, 5, Status.UNSPENT, "theft") in ends(poisoned)
    for method in CONSERVING:
        assert ends(ran(chain, [str(out(MINED))], Parameters(method))) == [(0, 10, Status.UNSPENT, "theft")]


@pytest.mark.parametrize("method", CONSERVING)
def test_an_ancestor_and_its_descendant_are_counted_once(method: Method) -> None:
    spend = pay([out(MINED)], (4, 2), (6, 3))
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), spend]])
    traced = ran(chain, [str(out(MINED)), str(out(spend))], Parameters(method))
    assert traced.seeded == 10
    assert sum(end.sats for end in traced.ends) == 10


@pytest.mark.parametrize("method", CONSERVING)
def test_coins_stolen_twice_stay_the_first_thiefs(method: Method) -> None:
    spend = pay([out(MINED)], (4, 2), (6, 3))
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), spend]])
    traced = ran(chain, [f"first@{out(MINED)}", f"second@{out(spend)}"], Parameters(method))
    assert {end.label for end in traced.ends} == {"first"}
    assert traced.conserved


def test_poison_knows_both_thefts_of_coins_stolen_twice() -> None:
    spend = pay([out(MINED)], (10, 2))
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), spend]])
    traced = ran(chain, [f"first@{out(MINED)}", f"second@{out(spend)}"], Parameters(Method.POISON))
    assert ends(traced) == [(0, 10, Status.UNSPENT, "first"), (0, 10, Status.UNSPENT, "second")]


@pytest.mark.parametrize("method", PLACED)
def test_a_seed_adds_the_first_satoshis_that_are_clean(method: Method) -> None:
    clean = coinbase(2, (10, 7))
    spend = pay([out(MINED), out(clean)], (4, 2), (16, 3))
    chain = chain_of([[MINED], [clean], [coinbase(3, (0, 9)), spend]])
    traced = ran(chain, [f"a@{out(MINED)}", f"b@{out(spend, 1)}=12"], Parameters(method))
    by_label = {end.label: end.sats for end in traced.ends if end.outpoint == out(spend, 1)}
    arrived = {Method.FIFO: (6, 6), Method.LIFO: (10, 6), Method.LIFO_MIRROR: (10, 2)}[method]
    assert (by_label["a"], by_label["b"]) == arrived


def test_thefts_stand_in_the_order_of_their_earliest_coin_and_then_of_their_labels() -> None:
    both = coinbase(1, (5, 1), (5, 2))
    later = coinbase(2, (5, 3))
    chain = chain_of([[both], [later]])
    traced = trace(
        chain,
        [
            seed
            for text in (f"z@{out(later)}", f"y@{out(both)}", f"x@{out(both)}", f"z@{out(both, 1)}")
            for seed in parse_seed(text, chain)
        ],
        Parameters(Method.TIHO),
    )
    assert list(dict.fromkeys(seed.label for seed in traced.seeds)) == ["x", "y", "z"]
    assert {end.label: end.sats for end in traced.ends if end.outpoint == out(both)} == {"x": 5}


OUTSIDE = OutPoint(Txid(bytes([7]) * 32), 3)


@pytest.mark.parametrize("method", ALL)
def test_taint_that_meets_an_unknown_input_ends_there(method: Method) -> None:
    met = pay([out(MINED), OUTSIDE], (9, 2))
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), met]])
    traced = ran(chain, [str(out(MINED))], Parameters(method))
    assert traced.ends == (
        End(
            met.txid,
            out(MINED),
            address_script(1),
            Sats(10),
            Status.UNKNOWN,
            convention_only=False,
            height=2,
            time=FIRST_TIME + 2 * SPACING,
            label="theft",
        ),
    )
    assert traced.transactions == 0


@pytest.mark.parametrize("method", CONSERVING)
def test_a_coin_from_outside_whose_value_is_told_is_an_input_like_others(method: Method) -> None:
    met = pay([out(MINED), OUTSIDE], (15, 2))
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), met]], told={OUTSIDE: TxOutput(Sats(5), address_script(8))})
    traced = ran(chain, [str(out(MINED)), str(OUTSIDE)], Parameters(method))
    assert [(end.outpoint, end.sats) for end in traced.ends] == [(out(met), 15)]


SERVED = pay([out(MINED)], (4, 50), (6, 2))


@pytest.mark.parametrize("method", CONSERVING)
def test_an_output_to_a_service_ends_and_what_it_pays_out_is_not_followed(method: Method) -> None:
    payout = pay([out(SERVED)], (4, 3))
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), SERVED], [coinbase(3, (0, 9)), payout]])
    traced = ran(chain, [str(out(MINED))], Parameters(method), stopping(chain, (50, 1, 0, FOREVER)))
    assert ends(traced) == [(0, 4, Status.SERVICE, "theft"), (1, 6, Status.UNSPENT, "theft")]


def test_a_service_counts_only_within_its_dates() -> None:
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), SERVED]])
    time = FIRST_TIME + 2 * SPACING
    for since, until, status in (
        (0, time, Status.UNSPENT),
        (time, time + 1, Status.SERVICE),
        (time + 1, FOREVER, Status.UNSPENT),
    ):
        traced = ran(chain, [str(out(MINED))], Parameters(Method.FIFO), stopping(chain, (50, 1, since, until)))
        assert ends(traced)[0] == (0, 4, status, "theft")


def test_a_loose_transaction_pays_a_service_only_if_its_entry_has_no_end() -> None:
    chain = chain_of([[MINED]], loose=[SERVED])
    for until, status in ((FOREVER, Status.SERVICE), (FOREVER - 1, Status.UNSPENT)):
        traced = ran(chain, [str(out(MINED))], Parameters(Method.FIFO), stopping(chain, (50, 1, 5, until)))
        assert ends(traced)[0] == (0, 4, status, "theft")
        assert traced.ends[0].height is None


def test_change_of_a_services_own_payout_is_no_exit() -> None:
    stolen = coinbase(1, (10, 50))  # taken from the exchange's own address
    payout = pay([out(stolen)], (4, 2), (6, 51))
    chain = chain_of([[stolen], [coinbase(2, (0, 9)), payout]])
    same, other = (stopping(chain, (50, 1, 0, FOREVER), (51, entity, 0, FOREVER)) for entity in (1, 2))
    assert ends(ran(chain, [str(out(stolen))], Parameters(Method.FIFO), same))[1] == (1, 6, Status.UNSPENT, "theft")
    assert ends(ran(chain, [str(out(stolen))], Parameters(Method.FIFO), other))[1] == (1, 6, Status.SERVICE, "theft")


def test_a_stolen_coin_is_followed_though_its_own_address_is_listed() -> None:
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), SERVED]])
    traced = ran(
        chain, [str(out(SERVED))], Parameters(Method.FIFO, min_sats=Sats(100)), stopping(chain, (50, 1, 0, FOREVER))
    )
    assert ends(traced) == [(0, 4, Status.UNSPENT, "theft")]


@pytest.mark.parametrize("method", CONSERVING)
def test_an_output_with_less_taint_than_the_threshold_is_not_followed(method: Method) -> None:
    small = pay([out(SERVED)], (4, 3))
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), SERVED], [coinbase(3, (0, 9)), small]])
    traced = ran(chain, [str(out(MINED))], Parameters(method, min_sats=Sats(5)))
    assert ends(traced) == [(0, 4, Status.BELOW_THRESHOLD, "theft"), (1, 6, Status.UNSPENT, "theft")]


def test_an_output_with_as_much_taint_as_the_threshold_is_followed() -> None:
    small = pay([out(SERVED)], (4, 3))
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), SERVED], [coinbase(3, (0, 9)), small]])
    traced = ran(chain, [str(out(MINED))], Parameters(Method.FIFO, min_sats=Sats(4)))
    assert {end.status for end in traced.ends} == {Status.UNSPENT}


def test_nothing_above_the_last_height_is_looked_at() -> None:
    later = pay([out(SERVED)], (4, 3))
    chain = chain_of(
        [[MINED], [coinbase(2, (0, 9)), SERVED], [coinbase(3, (0, 9)), later]], loose=[pay([out(later)], (4, 4))]
    )
    for until, last in ((1, MINED), (2, SERVED), (3, later)):
        traced = ran(chain, [str(out(MINED))], Parameters(Method.FIFO, until=until))
        assert out(last) in {end.outpoint for end in traced.ends}
        assert {end.status for end in traced.ends} == {Status.UNSPENT}
    with pytest.raises(SeedTooLate):
        ran(chain, [str(out(later))], Parameters(Method.FIFO, until=2))


FEE = pay([out(MINED)], (7, 2))
CLAIM = 50 * 100_000_000


def with_fee(*claims: int) -> Chain:
    """A block whose one transaction pays 3 stolen satoshis as fee, and what its coinbase claims."""
    mined = coinbase(2, *((sats, 60 + vout) for vout, sats in enumerate(claims)))
    return chain_of([[MINED], [mined, FEE]])


def test_a_fee_ends_with_the_miner_unless_fees_are_followed() -> None:
    traced = ran(with_fee(CLAIM + 3), [str(out(MINED))], Parameters(Method.FIFO))
    assert ("fee", 3, Status.FEES, "theft") in ends(traced)
    assert [end.txid for end in traced.ends if end.outpoint is None] == [FEE.txid]


FOLLOWED = {
    (Method.FIFO, FollowFees.FEES_FIRST): {0: 2, 1: 1},
    (Method.FIFO, FollowFees.SUBSIDY_FIRST): {1: 3},
    (Method.LIFO, FollowFees.FEES_FIRST): {1: 3},
    (Method.LIFO, FollowFees.SUBSIDY_FIRST): {0: 2, 1: 1},
    (Method.TIHO, FollowFees.FEES_FIRST): {1: 3},
    (Method.HAIRCUT, FollowFees.FEES_FIRST): {1: 3},
}


@pytest.mark.parametrize(("method", "order"), FOLLOWED)
def test_followed_fees_and_the_subsidy_are_the_inputs_of_the_coinbase(method: Method, order: FollowFees) -> None:
    chain = with_fee(2, CLAIM + 1)
    traced = ran(chain, [str(out(MINED))], Parameters(method, follow_fees=order))
    mined = chain.txid(1)
    assert {end.outpoint.vout: end.sats for end in traced.ends if end.outpoint and end.txid == mined} == FOLLOWED[
        method, order
    ]
    assert traced.conserved
    assert traced.transactions == 2


def test_what_a_miner_did_not_claim_is_destroyed() -> None:
    traced = ran(with_fee(CLAIM), [str(out(MINED))], Parameters(Method.FIFO, follow_fees=FollowFees.SUBSIDY_FIRST))
    assert ("fee", 3, Status.DESTROYED, "theft") in ends(traced)


def test_followed_fees_end_as_unknown_where_another_fee_of_the_block_is_unknown() -> None:
    unknown = pay([OUTSIDE], (1, 8))
    chain = chain_of([[MINED], [coinbase(2, (CLAIM, 60)), unknown, FEE]])
    traced = ran(chain, [str(out(MINED))], Parameters(Method.FIFO, follow_fees=FollowFees.FEES_FIRST))
    assert ("fee", 3, Status.UNKNOWN, "theft") in ends(traced)


def test_followed_fees_end_as_unknown_where_the_coinbase_takes_more_than_there_is() -> None:
    traced = ran(with_fee(CLAIM + 4), [str(out(MINED))], Parameters(Method.FIFO, follow_fees=FollowFees.FEES_FIRST))
    assert ("fee", 3, Status.UNKNOWN, "theft") in ends(traced)


def test_a_coinbase_that_is_a_seed_takes_the_fees_first() -> None:
    chain = with_fee(2, CLAIM + 1)
    seeds = [f"a@{out(MINED)}", f"b@{chain.outpoint(chain.outputs_of(1)[0])}"]
    traced = ran(chain, seeds, Parameters(Method.FIFO, follow_fees=FollowFees.FEES_FIRST))
    assert [(end.label, end.sats) for end in traced.ends if end.txid == chain.txid(1)] == [("a", 2), ("a", 1)]


UNIT = 10_000


def mixing_blocks() -> list[list[Transaction]]:
    """Three inputs, one of them stolen, and three equal outputs beside change."""
    coins = [coinbase(height, (4 * UNIT, height)) for height in (1, 2, 3)]
    mixed = pay([out(coin) for coin in coins], *((3 * UNIT, 20 + vout) for vout in range(3)), (2 * UNIT, 30))
    return [*([coin] for coin in coins), [coinbase(4, (0, 9)), mixed]]


@pytest.mark.parametrize("method", ALL)
def test_a_mix_marks_what_leaves_it_or_ends_it(method: Method) -> None:
    blocks = mixing_blocks()
    chain, mixed = chain_of(blocks), blocks[-1][-1]
    seed = str(chain.outpoint(0))
    followed = ran(chain, [seed], Parameters(method), mix=True)
    stopped = ran(chain, [seed], Parameters(method, mix=Mix.STOP), mix=True)
    assert {end.convention_only for end in (*followed.ends, *stopped.ends)} == {True}
    assert {end.status for end in stopped.ends} == {Status.COINJOIN}
    assert [(end.outpoint, end.sats) for end in stopped.ends] == [(end.outpoint, end.sats) for end in followed.ends]
    assert {end.txid for end in stopped.ends} == {mixed.txid}


@pytest.mark.parametrize("method", [Method.HAIRCUT, Method.TIHO])
def test_what_is_by_convention_only_never_changes_what_a_theft_has(method: Method) -> None:
    blocks = mixing_blocks()
    mixed = blocks[-1][-1]
    coin = coinbase(5, (3 * UNIT, 40))
    joined = pay([out(mixed), out(coin)], (UNIT, 41), (4 * UNIT, 42))
    longer = chain_of([*blocks, [coin], [coinbase(6, (0, 9)), joined]])
    seeds = [str(longer.outpoint(0)), str(out(coin))]
    marked = ran(longer, seeds, Parameters(method), mix=True)
    plain = ran(longer, seeds, Parameters(method))
    totals = [
        {
            point: sum(end.sats for end in traced.ends if end.outpoint == point)
            for point in (out(joined), out(joined, 1))
        }
        for traced in (marked, plain)
    ]
    assert totals[0] == totals[1]
    assert {end.convention_only for end in marked.ends if end.txid == joined.txid} == {
        True,
        False,
    } or method is Method.TIHO


def test_poison_is_by_convention_only_where_no_way_avoids_a_mix() -> None:
    coins = [coinbase(height, (4 * UNIT, height)) for height in (1, 2, 3)]
    split = pay([out(coins[0])], (2 * UNIT, 10), (2 * UNIT, 11))
    mixed = pay([out(split), out(coins[1]), out(coins[2])], *((3 * UNIT, 20 + vout) for vout in range(3)))
    around = pay([out(split, 1)], (2 * UNIT, 12))
    chain = chain_of([*([coin] for coin in coins), [coinbase(4, (0, 9)), split, mixed, around]])
    traced = ran(chain, [str(out(coins[0]))], Parameters(Method.POISON), mix=True)
    assert {end.txid: end.convention_only for end in traced.ends} == {mixed.txid: True, around.txid: False}


def test_a_transaction_that_pays_more_than_it_has_is_an_error() -> None:
    chain = chain_of([[MINED], [coinbase(2, (0, 9)), pay([out(MINED)], (11, 2))]])
    for method in ALL:
        with pytest.raises(ImpossibleTransaction):
            trace(chain, parse_seed(str(out(MINED)), chain), Parameters(method))
        with pytest.raises(ImpossibleTransaction):
            trace_many(chain, [parse_seed(str(out(MINED)), chain)], Parameters(method))


def test_a_transaction_that_has_more_than_there_is_is_an_error() -> None:
    rich = [coinbase(number, (20_999_999 * 10**8, number)) for number in range(2)]
    chain = chain_of([[rich[0]], [rich[1], pay([out(each) for each in rich], (1, 2))]])
    for method in ALL:
        for engine in (trace, lambda chain, seeds, asked: trace_many(chain, [seeds], asked)):
            with pytest.raises(ImpossibleTransaction):
                engine(chain, parse_seed(str(out(rich[0])), chain), Parameters(method))


def test_tiho_and_fees_cannot_be_read_backward() -> None:
    chain = chain_of([[MINED]])
    seeds = parse_seed(str(out(MINED)), chain)
    for parameters in (
        Parameters(Method.TIHO, backward=True),
        Parameters(Method.FIFO, backward=True, follow_fees=FollowFees.FEES_FIRST),
    ):
        with pytest.raises(NoWayBack):
            trace(chain, seeds, parameters)
