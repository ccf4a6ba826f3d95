"""Seeds as people write them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.transaction import TxOutput
from sekisho.chain.chain import NotInChain
from sekisho.errors import SekishoError
from sekisho.tracing.case import Seed
from sekisho.tracing.run import parse_seed
from sekisho.tracing.seeds import MalformedSeed, NoSeeds, UnknownSeed, ordered
from support.chains import address_script, chain_of, coinbase, out, pay

FIRST = coinbase(1, (5, 1), (7, 2))
TOLD, UNTOLD = (OutPoint(Txid(bytes([number]) * 32), number) for number in (7, 8))
LATER = pay([TOLD, UNTOLD], (3, 1))
CHAIN = chain_of([[FIRST], [coinbase(2, (0, 9)), LATER]], told={TOLD: TxOutput(Sats(4), address_script(8))})
TXID = FIRST.txid[::-1].hex()
ADDRESS = show_address(address_script(1), Network.REGTEST)

READ = {
    "an output": (f"{TXID}:1", [("theft", out(FIRST, 1), 7)]),
    "its first satoshis": (f"{TXID}:1=3", [("theft", out(FIRST, 1), 3)]),
    "every output of a transaction": (TXID, [("theft", out(FIRST), 5), ("theft", out(FIRST, 1), 7)]),
    "every output of an address": (f"{ADDRESS}", [("theft", out(FIRST), 5), ("theft", out(LATER), 3)]),
    "a label": (f"June 2024@{TXID}:0", [("June 2024", out(FIRST), 5)]),
    "a label with an at sign": (f"a@b@{TXID}:0", [("a@b", out(FIRST), 5)]),
    "a coin from outside": (f"{TOLD}", [("theft", TOLD, 4)]),
    "a transaction outside": (TOLD.txid[::-1].hex(), [("theft", TOLD, 4)]),
}


@pytest.mark.parametrize("name", READ)
def test_a_seed_is_read(name: str) -> None:
    text, expected = READ[name]
    assert [(seed.label, seed.outpoint, seed.sats) for seed in parse_seed(text, CHAIN)] == expected


REFUSED = {
    "nothing": ("", MalformedSeed),
    "an empty label": (f"@{TXID}:0", MalformedSeed),
    "a label that turns the text round": (f"a\u202eb@{TXID}:0", MalformedSeed),
    "a label over 64 characters": (f"{'a' * 65}@{TXID}:0", MalformedSeed),
    "no satoshis": (f"{TXID}:0=0", MalformedSeed),
    "more than the output holds": (f"{TXID}:0=6", MalformedSeed),
    "part of several outputs": (f"{TXID}=3", MalformedSeed),
    "an amount with a point": (f"{TXID}:0=1.5", MalformedSeed),
    "an output that is not there": (f"{TXID}:2", NotInChain),
    "a transaction that is not there": ("00" * 32, NotInChain),
    "an address that was never paid": (show_address(address_script(77), Network.REGTEST), NotInChain),
    "an address of another network": (show_address(address_script(1), Network.MAIN), MalformedSeed),
    "a coin whose value nobody told": (f"{UNTOLD}", UnknownSeed),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_names_no_stolen_coins_is_refused(name: str) -> None:
    text, error = REFUSED[name]
    assert text is not None
    with pytest.raises(error):
        parse_seed(text, CHAIN)


@given(text=st.text(max_size=80) | st.from_regex(r"[a-z]?@?[0-9a-f]{62,66}:?[0-9]{0,3}=?[0-9]{0,3}", fullmatch=True))
def test_any_text_gives_seeds_or_our_error(text: str) -> None:
    with contextlib.suppress(SekishoError):
        assert parse_seed(text, CHAIN)


def test_a_coin_named_twice_counts_once_with_its_larger_part() -> None:
    seed = parse_seed(f"{TXID}:1=3", CHAIN)[0]
    whole = parse_seed(f"{TXID}:1", CHAIN)[0]
    assert ordered([seed, whole]).seeds == ordered([whole, seed]).seeds == (whole,)


def test_thefts_are_ordered_by_their_earliest_coin() -> None:
    def seed(label: str, txo: int) -> Seed:
        return Seed(label, CHAIN.outpoint(txo), txo, Sats(1))

    assert ordered([seed("b", 1), seed("a", 1), seed("c", 3), seed("c", 0)]).labels == ("c", "a", "b")


def test_no_seeds_are_an_error() -> None:
    with pytest.raises(NoSeeds):
        ordered([])
