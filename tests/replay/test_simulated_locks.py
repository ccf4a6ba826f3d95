"""What a simulated chain is made of: locks that Bitcoin Core opens, signatures with one nonce, standard amounts."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.keys import verify_ecdsa, verify_schnorr
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.sighash import shared_by_inputs
from sekisho.bitcoin.transaction import Coin, Transaction, TxInput, TxOutput
from sekisho.chain.kernel import verifies
from sekisho.replay.simulation.keys import Keys, sign_ecdsa, sign_schnorr
from sekisho.replay.simulation.locks import VBYTES, Lock, LockKind, Spending, new_lock
from sekisho.replay.simulation.mixes import in_standard_amounts

SIGNED = {LockKind.P2WPKH, LockKind.P2TR, LockKind.P2PKH}
PAYEE = Script(b"\x00\x14" + bytes(20))


def spend(locks: Sequence[Lock], paid: int = 1_000) -> tuple[Transaction, list[Coin]]:
    """All these locks opened in one transaction, and the coins behind them."""
    coins = [Coin(OutPoint(Txid(bytes(32)), at), Sats(5_000 + at), lock.script) for at, lock in enumerate(locks)]
    outputs = (TxOutput(Sats(paid), PAYEE),)
    bare = Transaction(2, tuple(TxInput(each.outpoint, 0xFFFFFFFD) for each in coins), outputs, 7)
    spending = Spending(bare, coins, shared_by_inputs(bare))
    return Transaction(2, tuple(lock.open(spending, at) for at, lock in enumerate(locks)), outputs, 7), coins


def test_bitcoin_core_accepts_how_every_kind_of_lock_is_opened_and_nothing_altered() -> None:
    keys = Keys(1)
    for kind in LockKind:
        transaction, coins = spend([new_lock(kind, keys), new_lock(LockKind.VAULT, keys), new_lock(kind, keys)])
        assert verifies(transaction, coins), kind
        altered = Transaction(2, transaction.inputs, (TxOutput(Sats(1_001), PAYEE),), 7)
        assert verifies(altered, coins) == (kind not in SIGNED)


@pytest.mark.parametrize("kind", LockKind)
def test_an_input_is_as_large_as_the_fee_reckons(kind: LockKind) -> None:
    one, two = (spend([new_lock(kind, Keys(2))] * count)[0].vsize for count in (1, 2))
    assert VBYTES[kind] - 2 <= two - one <= VBYTES[kind]


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_signatures_with_the_common_nonce_are_good(seed: int, digest: bytes) -> None:
    pair = Keys(seed).fresh()
    assert verify_ecdsa(pair.public, digest, sign_ecdsa(pair.secret, digest))
    assert verify_schnorr(pair.public[1:], digest, sign_schnorr(pair, digest))


def test_keys_never_repeat_and_follow_from_the_seed() -> None:
    row, again, other = Keys(1), Keys(1), Keys(2)
    made = [row.fresh() for _ in range(50)]
    assert [again.fresh() for _ in range(50)] == made
    assert len({each.public for each in made} | {other.fresh().public}) == 51
    assert len({row.filler() for _ in range(50)}) == 50


@given(st.integers(0, 100 * COIN), st.integers(1, 12), st.integers(0, 5_000))
def test_standard_amounts_never_sum_to_more_than_there_was(worth: int, most: int, cost: int) -> None:
    amounts = in_standard_amounts(worth, most, cost)
    assert len(amounts) <= most + 1
    assert sum(amounts) + cost * len(amounts) <= worth or not amounts
    assert all(each > 0 for each in amounts)
