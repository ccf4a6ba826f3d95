"""A simulated chain: Bitcoin Core took every block, the same seed gives the same bytes, and the truth is true."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pbk
import pytest

from sekisho.bitcoin.hashes import sha256d
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.script import ScriptType, script_type
from sekisho.bitcoin.transaction import Transaction, TxOutput, parse_transaction
from sekisho.bitcoin.wire import Reader
from sekisho.errors import SekishoError
from sekisho.replay.simulation.settings import Settings, UnfitSettings
from sekisho.replay.simulation.simulate import FolderInUse, simulate
from sekisho.replay.simulation.truth import MIXES, ActorKind, Kind, Truth, truth_file
from sekisho.replay.simulation.world import POOL_SIZES

SMALL = Settings(seed=7, blocks=220, megabytes=2)


@dataclass(frozen=True)
class Written:
    """A chain as it lies in its files, read without any code of ours but the parser of transactions."""

    folder: Path
    truth: Truth
    blocks: tuple[bytes, ...]
    """From genesis, in the order of the file."""
    transactions: Mapping[Txid, Transaction]

    def spent(self, txid: Txid) -> list[TxOutput]:
        """The outputs that a transaction spends."""
        inputs = self.transactions[txid].inputs
        return [self.transactions[each.outpoint.txid].outputs[each.outpoint.vout] for each in inputs]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    folder = tmp_path_factory.mktemp("chain")
    truth = simulate(folder, SMALL)
    blocks = tuple(records(folder / "blocks"))
    return Written(folder, truth, blocks, {each.txid: each for raw in blocks for each in transactions(raw)})


def records(folder: Path) -> Iterator[bytes]:
    """The blocks of Bitcoin Core's first file."""
    key = (folder / "xor.dat").read_bytes()
    masked = (folder / "blk00000.dat").read_bytes()
    raw = bytes(byte ^ key[at % 8] for at, byte in enumerate(masked.rstrip(b"\0")))
    at = 0
    while raw[at : at + 4] == bytes.fromhex("fabfb5da"):
        size = int.from_bytes(raw[at + 4 : at + 8], "little")
        yield raw[at + 8 : at + 8 + size]
        at += 8 + size


def transactions(raw: bytes) -> Iterator[Transaction]:
    for each in pbk.Block(raw).transactions:
        yield parse_transaction(bytes(each))


def test_the_files_hold_one_chain_of_the_wanted_length_and_size(written: Written) -> None:
    heads = [sha256d(raw[:80]) for raw in written.blocks]
    assert len(heads) == SMALL.blocks + 1
    assert [raw[4:36] for raw in written.blocks[1:]] == heads[:-1]
    assert heads[-1] == written.truth.tip.hash
    assert written.truth.tip.height == SMALL.blocks
    assert 0.9 < sum(map(len, written.blocks)) / 2_000_000 < 1.2
    assert (written.folder / "blocks" / "rev00000.dat").stat().st_size


def test_the_same_settings_give_the_same_bytes_and_another_seed_others(written: Written, tmp_path: Path) -> None:
    again = simulate(tmp_path / "again", SMALL)
    assert again == written.truth
    for name in ("blk00000.dat", "rev00000.dat", "xor.dat"):
        assert (tmp_path / "again" / "blocks" / name).read_bytes() == (written.folder / "blocks" / name).read_bytes()
    assert simulate(tmp_path / "other", Settings(seed=8, blocks=200, megabytes=1)).tip.hash != written.truth.tip.hash


def test_the_truth_names_every_transaction_once_in_chain_order(written: Written) -> None:
    paid = [each.txid for raw in written.blocks for each in list(transactions(raw))[1:]]
    assert [each.txid for each in written.truth.transactions] == paid
    heights = {each.txid: height for height, raw in enumerate(written.blocks) for each in transactions(raw)}
    assert all(each.height == heights[each.txid] for each in written.truth.transactions)


def test_everything_that_is_to_be_found_happens(written: Written) -> None:
    assert {each.kind for each in written.truth.transactions} >= set(Kind) - {Kind.REPLACEMENT}
    assert {each.kind for each in written.truth.actors} == set(ActorKind)
    heights = {each.txid: each.height for each in written.truth.transactions}
    parents = {(each, spend.outpoint.txid) for each in heights for spend in written.transactions[each].inputs}
    assert any(heights[child] == heights.get(parent) for child, parent in parents)
    assert {each.version for each in written.transactions.values()} == {1, 2}
    assert {script_type(out.script) for each in written.transactions.values() for out in each.outputs} >= {
        ScriptType.P2PKH,
        ScriptType.P2WPKH,
        ScriptType.P2WSH,
        ScriptType.P2TR,
    }


def test_every_script_belongs_to_one_actor_and_change_to_who_paid(written: Written) -> None:
    owners = {script: actor.name for actor in written.truth.actors for script in actor.scripts}
    assert len(owners) == sum(len(actor.scripts) for actor in written.truth.actors)
    for each in written.truth.transactions:
        transaction = written.transactions[each.txid]
        paying = {owners[coin.script] for coin in written.spent(each.txid)}
        if each.kind not in MIXES:
            assert len(paying) == 1
        if each.change is not None:
            assert {owners[transaction.outputs[each.change].script]} == paying
    hot = [actor for actor in written.truth.actors if actor.kind is ActorKind.EXCHANGE]
    assert all(len(actor.hot) == 2 and set(actor.hot) < set(actor.scripts) for actor in hot)


