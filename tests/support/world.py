"""A whole checkpoint for tests: a home on disk, a wallet of some kind, people with devices, and a clock one can set."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sekisho.approvals.statement import SignedStatement
from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import TxOutput
from sekisho.checkpoint.cosign import Answer, Checkpoint
from sekisho.checkpoint.home import LOG_FOLDER, STATE_FILE
from sekisho.checkpoint.state import State, create_state, open_state
from sekisho.checkpoint.statute import KINDS, adopt, policy_document, roster_document, wallet_document
from sekisho.evidence.keys import SecretKeys
from sekisho.evidence.publish import Folder, Publisher
from sekisho.replay.cast import Cast
from sekisho.replay.vendor import Draft, Held, psbt_by_bdk, psbt_by_embit
from sekisho.requests.create import new_request
from sekisho.requests.request import Payee, PaymentRequest
from sekisho.verdicts import Refused
from support.kits import NETWORK, Kit, seed

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
BOB = Script(b"\x00\x14" + b"\x0b" * 20)
CAROL = Script(b"\x00\x14" + b"\x0c" * 20)
THIEF = Script(b"\x00\x14" + b"\xee" * 20)

POLICY = """\
type = "sekisho/policy/v1"
version = {version}
network = "regtest"
allow_list = {{ anyone = true }}

[[amount_tier]]
up_to_sats = 2_000_000_000_000
threshold = 2
approvers = ["aya", "ben", "chie"]
{limits}
"""


ORIGIN = "world.example/log"


def publisher_of(folder: Path) -> Publisher:
    """The published log in a folder."""
    return Publisher(Folder(folder / LOG_FOLDER), SecretKeys(ORIGIN, seed("log")))


def address(script: Script) -> str:
    """A script's regtest address."""
    shown = show_address(script, NETWORK)
    assert shown is not None
    return shown


@dataclass
class World:
    """One checkpoint and everyone around it."""

    folder: Path
    kit: Kit
    limits: str = ""
    now: datetime = START
    cast: Cast = field(default_factory=lambda: Cast(NETWORK))
    state: State = field(init=False)
    publisher: Publisher = field(init=False)
    checkpoint: Checkpoint = field(init=False)
    policy: bytes = field(init=False)
    _count: int = 0

    def __post_init__(self) -> None:
        self.policy = POLICY.format(version=1, limits=self.limits).encode()
        documents = (
            roster_document(self.cast.roster_file),
            policy_document(self.policy),
            wallet_document(self.kit.raw),
        )
        signed = self.cast.founding(documents[1].digest, documents[2].digest)
        by_kind = {kind: [each for each in signed if each.statement is statement] for kind, statement in KINDS.items()}
        self.publisher = publisher_of(self.folder)
        self.state = create_state(self.folder / STATE_FILE, ORIGIN, "head")
        self.publisher.rebuild(self.state.log, int(self.now.timestamp()))
        with self.state.turn(), self.state.transaction():
            for document in documents:
                outcome = adopt(self.state, document, by_kind[document.kind], int(self.now.timestamp()))
                assert not isinstance(outcome, Refused), outcome
        self.checkpoint = self.checkpoint_of(self.state)

    def reopen(self) -> None:
        """Close the database and open it again, as after a restart."""
        self.state.close()
        self.state = open_state(self.folder / STATE_FILE)
        self.checkpoint = self.checkpoint_of(self.state)

    def checkpoint_of(self, state: State, ahead: int = 0) -> Checkpoint:
        """A checkpoint on some state of this world, its clock `ahead` seconds on."""
        folder = publisher_of(state.path.parent)
        return Checkpoint(state, self.kit.cosigner, folder, lambda: self.now + timedelta(seconds=ahead))

    def request(self, *pays: tuple[Script, int], fee_max: int = 2_000, **changes: object) -> PaymentRequest:
        """A request for these payments, valid for two hours from now."""
        self._count += 1
        request = new_request(
            id=f"pay-{self._count}",
            requester="rie",
            network=NETWORK,
            wallet=self.kit.wallet.id,
            payees=[Payee(address(script), script, Sats(amount)) for script, amount in pays],
            fee_max=Sats(fee_max),
            created=self.now,
            expires=self.now + timedelta(hours=2),
            purpose="test",
            roster=self.cast.roster.digest,
            policy=policy_document(self.policy).digest,
        )
        return replace(request, **changes)  # type: ignore[arg-type]

    def draft(self, request: PaymentRequest, coins: Sequence[Held], fee: int = 1_000, change: int | None = 0) -> Draft:
        """The honest transaction for a request."""
        payees = tuple(TxOutput(payee.sats, payee.script) for payee in request.payees)
        return Draft(self.kit.wallet, tuple(coins), payees, Sats(fee), change, 100)

    def cosign(
        self, request: PaymentRequest, psbt: bytes, statements: Sequence[SignedStatement] | None = None
    ) -> Answer:
        """Put a case to the checkpoint, approved by Aya and Ben unless other statements are given."""
        signed = self.cast.approved(request, "aya", "ben") if statements is None else statements
        return self.checkpoint.cosign(request.raw, [each.raw for each in signed], psbt)

    def codes(
        self, request: PaymentRequest, psbt: bytes, statements: Sequence[SignedStatement] | None = None
    ) -> set[str]:
        """The reasons a case is refused for; no signature may come with them."""
        answer = self.cosign(request, psbt, statements)
        if isinstance(answer.verdict, Refused):
            assert answer.psbt is None
            return set(answer.verdict.codes())
        assert answer.psbt is not None
        return set()


MAKERS = {
    "bdkpython": psbt_by_bdk,
    "embit": psbt_by_embit,
    "embit-v2": lambda draft: psbt_by_embit(draft, 2),
}
