"""Evidence bundles: accepted alone in the world, and refused, by the step, when anything in them is not so."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prove.fuzz import damaged
from sekisho.approvals.roster import MAX_ROSTER_BYTES
from sekisho.approvals.statement import Statement
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.psbt.records import MAX_PSBT_BYTES
from sekisho.checkpoint.audit import StepFails, audit
from sekisho.checkpoint.bundle import MAX_BUNDLE_BYTES, Adopted, Bundle, parse_bundle
from sekisho.checkpoint.collect import NoEvidence, collect
from sekisho.checkpoint.home import cosigner_position
from sekisho.checkpoint.sign import sign
from sekisho.checkpoint.statute import adopt, policy_document, roster_document, wallet_document
from sekisho.checkpoint.trust import MalformedTrust, Trust, parse_trust, show_trust
from sekisho.evidence.keys import KeyType, SecretKeys
from sekisho.evidence.log import MAX_ENTRY_BYTES, Entry
from sekisho.evidence.merkle import inclusion_proof
from sekisho.evidence.note import NoteSignature, parse_note
from sekisho.evidence.proof import Proof
from sekisho.evidence.publish import Publisher
from sekisho.evidence.tiles import nodes
from sekisho.replay.cast import Cast
from sekisho.replay.vendor import finalise, psbt_by_embit
from sekisho.verdicts import Allowed, Refused
from support.kits import KITS, NETWORK
from support.tamper import PARTIAL_SIG, input_records, with_input_record
from support.witnesses import RunningWitness, two_of
from support.world import BOB, POLICY, THIEF, World, publisher_of

KIT = KITS["recommended"]
OWNERS_SEED = b"another seed, of the owner's own"
LIMITS = """
[[velocity_limit]]
per = "wallet"
sats = 100_000_000
window_hours = 24

[look_alike]

[sweep]
max_value_percent = 90
"""


class Case:
    """A payment with its evidence, from a world with three witnesses and a history."""

    def __init__(self, folder: Path) -> None:
        (folder / "home").mkdir()
        log = publisher_of(folder).keys.public(KeyType.ED25519)
        clock = lambda: int(self.world.now.timestamp())  # noqa: E731
        witnesses = [RunningWitness(folder, name, [log], clock) for name in ("W1", "W2", "W3")]
        asked = two_of(witnesses)
        self.world = World(folder / "home", KIT, limits=LIMITS + f'[witnesses]\ntlog_policy = """\n{asked}\n"""\n')
        self.trust_file = show_trust(NETWORK, self.world.cast.roster.digest, f"log {log}\n{asked}")
        self.trust = parse_trust(self.trust_file)
        past = self.world.request((BOB, 2_000_000))
        assert self.world.cosign(past, psbt_by_embit(self.world.draft(past, KIT.fund(9_000_000)))).psbt
        self.renew()
        self.world.now += timedelta(minutes=5)
        self.request = self.world.request((BOB, 1_000_000))
        signed = self.world.cosign(self.request, psbt_by_embit(self.world.draft(self.request, KIT.fund(5_000_000))))
        assert signed.psbt is not None
        psbt = signed.psbt
        for each in KIT.people:
            psbt = each.sign(psbt)
        self.raw = self.collect(psbt)
        self.bundle = parse_bundle(parse_note(self.raw).text)
        for each in witnesses:
            each.stop()

    def renew(self) -> None:
        """A second roster and a second policy take effect."""
        world = self.world
        cast = Cast(NETWORK, version=2)
        world.policy = POLICY.format(version=2, limits=world.limits).encode()
        documents = (roster_document(cast.roster_file), policy_document(world.policy))
        for statement, document in zip((Statement.ROSTER, Statement.POLICY), documents, strict=True):
            signed = world.cast.sign(statement, document.digest, "pia", "sam")
            with world.state.turn(), world.state.transaction():
                assert not isinstance(adopt(world.state, document, signed, int(world.now.timestamp())), Refused)
        world.cast = cast

    def collect(self, psbt: bytes) -> bytes:
        """The bundle, with the finished transaction."""
        world = self.world
        return collect(world.state, world.publisher, KIT.cosigner, self.request.digest, finalise(psbt))

    def signed(self, bundle: Bundle) -> bytes:
        """An altered bundle under the log's own key: what its owner could make."""
        return bundle.signed(self.world.publisher.keys)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(tmp_path_factory.mktemp("case"))


