"""Wallet files: which are refused and why, and that every script is the one two libraries derive."""

import contextlib
import random
import re

import bdkpython
import pytest
from embit.bip32 import HDKey
from embit.descriptor import Descriptor
from embit.networks import NETWORKS
from hypothesis import given
from hypothesis import strategies as st

from prove.fuzz import damaged
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction, TxInput, TxOutput
from sekisho.bitcoin.wallet import Branch, MalformedWallet, WalletKind, parse_wallet
from sekisho.replay.vendor import signer
from support.kits import KITS, Kit, seed

A, B, C = (f"{signer(seed(name), Network.REGTEST).expression}/<0;1>/*" for name in "ABC")
MAIN = f"{signer(seed('A'), Network.MAIN).expression}/<0;1>/*"
XPRV = HDKey.from_seed(seed("A"), version=NETWORKS["regtest"]["xprv"]).to_base58()
WIF = HDKey.from_seed(seed("A")).key.wif(NETWORKS["regtest"])
UNCOMPRESSED = (
    "04"
    + "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"
    + ("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8")
)


def file(descriptor: str, **more: str) -> bytes:
    """A wallet file."""
    members = {"name": "test", "network": "regtest", "descriptor": descriptor} | more
    return "".join(f'{name} = "{value}"\n' for name, value in members.items()).encode()


REFUSED: dict[str, tuple[bytes, str]] = {
    "65536 blocks, which open at once (BIP-68 reads 16 bits)": (
        file(f"wsh(or_d(pk({A}),and_v(v:pk({B}),older(65536))))"),
        "older",
    ),
    "a relative lock in units of time": (file(f"wsh(or_d(pk({A}),and_v(v:pk({B}),older(4194305))))"), "older"),
    "an extended private key": (file(f"wpkh({XPRV}/<0;1>/*)"), "private key"),
    "a private key in wallet import format": (file(f"wpkh({WIF})"), "private key"),
    "a key of another network": (file(f"wpkh({MAIN})"), "refuses it"),
    "a hardened wildcard": (file(f"wpkh({A}h)"), "refuses it"),
    "no change branch": (file(f"wpkh({A.replace('<0;1>', '0')})"), "no change branch"),
    "three branches": (file(f"wpkh({A.replace('<0;1>', '<0;1;2>')})"), "two branches"),
    "one branch for both": (
        file(f"wpkh({A.replace('<0;1>', '0')})", change_descriptor=f"wpkh({A.replace('<0;1>', '0')})"),
        "same branch",
    ),
    "change to another wallet": (
        file(f"wpkh({A.replace('<0;1>', '0')})", change_descriptor=f"wpkh({B.replace('<0;1>', '1')})"),
        "same wallet",
    ),
    "two branches without a wildcard": (file(f"wpkh({A.replace('/*', '')})"), "without a wildcard"),
    "a misspelt key": (file(f"wpkh({A})", change_descripter="x"), "unknown key"),
    "no descriptor": (b'name = "x"\nnetwork = "regtest"\n', "must be there"),
    "an empty name": (file(f"wpkh({A})", name=""), "name"),
    "a name that runs right to left": (file(f"wpkh({A})", name="a\u202eb"), "name"),
    "an unknown network": (file(f"wpkh({A})", network="testnet"), "network"),
    "a wrong checksum": (file(f"wpkh({A})#qqqqqqqq"), "refuses it"),
    "a Taproot script tree": (file(f"tr({A},pk({B}))"), "script tree"),
    "one key twice": (file(f"wsh(multi(2,{A},{A}))"), "refuses it"),
    "a threshold over its keys": (file(f"wsh(multi(3,{A},{B}))"), "refuses it"),
    "a script anyone can satisfy": (file("wsh(older(100))"), "refuses it"),
    "a malleable script": (file(f"wsh(or_b(pk({A}),s:pk({B}),and_v(v:pk({C}),1)))"), "refuses it"),
    "an uncompressed key in segwit": (file(f"wpkh({UNCOMPRESSED})"), "refuses it"),
    "words": (file("all my coins"), "refuses it"),
    "too many dots": (b"a" + b".a" * 20_000 + b" = 1", "dots"),
}


