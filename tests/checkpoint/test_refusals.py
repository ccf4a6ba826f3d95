"""What the checkpoint refuses, each from a real PSBT and through `cosign`: no signature comes with a refusal."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from sekisho.bitcoin.address import parse_address, show_address
from sekisho.bitcoin.network import Network, height_by
from sekisho.bitcoin.psbt.reader import parse_psbt, serialize
from sekisho.bitcoin.psbt.records import MalformedPsbt, Record
from sekisho.bitcoin.sats import MAX_MONEY, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import TxInput
from sekisho.bitcoin.wallet import Branch
from sekisho.bitcoin.wire import compact_size
from sekisho.checkpoint.mismatches import Destination, look_alikes
from sekisho.evidence.log import ClockBehind
from sekisho.replay.cast import Cast
from sekisho.replay.vendor import Draft, psbt_by_embit, signer
from sekisho.requests.request import Payee, PaymentRequest
from sekisho.verdicts import Refused
from support import tamper
from support.kits import KITS, NETWORK, seed
from support.tamper import paying, replace_tx
from support.world import BOB, CAROL, THIEF, World

KIT = KITS["recommended"]
OWN = KIT.wallet
COINS = KIT.fund(400_000_000, 200_001_000)
ASKED, LESS = 300_000_000, 299_999_999

Tamper = Callable[[bytes], bytes]


def outputs(change: Callable[..., object]) -> Tamper:
    """Change the outputs; the honest ones are Bob's payment, Carol's, and the change."""
    return lambda raw: tamper.with_outputs(raw, lambda each: change(*each))  # type: ignore[arg-type,return-value]


def inputs(change: Callable[..., object]) -> Tamper:
    """Change the two inputs."""
    return lambda raw: tamper.with_inputs(raw, lambda each: change(*each))  # type: ignore[arg-type,return-value]


def transaction(**changes: object) -> Tamper:
    """Change fields of the transaction."""
    return lambda raw: tamper.with_transaction(raw, lambda tx: replace_tx(tx, **changes))


def record(index: int, key_type: int, value: bytes, key: bytes = b"") -> Tamper:
    """Put a record into an input."""
    return lambda raw: tamper.with_input_record(raw, index, Record(key_type, key, value))


def change_at(branch: Branch, index: int) -> Tamper:
    """Send the change to another script of the wallet, and say where it is."""

    def tampered(raw: bytes) -> bytes:
        script = OWN.script(branch, index)
        raw = tamper.with_outputs(raw, lambda each: (*each[:2], paying(script.script_pubkey, each[2].sats)))
        raw = tamper.with_output_record(raw, 2, None, drop=tamper.OUT_DERIVATION)
        for key in script.keys:
            path = b"".join(step.to_bytes(4, "little") for step in key.path)
            raw = tamper.with_output_record(
                raw, 2, Record(tamper.OUT_DERIVATION, key.public_key, key.fingerprint + path)
            )
        return raw

    return tampered


def lying_witness_utxo(raw: bytes) -> bytes:
    """Claim that the first coin holds a tenth of what it does: the rest would go to the miners."""
    script = COINS[0].coin.script
    claimed = (COINS[0].coin.sats // 10).to_bytes(8, "little") + compact_size(len(script)) + script
    return tamper.with_input_record(raw, 0, Record(tamper.WITNESS_UTXO, b"", claimed))


def foreign_signature(raw: bytes) -> bytes:
    """A partial signature by a key of nobody's."""
    stranger = signer(seed("stranger"), NETWORK).public_key("m/0")
    genuine = tamper.input_records(KIT.people[0].sign(raw), 0, tamper.PARTIAL_SIG)[0]
    return tamper.with_input_record(raw, 0, Record(tamper.PARTIAL_SIG, stranger, genuine.value))


def false_signature(raw: bytes) -> bytes:
    """A person's genuine signature, but over the other input."""
    signed = KIT.people[0].sign(raw)
    key = tamper.input_records(signed, 0, tamper.PARTIAL_SIG)[0].key_data
    other = tamper.input_records(signed, 1, tamper.PARTIAL_SIG)[0].value
    return tamper.with_input_record(raw, 0, Record(tamper.PARTIAL_SIG, key, other))


