"""Act 4: what the thief tries next. Each attempt is one change to an honest case, aimed at our own chain."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256

from sekisho.approvals.statement import SignedStatement, Statement
from sekisho.bitcoin.psbt.reader import parse_psbt, serialize
from sekisho.bitcoin.psbt.records import Record
from sekisho.bitcoin.sats import COIN, Sats
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import TxOutput
from sekisho.bitcoin.wallet import Branch
from sekisho.checkpoint.cosign import read_case
from sekisho.checkpoint.decide import Law
from sekisho.checkpoint.home import cosigner_position
from sekisho.checkpoint.sign import BufferChanged, sign
from sekisho.checkpoint.statute import adopt, policy_document, policy_in_force, roster_in_force
from sekisho.replay import vendor
from sekisho.replay.acts import DAILY, Honest
from sekisho.replay.cast import device
from sekisho.replay.exchange import POLICY, Exchange, hot_wallet, look_alike
from sekisho.replay.vendor import Draft, Held, psbt_by_embit
from sekisho.requests.request import PaymentRequest
from sekisho.verdicts import Allowed, Refused

_THIEF = Script(b"\x00\x14" + sha256(b"no key to this hash exists").digest()[:20])
_RELATIVE_LOCK = 52_560
_OUT_DERIVATION = 0x02

Statements = tuple[SignedStatement, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was tried, what it was refused for, and whether that is the reason it must be refused for."""

    name: str
    codes: tuple[str, ...]
    expected: str

    @property
    def refused(self) -> bool:
        """Refused, and for the right reason."""
        return self.expected in self.codes


@dataclass(frozen=True, slots=True)
class _Stage:
    """An honest case, to be spoilt."""

    exchange: Exchange
    request: PaymentRequest
    coins: tuple[Held, ...]

    @property
    def honest(self) -> Draft:
        return self.exchange.draft(self.request, self.coins)

    def approved(self) -> Statements:
        return self.exchange.cast.approved(self.request, "aya", "chie")

    def codes(self, psbt: bytes, statements: Statements | None = None) -> tuple[str, ...]:
        answer = self.exchange.ask(self.request, psbt, self.approved() if statements is None else statements)
        return answer.verdict.codes() if isinstance(answer.verdict, Refused) else ()


def act_4(exchange: Exchange, paid: Honest) -> Iterator[Attempt]:
    """Every attempt in turn, against the checkpoint of act 3."""
    coins = exchange.coins[exchange.guarded.id][1:2]
    for name, expected, attempt in _ATTEMPTS:
        stage = _Stage(exchange, exchange.request(exchange.guarded, hot_wallet(), DAILY), coins)
        yield Attempt(name, attempt(stage), expected)
    stage = _Stage(exchange, exchange.request(exchange.guarded, hot_wallet(), DAILY), coins)
    approvals = exchange.cast.approved(paid.request, "aya", "chie")[1:]
    own = exchange.cast.approved(stage.request)
    yield Attempt("approval replayed", stage.codes(psbt_by_embit(stage.honest), (*own, *approvals)), "wrong-document")
    yield Attempt("drain in small slices", _slices(exchange), "velocity-sats")


def _paying(stage: _Stage, *outputs: TxOutput) -> bytes:
    return psbt_by_embit(replace(stage.honest, payees=outputs))


def _look_alike(stage: _Stage) -> tuple[str, ...]:
    made = stage.exchange.edited(stage.request, look_alike(hot_wallet())).payees[0].script
    return stage.codes(_paying(stage, TxOutput(DAILY, made)))


def _extra_output(stage: _Stage) -> tuple[str, ...]:
    return stage.codes(_paying(stage, *stage.honest.payees, TxOutput(Sats(50_000), _THIEF)))


def _forged_change(stage: _Stage) -> tuple[str, ...]:
    """The change goes elsewhere; the PSBT still swears that it is key 0 on the change branch."""
    honest = stage.honest
    assert honest.change is not None
    diverted = replace(honest, payees=(*honest.payees, TxOutput(honest.change.sats, _THIEF)), change_index=None)
    psbt = parse_psbt(psbt_by_embit(diverted))
    claims = tuple(
        Record(_OUT_DERIVATION, key.public_key, key.fingerprint + b"".join(s.to_bytes(4, "little") for s in key.path))
        for key in stage.exchange.guarded.script(Branch.CHANGE, 0).keys
    )
    outputs = (*psbt.outputs[:-1], replace(psbt.outputs[-1], records=claims))
    return stage.codes(serialize(replace(psbt, outputs=outputs)))


