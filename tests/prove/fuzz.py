"""Any bytes give a value or our own error, within a time bound: every parser of foreign bytes, by random damage."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from unittest.mock import patch

from prove.chain_fuzz import chain_targets
from prove.inspection_fuzz import inspection_targets
from prove.payments import NOON, random_payment
from prove.reader_fuzz import reader_targets
from prove.remote_fuzz import remote_targets
from prove.trace_fuzz import trace_targets
from sekisho.approvals import sealed
from sekisho.approvals.assertion import verify
from sekisho.approvals.roster import parse_roster
from sekisho.approvals.sealed import seal, unseal
from sekisho.approvals.statement import Assertion, Statement, challenge, parse_signed_statement
from sekisho.bitcoin.psbt.reader import parse_psbt
from sekisho.bitcoin.psbt.records import decode_psbt_file
from sekisho.bitcoin.psbt.second import second_opinions
from sekisho.bitcoin.transaction import parse_transaction
from sekisho.bitcoin.wallet import parse_wallet
from sekisho.checkpoint.coins import parse_coins
from sekisho.checkpoint.freeze import new_order, parse_order
from sekisho.checkpoint.trust import parse_trust, show_trust
from sekisho.errors import SekishoError
from sekisho.evidence.keys import KeyType, SecretKeys, TreeHead
from sekisho.evidence.log import Entry, EntryKind, parse_entry
from sekisho.evidence.merkle import EMPTY_ROOT, Frontier
from sekisho.evidence.monitor import Seen, parse_seen, show_seen
from sekisho.evidence.note import Note, NoteSignature, parse_note
from sekisho.evidence.proof import Proof, parse_proof
from sekisho.evidence.quorum import parse_witness_policy
from sekisho.evidence.submission import Submission, parse_submission
from sekisho.evidence.tiles import read_entries, write_entries
from sekisho.policy.policy import parse_policy
from sekisho.replay.cast import Cast
from sekisho.requests.canonical import canonical
from sekisho.requests.request import parse_request
from support.kits import NETWORK
from support.world import POLICY

BOUND = 2.0
"""Seconds for one input of a few kilobytes, on a noisy machine."""


@dataclass
class Fuzzed:
    """One parser: how many inputs, how many were values, errors of ours, anything else, and the slowest one."""

    name: str
    inputs: int = 0
    values: int = 0
    errors: int = 0
    foreign: int = 0
    slowest: float = 0.0

    @property
    def faults(self) -> int:
        """What must never happen, and did."""
        return self.foreign + (self.slowest > BOUND)


def damaged(dice: random.Random, seed: bytes) -> bytes:  # noqa: PLR0911 - one return for each kind of damage
    """Bytes near a valid input, or nowhere near one."""
    match dice.randrange(8):
        case 0:
            return dice.randbytes(dice.randrange(200))
        case 1:
            return seed[: dice.randrange(len(seed) + 1)]
        case 2:
            at = dice.randrange(len(seed) + 1)
            return seed[:at] + dice.randbytes(dice.randint(1, 8)) + seed[at:]
        case 3:
            at, length = dice.randrange(len(seed) + 1), dice.randint(1, 40)
            return seed[:at] + seed[at + length :]
        case 4:
            at, length = dice.randrange(len(seed) + 1), dice.randint(1, 60)
            return seed[:at] + seed[at : at + length] * dice.randint(2, 5) + seed[at + length :]
        case 5:
            at = dice.randrange(len(seed))
            return seed[:at] + dice.choice((b'"', b"{", b"[", b"\\u0000", b"9" * 30, b"\x00", b"\xff")) + seed[at + 1 :]
        case _:
            data = bytearray(seed)
            for _ in range(dice.randint(1, 4)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            return bytes(data)


def targets() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Every parser with a valid input."""
    dice, cast = random.Random(7), Cast(NETWORK)
    payment = random_payment(dice)
    statement = cast.sign(Statement.APPROVAL, payment.request.digest, "aya")[0]
    holder = cast.roster.holder(statement.assertion.credential_id)
    assert holder is not None
    asked = challenge(Statement.APPROVAL, payment.request.digest)
    coins = [
        {"outpoint": str(held.coin.outpoint), "sats": str(held.coin.sats), "script": held.coin.script.hex()}
        for held in payment.draft.coins
    ]

    def assertion(raw: bytes) -> object:
        half = len(raw) // 2
        good = statement.assertion
        tried = (
            Assertion(good.credential_id, raw, good.client_data, good.signature),
            Assertion(good.credential_id, good.authenticator_data, raw, good.signature),
            Assertion(good.credential_id, good.authenticator_data, good.client_data, raw),
            Assertion(good.credential_id, raw[:half], raw[half:], good.signature),
        )
        return [verify(each, asked, "aya", holder.device, cast.roster) for each in tried]

    secret = SecretKeys("log.example", bytes(32))
    log, key = secret.public(KeyType.ED25519), secret.public(KeyType.COSIGNATURE_ED25519)
    head = TreeHead("log.example", 0, EMPTY_ROOT)
    note = Note(head.text, (NoteSignature(log.name, log.id, secret.sign_text(head.text)),))

    def witness_policy(raw: bytes) -> object:
        return parse_witness_policy(raw.decode("utf-8", "replace"))

    def opened(raw: bytes) -> object:
        with cheap:
            return unseal(raw, "x", "y")

    cheap = patch.object(sealed, "WORK", 2)  # scrypt takes a tenth of a second for each file that is read to its end
    with cheap:
        shut = seal(b"secret", "x", "y")

    def psbt(raw: bytes) -> object:
        value = parse_psbt(decode_psbt_file(raw))
        return second_opinions(value)

    return (
        chain_targets()
        | trace_targets()
        | inspection_targets()
        | remote_targets()
        | reader_targets()
        | {
            "request": (payment.request.raw, parse_request),
            "roster": (cast.roster_file, parse_roster),
            "policy": (POLICY.format(version=1, limits="").encode(), parse_policy),
            "wallet file": (payment.kit.raw, parse_wallet),
            "PSBT": (payment.psbt, psbt),
            "transaction": (payment.draft.coins[0].previous.serialize(), parse_transaction),
            "coins file": (canonical(coins), parse_coins),  # type: ignore[arg-type]
            "signed statement": (statement.raw, parse_signed_statement),
            "assertion": (statement.assertion.client_data, assertion),
            "freeze order": (new_order(NOON).raw, parse_order),
            "signed note": (note.raw, lambda raw: parse_note(raw).head),
            "tlog-proof": (Proof(0, (bytes(32),), note).raw, parse_proof),
            "submission": (Submission(1, (bytes(32),), note).raw, parse_submission),
            "witness policy": (f"witness W {key}\ngroup g 1 W\nquorum g".encode(), witness_policy),
            "trust file": (show_trust(NETWORK, bytes(32), f"log {log}\nquorum none"), parse_trust),
            "log entry": (Entry(EntryKind.THAW, 17, b'{"a":"b"}').raw, parse_entry),
            "entry bundle": (write_entries([b"abc", b"de"]), lambda raw: read_entries(raw, 2)),
            "monitor's state": (show_seen(Seen(note, Frontier())), parse_seen),
            "sealed file": (shut, opened),
        }
    )


def run(seed: int, inputs: int) -> list[Fuzzed]:
    """`inputs` damaged inputs for every parser."""
    dice, found = random.Random(seed), []
    for name, (valid, parse) in targets().items():
        row = Fuzzed(name)
        parse(valid)  # or all that comes would be turned away at the door
        for _ in range(inputs):
            raw, start = damaged(dice, valid), time.perf_counter()
            try:
                parse(raw)
                row.values += 1
            except SekishoError:
                row.errors += 1
            except Exception:  # noqa: BLE001 - this is what is looked for
                row.foreign += 1
            row.inputs += 1
            row.slowest = max(row.slowest, time.perf_counter() - start)
        found.append(row)
    return found
