"""A parsed block is what Bitcoin Core and the strict transaction parser read, and nothing else is a block."""

import numpy as np
import pbk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import COIN, MAX_MONEY, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput, parse_transaction
from sekisho.bitcoin.wire import compact_size
from sekisho.chain.columns import TxFlag
from sekisho.chain.kernel import RegtestChain, mined
from sekisho.chain.parse import MAX_BLOCK_BYTES, MalformedBlock, _sorted, parse_block
from sekisho.chain.parsed import ParsedBlock
from support.blocks import block_of, header_of, merkle_root_of
from support.chains import NO_COIN, coinbase, flags_of, out, pay
from support.shared import shared

BASE = coinbase(1, (50 * COIN, 1))
PLAIN = pay([out(BASE)], (COIN, 2), (2 * COIN, 3))
WITNESS = Transaction(
    2,
    (TxInput(out(PLAIN), 0xFFFFFFFD, b"", (b"sig", b"")), TxInput(out(PLAIN, 1), 0xFFFFFFFE)),
    (TxOutput(Sats(0), Script(b"\x6a" * 300)), TxOutput(Sats(MAX_MONEY), Script(b""))),
    700_000,
)
BLOCK = block_of([BASE, PLAIN, WITNESS])


def rows_equal(parsed: ParsedBlock, raw: bytes, transactions: list[Transaction]) -> None:
    """The rows say of every transaction what the transaction says of itself."""
    first_out, first_in = parsed.tx_first_out.tolist(), parsed.tx_first_in.tolist()
    assert [bytes(row) for row in parsed.txid] == [each.txid for each in transactions]
    assert parsed.tx_flags.tolist() == [flags_of(each) for each in transactions]
    for tx, transaction in enumerate(transactions):
        outputs = range(first_out[tx], first_out[tx + 1])
        starts = [int(parsed.out_script_at[row]) for row in outputs]
        scripts = [raw[at : at + int(parsed.out_script_length[row])] for at, row in zip(starts, outputs, strict=True)]
        assert [int(parsed.out_sats[row]) for row in outputs] == [each.sats for each in transaction.outputs]
        assert scripts == [each.script for each in transaction.outputs]
        inputs = range(first_in[tx], first_in[tx + 1])
        names = [OutPoint(Txid(bytes(parsed.in_txid[row])), int(parsed.in_vout[row])) for row in inputs]
        assert names == ([each.outpoint for each in transaction.inputs] if tx else [])
    assert len(parsed.out_sats) == first_out[-1]
    assert len(parsed.in_vout) == len(parsed.in_txid) == first_in[-1]
    order = sorted((each.txid[:8], tx) for tx, each in enumerate(transactions))
    assert [(int(prefix).to_bytes(8, "big")) for prefix in parsed.sorted_prefix] == [prefix for prefix, _ in order]
    assert parsed.sorted_tx.tolist() == [tx for _, tx in order]


def test_the_rows_are_what_each_transaction_says() -> None:
    parsed = parse_block(BLOCK, Network.REGTEST)
    rows_equal(parsed, BLOCK, [BASE, PLAIN, WITNESS])
    assert TxFlag(int(parsed.tx_flags[2])) == (
        TxFlag.SEGWIT | TxFlag.VERSION_2 | TxFlag.LOCKTIME | TxFlag.NOT_FINAL | TxFlag.REPLACEABLE
    )
    assert [parsed.in_txid.dtype, parsed.in_txid.flags.c_contiguous] == [np.uint8, True]
    assert parse_block(memoryview(bytearray(BLOCK)), Network.REGTEST).hash == parsed.hash


def test_a_block_of_mainnet_is_read_as_bitcoin_core_reads_it() -> None:
    raw = shared("data/blocks/mainnet_300025.raw").read_bytes()
    parsed = parse_block(raw, Network.MAIN)
    transactions = [parse_transaction(bytes(each)) for each in pbk.Block(raw).transactions]
    rows_equal(parsed, raw, transactions)
    assert (len(parsed.txid), len(parsed.in_vout)) == (461, 1427)
    assert parsed.hash[::-1].hex() == "0000000000000000821c4e0acc40f88bedbce3b73ba2358b5ade58a9022cc78c"


def test_blocks_of_the_regtest_chain_are_read_as_they_were_made() -> None:
    with RegtestChain() as chain:
        raw = mined(chain.tip, 1, [PLAIN, WITNESS])
        parsed = parse_block(raw, Network.REGTEST)
        assert parsed.previous == chain.tip
    made = [parse_transaction(bytes(each)) for each in pbk.Block(raw).transactions]
    rows_equal(parsed, raw, made)
    assert made[1:] == [PLAIN, WITNESS]


INPUT = st.builds(
    TxInput,
    st.builds(OutPoint, st.binary(min_size=32, max_size=32).map(Txid), st.integers(0, 0xFFFFFFFE)),
    st.sampled_from([0, 1, 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFF]),
    st.binary(max_size=300),
    st.lists(st.binary(max_size=300), max_size=3).map(tuple),
)
OUTPUT = st.builds(TxOutput, st.integers(0, MAX_MONEY).map(Sats), st.binary(max_size=300).map(Script))
TRANSACTION = st.builds(
    Transaction,
    st.sampled_from([-1, 0, 1, 2, 3]),
    st.lists(INPUT, min_size=1, max_size=4).map(tuple),
    st.lists(OUTPUT, min_size=1, max_size=4).map(tuple),
    st.sampled_from([0, 1, 0xFFFFFFFF]),
)


@given(st.lists(TRANSACTION, max_size=6))
def test_whatever_transactions_a_block_holds_its_rows_say_so(transactions: list[Transaction]) -> None:
    chosen = [BASE, *transactions]
    if len({each.txid for each in chosen}) < len(chosen):
        return
    raw = block_of(chosen)
    rows_equal(parse_block(raw, Network.REGTEST), raw, chosen)


