"""The roster: read strictly, named by its bytes, in force only by signatures."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prove.fuzz import damaged
from sekisho.approvals.adoption import first_roster_objections, objections
from sekisho.approvals.roster import MalformedRoster, Role, parse_roster
from sekisho.approvals.statement import Statement, encode
from sekisho.bitcoin.network import Network
from sekisho.replay.cast import Cast, device

CAST = Cast(Network.REGTEST)
FILE = CAST.roster_file.decode()
AYA, BEN = device("aya-key"), device("ben-key")

MALFORMED: dict[str, str] = {
    "another type": FILE.replace("sekisho/roster/v1", "sekisho/roster/v2"),
    "a misspelt key": FILE.replace("relying_party", "relying_partey"),
    "an unknown key for a person": FILE.replace('id = "aya"', 'id = "aya"\nemail = "x"'),
    "an unknown key for a device": FILE.replace('site = "osaka"', 'site = "osaka"\ncolour = "x"'),
    "a version of 0": FILE.replace("version = 1", "version = 0"),
    "a version that is true": FILE.replace("version = 1", "version = true"),
    "a network that is none": FILE.replace('"regtest"', '"testnet"'),
    "no origins": FILE.replace('["https://approve.exchange.example"]', "[]"),
    "an origin with a path": FILE.replace('exchange.example"]', 'exchange.example/login"]'),
    "an origin without https": FILE.replace("https://", "http://"),
    "a threshold of 0": FILE.replace("threshold = 2", "threshold = 0"),
    "a threshold nobody can meet": FILE.replace("threshold = 2", "threshold = 3"),
    "more organisations than signatures": FILE.replace(
        "threshold = 2", "threshold = 2\ndistinct = { organisation = 3 }"
    ),
    "a role that is none": FILE.replace('["auditor"]', '["king"]'),
    "no role": FILE.replace('["auditor"]', "[]"),
    "a role twice": FILE.replace('["auditor"]', '["auditor", "auditor"]'),
    "one id twice": FILE.replace('id = "ben"\n', 'id = "aya"\n'),
    "an id in upper case": FILE.replace('id = "ben"\n', 'id = "Ben"\n'),
    "an id in another alphabet": FILE.replace('id = "ben"\n', 'id = "b\u0435n"\n'),
    "a name that runs right to left": FILE.replace("Ben, security", "Ben\u202e, security"),
    "one credential twice": FILE.replace(encode(BEN.credential_id), encode(AYA.credential_id)),
    "one public key under two names": FILE.replace(encode(BEN.public_key), encode(AYA.public_key)),
    "one device under two people": FILE.replace('id = "ben-key"', 'id = "aya-key"'),
    "a public key off the curve": FILE.replace(encode(BEN.public_key), encode(b"\x02" + b"\xff" * 32)),
    "an uncompressed public key": FILE.replace(encode(BEN.public_key), encode(b"\x04" + bytes(64))),
    "a credential of four bytes": FILE.replace(encode(BEN.credential_id), "AAAAAA"),
    "a credential that is not base64url": FILE.replace(encode(BEN.credential_id), "!!!!"),
    "nobody": FILE.partition("\n[[person]]")[0],
    "no policy_admin": FILE.replace('"policy_admin"', '"auditor"').replace('["auditor", "approver"]', '["approver"]'),
    "nothing": "",
    "too many dots": "a" + ".a" * 20_000 + " = 1",
    "TOML that is none": FILE + "\n[[person",
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_roster_is_malformed_with(text: str) -> None:
    assert text != FILE
    with pytest.raises(MalformedRoster):
        parse_roster(text.encode())


def test_a_roster_says_who_may_do_what() -> None:
    roster = CAST.roster
    assert roster.having(Role.REQUESTER) == {"rie"}
    assert roster.having(Role.POLICY_ADMIN) == roster.admins.group == {"pia", "sam"}
    holder = roster.holder(device("aya-spare").credential_id)
    assert holder is not None
    assert (holder.person.id, holder.device.id) == ("aya", "aya-spare")
    assert roster.holder(b"nobody's") is None


def test_every_byte_of_the_file_is_in_its_hash() -> None:
    assert parse_roster(CAST.roster_file + b"# a comment\n").digest != CAST.roster.digest


@given(st.integers(0, 2**32))
def test_any_damage_gives_a_roster_or_malformed_roster(number: int) -> None:
    try:
        roster = parse_roster(damaged(random.Random(number), CAST.roster_file))
    except MalformedRoster:
        return
    assert roster.people


EVERYONE = tuple(player.id for player in CAST.players)


def test_the_first_roster_takes_everyone_in_it() -> None:
    digest = CAST.roster.digest
    assert first_roster_objections(CAST.roster, CAST.sign(Statement.ROSTER, digest, *EVERYONE)) == ()
    for missing in EVERYONE:
        rest = [each for each in EVERYONE if each != missing]
        (short,) = first_roster_objections(CAST.roster, CAST.sign(Statement.ROSTER, digest, *rest))
        assert short.code == "quorum-short"


def test_a_later_document_takes_the_policy_admins_of_the_roster_in_force() -> None:
    digest = bytes(range(32))
    assert objections(Statement.POLICY, digest, CAST.sign(Statement.POLICY, digest, "pia", "sam"), CAST.roster) == ()
    for people in ((), ("pia",), ("aya", "ben", "chie"), ("pia", "pia")):
        assert objections(Statement.POLICY, digest, CAST.sign(Statement.POLICY, digest, *people), CAST.roster)
    assert objections(Statement.POLICY, digest, CAST.sign(Statement.WALLET, digest, "pia", "sam"), CAST.roster)
    assert objections(Statement.POLICY, bytes(32), CAST.sign(Statement.POLICY, digest, "pia", "sam"), CAST.roster)