def test_a_bundle_holds_with_nothing_but_the_trust_file(case: Case) -> None:
    found = audit(case.raw, case.trust)
    assert [step.number for step in found.steps] == list(range(1, 10))
    assert "cosigned by W1, W2, W3" in found.steps[3].shown
    assert "1 signed changes" in found.steps[1].shown
    assert any("2,001,000 sats in 1 payments" in line for line in found.on_record)
    assert found.case.request == case.request


def test_a_bundle_is_read_as_it_was_written(case: Case) -> None:
    assert parse_bundle(case.bundle.text) == case.bundle


@settings(max_examples=400)
@given(st.data())
def test_any_changed_byte_is_noticed_and_the_step_is_named(case: Case, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(case.raw) - 1))
    flip = data.draw(st.integers(1, 255))
    raw = bytearray(case.raw)
    raw[place] ^= flip
    with pytest.raises(StepFails, match=r"^step 1 \(the bundle\) fails: "):
        audit(bytes(raw), case.trust)


@given(st.randoms())
def test_any_bytes_are_a_bundle_or_fail_by_the_step(case: Case, dice: random.Random) -> None:
    raw = damaged(dice, case.raw)
    if raw != case.raw:
        with pytest.raises(StepFails):
            audit(raw, case.trust)


def body(case: Case, change: Callable[[dict[str, object]], None]) -> Bundle:
    """The bundle with another decision in it, which the log never held."""
    document = json.loads(case.bundle.decision.body)
    change(document)
    raw = json.dumps(document, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    return replace(case.bundle, decision=replace(case.bundle.decision, body=raw))


def other_psbt(case: Case) -> bytes:
    draft = case.world.draft(case.request, KIT.fund(6_000_000))
    return psbt_by_embit(replace(draft, payees=(replace(draft.payees[0], script=THIEF),)))


def skipped() -> Adopted:
    """Version 3 of the roster, signed by the quorum of version 1."""
    cast = Cast(NETWORK, version=3)
    return Adopted(cast.roster_file, cast.sign(Statement.ROSTER, cast.roster.digest, "pia", "sam"))


def elsewhere(case: Case) -> Adopted:
    """The wallet, said to be of another network, as the admins signed it."""
    raw = case.bundle.wallet.raw.replace(b'"regtest"', b'"signet"')
    return Adopted(raw, case.world.cast.sign(Statement.WALLET, wallet_document(raw).digest, "pia", "sam"))


def falsely_signed(case: Case) -> bytes:
    """The PSBT with a signature that the same key gave to another transaction."""
    signed = KIT.people[0].sign(psbt_by_embit(case.world.draft(case.request, KIT.fund(6_000_000))))
    return with_input_record(case.bundle.psbt, 0, input_records(signed, 0, PARTIAL_SIG)[0])


FORGED: dict[str, tuple[Callable[[Case], Bundle], int]] = {
    "the first roster is missing": (lambda c: replace(c.bundle, rosters=c.bundle.rosters[1:]), 2),
    "a roster nobody signed": (
        lambda c: replace(c.bundle, rosters=(c.bundle.rosters[0], Adopted(c.bundle.rosters[1].raw, ()))),
        2,
    ),
    "a roster one admin signed": (
        lambda c: replace(
            c.bundle,
            rosters=(c.bundle.rosters[0], replace(c.bundle.rosters[1], signed=c.bundle.rosters[1].signed[:1])),
        ),
        2,
    ),
    "a roster that skips one": (lambda c: replace(c.bundle, rosters=(c.bundle.rosters[0], skipped())), 2),
    "a policy nobody signed": (lambda c: replace(c.bundle, policy=Adopted(c.bundle.policy.raw, ())), 3),
    "a looser policy under the old signatures": (
        lambda c: replace(
            c.bundle, policy=replace(c.bundle.policy, raw=c.bundle.policy.raw.replace(b"100_000_000", b"900_000_000"))
        ),
        3,
    ),
    "another wallet": (
        lambda c: replace(c.bundle, wallet=replace(c.bundle.wallet, raw=KITS["sortedmulti"].raw)),
        3,
    ),
    "a wallet of another network": (lambda c: replace(c.bundle, wallet=elsewhere(c)), 3),
    "another salt": (lambda c: replace(c.bundle, salt=bytes(32)), 4),
    "a decision edited afterwards": (lambda c: body(c, lambda b: b.update(verdict="refused")), 4),
    "a past edited afterwards": (lambda c: body(c, lambda b: b.update(records={})), 4),
    "another place in the log": (
        lambda c: replace(c.bundle, proof=replace(c.bundle.proof, index=c.bundle.proof.index - 1)),
        4,
    ),
    "a path with a hash less": (
        lambda c: replace(c.bundle, proof=replace(c.bundle.proof, path=c.bundle.proof.path[:-1])),
        4,
    ),
    "a head without cosignatures": (
        lambda c: replace(
            c.bundle,
            proof=replace(
                c.bundle.proof,
                checkpoint=replace(c.bundle.proof.checkpoint, signatures=c.bundle.proof.checkpoint.signatures[:2]),
            ),
        ),
        4,
    ),
    "one cosignature too few": (
        lambda c: replace(
            c.bundle,
            proof=replace(
                c.bundle.proof,
                checkpoint=replace(c.bundle.proof.checkpoint, signatures=c.bundle.proof.checkpoint.signatures[:3]),
            ),
        ),
        4,
    ),
    "another PSBT": (lambda c: replace(c.bundle, psbt=other_psbt(c)), 6),
    "the co-signed PSBT without the signature": (lambda c: replace(c.bundle, cosigned=c.bundle.psbt), 8),
    "a signature over something else": (lambda c: replace(c.bundle, cosigned=falsely_signed(c)), 8),
    "another co-signed PSBT": (lambda c: replace(c.bundle, cosigned=other_psbt(c)), 8),
    "another finished transaction": (
        lambda c: replace(c.bundle, transaction=KIT.fund(1)[0].previous),
        9,
    ),
}


@pytest.mark.parametrize(("forge", "number"), FORGED.values(), ids=FORGED)
def test_what_the_logs_owner_forges_is_refused_by_its_step(
    case: Case, forge: Callable[[Case], Bundle], number: int
) -> None:
    with pytest.raises(StepFails) as why:
        audit(case.signed(forge(case)), case.trust)
    assert why.value.number == number, why.value


def logged_again(case: Case, folder: Path, change: Callable[[dict[str, object]], None]) -> tuple[bytes, Trust]:
    """A bundle whose decision was edited and logged as such, in a log of the owner's with nobody watching."""
    forged = body(case, change).decision
    world = World(folder, KIT)
    keys = SecretKeys(case.world.publisher.keys.name, OWNERS_SEED)
    publisher = Publisher(world.publisher.folder, keys)
    receipt = world.state.log.append(Entry(forged.kind, forged.at, forged.body))
    note = publisher.rebuild(world.state.log, forged.at)
    _, salt = world.state.log.entry(receipt.number)
    path = inclusion_proof(nodes(publisher.folder.fetch, note.head.size), receipt.number, note.head.size)
    bundle = replace(case.bundle, decision=forged, salt=salt, proof=Proof(receipt.number, path, note))
    text = f"log {keys.public(KeyType.ED25519)}\nquorum none"
    return bundle.signed(keys), parse_trust(show_trust(NETWORK, case.trust.roster, text))


LOGGED: dict[str, tuple[Callable[[dict[str, object]], None], int]] = {
    "approvals taken out": (lambda b: b.update(statements=b["statements"][:2]), 5),  # type: ignore[index]
    "another verdict": (lambda b: b.update(verdict="refused"), 7),
    "another transaction": (lambda b: b.update(txid="00" * 32), 7),
    "another policy": (lambda b: b.update(policy="00" * 32), 7),
    "records of another shape": (lambda b: b.update(records={}), 5),
    "a limit that was used up": (
        lambda b: b["records"].update(history=[["99999999", "1"], *b["records"]["history"][1:]]),  # type: ignore
        7,
    ),
    "a freeze that held": (lambda b: b["records"].update(frozen="yes"), 7),  # type: ignore
    "witnesses that were missing": (lambda b: b["records"].update(witnessed=["W1"]), 7),  # type: ignore
    "an answer given again, over a limit": (
        lambda b: b["records"].update(  # type: ignore
            released="yes",
            answered=bytes.fromhex(b["txid"])[::-1].hex(),  # type: ignore
            history=[["99999999", "1"], *b["records"]["history"][1:]],  # type: ignore
        ),
        7,
    ),
}


@pytest.mark.parametrize(("change", "number"), LOGGED.values(), ids=LOGGED)
def test_a_decision_that_was_never_right_does_not_become_so_by_being_logged(
    case: Case, tmp_path: Path, change: Callable[[dict[str, object]], None], number: int
) -> None:
    raw, trust = logged_again(case, tmp_path, change)
    with pytest.raises(StepFails) as why:
        audit(raw, trust)
    assert why.value.number == number, why.value


def test_a_head_cosigned_before_the_decision_is_no_head_over_it(case: Case, tmp_path: Path) -> None:
    raw, trust = logged_again(case, tmp_path, lambda _: None)
    bundle, keys = parse_bundle(parse_note(raw).text), SecretKeys("w.example", bytes(32))
    key, head = keys.public(KeyType.COSIGNATURE_ED25519), bundle.proof.checkpoint.head
    asked = f"log {trust.log}\nwitness W {key}\nquorum W"
    for late, holds in ((0, True), (-299, True), (-301, False)):
        line = NoteSignature(key.name, key.id, keys.cosign(key.type, head, bundle.decision.at + late))
        proof = replace(bundle.proof, checkpoint=bundle.proof.checkpoint.with_signatures([line]))
        made = replace(bundle, proof=proof).signed(SecretKeys(trust.log.name, OWNERS_SEED))
        trusted = parse_trust(show_trust(NETWORK, trust.roster, asked))
        if holds:
            assert "cosigned by W" in audit(made, trusted).steps[3].shown
        else:
            with pytest.raises(StepFails, match=r"step 4 .*cosigned before the decision"):
                audit(made, trusted)


def test_a_signature_on_another_honest_transaction_is_not_this_ones(case: Case) -> None:
    law = audit(case.raw, case.trust).law
    other = psbt_by_embit(case.world.draft(case.request, KIT.fund(7_000_000)))
    position = cosigner_position(law.wallet, KIT.cosigner)
    signed = sign(other, Allowed(sha256(other).digest()), case.request, law, position, KIT.cosigner, -1)
    with pytest.raises(StepFails, match=r"step 8 .*holds another transaction"):
        audit(case.signed(replace(case.bundle, cosigned=signed)), case.trust)


def test_an_unchanged_decision_in_that_log_holds(case: Case, tmp_path: Path) -> None:
    raw, trust = logged_again(case, tmp_path, lambda b: None)
    assert len(audit(raw, trust).steps) == 9


def test_a_swapped_trust_file_is_another_verdict(case: Case) -> None:
    text = case.trust_file.decode()
    other = SecretKeys("world.example/log", b"somebody else's seed" + bytes(12)).public(KeyType.ED25519)
    for wrong, number in (
        (text.replace(case.trust.roster.hex(), "00" * 32), 2),
        (text.replace(str(case.trust.log), str(other)), 1),
        (text.replace('"regtest"', '"signet"'), 3),
        (
            text.replace("group all-of-them 2", "group all-of-them 3")
            .replace("witness W3", "witness W4")
            .replace("W2 W3", "W2 W4"),
            None,
        ),
    ):
        trust = parse_trust(wrong.encode())
        assert trust.digest != case.trust.digest
        if number is None:
            assert "cosigned by W1, W2, W4" in audit(case.raw, trust).steps[3].shown
            continue
        with pytest.raises(StepFails) as why:
            audit(case.raw, trust)
        assert why.value.number == number


@pytest.mark.parametrize("comment", ["C:\\users\\w", 'so-called "witnesses"', '"""', "\\u0041"])
def test_a_comment_in_the_policys_witnesses_stays_one_in_the_trust_file(case: Case, comment: str) -> None:
    text = f"log {case.trust.log}\n# {comment}\nquorum none"
    trust = parse_trust(show_trust(NETWORK, case.trust.roster, text))
    assert trust.witnesses.text.strip() == text


def test_a_trust_file_that_would_keep_its_reader_busy_is_none() -> None:
    with pytest.raises(MalformedTrust, match="dots"):
        parse_trust(b"a" + b".a" * 9_000 + b" = 1")


@given(st.randoms())
def test_any_bytes_are_a_trust_file_or_malformed(case: Case, dice: random.Random) -> None:
    try:
        assert parse_trust(damaged(dice, case.trust_file)).network in Network
    except MalformedTrust:
        return


def test_there_is_no_evidence_of_what_was_never_released(case: Case) -> None:
    refused = case.world.request((BOB, 999))
    with pytest.raises(NoEvidence):
        collect(case.world.state, case.world.publisher, KIT.cosigner, refused.digest)


def test_the_bundle_says_nothing_in_another_spelling(case: Case) -> None:
    with pytest.raises(StepFails):
        audit(case.raw + b"\n", case.trust)
    with pytest.raises(StepFails):
        audit(case.raw + case.raw.rsplit(b"\n", 2)[1] + b"\n", case.trust)


def test_a_bundle_has_room_for_the_longest_psbt_twice() -> None:
    """Evidence that is too long to be read is none: every PSBT that can be signed must fit, before and after."""
    longest = 2 * (4 * MAX_PSBT_BYTES // 3)
    assert longest + MAX_ENTRY_BYTES + 10 * (4 * MAX_ROSTER_BYTES // 3) < MAX_BUNDLE_BYTES
