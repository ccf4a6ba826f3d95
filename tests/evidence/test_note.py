"""Signed notes, keys, heads and proofs: read strictly, signed in two ways, and never more than they say."""

import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prove.fuzz import damaged
from sekisho.evidence.keys import KeyType, MalformedKey, SecretKeys, TreeHead, parse_key
from sekisho.evidence.merkle import Frontier, inclusion_proof, leaf_hash
from sekisho.evidence.note import MalformedNote, Note, NoteSignature, cosigned_at, parse_note, signed_by, text_signed_by
from sekisho.evidence.proof import MalformedProof, Proof, ProofFails, check, parse_proof
from sekisho.evidence.quorum import MalformedWitnessPolicy, WitnessPolicy, parse_witness_policy
from sekisho.evidence.tiles import folded

C2SP_NOTE = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+\
EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""
"""The example of C2SP signed-note: a fact of the format."""

LOG = SecretKeys("log.example", sha256(b"log").digest())
ENTRIES = [b"entry %d" % number for number in range(5)]


def keys(name: str) -> SecretKeys:
    return SecretKeys(f"{name}.example", sha256(name.encode()).digest())


def signature(secret: SecretKeys, kind: KeyType, head: TreeHead, at: int = 1000) -> NoteSignature:
    key = secret.public(kind)
    made = secret.sign_text(head.text) if kind is KeyType.ED25519 else secret.cosign(kind, head, at)
    return NoteSignature(key.name, key.id, made)


def tree_head() -> TreeHead:
    return TreeHead("log.example", 5, Frontier().grown(map(leaf_hash, ENTRIES)).root)


def signed(*more: NoteSignature) -> Note:
    head = tree_head()
    return Note(head.text, (signature(LOG, KeyType.ED25519, head), *more))


def test_the_notes_of_the_specification_are_read() -> None:
    note = parse_note(C2SP_NOTE.encode())
    assert note.raw == C2SP_NOTE.encode()
    assert note.text.endswith("\n\ned è subito sera.\n")
    assert note.signatures[0].name == "quasimodo.example/salvatore"
    assert len(note.signatures[0].signature) == 64


BROKEN = {
    "no signatures": b"text\n",
    "no blank line": "text\n— a AAAAAAA=\n".encode(),
    "no newline at the end": "text\n\n— a AAAAAAA=".encode(),
    "a carriage return": "te\rxt\n\n— a AAAAAAA=\n".encode(),
    "a zero byte": "te\x00xt\n\n— a AAAAAAA=\n".encode(),
    "not UTF-8": b"te\xffxt\n\n\xe2\x80\x94 a AAAAAAA=\n",
    "a hyphen for the dash": b"text\n\n- a AAAAAAA=\n",
    "a name with a plus sign": "text\n\n— a+b AAAAAAA=\n".encode(),
    "no name": "text\n\n—  AAAAAAA=\n".encode(),
    "too short a signature": "text\n\n— a AAAA\n".encode(),
    "no base64": "text\n\n— a AAAA*AA=\n".encode(),
    "text after the signatures": "text\n\n— a AAAAAAA=\nmore\n".encode(),
    "too many signatures": b"text\n\n" + "— a AAAAAAA=\n".encode() * 65,
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN)
def test_what_is_no_note_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedNote):
        parse_note(raw)


@given(st.randoms())
def test_any_bytes_are_a_note_or_malformed(dice: random.Random) -> None:
    raw = damaged(dice, signed(signature(keys("W1"), KeyType.COSIGNATURE_ED25519, tree_head())).raw)
    try:
        note = parse_note(raw)
        assert parse_note(note.raw) == note
    except MalformedNote:
        return


@pytest.mark.parametrize("kind", list(KeyType))
def test_a_signature_holds_for_its_head_and_its_key_alone(kind: KeyType) -> None:
    head, secret = tree_head(), keys("W1")
    note = Note(head.text, (signature(secret, kind, head),))
    assert signed_by(note, secret.public(kind))
    assert not signed_by(note, keys("W2").public(kind))
    for other in (
        TreeHead("other.example", head.size, head.root),
        TreeHead(head.origin, head.size + 1, head.root),
        TreeHead(head.origin, head.size, sha256(head.root).digest()),
    ):
        assert not signed_by(Note(other.text, note.signatures), secret.public(kind))


