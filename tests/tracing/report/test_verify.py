"""A report held against a chain: the same, something differs, or nobody can say."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from sekisho.bitcoin.outpoint import parse_outpoint
from sekisho.bitcoin.sats import Sats
from sekisho.tracing.case import Method, Parameters, Seed
from sekisho.tracing.report.document import show_report
from sekisho.tracing.report.fields import MalformedReport
from sekisho.tracing.report.page import show_page
from sekisho.tracing.report.recorded import parse_recorded
from sekisho.tracing.report.told import tell
from sekisho.tracing.report.verify import Again, CannotJudge, verify
from sekisho.tracing.services import Service
from sekisho.tracing.trace import ListUsed, Trace
from support.cases import EXCHANGE, LIST, Case, small_case

CASE = small_case()
JSON = show_report([tell(CASE.trace(method)) for method in Method])
PAGE = show_page(CASE.dossier())


def _again(case: Case = CASE, lists: tuple[ListUsed, ...] = (LIST,)) -> Again:
    def seed(text: str) -> tuple[Seed, ...]:
        label, _, rest = text.rpartition("@")
        name, _, amount = rest.partition("=")
        outpoint = parse_outpoint(name)
        return (Seed(label, outpoint, case.chain.find_output(outpoint), Sats(int(amount))),)

    def retrace(seeds: tuple[Seed, ...], parameters: Parameters, hops: bool) -> Trace:
        named = replace(case, seeds=tuple((each.label, each.outpoint) for each in seeds))
        return replace(named.trace(parameters.method), parameters=parameters)

    def name(_: tuple[Trace, ...]) -> tuple[Service, ...]:
        return (Service(case.service, "exchange", EXCHANGE, False, None, None, "a tag pack"),)

    return Again(case.chain, lists, seed, retrace, name)


@pytest.mark.parametrize("raw", [JSON, PAGE, show_report([tell(CASE.trace(Method.LIFO))])], ids=["json", "page", "one"])
def test_an_honest_report_is_the_same(raw: bytes):
    assert verify(parse_recorded(raw), _again()) == ()


CHANGES = {
    "a satoshi less": ('"sats": "300000000"', '"sats": "299999999"', "the report lacks: 300,000,000 sat service"),
    "an end marked as certain": ('"convention_only": true', '"convention_only": false', "the report lacks"),
    "another address": ('"address": "bcrt1', '"address": "bcrt1x', "the report lacks"),
    "totals": ('"service": "300000000"', '"service": "300000001"', "the totals are not the sums of the ends"),
    "conserved": ('"conserved": true', '"conserved": false', "the report says conserved: false, here true"),
    "transactions": ('"transactions": 4', '"transactions": 5', "the report counts 5 transactions, here 4"),
}


@pytest.mark.parametrize(("old", "new", "said"), CHANGES.values(), ids=CHANGES)
def test_whatever_is_changed_in_a_report_is_named(old: str, new: str, said: str):
    raw = show_report([tell(CASE.trace(Method.FIFO))]).decode()
    assert old in raw
    assert said in verify(parse_recorded(raw.replace(old, new, 1).encode()), _again())[0]


def test_an_end_left_out_and_one_put_in_are_named():
    document = json.loads(show_report([tell(CASE.trace(Method.FIFO))]))
    gone = document["ends"].pop()
    assert any("lacks" in each for each in verify(parse_recorded(json.dumps(document).encode()), _again()))
    document["ends"] += [gone, gone]
    assert any("the chain has not" in each for each in verify(parse_recorded(json.dumps(document).encode()), _again()))


def test_a_seed_that_was_swapped_leads_elsewhere():
    document = json.loads(show_report([tell(CASE.trace(Method.FIFO))]))
    document["seeds"][0]["outpoint"] = next(end["outpoint"] for end in document["ends"] if end["outpoint"])
    assert verify(parse_recorded(json.dumps(document).encode()), _again())


TAMPERED: dict[str, Callable[[bytes], bytes]] = {
    "a word of its text": lambda page: page.replace(b"lies unspent at 7", b"lies unspent at 6", 1),
    "its script": lambda page: page.replace(b'"use strict";', b'"use strict";alert(1);', 1),
    "a comment at its end": lambda page: page + b"<!-- -->",
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_a_page_with_true_data_and_another_text_is_seen(tamper: Callable[[bytes], bytes]):
    assert tamper(PAGE) != PAGE
    assert verify(parse_recorded(tamper(PAGE)), _again())[0].startswith("the page's text is not what")


def test_a_broken_link_is_named_by_its_hop():
    page = parse_recorded(PAGE)
    assert page.page is not None
    second = page.page.hops[1].link.hex()
    found = verify(parse_recorded(PAGE.replace(second.encode(), b"00" * 32)), _again())
    assert found[0].startswith("hop 2, transaction ")


CANNOT: dict[str, tuple[Callable[[str], str], str]] = {
    "another network": (lambda raw: raw.replace('"regtest"', '"signet"'), "it is about signet"),
    "a tip that is not reached": (
        lambda raw: raw.replace('"height": 5,\n    "hash"', '"height": 6,\n    "hash"'),
        "ends at block 5",
    ),
    "another block at the tip": (
        lambda raw: raw.replace(f'"hash": "{CASE.chain.tip.hash[::-1].hex()}"', f'"hash": "{"0" * 64}"'),
        "is another",
    ),
}


@pytest.mark.parametrize(("change", "said"), CANNOT.values(), ids=CANNOT)
def test_a_chain_that_is_another_cannot_judge(change: Callable[[str], str], said: str):
    raw = show_report([tell(CASE.trace(Method.FIFO))]).decode()
    assert change(raw) != raw
    with pytest.raises(CannotJudge, match=said):
        verify(parse_recorded(change(raw).encode()), _again())


def test_the_stop_lists_must_be_given_again_and_be_the_same_bytes():
    with pytest.raises(CannotJudge, match=r"give its stop list 'exchanges.yaml', SHA-256 000102"):
        verify(parse_recorded(JSON), _again(lists=()))
    with pytest.raises(CannotJudge, match="give its stop list"):
        verify(parse_recorded(JSON), _again(lists=(ListUsed("exchanges.yaml", bytes(32)),)))
    with pytest.raises(CannotJudge, match="that the report did not use"):
        verify(parse_recorded(JSON), _again(lists=(LIST, ListUsed("other", bytes(32)))))


@pytest.mark.parametrize(
    "raw",
    [
        PAGE.replace(b'id="document"', b'id="dokument"'),
        PAGE + b'<script type="application/json" id="document">{}</script>',
        PAGE.replace(b'"told":"fifo"', b'"told":"fido"'),
        b"<!doctype html>",
    ],
)
def test_a_page_without_its_one_document_is_no_report(raw: bytes):
    with pytest.raises(MalformedReport):
        parse_recorded(raw)
