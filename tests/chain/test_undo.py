"""Spent coins are read as Bitcoin Core writes them, for the block they belong to and no other."""

from contextlib import suppress
from itertools import chain, pairwise

import pytest
from coincurve import PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import MAX_MONEY
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.wire import compact_size
from sekisho.chain.heights import named_height
from sekisho.chain.kernel import mined
from sekisho.chain.parse import parse_block
from sekisho.chain.parsed import ParsedBlock, SpentCoins
from sekisho.chain.undo import MalformedSpentCoins, MalformedUndo, parse_spent, parse_undo
from support.blocks import block_of
from support.chains import coinbase, pay
from support.shared import shared
from support.undo import UndoCoin, packed_script, spent_of, undo_of, varint

KEY = PrivateKey(b"\x01" * 32).public_key
SCRIPTS = {
    "pay to public key hash": b"\x76\xa9\x14" + b"h" * 20 + b"\x88\xac",
    "pay to script hash": b"\xa9\x14" + b"s" * 20 + b"\x87",
    "pay to a short key": b"\x21" + KEY.format() + b"\xac",
    "pay to a short key that is none": b"\x21\x02" + b"\xff" * 32 + b"\xac",
    "pay to a long key": b"\x41" + KEY.format(compressed=False) + b"\xac",
    "pay to another long key": b"\x41" + PrivateKey(b"\x02" * 32).public_key.format(compressed=False) + b"\xac",
    "pay to a long key that is none": b"\x41\x04" + b"\xff" * 64 + b"\xac",
    "what looks like half a key": b"\x41\x02" + b"\x01" * 64 + b"\xac",
    "empty": b"",
    "the longest": b"\x51" * 10_000,
}
AMOUNTS = [0, 1, 9, 10, 99, 100_000_000, 4_999_999_999, 4_000_000_000, 10**15, MAX_MONEY - 1, MAX_MONEY]


def block_spending(*counts: int) -> ParsedBlock:
    """A block whose transactions after the coinbase have this many inputs."""
    names = [
        [OutPoint(Txid(bytes([tx]) * 32), number) for number in range(count)] for tx, count in enumerate(counts, 1)
    ]
    return parse_block(block_of([coinbase(1, (1, 1)), *(pay(each, (1, 1)) for each in names)]), Network.REGTEST)


def told(coins: SpentCoins) -> list[tuple[int, int, bytes]]:
    text = coins.script_bytes.tobytes()
    starts = coins.script_start.tolist()
    scripts = [text[start:end] for start, end in pairwise(starts)]
    assert starts[-1] == len(text)
    return list(zip(coins.height.tolist(), coins.sats.tolist(), scripts, strict=True))


COIN = st.builds(
    UndoCoin,
    st.integers(1, 0x7FFFFFFF),
    st.booleans(),
    st.sampled_from(AMOUNTS) | st.integers(0, MAX_MONEY),
    (st.sampled_from(list(SCRIPTS.values())) | st.binary(max_size=100)).map(Script),
)


@given(st.lists(st.lists(COIN, min_size=1, max_size=4), max_size=4))
def test_what_core_writes_of_a_coin_is_read(transactions: list[list[UndoCoin]]) -> None:
    block = block_spending(*map(len, transactions))
    coins = list(chain(*transactions))
    assert told(parse_undo(undo_of(transactions), block)) == [(each.height, each.sats, each.script) for each in coins]
    assert told(parse_spent(spent_of(coins), block)) == [(-1, each.sats, each.script) for each in coins]


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_every_kind_of_script_comes_back(script: bytes) -> None:
    coins = [UndoCoin(7, False, sats, Script(script)) for sats in AMOUNTS]
    assert told(parse_undo(undo_of([coins]), block_spending(len(coins)))) == [(7, each.sats, script) for each in coins]


def test_a_height_of_0_is_one_not_told() -> None:
    """Very old versions of Bitcoin Core wrote it (undo.h), and no version behind it."""
    coins = [UndoCoin(0, True, 5, Script(b"\x51")), UndoCoin(3, False, 6, Script(b"\x52"))]
    assert told(parse_undo(undo_of([coins]), block_spending(2))) == [(-1, 5, b"\x51"), (3, 6, b"\x52")]


def test_a_block_without_spends_has_undo_data_of_one_byte() -> None:
    assert told(parse_undo(b"\x00", block_spending())) == []
    assert told(parse_spent(b"", block_spending())) == []


