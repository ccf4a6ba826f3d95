"""What a monitor with access to the entries looks for: changes of who decides, and signatures nobody asked for."""

import json
from collections.abc import Iterator

from sekisho.errors import SekishoError
from sekisho.evidence.log import EntryKind, LogBroken, TransparentLog
from sekisho.requests.request import parse_request


def happenings(log: TransparentLog, start: int, end: int) -> Iterator[str]:
    """Alerts about the entries from `start` up to `end`, in words. Raises LogBroken."""
    for number in range(start, end):
        try:
            yield from _happened(log, number)
        except LogBroken:
            raise
        except (AttributeError, KeyError, TypeError, ValueError, SekishoError):
            yield f"entry {number}: nothing that a checkpoint writes"


def _happened(log: TransparentLog, number: int) -> Iterator[str]:
    entry, salt = log.entry(number)
    if [entry.commitment(salt)] != list(log.commitments(number, number + 1)):
        raise LogBroken(number)
    body = json.loads(entry.body)
    if entry.kind is EntryKind.ADOPTED and body["kind"] != "wallet":
        yield f"entry {number}: {body['kind']} version {body['version']} took effect"
    elif entry.kind is EntryKind.RELEASED and not _asked(log, number, body["request"]):
        yield f"entry {number}: a signature for request {body['request'][:16]}… that no decision allowed"


def _asked(log: TransparentLog, number: int, request: str) -> bool:
    """Whether a decision before this entry allowed the request."""
    decisions = (json.loads(each.body) for each in log.decisions_before(number))
    return any(
        body["verdict"] == "allowed" and parse_request(body["request"].encode()).digest.hex() == request
        for body in decisions
    )
