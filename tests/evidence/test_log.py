"""The log: appended to, never rewritten unnoticed, and the same tree whatever the steps."""

import sqlite3
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prove.fuzz import damaged
from sekisho.evidence.log import (
    SCHEMA,
    ClockBehind,
    Entry,
    EntryKind,
    LogBroken,
    MalformedEntry,
    TransparentLog,
    parse_entry,
)
from sekisho.evidence.merkle import Frontier, leaf_hash

EDITS = {
    "a body is changed": "UPDATE log SET body = x'00' WHERE number = 1",
    "a time is changed": "UPDATE log SET at = 11 WHERE number = 1",
    "a kind is changed": "UPDATE log SET kind = 'thaw' WHERE number = 1",
    "a kind is made up": "UPDATE log SET kind = 'lunch' WHERE number = 1",
    "a salt is changed": "UPDATE log SET salt = x'00' WHERE number = 1",
    "an entry is taken out": "DELETE FROM log WHERE number = 1",
    "the first entry is taken out": "DELETE FROM log WHERE number = 0",
    "the last entry is taken out": "DELETE FROM log WHERE number = 2",
    "two entries change places": "UPDATE log SET number = CASE number WHEN 1 THEN -1 ELSE number END",
    "a commitment is changed": "UPDATE log SET commitment = x'11' WHERE number = 2",
}
FRONTIERS = {
    "the tree is said to be shorter": "UPDATE frontier SET size = 2",
    "the tree is another one": "UPDATE frontier SET peaks = randomblob(64)",
    "the newest time is set back": "UPDATE frontier SET at = 1",
}


@pytest.fixture
def database() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.executescript(SCHEMA)
    return database


@pytest.fixture
def log(database: sqlite3.Connection) -> TransparentLog:
    log = TransparentLog(database)
    for at in (10, 12, 12):
        log.append(Entry(EntryKind.DECISION, at, b'{"verdict":"refused"}'))
    return log


def test_an_untouched_log_verifies_to_its_newest_receipt(log: TransparentLog) -> None:
    newest = log.verify()
    assert newest is not None
    assert (newest.number, newest.at, newest.root) == (2, 12, log.frontier.root)
    assert log.head("x") == log.head_at("x", 3)


def test_an_empty_log_verifies_to_nothing(database: sqlite3.Connection) -> None:
    assert TransparentLog(database).verify() is None


@pytest.mark.parametrize("edit", [*EDITS.values(), *FRONTIERS.values()], ids=[*EDITS, *FRONTIERS])
def test_an_edited_log_is_noticed(log: TransparentLog, database: sqlite3.Connection, edit: str) -> None:
    database.executescript("DROP TRIGGER log_is_append_only_update; DROP TRIGGER log_is_append_only_delete;")
    database.execute(edit)
    with pytest.raises(LogBroken):
        log.verify()


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_the_database_itself_refuses_edits(database: sqlite3.Connection, edit: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.execute(edit)


def test_an_entry_older_than_the_newest_is_an_error(log: TransparentLog) -> None:
    with pytest.raises(ClockBehind, match="2 s behind"):
        log.append(Entry(EntryKind.DECISION, 10, b"{}"))


def test_entries_that_share_a_commit_make_the_same_tree_as_one_by_one(database: sqlite3.Connection) -> None:
    log = TransparentLog(database)
    receipt = log.append_all([Entry(EntryKind.COINS, at, b"{}") for at in range(300)])
    single = Frontier()
    for each in log.commitments(0, 300):
        single = single.grown((leaf_hash(each),))
    assert (receipt.number, receipt.root) == (299, single.root)
    assert log.verify() == receipt


def test_what_the_world_sees_says_nothing_of_what_it_stands_for(database: sqlite3.Connection) -> None:
    """Two entries of the same bytes have different commitments: nobody can guess a body and look it up."""
    log = TransparentLog(database)
    log.append_all([Entry(EntryKind.FREEZE, 1, b"{}"), Entry(EntryKind.FREEZE, 1, b"{}")])
    first, second = log.commitments(0, 2)
    assert first != second
    for number, commitment in enumerate((first, second)):
        entry, salt = log.entry(number)
        assert entry.commitment(salt) == commitment


def test_kind_time_and_body_cannot_be_traded() -> None:
    entries = [Entry(EntryKind.THAW, 1, b"{}"), Entry(EntryKind.FREEZE, 1, b"{}"), Entry(EntryKind.THAW, 11, b"{}")]
    commitments = sorted(entry.commitment(bytes(32)) for entry in entries)
    assert all(one != other for one, other in pairwise(commitments))


def test_an_entry_is_read_as_it_was_written() -> None:
    entry = Entry(EntryKind.DECISION, 1_700_000_000, b'{"a":{"b":"c"}}')
    assert parse_entry(entry.raw) == entry


@given(st.randoms())
def test_any_bytes_give_an_entry_or_malformed_entry(dice: object) -> None:
    raw = damaged(dice, Entry(EntryKind.DECISION, 17, b'{"a":["b"]}').raw)  # type: ignore[arg-type]
    try:
        assert parse_entry(raw).raw == raw
    except MalformedEntry:
        return
