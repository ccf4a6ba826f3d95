"""The interim log: appended to, never rewritten unnoticed."""

import sqlite3

import pytest

from sekisho.evidence.log import SCHEMA, ChainedLog, ClockBehind, Entry, EntryKind, LogBroken

EDITS = {
    "a body is changed": "UPDATE log SET body = x'00' WHERE number = 1",
    "a time is changed": "UPDATE log SET at = 11 WHERE number = 1",
    "a kind is changed": "UPDATE log SET kind = 'thaw' WHERE number = 1",
    "a kind is made up": "UPDATE log SET kind = 'lunch' WHERE number = 1",
    "an entry is taken out": "DELETE FROM log WHERE number = 1",
    "the first entry is taken out": "DELETE FROM log WHERE number = 0",
    "two entries change places": "UPDATE log SET number = CASE number WHEN 1 THEN -1 ELSE number END",
    "a head is changed": "UPDATE log SET head = x'11' WHERE number = 2",
}


@pytest.fixture
def database() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.executescript(SCHEMA)
    return database


@pytest.fixture
def log(database: sqlite3.Connection) -> ChainedLog:
    log = ChainedLog(database)
    for at in (10, 12, 12):
        log.append(Entry(EntryKind.DECISION, at, b'{"verdict":"refused"}'))
    return log


def test_an_untouched_log_verifies_to_its_newest_receipt(log: ChainedLog) -> None:
    assert log.verify() == log.newest()
    newest = log.newest()
    assert newest is not None
    assert newest.number == 2


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_an_edited_log_is_noticed(log: ChainedLog, database: sqlite3.Connection, edit: str) -> None:
    database.executescript("DROP TRIGGER log_is_append_only_update; DROP TRIGGER log_is_append_only_delete;")
    database.execute(edit)
    with pytest.raises(LogBroken):
        log.verify()


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_the_database_itself_refuses_edits(log: ChainedLog, database: sqlite3.Connection, edit: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        database.execute(edit)


def test_an_entry_older_than_the_newest_is_an_error(log: ChainedLog) -> None:
    with pytest.raises(ClockBehind, match="2 s behind"):
        log.append(Entry(EntryKind.DECISION, 10, b"{}"))


def test_kind_and_body_cannot_be_traded(database: sqlite3.Connection) -> None:
    """The boundary between kind and body is in the hash: moving bytes across it changes the head."""
    log = ChainedLog(database)
    first = log.append(Entry(EntryKind.THAW, 1, b"x"))
    database.executescript("DROP TRIGGER log_is_append_only_delete; DELETE FROM log;")
    second = log.append(Entry(EntryKind.FREEZE, 1, b"x"))
    assert first.head != second.head