def test_an_unknown_key_with_a_known_name_is_ignored_and_counts_for_nothing() -> None:
    head, twin = tree_head(), SecretKeys("log.example", sha256(b"twin").digest())
    note = signed(signature(twin, KeyType.ED25519, head))
    assert text_signed_by(note, LOG.public(KeyType.ED25519))
    assert not text_signed_by(Note(head.text, note.signatures[1:]), LOG.public(KeyType.ED25519))


def test_a_line_of_a_known_key_that_does_not_hold_spoils_the_note() -> None:
    key = LOG.public(KeyType.ED25519)
    assert not text_signed_by(signed(NoteSignature(key.name, key.id, bytes(64))), key)


def test_the_time_in_a_cosignature_is_signed() -> None:
    for kind in (KeyType.COSIGNATURE_ED25519, KeyType.COSIGNATURE_ML_DSA_44):
        head, secret = tree_head(), keys("W1")
        line = signature(secret, kind, head, at=1234)
        assert cosigned_at(Note(head.text, (line,)), secret.public(kind)) == 1234
        later = NoteSignature(line.name, line.key_id, (1235).to_bytes(8, "big") + line.signature[8:])
        assert cosigned_at(Note(head.text, (later,)), secret.public(kind)) is None


@pytest.mark.parametrize("kind", list(KeyType))
def test_a_key_is_read_as_it_was_written(kind: KeyType) -> None:
    key = keys("W1").public(kind)
    assert parse_key(str(key)) == key
    for wrong in (str(key)[:-1], str(key).replace("W1", "W2"), "+" + str(key), str(key) + "=", "a+b+c", ""):
        with pytest.raises(MalformedKey):
            parse_key(wrong)


ROOT = "A" * 43 + "="
HEADS = ["a\n1\n", f"a\n01\n{ROOT}\n", f"a\n-1\n{ROOT}\n", f"\n1\n{ROOT}\n", "a\n1\nAAAA\n", f"a\n1\n{ROOT}\nmore\n"]


@pytest.mark.parametrize("text", HEADS)
def test_what_is_no_head_is_malformed(text: str) -> None:
    assert Note(f"a\n1\n{ROOT}\n", ()).head == TreeHead("a", 1, bytes(32))
    with pytest.raises(MalformedNote):
        _ = Note(text, ()).head


def policy(quorum: str, *names: str) -> WitnessPolicy:
    lines = [f"log {LOG.public(KeyType.ED25519)}"]
    lines += [f"witness {name} {keys(name).public(KeyType.COSIGNATURE_ED25519)}" for name in names]
    return parse_witness_policy("\n".join([*lines, *quorum.split("; ")]))


TWO = policy("group g 2 W1 W2 W3; quorum g", "W1", "W2", "W3")


def proof(*names: str) -> Proof:
    rows = [leaf_hash(entry) for entry in ENTRIES]
    path = inclusion_proof(lambda height, index: folded(rows[index << height : (index + 1) << height]), 2, 5)
    head = tree_head()
    lines = [signature(keys(name), KeyType.COSIGNATURE_ED25519, head) for name in names]
    return Proof(2, path, signed(*lines))


def test_a_proof_with_a_quorum_shows_the_entry() -> None:
    assert check(proof("W1", "W3"), ENTRIES[2], "log.example", TWO) == tree_head()
    assert parse_proof(proof("W1").raw) == proof("W1")


def test_a_proof_shows_nothing_else() -> None:
    whole = proof("W1", "W3")
    stranger = policy("quorum none")
    other = parse_witness_policy(f"log {keys('other').public(KeyType.ED25519)}\nquorum none")
    for wrong, entry, origin, asked in (
        (proof("W1"), ENTRIES[2], "log.example", TWO),
        (proof("W1", "W1"), ENTRIES[2], "log.example", TWO),
        (proof("W1", "W4"), ENTRIES[2], "log.example", TWO),
        (whole, ENTRIES[1], "log.example", TWO),
        (whole, ENTRIES[2], "other.example", TWO),
        (whole, ENTRIES[2], "log.example", other),
        (Proof(3, whole.path, whole.checkpoint), ENTRIES[2], "log.example", stranger),
        (Proof(2, whole.path[1:], whole.checkpoint), ENTRIES[2], "log.example", stranger),
    ):
        with pytest.raises(ProofFails):
            check(wrong, entry, origin, asked)


