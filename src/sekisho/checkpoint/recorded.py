"""What the checkpoint remembered of a case, as it stands in the log: enough to decide the same case again.

Answers about the past stand in the order in which the policy asks; whoever decides again asks the same questions.
"""

from collections.abc import Sequence

from sekisho.bitcoin.outpoint import MalformedOutPoint, Txid, parse_outpoint
from sekisho.bitcoin.sats import Sats
from sekisho.checkpoint.decide import Records
from sekisho.errors import SekishoError
from sekisho.policy.history import (
    History,
    Holdings,
    HoldingsQuestion,
    LookAlikeQuestion,
    Question,
    Usage,
    UsageQuestion,
)
from sekisho.requests.canonical import Json

_YES = "yes"


class MalformedRecords(SekishoError):
    """A document that is not what a checkpoint remembered."""

    def __init__(self) -> None:
        super().__init__("the records in the decision are not as the checkpoint writes them")


def show_records(records: Records, questions: Sequence[Question]) -> dict[str, Json]:
    """The records as a canonical document."""
    document: dict[str, Json] = {
        "highest_index": str(records.highest_index),
        "taken": [[str(coin), holder.hex()] for coin, holder in records.taken],
        "used": [each.hex() for each in records.used],
        "witnessed": list(records.witnessed),
        "unwitnessed": [[name, why] for name, why in records.unwitnessed],
        "history": [_shown(records.history, question) for question in questions],
    }
    for name, fact in (("frozen", records.frozen), ("released", records.released)):
        if fact:
            document[name] = _YES
    for name, digest in (("answered", records.answered), ("other_request_with_id", records.other_request_with_id)):
        if digest is not None:
            document[name] = digest.hex()
    return document


def parse_records(document: dict[str, Json], questions: Sequence[Question]) -> Records:
    """Read the records back, given the questions the policy asks. Raises MalformedRecords."""
    try:
        answers = _list(document["history"])
        answered = document.get("answered")
        other = document.get("other_request_with_id")
        records = Records(
            highest_index=int(_text(document["highest_index"])),
            frozen=document.get("frozen") == _YES,
            taken=tuple((parse_outpoint(_text(coin)), _bytes(holder)) for coin, holder in _pairs(document["taken"])),
            answered=None if answered is None else Txid(_bytes(answered)),
            released=document.get("released") == _YES,
            used=tuple(_bytes(each) for each in _list(document["used"])),
            other_request_with_id=None if other is None else _bytes(other),
            history=_history(questions, answers),
            witnessed=tuple(_text(each) for each in _list(document["witnessed"])),
            unwitnessed=tuple((_text(name), _text(why)) for name, why in _pairs(document["unwitnessed"])),
        )
    except (KeyError, ValueError, TypeError, MalformedOutPoint) as why:
        raise MalformedRecords from why
    if show_records(records, questions) != document:
        raise MalformedRecords
    return records


def _shown(history: History, question: Question) -> Json:
    match question:
        case UsageQuestion():
            usage = history.used(question)
            return [] if usage is None else [str(usage.sats), str(usage.count)]
        case LookAlikeQuestion():
            return list(history.resembling(question) or ())
        case HoldingsQuestion():
            held = history.held(question)
            return [] if held is None else [str(held.total), str(held.coins)]


def _history(questions: Sequence[Question], answers: Sequence[Json]) -> History:
    usage, look_alikes, holdings = [], [], []
    for question, answer in zip(questions, answers, strict=True):
        words = [_text(each) for each in _list(answer)]
        match question:
            case UsageQuestion():
                sats, count = words
                usage.append((question, Usage(Sats(int(sats)), int(count))))
            case LookAlikeQuestion():
                look_alikes.append((question, tuple(words)))
            case HoldingsQuestion():
                total, coins = words
                holdings.append((question, Holdings(Sats(int(total)), int(coins))))
    return History(tuple(usage), tuple(look_alikes), tuple(holdings))


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _pairs(value: Json) -> list[tuple[Json, Json]]:
    pairs = []
    for each in _list(value):
        first, second = _list(each)
        pairs.append((first, second))
    return pairs


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _bytes(value: Json) -> bytes:
    return bytes.fromhex(_text(value))
