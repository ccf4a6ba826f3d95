"""Addresses: the network is checked, the spelling is one, and scripts without a meaning are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.address import MalformedAddress, parse_address, show_address
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script

KNOWN = {  # BIP-173, BIP-350 and the chain
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4": (Network.MAIN, "0014751e76e8199196d454941c45d1b3a323f1433bd6"),
    "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7": (
        Network.SIGNET,
        "00201863143c14c5166804bd19203356da136c985678cd4d27a1b8c6329604903262",
    ),
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": (
        Network.MAIN,
        "512079be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
    ),
    "1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P": (Network.MAIN, "76a9146ecc7ca14dbbec62541db5281f83b01e253b987488ac"),
    "3P8MfdM4pULv7ozdQvfwAqNF29zAjmnUYD": (Network.MAIN, "a914eb25855f1c231b6899e15e5e8aabf5a62f6c4d6387"),
}

REFUSED = {
    "upper case": "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
    "mixed case": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kV8f3t4",
    "a wrong checksum": "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5",
    "version 0 with the checksum of version 1": "bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq54wd6u",
    "version 1 with the checksum of version 0": "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
    "witness version 2": "bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs",
    "witness version 16": "BC1SW50QGDZ25J",
    "version 1 with 40 bytes": "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y",
    "no data": "bc1gmk9yu",
    "another network": "tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx",
    "a base58 address with a wrong character": "1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7Q",
    "a base58 address of testnet": "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn",
    "a zero for an o": "1B6rJ6ZKfZmkqMyBGe5KR270WkEbQdNM7P",
    "a space at the end": "1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P ",
    "nothing": "",
    "the mistyped wallet of two repositories": "TNVaKWQzau4pirzvwSH17CPvMk4p7yPAn6",
    "letters of another alphabet": "1\u04126rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P",
}


@pytest.mark.parametrize(("text", "expected"), KNOWN.items(), ids=KNOWN.keys())
def test_an_address_is_its_script_and_back(text: str, expected: tuple[Network, str]) -> None:
    network, script = expected
    assert parse_address(text, network).hex() == script
    assert show_address(Script(bytes.fromhex(script)), network) == text


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_it_is_no_address_of_mainnet(text: str) -> None:
    with pytest.raises(MalformedAddress):
        parse_address(text, Network.MAIN)


@pytest.mark.parametrize("text", KNOWN)
def test_an_address_of_one_network_is_none_of_another(text: str) -> None:
    mine = KNOWN[text][0]
    for network in set(Network) - {mine, *([Network.TESTNET4] if mine is Network.SIGNET else [])}:
        with pytest.raises(MalformedAddress, match="network"):
            parse_address(text, network)


def test_a_taproot_key_off_the_curve_is_refused() -> None:
    """Nobody could ever spend it: x = 5 is no point of secp256k1."""
    text = show_address(Script(b"\x51\x20" + (5).to_bytes(32, "big")), Network.MAIN)
    assert text is not None
    with pytest.raises(MalformedAddress, match="no point"):
        parse_address(text, Network.MAIN)


@given(st.binary(min_size=20, max_size=20), st.sampled_from(Network))
def test_every_program_survives_the_way_there_and_back(program: bytes, network: Network) -> None:
    forms = (b"\x76\xa9\x14" + program + b"\x88\xac", b"\xa9\x14" + program + b"\x87", b"\x00\x14" + program)
    for form in forms:
        text = show_address(Script(form), network)
        assert text is not None
        assert parse_address(text, network) == form


@given(st.text(max_size=100), st.sampled_from(Network))
def test_any_text_gives_a_script_or_malformed_address(text: str, network: Network) -> None:
    for attempt in (text, "bc1" + text, "1" + text):
        with pytest.raises(MalformedAddress):
            parse_address(attempt, network)