@given(st.randoms())
def test_any_bytes_are_a_proof_or_malformed(dice: random.Random) -> None:
    raw = damaged(dice, proof("W1").raw)
    try:
        assert parse_proof(raw).raw == raw
    except MalformedProof:
        return


W = {name: keys(name).public(KeyType.COSIGNATURE_ED25519) for name in ("W1", "W2", "W3", "W4")}
MALFORMED = {
    "no quorum": f"witness W1 {W['W1']}",
    "two quorums": f"witness W1 {W['W1']}\nquorum W1\nquorum W1",
    "a quorum of nobody known": "quorum W1",
    "a quorum defined below": f"quorum W1\nwitness W1 {W['W1']}",
    "one key under two names": f"witness W1 {W['W1']}\nwitness W2 {W['W1']}\nquorum W1",
    "one witness by its two keys": (
        f"witness W1 {W['W1']}\nwitness W2 {keys('W1').public(KeyType.COSIGNATURE_ML_DSA_44)}\n"
        "group g 2 W1 W2\nquorum g"
    ),
    "more than a head has room for": "\n".join(
        [*(f"witness W{n} {keys(f'W{n}').public(KeyType.COSIGNATURE_ED25519)}" for n in range(61)), "quorum W1"]
    ),
    "one name for two keys": f"witness W1 {W['W1']}\nwitness W1 {W['W2']}\nquorum W1",
    "the name none": f"witness none {W['W1']}\nquorum none",
    "a member twice": f"witness W1 {W['W1']}\ngroup g 2 W1 W1\nquorum g",
    "a member of two groups": f"witness W1 {W['W1']}\ngroup g 1 W1\ngroup h 1 W1\nquorum g",
    "more than there are": f"witness W1 {W['W1']}\ngroup g 2 W1\nquorum g",
    "none of them": f"witness W1 {W['W1']}\ngroup g 0 W1\nquorum g",
    "an empty group": "group g any\nquorum g",
    "a log's key for a witness": f"witness W1 {LOG.public(KeyType.ED25519)}\nquorum W1",
    "a witness's key for a log": f"log {W['W1']}\nquorum none",
    "an unknown word": "wintess W1\nquorum none",
    "a URL that is none": f"witness W1 {W['W1']} ftp://x\nquorum W1",
    "a URL without a host": f"witness W1 {W['W1']} http://\nquorum W1",
    "a URL with a port that is none": f"witness W1 {W['W1']} http://x.example:w1\nquorum W1",
    "a URL with half an address": f"witness W1 {W['W1']} http://[::1\nquorum W1",
    "a URL with a password": f"witness W1 {W['W1']} https://a:b@x.example\nquorum W1",
    "a URL with a query": f"witness W1 {W['W1']} https://x.example/?a\nquorum W1",
    "a URL nobody can type": f"witness W1 {W['W1']} https://é.example\nquorum W1",
    "a control character": "quorum\x0bnone",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_witness_policy_is_malformed(text: str) -> None:
    with pytest.raises(MalformedWitnessPolicy):
        parse_witness_policy(text)


def test_the_policy_of_the_specification_is_met_as_it_says() -> None:
    """X-and-Y of C2SP tlog-policy: two of three Xs and any of the Ys."""
    names = ("X1", "X2", "X3", "Y1", "Y2")
    text = "group X 2 X1 X2 X3; group Y any Y1 Y2; group X-and-Y all X Y; quorum X-and-Y"
    asked = policy(text, *names)
    assert asked.met_by({"X1", "X3", "Y2"})
    assert not asked.met_by({"X1", "X2", "X3"})
    assert not asked.met_by({"X1", "Y1", "Y2"})
    assert not asked.met_by(set())
    assert not asked.met_by({"X", "Y", "X-and-Y"}), "a group's name is not a witness's"
    assert policy("quorum none").met_by(set())


@given(st.randoms())
def test_any_text_is_a_witness_policy_or_malformed(dice: random.Random) -> None:
    raw = damaged(dice, TWO.text.encode())
    try:
        assert parse_witness_policy(raw.decode("utf-8", "replace")).quorum
    except MalformedWitnessPolicy:
        return