def signature_with_sighash_single(raw: bytes) -> bytes:
    """A person's signature whose last byte says SINGLE|ANYONECANPAY."""
    genuine = tamper.input_records(KIT.people[0].sign(raw), 0, tamper.PARTIAL_SIG)[0]
    return tamper.with_input_record(raw, 0, Record(tamper.PARTIAL_SIG, genuine.key_data, genuine.value[:-1] + b"\x83"))


def foreign_coin(raw: bytes) -> bytes:
    """Spend a coin of another wallet beside our own, with everything that proves its amount."""
    other = KITS["sortedmulti"]
    stray = other.fund(5_000_000)[0]
    donor = psbt_by_embit(Draft(other.wallet, (stray,), (paying(BOB, 1_000),), Sats(1_000), 0))
    return tamper.with_input_of(raw, 1, donor)


CHANGED = {
    "the payee is altered": (outputs(lambda bob, carol, own: (paying(THIEF, bob.sats), carol, own)), "payee-altered"),
    "one satoshi less": (outputs(lambda bob, carol, own: (paying(BOB, bob.sats - 1), carol, own)), "amount-altered"),
    "one satoshi more": (outputs(lambda bob, carol, own: (paying(BOB, bob.sats + 1), carol, own)), "amount-altered"),
    "a payee is missing": (outputs(lambda bob, carol, own: (bob, own)), "payee-missing"),
    "a payee is paid twice": (outputs(lambda bob, carol, own: (bob, bob, carol, own)), "unrequested-output"),
    "two payees are merged": (
        outputs(lambda bob, carol, own: (paying(BOB, bob.sats + carol.sats), own)),
        "payee-missing",
    ),
    "amounts of two payees are swapped": (
        outputs(lambda bob, carol, own: (paying(BOB, carol.sats), paying(CAROL, bob.sats), own)),
        "amount-altered",
    ),
    "an extra output": (
        outputs(lambda bob, carol, own: (bob, carol, paying(own.script, own.sats - 50_000), paying(THIEF, 50_000))),
        "unrequested-output",
    ),
    "an extra output of dust": (
        outputs(lambda bob, carol, own: (bob, carol, own, paying(THIEF, 1))),
        "unrequested-output",
    ),
    "a zero-value OP_RETURN": (
        outputs(lambda bob, carol, own: (bob, carol, own, paying(Script(b"\x6a\x02hi"), 0))),
        "unrequested-output",
    ),
    "an output of unknown witness version": (
        outputs(lambda bob, carol, own: (bob, carol, own, paying(Script(b"\x52\x20" + bytes(32)), 1_000))),
        "unrequested-output",
    ),
    "change to a foreign script that keeps the change's metadata": (
        outputs(lambda bob, carol, own: (bob, carol, paying(THIEF, own.sats))),
        "unrequested-output",
    ),
    "change to the same keys on another script type": (
        outputs(
            lambda bob, carol, own: (
                bob,
                carol,
                paying(Script(b"\xa9\x14" + bytes(20) + b"\x87"), own.sats),
            )
        ),
        "unrequested-output",
    ),
    "change on the receive branch": (change_at(Branch.RECEIVE, 7), "change-to-receive-address"),
    "change 1,001 past the highest index known": (change_at(Branch.CHANGE, 1_002), "change-beyond-gap"),
    "change in a second output": (
        outputs(
            lambda bob, carol, own: (
                bob,
                carol,
                paying(own.script, own.sats - 9_000),
                paying(OWN.script(Branch.CHANGE, 0).script_pubkey, 9_000),
            )
        ),
        "second-change",
    ),
    "a fee over the request's ceiling": (
        outputs(lambda bob, carol, own: (bob, carol, paying(own.script, own.sats - 1_001))),
        "fee-over-ceiling",
    ),
    "all change given to the miners": (outputs(lambda bob, carol, own: (bob, carol)), "fee-over-ceiling"),
    "a fee hidden by a lying witness_utxo": (lying_witness_utxo, "witness-utxo-lies"),
    "segwit v0 without the previous transaction": (
        lambda raw: tamper.with_input_record(raw, 0, None, drop=tamper.NON_WITNESS_UTXO),
        "previous-transaction-missing",
    ),
    "nothing says what an input spends": (
        lambda raw: tamper.with_input_record(
            tamper.with_input_record(raw, 0, None, drop=tamper.NON_WITNESS_UTXO), 0, None, drop=tamper.WITNESS_UTXO
        ),
        "unknown-coin",
    ),
    "a negative amount": (
        outputs(lambda bob, carol, own: (bob, carol, paying(own.script, -1))),
        "amount-out-of-range",
    ),
    "an amount over all bitcoin": (
        outputs(lambda bob, carol, own: (bob, carol, paying(own.script, MAX_MONEY + 1))),
        "amount-out-of-range",
    ),
    "amounts that overflow together": (
        outputs(lambda bob, carol, own: (bob, carol, paying(own.script, MAX_MONEY))),
        "outputs-exceed-inputs",
    ),
    "one coin spent twice": (inputs(lambda one, two: (one, one)), "duplicate-input"),
    "an input that is not the wallet's": (foreign_coin, "foreign-input"),
    "sighash NONE asked for": (record(0, tamper.SIGHASH, b"\x02\x00\x00\x00"), "sighash-not-all"),
    "sighash SINGLE asked for": (record(0, tamper.SIGHASH, b"\x03\x00\x00\x00"), "sighash-not-all"),
    "sighash ALL|ANYONECANPAY asked for": (record(1, tamper.SIGHASH, b"\x81\x00\x00\x00"), "sighash-not-all"),
    "sighash DEFAULT asked for outside Taproot": (record(0, tamper.SIGHASH, bytes(4)), "sighash-not-all"),
    "another sighash in a signature present": (signature_with_sighash_single, "sighash-not-all"),
    "a locktime that is a time": (transaction(locktime=1_700_000_000), "locktime-is-a-time"),
    "a sequence that opens the recovery path": (
        inputs(lambda one, two: (TxInput(one.outpoint, 52_560), two)),
        "sequence-too-low",
    ),
    "a sequence just below fffffffd": (
        inputs(lambda one, two: (TxInput(one.outpoint, 0xFFFFFFFC), two)),
        "sequence-too-low",
    ),
    "a transaction version no node relays": (transaction(version=4), "unknown-version"),
    "a recovery key's signature": (KIT.recovery[0].sign, "recovery-signature"),
    "a signature by a key of nobody's": (foreign_signature, "foreign-signature"),
    "a signature over something else": (false_signature, "false-signature"),
    "a witness script that is not the coin's": (
        record(0, tamper.WITNESS, b"\x51"),
        "script-does-not-match",
    ),
    "a redeem script where there is none": (record(0, tamper.REDEEM, b"\x51"), "script-does-not-match"),
    "an input finalised already": (
        record(0, tamper.FINAL_WITNESS, b"\x01\x01\x51"),
        "already-final",
    ),
    "a scriptSig finalised already": (record(1, tamper.FINAL_SCRIPTSIG, b"\x51"), "already-final"),
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path, KIT)


