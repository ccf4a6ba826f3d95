"""May this take effect? A roster, policy or wallet, or the end of a freeze, by the signatures over its digest."""

from collections.abc import Sequence

from sekisho.approvals.count import identify, shortfall
from sekisho.approvals.quorum import Quorum
from sekisho.approvals.roster import Roster, Signatory
from sekisho.approvals.statement import SignedStatement, Statement
from sekisho.verdicts import Reason


def objections(
    statement: Statement, digest: bytes, signed: Sequence[SignedStatement], in_force: Roster
) -> tuple[Reason, ...]:
    """Why the document may not take effect: it needs the policy_admin quorum of the roster in force."""
    signatories, found = _identified(statement, digest, signed, in_force)
    return (*found, *shortfall(in_force.admins, signatories))


def first_roster_objections(roster: Roster, signed: Sequence[SignedStatement]) -> tuple[Reason, ...]:
    """Why a first roster may not take effect: it needs the signature of everyone in it, each with a device of theirs.

    That the roster is the right one no signature in it can show: its hash is typed in by the person who runs `init`.
    """
    signatories, found = _identified(Statement.ROSTER, roster.digest, signed, roster)
    everyone = frozenset(person.id for person in roster.people)
    return (*found, *shortfall(Quorum(len(everyone), everyone), signatories))


def _identified(
    statement: Statement, digest: bytes, signed: Sequence[SignedStatement], roster: Roster
) -> tuple[list[Signatory], list[Reason]]:
    signatories: list[Signatory] = []
    found: list[Reason] = []
    for each in dict.fromkeys(signed):
        who = identify(each, statement, digest, roster)
        if isinstance(who, Signatory):
            signatories.append(who)
        else:
            found += who
    return signatories, found
