"""Signatures and what they are over, against the standards' vectors and libsecp256k1's peers."""

import csv
import json
from hashlib import sha256

import pytest
from coincurve import PublicKey

from sekisho.bitcoin.keys import verify_ecdsa, verify_schnorr
from sekisho.bitcoin.outpoint import OutPoint, Txid
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.sighash import segwit_v0, taproot_key_path
from sekisho.bitcoin.transaction import Coin, parse_transaction
from support.shared import shared


def test_bip_143_native_p2wpkh() -> None:
    """The example "Native P2WPKH" of the BIP."""
    unsigned = parse_transaction(
        bytes.fromhex(
            "0100000002fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f0000000000eeffffff"
            "ef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a914"
            "8280b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa8159"
            "88ac11000000"
        )
    )
    script_code = Script(bytes.fromhex("76a9141d0f172a0ecb48aee1be1f2687d2963ae33f71a188ac"))
    digest = segwit_v0(unsigned, 1, script_code, Sats(600_000_000))
    assert digest.hex() == "c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670"


def test_bip_341_key_path_spends() -> None:
    vectors = json.loads(shared("vectors/bip341_wallet-test-vectors.json").read_text())
    (case,) = vectors["keyPathSpending"]
    transaction = parse_transaction(bytes.fromhex(case["given"]["rawUnsignedTx"]))
    coins = [
        Coin(OutPoint(Txid(bytes(32)), 0), Sats(each["amountSats"]), Script(bytes.fromhex(each["scriptPubKey"])))
        for each in case["given"]["utxosSpent"]
    ]
    checked = 0
    for spend in case["inputSpending"]:
        sighash, index = spend["given"]["hashType"], spend["given"]["txinIndex"]
        if sighash in (0, 1):
            found = taproot_key_path(transaction, index, coins, sighash)
            assert found.hex() == spend["intermediary"]["sigHash"]
            signature = bytes.fromhex(spend["expected"]["witness"][0])[:64]
            assert verify_schnorr(coins[index].script[2:], found, signature)
            checked += 1
    assert checked >= 2


def test_bip_340_vectors() -> None:
    with shared("vectors/bip340_test-vectors.csv").open() as file:
        rows = list(csv.DictReader(file))
    checked = 0
    for row in rows:
        message = bytes.fromhex(row["message"])
        if len(message) != 32:
            continue  # the chain signs digests of 32 bytes only
        valid = verify_schnorr(bytes.fromhex(row["public key"]), message, bytes.fromhex(row["signature"]))
        assert valid == (row["verification result"] == "TRUE"), row["comment"]
        checked += 1
    assert checked >= 14


def test_wycheproof_ecdsa_for_bitcoin() -> None:
    """Every signature that the vectors call invalid is refused; valid ones in strict DER hold."""
    suite = json.loads(shared("vectors/wycheproof_ecdsa_secp256k1_sha256_bitcoin.json").read_text())
    accepted = refused = 0
    for group in suite["testGroups"]:
        key = PublicKey(bytes.fromhex(group["publicKey"]["uncompressed"])).format(compressed=True)
        for case in group["tests"]:
            holds = verify_ecdsa(key, sha256(bytes.fromhex(case["msg"])).digest(), bytes.fromhex(case["sig"]))
            assert not (holds and case["result"] == "invalid"), case["comment"]
            assert holds or case["result"] != "valid", case["comment"]
            accepted, refused = accepted + holds, refused + (not holds)
    assert accepted > 100
    assert refused > 200


@pytest.mark.parametrize(
    "signature", [b"", b"\x30", bytes(8), bytes(72), bytes(100), b"\x30\x06\x02\x01\x00\x02\x01\x00"]
)
def test_what_is_no_signature_does_not_hold(signature: bytes) -> None:
    key = bytes.fromhex("0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")
    assert not verify_ecdsa(key, bytes(32), signature)
    assert not verify_ecdsa(bytes(33), bytes(32), signature)
    assert not verify_schnorr(key[1:], bytes(32), signature)
    assert not verify_schnorr(b"\xff" * 32, bytes(32), signature)