ONE = UndoCoin(1, False, 1, Script(b"\x51"))
NO_UNDO = {
    "fewer transactions": (undo_of([[ONE]]), "the block has another number of transactions"),
    "more transactions": (undo_of([[ONE], [ONE, ONE], [ONE]]), "the block has another number of transactions"),
    "inputs the other way round": (undo_of([[ONE, ONE], [ONE]]), "the transaction has another number of inputs"),
    "a byte too many": (undo_of([[ONE], [ONE, ONE]]) + b"\x00", "1 bytes too many"),
    "a count in a longer form": (b"\xfd\x02\x00" + undo_of([[ONE], [ONE, ONE]])[1:], "not in its shortest form"),
    "more than 21 million": (b"\x02\x01\x02\x00" + varint(10**17) + b"\x07\x51", "an amount"),
    "a satoshi more than 21 million": (
        undo_of([[UndoCoin(1, False, MAX_MONEY + 1, Script(b"\x51"))], [ONE, ONE]]),
        "an amount",
    ),
    "a number without end": (b"\x02\x01" + b"\xff" * 40, "a number is too large"),
    "a script too long to be spent": (b"\x02\x01\x02\x00\x00" + varint(10_007) + bytes(10_001), "too large"),
    "half a key of no point": (
        undo_of([[ONE], [ONE]])[:-1][:2] + b"\x02\x00\x00\x04" + b"\xff" * 32 + undo_of([[ONE, ONE]])[1:],
        "no point of the curve",
    ),
}


@pytest.mark.parametrize(("raw", "why"), NO_UNDO.values(), ids=NO_UNDO)
def test_what_is_not_this_blocks_undo_data_is_refused(raw: bytes, why: str) -> None:
    with pytest.raises(MalformedUndo, match=why):
        parse_undo(raw, block_spending(1, 2))


def test_every_cut_is_refused() -> None:
    block = block_spending(1, 2)
    coins = [UndoCoin(9, True, each, Script(script)) for each, script in zip(AMOUNTS, SCRIPTS.values(), strict=False)]
    whole, spent = undo_of([coins[:1], coins[1:3]]), spent_of(coins[:3])
    for length in range(len(whole)):
        with pytest.raises(MalformedUndo):
            parse_undo(whole[:length], block)
    for length in range(len(spent)):
        with pytest.raises(MalformedSpentCoins):
            parse_spent(spent[:length], block)
    with pytest.raises(MalformedSpentCoins, match="1 bytes too many"):
        parse_spent(spent + b"\x00", block)
    for amount in (-1, MAX_MONEY + 1):
        with pytest.raises(MalformedSpentCoins, match="an amount"):
            parse_spent(amount.to_bytes(8, "little", signed=True) + spent[8:], block)


@given(st.binary(max_size=200))
def test_any_bytes_give_coins_or_our_error(raw: bytes) -> None:
    block = block_spending(1, 2)
    for start in (raw, undo_of([[ONE], [ONE, ONE]])[:-3] + raw):
        with suppress(MalformedUndo):
            assert len(parse_undo(start, block).sats) == 3
        with suppress(MalformedSpentCoins):
            assert len(parse_spent(start, block).sats) == 3


def test_a_block_of_mainnet_pays_its_fees_to_the_satoshi() -> None:
    raw = shared("data/blocks/mainnet_300025.raw").read_bytes()
    block = parse_block(raw, Network.MAIN)
    coins = parse_spent(shared("data/blocks/mainnet_300025_undo.raw").read_bytes(), block)
    made = int(block.out_sats[: block.tx_first_out[1]].sum())
    paid = int(block.out_sats[block.tx_first_out[1] :].sum())
    assert (len(coins.sats), int(coins.sats.sum()) - paid, made) == (1427, 7_773_345, 2_500_000_000 + 7_773_345)
    again = undo_of(
        [
            [
                UndoCoin(1, False, sats, Script(script))
                for _, sats, script in told(coins)[int(block.tx_first_in[tx]) : int(block.tx_first_in[tx + 1])]
            ]
            for tx in range(1, len(block.txid))
        ]
    )
    assert told(parse_undo(again, block)) == [(1, sats, script) for _, sats, script in told(coins)]
    assert named_height(raw) == 300_025


@pytest.mark.parametrize("height", [1, 16, 17, 127, 128, 255, 256, 32_767, 32_768, 4_000_000])
def test_a_block_names_its_height(height: int) -> None:
    raw = mined(bytes(32), height)
    assert named_height(raw) == height
    assert named_height(b"\x01\x00\x00\x00" + raw[4:]) is None


def test_the_writer_of_these_tests_packs_what_core_packs() -> None:
    """Bitcoin Core, compress_tests.cpp."""
    assert [len(packed_script(Script(SCRIPTS[name]))) for name in list(SCRIPTS)[:4]] == [21, 21, 33, 33]
    assert len(packed_script(Script(SCRIPTS["pay to a long key"]))) == 33
    assert compact_size(0) == varint(0)
