"""Counting people: each once, whatever they bring. The laws, for any set of signatures."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.approvals.count import identify, shortfall
from sekisho.approvals.quorum import Attribute, Quorum
from sekisho.approvals.reasons import NobodyToAsk, NotDistinct, QuorumShort
from sekisho.approvals.roster import Device, Person, Role, Signatory
from sekisho.approvals.statement import Statement
from sekisho.bitcoin.network import Network
from sekisho.replay.cast import Cast

CAST = Cast(Network.REGTEST)


def device(name: str, maker: str = "acme", site: str = "tokyo", key: str | None = None) -> Device:
    """A device as a roster value, made without the parser's care."""
    return Device(name, name.encode(), (key or name).encode(), maker, site)


def person(name: str, *devices: Device, organisation: str = "exchange") -> Person:
    """A person with these devices."""
    return Person(name, name, organisation, frozenset({Role.APPROVER}), devices)


def signed(who: Person, number: int = 0) -> Signatory:
    """That person's signature with one of their devices."""
    return Signatory(who, who.devices[number])


ANA = person("ana", device("a1"), device("a2", maker="other"))
BO = person("bo", device("b1", site="osaka"))
CHI = person("chi", device("c1", maker="other"), organisation="vendor")
BORROWER = person("dan", device("a1", key="d"))  # ana's device, enrolled again under another name
CLONE = person("eve", device("e1", key="b1"))  # bo's key, enrolled again as another device
EVERYONE = frozenset({"ana", "bo", "chi", "dan", "eve"})

COUNTED: dict[str, tuple[list[Signatory], int]] = {
    "nobody": ([], 0),
    "one person": ([signed(ANA)], 1),
    "one person twice": ([signed(ANA), signed(ANA)], 1),
    "one person with two devices": ([signed(ANA), signed(ANA, 1)], 1),
    "one device under two people": ([signed(ANA), signed(BORROWER)], 1),
    "one key under two people": ([signed(BO), signed(CLONE)], 1),
    "two people": ([signed(ANA), signed(BO)], 2),
    "three people": ([signed(ANA), signed(BO), signed(CHI)], 3),
    "a chain of shared devices": ([signed(ANA), signed(ANA, 1), signed(BORROWER)], 1),
}


@pytest.mark.parametrize(("signatories", "count"), COUNTED.values(), ids=COUNTED.keys())
def test_as_many_count(signatories: list[Signatory], count: int) -> None:
    if count:
        assert shortfall(Quorum(count, EVERYONE), signatories) == ()
    (short,) = shortfall(Quorum(count + 1, EVERYONE), signatories)
    assert isinstance(short, QuorumShort)
    assert short.counted == count


@pytest.mark.parametrize(
    "quorum", [Quorum(0, EVERYONE), Quorum(-1, EVERYONE), Quorum(1, frozenset()), Quorum(0, frozenset())]
)
def test_an_empty_quorum_is_never_met(quorum: Quorum) -> None:
    """DFINITY Orbit clamped the threshold to the number of possible approvers: with none, everything was approved."""
    assert shortfall(quorum, [signed(ANA), signed(BO)]) == (NobodyToAsk(),)


def test_people_outside_the_group_do_not_count() -> None:
    assert shortfall(Quorum(2, frozenset({"ana", "chi"})), [signed(ANA), signed(BO)]) == (QuorumShort(1, 2, ("chi",)),)


@pytest.mark.parametrize(
    ("attribute", "signatories", "spanned"),
    [
        (Attribute.ORGANISATION, [signed(ANA), signed(BO)], 1),
        (Attribute.ORGANISATION, [signed(ANA), signed(CHI)], 2),
        (Attribute.SITE, [signed(ANA), signed(BO)], 2),
        (Attribute.MAKER, [signed(ANA), signed(BO)], 1),
        (Attribute.MAKER, [signed(ANA), signed(ANA, 1)], 1),  # one person's two makers are one person's
        (Attribute.MAKER, [signed(ANA), signed(ANA, 1), signed(BO)], 2),  # ana can stand for the other maker
        (Attribute.MAKER, [signed(ANA, 1), signed(CHI)], 1),
    ],
)
def test_people_span_as_many_values(attribute: Attribute, signatories: list[Signatory], spanned: int) -> None:
    assert shortfall(Quorum(1, EVERYONE, ((attribute, spanned),)), signatories) == ()
    assert shortfall(Quorum(1, EVERYONE, ((attribute, spanned + 1),)), signatories) == (
        NotDistinct(attribute.value, spanned, spanned + 1),
    )


CROWD = [signed(each, number) for each in (ANA, BO, CHI, BORROWER, CLONE) for number in range(len(each.devices))]


def counted(signatories: list[Signatory]) -> int:
    """How many count."""
    missing = shortfall(Quorum(100, EVERYONE), signatories)
    assert isinstance(missing[0], QuorumShort)
    return missing[0].counted


@given(st.lists(st.sampled_from(CROWD)), st.integers(0, 2**32))
def test_order_and_repetition_do_not_matter(signatories: list[Signatory], number: int) -> None:
    shuffled = signatories * 2
    random.Random(number).shuffle(shuffled)
    assert counted(shuffled) == counted(signatories)


@given(st.lists(st.sampled_from(CROWD)))
def test_never_more_than_people_devices_or_keys(signatories: list[Signatory]) -> None:
    for distinct in (
        {who.person.id for who in signatories},
        {who.device.id for who in signatories},
        {who.device.public_key for who in signatories},
    ):
        assert counted(signatories) <= len(distinct)


@given(st.lists(st.sampled_from(CROWD)), st.sampled_from(CROWD))
def test_another_signature_of_somebody_counted_never_adds_one(signatories: list[Signatory], more: Signatory) -> None:
    ids = {who.person.id for who in signatories}
    if more.person.id in ids:
        assert counted([*signatories, more]) <= counted(signatories)


@pytest.mark.parametrize("statement", Statement)
@pytest.mark.parametrize("used_as", Statement)
def test_a_statement_is_itself_and_no_other(statement: Statement, used_as: Statement) -> None:
    (said,) = CAST.sign(statement, bytes(32), "aya")
    for each in (said, replace(said, statement=used_as)):
        who = identify(each, used_as, bytes(32), CAST.roster)
        assert isinstance(who, Signatory) == (statement is used_as)
    assert not isinstance(identify(said, statement, bytes(31) + b"\x01", CAST.roster), Signatory)