def asked(world: World) -> PaymentRequest:
    return world.request((BOB, ASKED), (CAROL, 100_000_000), fee_max=2_000)


def honest(world: World, request: PaymentRequest) -> bytes:
    return psbt_by_embit(world.draft(request, COINS))


@pytest.mark.parametrize(("change", "code"), CHANGED.values(), ids=CHANGED.keys())
def test_a_psbt_is_refused_when(world: World, change: Tamper, code: str) -> None:
    request = asked(world)
    tampered = change(honest(world, request))
    for _ in range(2):  # and again when a signature on the honest one is out: maybe of the same transaction
        assert code in world.codes(request, tampered)
        assert world.codes(request, honest(world, request)) == set()  # a refused case reserves nothing


def test_a_look_alike_of_the_payee_is_named(tmp_path: Path) -> None:
    """The DMM pair, on the network it was made for."""
    meant, made = "1B6rJ6ZKfZmkqMyBGe5KR27oWkEbQdNM7P", "1B6rJRfjTXwEy36SCs5zofGMmdv2kdZw7P"
    payee = Payee(meant, parse_address(meant, Network.MAIN), Sats(1))
    paid = Destination.of(parse_address(made, Network.MAIN), Network.MAIN)
    (found,) = look_alikes(0, paid, (payee,))
    assert (found.head, found.tail) == (4, 2)


