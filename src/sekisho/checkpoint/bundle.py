"""The evidence bundle: one file for one payment, that an outsider can check offline, for ever.

It is a C2SP signed note whose text is one line of canonical JSON: everything the decision rested on, and the proof that
the decision was in the log. The log's key signs the whole. `audit` checks it.
"""

from dataclasses import dataclass

from sekisho.approvals.statement import MalformedStatement, SignedStatement, decode, encode, parse_signed_statement
from sekisho.bitcoin.transaction import MalformedTransaction, Transaction, parse_transaction
from sekisho.errors import SekishoError
from sekisho.evidence.keys import KeyType, SecretKeys
from sekisho.evidence.log import Entry, EntryKind, MalformedEntry, parse_entry
from sekisho.evidence.note import Note, NoteSignature
from sekisho.evidence.proof import MalformedProof, Proof, parse_proof
from sekisho.requests.canonical import Json, NotCanonical, canonical, parse_canonical

BUNDLE_TYPE = "sekisho/evidence/v1"
MAX_BUNDLE_BYTES = 80_000_000
"""Room for two PSBTs of the greatest length in base64, the record, and many rosters."""

_MEMBERS = {"type", "rosters", "policy", "wallet", "decision", "salt", "psbt", "cosigned", "proof"}


class MalformedBundle(SekishoError):
    """Bytes that are not an evidence bundle."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not an evidence bundle: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Adopted:
    """A document as it was signed, and the statements that put it in force."""

    raw: bytes
    signed: tuple[SignedStatement, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything a decision rested on, and where the log has it."""

    rosters: tuple[Adopted, ...]
    """From the first to the one in force."""
    policy: Adopted
    wallet: Adopted
    decision: Entry
    """Its body holds the request, the statements, the records and the verdict."""
    salt: bytes
    psbt: bytes
    """As it was decided on."""
    cosigned: bytes
    """With the cosigner's signature."""
    proof: Proof
    """That the decision is in the log, under a head that witnesses saw."""
    transaction: Transaction | None
    """The finished one, where it is known."""

    @property
    def text(self) -> str:
        """The bundle as one line of canonical JSON."""
        document: dict[str, Json] = {
            "type": BUNDLE_TYPE,
            "rosters": [_shown(each) for each in self.rosters],
            "policy": _shown(self.policy),
            "wallet": _shown(self.wallet),
            "decision": self.decision.raw.decode(),
            "salt": self.salt.hex(),
            "psbt": encode(self.psbt),
            "cosigned": encode(self.cosigned),
            "proof": encode(self.proof.raw),
        }
        if self.transaction is not None:
            document["transaction"] = self.transaction.serialize().hex()
        return canonical(document).decode() + "\n"

    def signed(self, keys: SecretKeys) -> bytes:
        """The file: the text under the log's signature."""
        key = keys.public(KeyType.ED25519)
        return Note(self.text, (NoteSignature(key.name, key.id, keys.sign_text(self.text)),)).raw


def parse_bundle(text: str) -> Bundle:
    """Read the text of a bundle. Whether any of it holds is for `audit` to say. Raises MalformedBundle."""
    try:
        document = parse_canonical(text.removesuffix("\n").encode(), MAX_BUNDLE_BYTES)
        if document.keys() - {"transaction"} != _MEMBERS or document["type"] != BUNDLE_TYPE:
            raise MalformedBundle("it must hold " + ", ".join(sorted(_MEMBERS)))
        final = document.get("transaction")
        bundle = Bundle(
            rosters=tuple(_adopted(each) for each in _list(document["rosters"])),
            policy=_adopted(document["policy"]),
            wallet=_adopted(document["wallet"]),
            decision=parse_entry(_text(document["decision"]).encode()),
            salt=bytes.fromhex(_text(document["salt"])),
            psbt=decode(_text(document["psbt"])),
            cosigned=decode(_text(document["cosigned"])),
            proof=parse_proof(decode(_text(document["proof"]))),
            transaction=None if final is None else parse_transaction(bytes.fromhex(_text(final))),
        )
    except (NotCanonical, MalformedStatement, MalformedEntry, MalformedProof, MalformedTransaction) as why:
        raise MalformedBundle(str(why)) from why
    except (ValueError, TypeError) as why:
        raise MalformedBundle("a value is not of its kind") from why
    if bundle.text != text or bundle.decision.kind is not EntryKind.DECISION:
        raise MalformedBundle("a value is not in its usual spelling")
    return bundle


def _shown(adopted: Adopted) -> Json:
    return {"raw": encode(adopted.raw), "signed": [each.raw.decode() for each in adopted.signed]}


def _adopted(value: Json) -> Adopted:
    if not isinstance(value, dict) or value.keys() != {"raw", "signed"}:
        raise MalformedBundle("a document is its bytes and its statements")
    signed = tuple(parse_signed_statement(_text(each).encode()) for each in _list(value["signed"]))
    return Adopted(decode(_text(value["raw"])), signed)


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise MalformedBundle("a list was expected")
    return value


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise MalformedBundle("text was expected")
    return value
