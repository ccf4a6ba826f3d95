"""The made-up sequel to the DMM theft: exact amounts, always the same, and never to be taken for real."""

import json
from itertools import pairwise

from sekisho.bitcoin.address import parse_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, show_txid
from sekisho.chain.esplora_json import parse_esplora_transactions
from sekisho.chain.kernel import verifies
from sekisho.replay import facts
from sekisho.replay.laundering import FEE, NOTICE, STORAGE, Laundering, Step, laundering, laundering_file
from support.shared import shared

RUN = laundering()
PART = 45_029_000_000


def test_it_begins_with_the_real_theft_of_4502_9_btc() -> None:
    theft = RUN.steps[0]
    assert theft.real
    assert show_txid(theft.transaction.txid) == "975ec405ac9dc9fa5ab8009d94d6a1fe31dff8a8127ea90d023104e52754e4d7"
    assert [each.sats for each in theft.transaction.outputs] == [450_290_000_000]
    assert verifies(theft.transaction, theft.coins)


def test_the_split_pays_a_tenth_to_each_of_the_ten_addresses() -> None:
    split = RUN.step("the split to ten addresses").transaction
    assert [each.outpoint for each in split.inputs] == [OutPoint(facts.theft().txid, 0)]
    assert [each.sats for each in split.outputs] == [PART] * 9 + [PART - FEE, 0]
    scripts = [parse_address(each, Network.MAIN) for each in STORAGE]
    assert [each.script for each in split.outputs[:10]] == scripts
    assert len(set(scripts)) == 10


def test_the_ten_addresses_are_those_on_record() -> None:
    document = json.loads(shared("data/dmm/addresses.json").read_text())
    assert tuple(each["address"] for each in document["addresses"] if each["role"] == "attacker_storage") == STORAGE


def test_it_is_always_the_same() -> None:
    assert laundering_file(laundering()) == laundering_file(RUN)


def test_every_made_up_transaction_says_so_and_could_never_be_mined() -> None:
    for step in RUN.steps[1:]:
        assert not step.real
        assert all(NOTICE in each.script_sig and not each.witness for each in step.transaction.inputs)
        if step.what != "a mix":
            assert any(each.script == b"\x6a\x12" + NOTICE for each in step.transaction.outputs)
        assert not verifies(step.transaction, step.coins)


def test_each_step_spends_what_an_earlier_one_made_and_no_satoshi_comes_from_nowhere() -> None:
    made = {coin.outpoint: coin for coin in RUN.steps[0].coins}
    for step in RUN.steps:
        foreign = [coin for coin in step.coins if made.pop(coin.outpoint, None) != coin]
        assert len(foreign) == (20 if step.what == "a mix" else 0)
        outputs = step.transaction.outputs
        assert sum(each.sats for each in step.coins) > sum(each.sats for each in outputs)
        coins = [step.transaction.coin(at) for at in range(len(outputs))]
        made |= {coin.outpoint: coin for coin in coins if coin.sats}


def test_it_holds_a_peel_chain_a_mix_bridge_deposits_and_deposits_to_an_exchange() -> None:
    hops = [each for each in RUN.steps if each.what == "a hop of a peel chain"]
    assert len(hops) == 12
    for before, after in pairwise(hops):
        assert after.coins == (before.transaction.coin(1),)
    mix = RUN.step("a mix")
    amounts = [each.sats for each in mix.transaction.outputs]
    assert [each.sats for each in mix.coins] == sorted((each.sats for each in mix.coins), reverse=True)
    assert amounts == sorted(amounts, reverse=True)
    assert len(mix.coins) == 25
    assert _paying(RUN, RUN.exchange) == 5
    assert _paying(RUN, RUN.vault) == 3
    memos = [each for step in RUN.steps for each in step.transaction.outputs if b"=:ETH.ETH:0x" in each.script]
    assert len(memos) == 3


def test_other_tools_read_it_as_esploras_json() -> None:
    told = parse_esplora_transactions(laundering_file(RUN))
    assert [each.transaction for each in told] == [each.transaction for each in RUN.steps]
    assert all(each.block is None for each in told)
    spent = [tuple(output for output in each.spent if output) for each in told]
    assert [tuple((o.sats, o.script) for o in each) for each in spent] == [_spent(step) for step in RUN.steps]


def _paying(run: Laundering, script: bytes) -> int:
    return sum(output.script == script for step in run.steps for output in step.transaction.outputs)


def _spent(step: Step) -> tuple[tuple[int, bytes], ...]:
    return tuple((coin.sats, coin.script) for coin in step.coins)