def test_outputs_that_all_look_like_all_payees_are_refused_in_few_words(world: World) -> None:
    """Each pair used to be a reason: a request and a PSBT of 100 kB made a record of half a gigabyte."""
    alike = [Script(b"\x00\x14" + n.to_bytes(20, "big")) for n in range(1_200)]
    request = world.request(*[(script, 1_000) for script in alike[:200]])
    raw = tamper.with_outputs(honest(world, asked(world)), lambda _: tuple(paying(each, 999) for each in alike[200:]))
    answer = world.cosign(request, raw)
    assert isinstance(answer.verdict, Refused)
    found = [reason for reason in answer.verdict.reasons if reason.code == "look-alike-of-payee"]
    assert len(found) == 100
    entry, _ = world.state.log.entry(answer.receipt.number)
    assert len(entry.body) < 1_000_000


def test_made_up_address_indexes_keep_nobody_waiting(world: World) -> None:
    """Each takes two libraries some milliseconds, inside the turn: 90 kB of them held up a freeze for half a minute."""
    request = asked(world)
    raw = tamper.with_outputs(honest(world, request), lambda outs: (paying(THIEF, 50_000), *outs[1:]))
    psbt = parse_psbt(raw)
    made_up = [
        Record(tamper.DERIVATION, b"\x02" + n.to_bytes(32, "big"), b"fake" + (7_000 + n).to_bytes(4, "little"))
        for n in range(1, 5_000)
    ]
    inputs = (replace(psbt.inputs[0], records=(*psbt.inputs[0].records, *made_up)), *psbt.inputs[1:])
    start = time.monotonic()
    assert "too-many-indexes" in world.codes(request, serialize(replace(psbt, inputs=inputs)))
    assert time.monotonic() - start < 10


def test_a_psbt_may_claim_an_index_for_each_of_its_inputs_and_outputs(world: World) -> None:
    request = asked(world)
    coins = [coin for n in range(40) for coin in KIT.fund(20_000_000 + n, start=n)]
    assert world.codes(request, psbt_by_embit(world.draft(request, coins, change=41))) == set()


def test_a_version_2_psbt_left_modifiable_is_refused(world: World) -> None:
    request = asked(world)
    raw = psbt_by_embit(world.draft(request, COINS), 2)
    for flags in (b"\x01", b"\x02", b"\x04", b"\x07"):
        assert "still-modifiable" in world.codes(
            request, tamper.with_global_record(raw, Record(tamper.MODIFIABLE, b"", flags))
        )
    closed = tamper.with_global_record(raw, Record(tamper.MODIFIABLE, b"", b"\x00"))
    assert world.codes(request, closed) == set()


def test_a_version_2_psbt_whose_locktimes_conflict_is_refused(world: World) -> None:
    request = asked(world)
    raw = psbt_by_embit(world.draft(request, COINS), 2)
    raw = tamper.with_input_record(raw, 0, Record(0x11, b"", (500_000_001).to_bytes(4, "little")))
    raw = tamper.with_input_record(raw, 1, Record(0x12, b"", (100).to_bytes(4, "little")))
    assert "no-locktime" in world.codes(request, raw)


def test_a_previous_transaction_of_another_txid_is_no_psbt(world: World) -> None:
    request = asked(world)
    other = KIT.fund(7_777)[0].previous.serialize()
    raw = tamper.with_input_record(honest(world, request), 0, Record(tamper.NON_WITNESS_UTXO, b"", other))
    with pytest.raises(MalformedPsbt, match="another txid"):
        world.cosign(request, raw)


def test_trailing_bytes_are_no_psbt(world: World) -> None:
    """rust-bitcoin ignores them; here they are an error."""
    request = asked(world)
    with pytest.raises(MalformedPsbt, match="too many"):
        world.cosign(request, honest(world, request) + b"\x00")