def refused(raw: bytes, network: Network = Network.REGTEST) -> MalformedBlock:
    with pytest.raises(MalformedBlock) as caught:
        parse_block(raw, network)
    return caught.value


def with_body(body: bytes) -> bytes:
    """A block of these bytes under a header that is right about nothing but its work."""
    return header_of(bytes(32)) + body


NO_TARGETS = {
    "zero": 0x20000000,
    "negative": 0x20FFFFFF,
    "above 256 bits": 0x217FFFFF,
    "easier than the network's easiest": 0x2100FFFF,
}


@pytest.mark.parametrize("bits", NO_TARGETS.values(), ids=NO_TARGETS)
def test_a_target_that_is_none_is_refused(bits: int) -> None:
    assert "is no target" in refused(header_of(bytes(32), bits=bits) + BLOCK[80:]).why


def test_a_header_without_enough_work_is_refused() -> None:
    root = merkle_root_of([BASE, PLAIN, WITNESS])
    assert "above its target" in refused(header_of(root, enough=False) + BLOCK[80:]).why
    assert "is no target on main" in refused(BLOCK, Network.MAIN).why


def test_a_block_says_where_it_is_wrong() -> None:
    start = 81
    plain = BASE.serialize()
    amount = start + len(plain) - 4 - 22 - 1 - 8
    negative = BLOCK[:amount] + (-1).to_bytes(8, "little", signed=True) + BLOCK[amount + 8 :]
    assert (refused(negative).at, refused(negative).why) == (amount, "an amount is below 0 or above 21 million bitcoin")
    rich = BLOCK[:amount] + (MAX_MONEY + 1).to_bytes(8, "little") + BLOCK[amount + 8 :]
    assert refused(rich).at == amount
    assert (refused(BLOCK + b"\x00").at, refused(BLOCK + b"\x00").why) == (len(BLOCK), "1 bytes too many")
    assert refused(with_body(b"\x00")).why == "its first transaction is no coinbase"
    assert refused(with_body(b"\xfd\x01\x00" + bytes(100))).why == "a length is not in its shortest form"
    assert refused(with_body(b"\xff" + b"\xff" * 100)).why == "it claims more items than its bytes can hold"
    assert "more than a block can hold" in refused(BLOCK + bytes(MAX_BLOCK_BYTES)).why


def test_every_cut_of_a_block_is_refused() -> None:
    for length in range(len(BLOCK)):
        refused(BLOCK[:length])


WRONG_LISTS = {
    "no coinbase": [PLAIN],
    "a second coinbase": [BASE, coinbase(2, (1, 1))],
    "an input without a coin among others": [BASE, pay([out(BASE), NO_COIN], (1, 1))],
    "a coinbase with two inputs": [pay([NO_COIN, out(BASE)], (1, 1))],
}


@pytest.mark.parametrize("transactions", WRONG_LISTS.values(), ids=WRONG_LISTS)
def test_the_first_transaction_and_no_other_is_a_coinbase(transactions: list[Transaction]) -> None:
    assert "coin" in refused(block_of(transactions)).why


def test_a_transaction_without_inputs_outputs_or_the_witness_it_claims_is_refused() -> None:
    no_inputs = BASE.serialize()[:4] + b"\x00" + bytes(60)
    assert refused(with_body(b"\x01" + no_inputs)).why == "a transaction has no inputs"
    bare = Transaction(2, (TxInput(NO_COIN, 0, b"\x00" * 20),), (), 0)
    assert refused(with_body(b"\x01" + bare.serialize())).why == "a transaction has no outputs"
    raw = BASE.serialize()
    claimed = raw[:4] + b"\x00\x01" + raw[4:-4] + b"\x00" + raw[-4:]
    assert refused(with_body(b"\x01" + claimed)).why == "a transaction says it has a witness and has none"


def test_other_transactions_than_the_header_names_are_refused() -> None:
    other = block_of([BASE, PLAIN])
    body = compact_size(2) + BASE.serialize() + pay([out(BASE)], (COIN, 7)).serialize()
    assert "merkle root" in refused(other[:80] + body).why


def test_a_repeated_tail_with_the_same_merkle_root_is_refused() -> None:
    """CVE-2012-2459."""
    longer = BLOCK[:80] + b"\x04" + b"".join(each.serialize() for each in (BASE, PLAIN, WITNESS, WITNESS))
    assert refused(longer).why == "its merkle root is that of a shorter list of transactions, too"


@given(st.binary(max_size=300))
def test_any_body_gives_a_block_or_malformed_block(body: bytes) -> None:
    refused(with_body(body))


@given(st.data())
def test_a_block_with_bytes_changed_gives_malformed_block(data: st.DataObject) -> None:
    raw = bytearray(BLOCK)
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(80, len(raw) - 1))] = data.draw(st.integers(0, 255))
    if raw != BLOCK and parse_block_or_none(bytes(raw)) is not None:
        # only what no txid covers can change: the witness
        assert (
            parse_block(bytes(raw), Network.REGTEST).txid.tobytes()
            == parse_block(BLOCK, Network.REGTEST).txid.tobytes()
        )


def parse_block_or_none(raw: bytes) -> ParsedBlock | None:
    try:
        return parse_block(raw, Network.REGTEST)
    except MalformedBlock:
        return None


def test_transactions_whose_txids_begin_alike_stay_in_their_order() -> None:
    """Nobody can make such txids in a test; how an unstable sort turns them depends on the processor."""
    prefixes = np.array([7, *[5] * 400, 6, *[5] * 400], np.uint64)
    assert _sorted(prefixes).tolist() == [*range(1, 401), *range(402, 802), 401, 0]
