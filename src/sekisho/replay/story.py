"""The replay told to a person in an 80-column terminal, and to a machine as JSON."""

import json
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sekisho.bitcoin.outpoint import show_txid
from sekisho.bitcoin.sats import COIN, btc
from sekisho.checkpoint.audit import audit
from sekisho.checkpoint.trust import parse_trust
from sekisho.replay import facts
from sekisho.replay.acts import FEE, Guarded, Honest, Unguarded, act_1, act_2, act_3
from sekisho.replay.attempts import Attempt, act_4
from sekisho.replay.exchange import SIZES, STOLEN, open_exchange
from sekisho.replay.mainnet import Judged, judge_funding, judge_theft
from sekisho.verdicts import Reason

WIDTH = 78

Say = Callable[[str], None]
"""Prints one line. Lines start with `## ` for a heading, `+ ` for good news, `! ` for bad, `* ` for a reason's code."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How every act ended."""

    unguarded: Unguarded
    guarded: Guarded
    honest: Honest
    attempts: tuple[Attempt, ...]
    theft: Judged
    funding: Judged

    @property
    def as_it_must(self) -> bool:
        """Whether every act ended as it must: the theft succeeds unguarded, and nowhere else."""
        return (
            self.unguarded.stolen == STOLEN
            and not self.guarded.finalised
            and bool(self.guarded.reasons)
            and self.honest.confirmed
            and all(attempt.refused for attempt in self.attempts)
            and self.theft.consensus
            and {"payee-altered", "look-alike-of-payee"} <= {reason.code for reason in self.theft.mismatches}
            and bool(self.theft.objections)
            and self.funding.consensus
            and not self.funding.reasons
        )

    def as_json(self) -> str:
        """The outcome as one JSON document; amounts are integers, in satoshis."""
        document = {
            "unguarded": {"stolen_sats": int(self.unguarded.stolen)},
            "guarded": {"stolen_sats": int(self.guarded.stolen), "reasons": _codes(self.guarded.reasons)},
            "honest": {"confirmed": self.honest.confirmed, "txid": self.honest.txid},
            "mainnet": {
                "theft": {
                    "consensus": "valid" if self.theft.consensus else "invalid",
                    "verdict": "refused" if self.theft.reasons else "allowed",
                    "reasons": _codes(self.theft.reasons),
                },
                "funding": {"verdict": "refused" if self.funding.reasons else "allowed"},
            },
            "attempts": [
                {"name": each.name, "verdict": "refused" if each.codes else "allowed", "reasons": list(each.codes)}
                for each in self.attempts
            ],
        }
        return json.dumps(document, indent=2) + "\n"


def tell(say: Say) -> Outcome:
    """Play every act on a fresh chain, saying each as it ends."""
    _prologue(say)
    with open_exchange() as exchange:
        unguarded = act_1(exchange)
        _act_1(say, unguarded)
        guarded = act_2(exchange)
        _act_2(say, guarded)
        honest = act_3(exchange)
        _act_3(say, honest)
        say("## Act 4. The thief's next tries")
        say("")
        attempts = []
        for attempt in act_4(exchange, honest):
            attempts.append(attempt)
            _attempt(say, attempt)
        say("")
    theft, funding = judge_theft(), judge_funding()
    _act_5(say, theft, funding)
    outcome = Outcome(unguarded, guarded, honest, tuple(attempts), theft, funding)
    _epilogue(say, outcome)
    return outcome


def _prologue(say: Say) -> None:
    _paragraph(
        say,
        "On 31 May 2024 the exchange DMM Bitcoin lost 4,502.9 BTC. No key was stolen: a payment request was altered on "
        "its way, and real signers signed it. Here it happens again, on a regtest chain in this process, under Bitcoin "
        "Core's own validation.",
    )
    _paragraph(
        say,
        f"The exchange holds nine coins of the sizes DMM held, {btc(sum(SIZES) * COIN)} in all, in a wallet that two "
        "of its three people must sign for. It holds as much again in a second wallet, where the checkpoint is a "
        "necessary signer.",
    )


def _act_1(say: Say, act: Unguarded) -> None:
    say("## Act 1. Unguarded")
    say("")
    (payee,) = act.request.payees
    _fields(
        say,
        (
            ("Rie asks for", f"{btc(payee.sats)} to {payee.address}"),
            ("the vendor's server sends", f"{btc(act.stolen)} to {act.paid}"),
            ("fee, change", f"{btc(FEE)}, none"),
            ("two people see", f"{act.paid[:5]}…{act.paid[-2:]}, as every day, and sign"),
            ("block", f"{act.height}, accepted by Bitcoin Core's validation"),
        ),
    )
    say(f"! {btc(act.stolen)} are gone. Every signature was genuine.")
    say("")