@pytest.mark.parametrize(("raw", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wallet_is_refused_with(raw: bytes, why: str) -> None:
    with pytest.raises(MalformedWallet, match=why) as refused:
        parse_wallet(raw)
    assert "\n" not in str(refused.value)
    assert XPRV not in str(refused.value)
    assert WIF not in str(refused.value)


@pytest.mark.parametrize("kit", KITS.values(), ids=KITS.keys())
def test_every_script_is_what_embit_and_rust_miniscript_derive(kit: Kit) -> None:
    parsed = bdkpython.Descriptor(kit.wallet.public, bdkpython.NetworkKind.TEST)
    branches = parsed.to_single_descriptors() if parsed.is_multipath() else [parsed, parsed]
    ours = Descriptor.from_string(kit.wallet.public)
    for branch in Branch:
        for index in (0, 1, 999, 2**31 - 1) if kit.wallet.ranged else (0,):
            script = kit.wallet.script(branch, index).script_pubkey
            assert script == bytes(
                branches[branch].derive_address(index, bdkpython.Network.REGTEST).script_pubkey().to_bytes()
            )
            assert script == ours.derive(index, branch_index=branch).script_pubkey().data


def test_a_wallet_is_found_again_only_by_deriving() -> None:
    wallet = parse_wallet(KITS["recommended"].raw)
    script = parse_wallet(KITS["recommended"].raw).script(Branch.CHANGE, 41).script_pubkey
    assert wallet.find(script, ()) is None
    assert wallet.find(script, (40, 42)) is None
    found = wallet.find(script, (41,))
    assert found is not None
    assert (found.branch, found.index) == (Branch.CHANGE, 41)
    assert wallet.find(Script(b"\x00\x14" + bytes(20)), range(5)) is None


def test_the_id_is_the_descriptor_s_and_nothing_else_s() -> None:
    text = f"wsh(sortedmulti(2,{A},{B}))"
    named = parse_wallet(file(text))
    assert parse_wallet(file(text, name="another")).id == named.id
    assert parse_wallet(file(text.replace("h/", "'/"))).id == named.id
    assert parse_wallet(file(text.replace("sortedmulti(2", "sortedmulti(1"))).id != named.id


def test_a_separate_change_descriptor_is_the_same_wallet() -> None:
    both = parse_wallet(file(f"wpkh({A})"))
    split = parse_wallet(file(f"wpkh({A.replace('<0;1>', '0')})", change_descriptor=f"wpkh({A.replace('<0;1>', '1')})"))
    for branch in Branch:
        assert both.script(branch, 7).script_pubkey == split.script(branch, 7).script_pubkey


def test_fixed_keys_make_one_script_which_is_its_own_change() -> None:
    wallet = KITS["fixed"].wallet
    assert not wallet.ranged
    assert wallet.script(Branch.RECEIVE, 0) is wallet.script(Branch.CHANGE, 5)
    assert wallet.kind is WalletKind.P2SH_P2WSH


def test_a_public_key_with_prv_in_the_middle_is_no_private_key() -> None:
    """Found by `make prove`: a wallet refused because its base58 happened to spell `prv`."""
    seeds = (signer(seed(f"spelling {number}"), Network.REGTEST).expression for number in range(20_000))
    spelt = next(expression for expression in seeds if re.search("[a-z]prv", expression))
    assert parse_wallet(file(f"wpkh({spelt}/<0;1>/*)")).kind is WalletKind.P2WPKH


@given(st.integers(0, 2**32))
def test_any_damage_gives_a_wallet_or_malformed_wallet(number: int) -> None:
    with contextlib.suppress(MalformedWallet):
        assert parse_wallet(damaged(random.Random(number), KITS["recommended"].raw)).public


def test_the_size_of_a_spend_is_never_guessed_too_small() -> None:
    kit = KITS["p2wpkh"]
    bare = Transaction(
        2,
        (TxInput(OutPoint(Txid(bytes(32)), 0), 0xFFFFFFFD),),
        (TxOutput(Sats(1), Script(b"\x00\x14" + bytes(20))),),
        0,
    )
    signed = Transaction(
        2, (TxInput(bare.inputs[0].outpoint, 0xFFFFFFFD, b"", (bytes(71), bytes(33))),), bare.outputs, 0
    )
    assert signed.vsize <= kit.wallet.vsize_of(bare) <= signed.vsize + 2


def test_a_script_derived_before_is_found_only_where_it_is_hinted() -> None:
    wallet = parse_wallet(file(f"wpkh({A})"))
    fifth = wallet.script(Branch.CHANGE, 5)
    assert wallet.find(fifth.script_pubkey, (4, 6)) is None
    assert wallet.find(fifth.script_pubkey, (4, 5)) == fifth
