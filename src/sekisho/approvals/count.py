"""Counting people: each once, whatever number of devices, credentials or names they bring (law 5).

Signatures are first put to a person and a device; then signatures that share a person, a device or a key are taken
together, directly or through each other, and count as one. That may count too few where a device is shared, never too
many, and it does not depend on any order.
"""

from collections.abc import Iterable, Iterator, Sequence

from sekisho.approvals import reasons as no
from sekisho.approvals.assertion import verify
from sekisho.approvals.quorum import Attribute, Quorum
from sekisho.approvals.roster import Role, Roster, Signatory
from sekisho.approvals.statement import SignedStatement, Statement, challenge
from sekisho.requests.request import PaymentRequest
from sekisho.verdicts import Reason

Group = tuple[Signatory, ...]
"""Signatures that count as one person."""


def identify(
    signed: SignedStatement, statement: Statement, digest: bytes, roster: Roster
) -> Signatory | tuple[Reason, ...]:
    """Who said `statement` about the document with this digest; or every reason why nobody did."""
    holder = roster.holder(signed.assertion.credential_id)
    if holder is None:
        return (no.UnknownCredential(signed.assertion.credential_id),)
    person = holder.person.id
    found: list[Reason] = []
    if signed.statement is not statement:
        found.append(no.WrongStatement(person, signed.statement, statement.name.lower()))
    if signed.digest != digest:
        found.append(no.WrongDocument(person, signed.digest, digest))
    found += verify(signed.assertion, challenge(statement, digest), person, holder.device, roster)
    return tuple(found) or holder


def count(
    request: PaymentRequest, statements: Sequence[SignedStatement], quorum: Quorum | None, roster: Roster
) -> tuple[Reason, ...]:
    """Say what the signatures given with a request lack: its requester's own, and the quorum's.

    A signature that does not hold is a reason of its own, even beside enough that do. Without a quorum only the rest is
    judged: that nobody can approve is for the policy to say.
    """
    found: list[Reason] = []
    by: dict[Statement, list[Signatory]] = {each: [] for each in _ABOUT_REQUESTS}
    for signed in dict.fromkeys(statements):
        used_as = signed.statement if signed.statement in by else Statement.APPROVAL
        who = identify(signed, used_as, request.digest, roster)
        if isinstance(who, Signatory):
            by[used_as].append(who)
        else:
            found += who
    asking, approving = by[Statement.REQUEST], by[Statement.APPROVAL]
    return (
        *found,
        *_requester(request, asking, roster),
        *_approvers(request, asking, approving),
        *(no.Rejected(who.person.id) for who in by[Statement.REJECTION]),
        *(shortfall(quorum, _others(request, asking, approving)) if quorum is not None else ()),
    )


_ABOUT_REQUESTS = (Statement.REQUEST, Statement.APPROVAL, Statement.REJECTION)


def shortfall(quorum: Quorum, signatories: Iterable[Signatory]) -> tuple[Reason, ...]:
    """What is missing until the quorum is met; nothing, and it is."""
    if quorum.threshold < 1 or not quorum.group:
        return (no.NobodyToAsk(),)
    groups = _groups([who for who in signatories if who.person.id in quorum.group])
    missing: list[Reason] = []
    if len(groups) < quorum.threshold:
        signed = {who.person.id for group in groups for who in group}
        missing.append(no.QuorumShort(len(groups), quorum.threshold, tuple(sorted(quorum.group - signed))))
    for attribute, needed in quorum.distinct:
        spanned = _spanned(groups, attribute)
        if spanned < needed:
            missing.append(no.NotDistinct(attribute.value, spanned, needed))
    return tuple(missing)


def _requester(request: PaymentRequest, asking: Sequence[Signatory], roster: Roster) -> Iterator[Reason]:
    if request.requester not in roster.having(Role.REQUESTER):
        yield no.NotARequester(request.requester)
    if request.requester not in {who.person.id for who in asking}:
        yield no.RequestUnsigned(request.requester)


def _approvers(
    request: PaymentRequest, asking: Sequence[Signatory], approving: Sequence[Signatory]
) -> Iterator[Reason]:
    for who in approving:
        if Role.APPROVER not in who.person.roles:
            yield no.NotAnApprover(who.person.id)
        if _is_requester(request, asking, who):
            yield no.ApprovedOwnRequest(who.person.id)


def _others(request: PaymentRequest, asking: Sequence[Signatory], approving: Sequence[Signatory]) -> list[Signatory]:
    """The approvers who count: those with the role, who are not the requester under any name."""
    return [who for who in approving if Role.APPROVER in who.person.roles and not _is_requester(request, asking, who)]


def _is_requester(request: PaymentRequest, asking: Sequence[Signatory], who: Signatory) -> bool:
    return who.person.id == request.requester or any(_same(who, other) for other in asking)


def _same(one: Signatory, other: Signatory) -> bool:
    return (
        one.person.id == other.person.id
        or one.device.id == other.device.id
        or one.device.public_key == other.device.public_key
    )


def _groups(signatories: Sequence[Signatory]) -> list[Group]:
    """Signatures taken together wherever they share a person, a device or a key."""
    groups: list[Group] = []
    for who in signatories:
        touching = [group for group in groups if any(_same(who, other) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append((who, *(other for group in touching for other in group)))
    return groups


def _spanned(groups: Sequence[Group], attribute: Attribute) -> int:
    """How many different values the groups span, if each group stands for one value: a largest matching."""
    taken: dict[str, int] = {}

    def place(index: int, tried: set[str]) -> bool:
        for value in sorted({_value(who, attribute) for who in groups[index]} - tried):
            tried.add(value)
            if value not in taken or place(taken[value], tried):
                taken[value] = index
                return True
        return False

    return sum(place(index, set()) for index in range(len(groups)))


def _value(who: Signatory, attribute: Attribute) -> str:
    match attribute:
        case Attribute.ORGANISATION:
            return who.person.organisation
        case Attribute.MAKER:
            return who.device.maker
        case Attribute.SITE:
            return who.device.site