def test_each_mix_has_several_owners_and_the_shape_of_its_kind(written: Written) -> None:
    owners = {script: actor.name for actor in written.truth.actors for script in actor.scripts}
    for kind in MIXES:
        for each in written.truth.of(kind):
            outs = [output.sats for output in written.transactions[each.txid].outputs]
            coins = [coin.sats for coin in written.spent(each.txid)]
            assert len({owners[coin.script] for coin in written.spent(each.txid)}) >= 3
            equal = max(map(outs.count, outs))
            match kind:
                case Kind.WASABI_1:
                    assert equal >= 10
                    assert len(coins) >= equal
                case Kind.WASABI_2:
                    assert len(coins) >= 20
                    assert (coins, outs) == (sorted(coins, reverse=True), sorted(outs, reverse=True))
                case Kind.WHIRLPOOL:
                    assert set(outs) <= {outs[0]} <= set(POOL_SIZES)
                    assert len(coins) == len(outs) == 5
                    assert 1 <= coins.count(outs[0]) < 5
                case _:
                    assert equal >= 3
                    assert len(outs) in (2 * equal, 2 * equal - 1)


def test_a_tx_zero_makes_coins_a_little_above_a_pool(written: Written) -> None:
    for each in written.truth.of(Kind.WHIRLPOOL_TX0):
        note, _, *premix, _ = written.transactions[each.txid].outputs
        assert note.script[:1] == b"\x6a"
        assert any(0 < premix[0].sats - size <= 110_000 for size in POOL_SIZES)
        assert {output.sats for output in premix} == {premix[0].sats}


def test_look_alikes_have_one_owner_and_equal_outputs(written: Written) -> None:
    for kind in (Kind.EQUAL_PAYOUT, Kind.EQUAL_REFILL, Kind.STONEWALL):
        for each in written.truth.of(kind):
            outs = [output.sats for output in written.transactions[each.txid].outputs]
            assert max(map(outs.count, outs)) >= 2


def test_each_hop_of_a_peel_chain_spends_the_change_of_the_one_before(written: Written) -> None:
    labels = {each.txid: each for each in written.truth.transactions}
    assert max(len(chain.hops) for chain in written.truth.peel_chains) >= 15
    for chain in written.truth.peel_chains:
        for hop in chain.hops:
            assert labels[hop].kind is Kind.PEEL
            assert (len(written.transactions[hop].inputs), len(written.transactions[hop].outputs)) == (1, 2)
        for before, after in pairwise(chain.hops):
            change = labels[before].change
            assert change is not None
            assert written.transactions[after].inputs[0].outpoint == OutPoint(before, change)


def test_the_theft_takes_an_exchanges_coins_and_is_laundered(written: Written) -> None:
    (theft,) = written.truth.thefts
    (seed,) = theft.seeds
    owners = {script: actor.name for actor in written.truth.actors for script in actor.scripts}
    assert {owners[coin.script] for coin in written.spent(theft.txid)} == {theft.victim}
    stolen = written.transactions[theft.txid].outputs[seed.outpoint.vout]
    assert (owners[stolen.script], stolen.sats, seed.outpoint.txid) == (theft.thief, seed.sats, theft.txid)
    assert seed.sats == 449_90000000  # nine rewards of 50 BTC less a fee of 0.1
    theirs = {each.kind for each in written.truth.transactions if each.actor == theft.thief}
    assert theirs >= {Kind.THEFT, Kind.SPLIT, Kind.PEEL, Kind.BRIDGE, Kind.DEPOSIT, Kind.WHIRLPOOL_TX0}
    for kind in (Kind.WASABI_1, Kind.WASABI_2, Kind.WHIRLPOOL, Kind.JOINMARKET):
        inputs = [coin for each in written.truth.of(kind) for coin in written.spent(each.txid)]
        assert any(owners[coin.script] == theft.thief for coin in inputs), kind


def test_bridge_deposits_carry_their_memo(written: Written) -> None:
    for each in written.truth.bridges:
        note = written.transactions[each.txid].outputs[-1].script
        reader = Reader(note[1:], SekishoError)
        assert reader.sized() == each.memo.encode()
        assert each.memo.startswith("=:ETH.ETH:0x")


def test_a_longer_branch_takes_over_and_repeats_most_payments(tmp_path: Path) -> None:
    before: list[Truth] = []
    settings = Settings(seed=3, blocks=210, megabytes=1, overtaken=9)
    after = simulate(tmp_path, settings, before_overtaking=before.append)
    hashes = [sha256d(raw[:80]) for raw in records(tmp_path / "blocks")]
    assert (before[0].tip.height, after.tip.height) == (210, 211)
    assert hashes[202:211] == list(after.stale)
    assert (hashes[210], hashes[220]) == (before[0].tip.hash, after.tip.hash)
    then, now = ({each.txid for each in truth.transactions} for truth in (before[0], after))
    again = after.of(Kind.REPLACEMENT)
    assert len(then - now) == len(now - then) == len(again) > 0


def test_the_truth_file_says_the_same(written: Written) -> None:
    document = json.loads(truth_file(written.truth))
    assert document["tip"]["height"] == 220
    assert document["thefts"][0]["seeds"][0]["sats"] == str(written.truth.thefts[0].seeds[0].sats)
    assert [bytes.fromhex(each["txid"])[::-1] for each in document["transactions"]] == [
        each.txid for each in written.truth.transactions
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"blocks": 100},
        {"blocks": 20_001},
        {"megabytes": 0},
        {"megabytes": 5_000},
        {"thefts": 6},
        {"overtaken": 101},
        {"seed": -1},
    ],
)
def test_settings_that_no_chain_can_have_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UnfitSettings):
        Settings(**wrong)


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "blk00000.dat").write_bytes(b"mine")
    with pytest.raises(FolderInUse):
        simulate(tmp_path, SMALL)
    assert (tmp_path / "blocks" / "blk00000.dat").read_bytes() == b"mine"