def _receive_change(stage: _Stage) -> tuple[str, ...]:
    """Back to the very address a coin came from: ours, and perhaps the customer's who was given it."""
    honest = stage.honest
    customer = stage.exchange.guarded.script(Branch.RECEIVE, honest.coins[0].index).script_pubkey
    assert honest.change is not None
    outputs = (*honest.payees, TxOutput(honest.change.sats, customer))
    return stage.codes(psbt_by_embit(replace(honest, payees=outputs, change_index=None)))


def _recovery_early(stage: _Stage) -> tuple[str, ...]:
    """Blind signatures by the recovery keys, over a transaction that waits for the coin to age."""
    psbt = parse_psbt(psbt_by_embit(stage.honest))
    aged = replace(psbt.unsigned.inputs[0], sequence=_RELATIVE_LOCK)
    unsigned = replace(psbt.unsigned, inputs=(aged,)).serialize(witness=False)
    raw = serialize(replace(psbt, records=(Record(0x00, b"", unsigned), *psbt.records[1:])))
    for each in stage.exchange.recovery[:3]:
        raw = each.sign(raw)
    return stage.codes(raw)


def _hidden_fee(stage: _Stage) -> tuple[str, ...]:
    return stage.codes(psbt_by_embit(replace(stage.honest, change_index=None)))


def _swapped_buffer(stage: _Stage) -> tuple[str, ...]:
    """One PSBT is reviewed and allowed, another one lies in the signer's buffer when it signs."""
    exchange = stage.exchange
    reviewed = read_case(stage.request.raw, [], psbt_by_embit(stage.honest))
    swapped = _paying(stage, TxOutput(DAILY, _THIEF))
    law = Law(exchange.guarded, roster_in_force(exchange.state), policy_in_force(exchange.state), frozenset())
    position = cosigner_position(exchange.guarded, exchange.key)
    try:
        sign(swapped, Allowed(reviewed.digest), stage.request, law, position, exchange.key, -1)
    except BufferChanged:
        return ("buffer-changed",)
    return ()


def _rejection(stage: _Stage) -> tuple[str, ...]:
    cast, digest = stage.exchange.cast, stage.request.digest
    turned = tuple(
        replace(each, statement=Statement.APPROVAL) for each in cast.sign(Statement.REJECTION, digest, "chie")
    )
    return stage.codes(psbt_by_embit(stage.honest), (*cast.approved(stage.request, "aya"), *turned))


def _other_payee(stage: _Stage) -> tuple[str, ...]:
    """People approved a payment to the hot wallet; the case says it was one to the thief's address."""
    altered = stage.exchange.edited(stage.request, look_alike(hot_wallet()))
    psbt = psbt_by_embit(stage.exchange.draft(altered, stage.coins))
    return replace(stage, request=altered).codes(psbt, stage.approved())


def _two_devices(stage: _Stage) -> tuple[str, ...]:
    spare = device("aya-spare").sign(Statement.APPROVAL, stage.request.digest)
    return stage.codes(psbt_by_embit(stage.honest), (*stage.exchange.cast.approved(stage.request, "aya"), spare))


def _edited_policy(stage: _Stage) -> tuple[str, ...]:
    """A looser policy lies in the folder; nobody who may sign one has signed it."""
    text = POLICY.format(hot=look_alike(hot_wallet())).replace("version = 1", "version = 2")
    state, at = stage.exchange.state, int(stage.exchange.now.timestamp())
    with state.turn(), state.transaction():
        outcome = adopt(state, policy_document(text.encode()), (), at)
    return outcome.codes() if isinstance(outcome, Refused) else ()


def _slices(exchange: Exchange) -> tuple[str, ...]:
    """Slice after slice, each approved, each to the listed hot wallet, until the day's limit says no."""
    codes: tuple[str, ...] = ()
    for coin in exchange.coins[exchange.guarded.id][2:8]:
        request = exchange.request(exchange.guarded, hot_wallet(), Sats(9 * COIN))
        codes = _Stage(exchange, request, (coin,)).codes(vendor.psbt_by_embit(exchange.draft(request, (coin,))))
        if codes:
            break
    return codes


_ATTEMPTS: tuple[tuple[str, str, Callable[[_Stage], tuple[str, ...]]], ...] = (
    ("look-alike payee", "look-alike-of-payee", _look_alike),
    ("extra output", "unrequested-output", _extra_output),
    ("change redirected with forged derivations", "unrequested-output", _forged_change),
    ("change to a receive address", "change-to-receive-address", _receive_change),
    ("recovery path signed early", "recovery-signature", _recovery_early),
    ("amounts hidden in the fee", "fee-over-ceiling", _hidden_fee),
    ("buffer swapped after review", "buffer-changed", _swapped_buffer),
    ("rejection replayed as an approval", "assertion-invalid", _rejection),
    ("approval over another payee", "wrong-document", _other_payee),
    ("one person's two devices", "quorum-short", _two_devices),
    ("policy file edited on disk", "quorum-short", _edited_policy),
)