def _act_2(say: Say, act: Guarded) -> None:
    say("## Act 2. The same attack, with the checkpoint as a necessary signer")
    say("")
    _paragraph(
        say,
        "The same request, the same altered transaction, the same two people sign it. The checkpoint reads the "
        "transaction itself and holds it against the request that Rie's device signed:",
    )
    _reasons(say, act.reasons)
    say("! The transaction was finalised." if act.finalised else "+ Refused, and without the checkpoint's signature")
    say(f"+ the transaction cannot be finalised: {btc(act.stolen)} left the wallet.")
    say("")


def _act_3(say: Say, act: Honest) -> None:
    say("## Act 3. The honest payment")
    say("")
    (payee,) = act.request.payees
    _fields(
        say,
        (
            ("Rie asks for", f"{btc(payee.sats)} to {payee.address}"),
            ("approved by", "Aya (exchange) and Chie (vendor), each on their own device"),
            ("recorded", f"as log entry {act.receipt}, before any signature existed"),
            ("co-signed, finalised", act.txid),
            ("block", f"{act.height}, accepted by Bitcoin Core's validation"),
        ),
    )
    found = audit(act.evidence, parse_trust(act.trust))
    say("+ The payment that was asked for has left. An outsider can check, from one file:")
    say("")
    for step in found.steps:
        say(f"  ({step.number}) {step.name}")
        for line in textwrap.wrap(step.shown, WIDTH - 6, break_on_hyphens=False):
            say(f"      {line}")
    say("")


def _attempt(say: Say, attempt: Attempt) -> None:
    verdict = "refused" if attempt.refused else "NOT REFUSED AS IT MUST BE"
    say(f"{'+' if attempt.refused else '!'} {attempt.name:<44}{verdict}")
    for line in textwrap.wrap(", ".join(attempt.codes), WIDTH - 6, break_on_hyphens=False):
        say(f"      {line}")


def _act_5(say: Say, theft: Judged, funding: Judged) -> None:
    say("## Act 5. The real theft")
    say("")
    rate = theft.fee // theft.transaction.vsize
    _fields(
        say,
        (
            ("transaction", show_txid(theft.transaction.txid)),
            ("31 May 2024", f"{len(theft.transaction.inputs)} coins, one output, no change"),
            ("its 18 signatures", "valid" if theft.consensus else "INVALID"),
            ("says", "Bitcoin Core's interpreter, run here on the real bytes"),
            ("fee", f"{rate:,} sat/vB: {rate / facts.MEDIAN_FEE_RATE:.0f} times that day's median"),
        ),
    )
    _paragraph(
        say,
        "Held against the request that DMM meant (by its daily habit, 10 BTC to its hot wallet):",
    )
    _reasons(say, theft.mismatches)
    _paragraph(say, "And by a policy drawn from DMM's own habits:")
    _reasons(say, theft.objections)
    say("+ Refused.")
    say("")
    _paragraph(
        say,
        f"The transaction that had filled the wallet, {show_txid(funding.transaction.txid)[:8]}…"
        f"{show_txid(funding.transaction.txid)[-4:]}, held against its own request of "
        f"{len(funding.transaction.outputs) - 1} payees:",
    )
    if funding.reasons:
        _reasons(say, funding.reasons)
    say("! Refused." if funding.reasons else "+ Allowed.")
    say("")


def _epilogue(say: Say, outcome: Outcome) -> None:
    refused = sum(attempt.refused for attempt in outcome.attempts)
    say("## The end")
    say("")
    _fields(
        say,
        (
            ("stolen, unguarded", btc(outcome.unguarded.stolen)),
            ("stolen, guarded", btc(outcome.guarded.stolen)),
            ("attempts refused", f"{refused} of {len(outcome.attempts)}"),
            ("the real theft", "refused" if outcome.theft.reasons else "ALLOWED"),
        ),
    )


def _reasons(say: Say, reasons: Iterable[Reason]) -> None:
    for reason in reasons:
        say(f"* {reason.code}")
        for line in textwrap.wrap(str(reason), WIDTH - 6, break_long_words=True, break_on_hyphens=False):
            say(f"      {line}")
    say("")


def _fields(say: Say, rows: Iterable[tuple[str, str]]) -> None:
    for name, value in rows:
        lines = textwrap.wrap(value, WIDTH - 28, break_on_hyphens=False)
        say(f"  {name:<26}{lines[0]}")
        for line in lines[1:]:
            say(f"  {'':<26}{line}")
    say("")


def _paragraph(say: Say, text: str) -> None:
    for line in textwrap.wrap(text, WIDTH):
        say(line)
    say("")


def _codes(reasons: Iterable[Reason]) -> list[str]:
    return list(dict.fromkeys(reason.code for reason in reasons))