def test_readers_that_disagree_are_refused(world: World) -> None:
    """A public key that is no point of the curve: the BIPs' tables let it pass, rust-bitcoin does not."""
    request = asked(world)
    nowhere = b"\x02" + b"\xff" * 32
    raw = tamper.with_input_record(honest(world, request), 0, Record(tamper.DERIVATION, nowhere, bytes(4)))
    for _ in range(2):
        assert world.codes(request, raw) == {"readers-disagree"}
        assert world.codes(request, honest(world, request)) == set()


REQUESTS = {
    "it names no roster": ({"roster": None}, "not-in-force"),
    "it names no policy": ({"policy": None}, "not-in-force"),
    "it names another roster": ({"roster": bytes(32)}, "not-in-force"),
    "it names another policy": ({"policy": bytes(32)}, "not-in-force"),
    "it would replace another": ({"replaces": bytes(32)}, "replacement-not-supported"),
    "its requester is an approver only": ({"requester": "aya"}, "not-a-requester"),
    "its requester is nobody": ({"requester": "zed"}, "not-a-requester"),
}


@pytest.mark.parametrize(("changes", "code"), REQUESTS.values(), ids=REQUESTS.keys())
def test_a_request_is_refused_when(world: World, changes: dict[str, object], code: str) -> None:
    request = replace(asked(world), **changes)  # type: ignore[arg-type]
    signed = world.cast.approved(replace(request, requester="rie"), "ben", "chie")
    if request.requester == "rie":
        signed = world.cast.approved(request, "ben", "chie")
    assert code in world.codes(request, honest(world, request), signed)


def test_an_expired_request_is_refused(world: World) -> None:
    request = asked(world)
    world.now = request.expires
    assert world.codes(request, honest(world, request)) == {"expired"}


def test_a_request_that_lives_too_long_is_refused(world: World) -> None:
    request = replace(asked(world), expires=world.now + timedelta(hours=24, seconds=1))
    assert world.codes(request, honest(world, request)) == {"too-long-lived"}


def test_a_request_from_the_future_is_refused(world: World) -> None:
    request = asked(world)
    early = replace(request, created=request.created + timedelta(minutes=2, seconds=1))
    assert world.codes(early, honest(world, early)) == {"from-the-future"}


def test_a_clock_behind_the_newest_record_is_an_error(world: World) -> None:
    request = asked(world)
    world.now -= timedelta(seconds=1)
    with pytest.raises(ClockBehind):
        world.cosign(request, honest(world, request))


def test_a_payment_for_another_network_is_refused(tmp_path: Path) -> None:
    world = World(tmp_path, KIT)
    request = asked(world)
    elsewhere = replace(
        request,
        network=Network.TESTNET4,
        payees=tuple(replace(each, address=_testnet(each.script)) for each in request.payees),
    )
    refused = world.codes(elsewhere, honest(world, elsewhere))
    assert {"wrong-network", "wrong-policy-network", "wrong-roster-network"} <= refused


def test_a_payment_that_waits_for_a_far_block_is_refused(tmp_path: Path) -> None:
    """Signed, it would answer its request and hold its coins for ever, and could not be mined."""
    world = World(tmp_path, KIT)
    request = asked(world)
    payees = tuple(replace(each, address=show_address(each.script, Network.MAIN) or "") for each in request.payees)
    onward = replace(request, network=Network.MAIN, payees=payees)
    height = height_by(Network.MAIN, onward.expires)
    assert height is not None
    drafted = world.draft(request, COINS)
    said = [
        "locked-too-long" in world.codes(each, psbt_by_embit(replace(drafted, locktime=locktime)))
        for each, locktime in ((onward, height), (onward, height + 1), (onward, 499_999_999), (request, 499_999_999))
    ]
    assert said == [False, True, True, False]


def test_people_enrolled_for_another_network_approve_nothing(tmp_path: Path) -> None:
    """A roster of the test network, adopted for the main one, was as good as its own."""
    world = World(tmp_path, KIT, cast=Cast(Network.TESTNET4))
    request = asked(world)
    assert world.codes(request, honest(world, request)) == {"wrong-roster-network"}


def _testnet(script: Script) -> str:
    return show_address(script, Network.TESTNET4) or ""
