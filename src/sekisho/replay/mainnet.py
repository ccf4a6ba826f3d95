"""Act 5: the real theft, and the real payment before it, held against what was asked for."""

from dataclasses import dataclass

from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.transaction import Coin, Transaction
from sekisho.chain.kernel import verifies
from sekisho.checkpoint.compare import compare
from sekisho.checkpoint.spend import Spend
from sekisho.policy.history import (
    History,
    Holdings,
    HoldingsQuestion,
    LookAlikeQuestion,
    Question,
)
from sekisho.policy.payment import Payment
from sekisho.policy.policy import parse_policy
from sekisho.policy.rules.look_alike import looks_like
from sekisho.replay import facts
from sekisho.verdicts import Reason


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of a transaction of the real chain."""

    transaction: Transaction
    consensus: bool
    """Whether Bitcoin Core's interpreter accepts its signatures."""
    mismatches: tuple[Reason, ...]
    """Why it is not what was asked for."""
    objections: tuple[Reason, ...]
    """Why the policy would not have let it go."""
    fee: Sats

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """All of them."""
        return (*self.mismatches, *self.objections)


def judge_theft() -> Judged:
    """975ec405…e4d7 against the request DMM meant and a policy drawn from its habits."""
    transaction, coins, request = facts.theft(), facts.stolen_coins(), facts.meant_request()
    comparison = compare(request, facts.cold_wallet(), Spend(transaction, coins))
    payment = Payment(
        request=request,
        payees=transaction.outputs,
        fee=comparison.fee,
        vsize=transaction.vsize,
        inputs=coins,
        change=(),
        now=facts.THEFT_TIME,
    )
    policy = parse_policy(facts.POLICY)
    return Judged(
        transaction,
        verifies(transaction, coins),
        comparison.reasons,
        policy.objections(payment, _history(policy.questions(payment), facts.held_coins())),
        comparison.fee,
    )


def judge_funding() -> Judged:
    """c03acb80…2908 against its own request: comparison alone, as `check` does it."""
    transaction, coins = facts.funding(), (facts.funded_coin(),)
    comparison = compare(facts.funding_request(), facts.older_wallet(), Spend(transaction, coins))
    return Judged(transaction, verifies(transaction, coins), comparison.reasons, (), comparison.fee)


def _history(questions: tuple[Question, ...], held: tuple[Coin, ...]) -> History:
    """What was known at noon: one payee, paid before; the coins of the funding transaction."""
    return History(
        look_alikes=tuple(
            (each, (facts.HOT_WALLET,) if looks_like(each.address, facts.HOT_WALLET, each.characters) else ())
            for each in questions
            if isinstance(each, LookAlikeQuestion)
        ),
        holdings=tuple(
            (each, Holdings(Sats(sum(coin.sats for coin in held)), len(held)))
            for each in questions
            if isinstance(each, HoldingsQuestion)
        ),
    )
