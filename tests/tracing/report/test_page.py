"""The page: it answers, escapes everything, loads nothing, and carries the whole trace as data."""

import re
from base64 import b64decode
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from sekisho.bitcoin.sats import Sats
from sekisho.tracing.case import Method
from sekisho.tracing.report import page as room
from sekisho.tracing.report.freeze import freeze_requests
from sekisho.tracing.report.page import TooMuchForAPage, show_page
from sekisho.tracing.report.places import agreed, spreads
from sekisho.tracing.report.recorded import parse_recorded
from sekisho.tracing.report.told import tell
from sekisho.tracing.report.words import coins, money, share, shown
from support.cases import laundering, small_case

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\u202e'\"&{{7*7}}<!--"


class _Elements(HTMLParser):
    """Which elements a browser would see, and the text between them."""

    def __init__(self, page: bytes):
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]):
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data: str):
        self.text += data


PAGE = show_page(small_case().dossier())
TEXT = " ".join(_Elements(PAGE).text.split())


def test_the_page_answers_how_much_where_and_what_is_convention_only():
    assert "10 BTC in 1 output is named as stolen" in TEXT
    assert "6.99999 BTC (70.0 %) lies unspent at 7 addresses" in TEXT
    assert "3.00001 BTC (30.0 %) has left our sight: 3 BTC to services and 1,000 sat to miners as fees." in TEXT
    assert "6 BTC (60.0 %) passed through CoinJoins" in TEXT
    assert "5 outputs of 0.99999500" in TEXT  # the candidate set
    assert "ends in the same place by every one of 5 methods" in TEXT


def test_the_sections_come_in_order():
    ids = [str(attrs["id"]) for tag, attrs in _Elements(PAGE).seen if tag == "section"]
    assert ids == [
        *("question", "answer", "totals", "where", "exits", "convention", "timeline", "flow", "methods"),
        *("arithmetic", "freeze", "limits", "verify", "rules"),
    ]


def test_every_rule_id_that_a_hop_quotes_is_explained_in_the_appendix():
    elements = _Elements(show_page(small_case().dossier(Method.HAIRCUT)))
    named = {str(attrs.get("id")) for _, attrs in elements.seen}
    quoted = {str(attrs["href"])[1:] for tag, attrs in elements.seen if tag == "a"}
    assert {"rule-haircut", "rule-conservation", "rule-mix", "rule-fee"} <= quoted
    assert quoted <= named


def test_the_arithmetic_can_be_followed():
    fifo = " ".join(_Elements(PAGE).text.split())
    assert "row 499,997,500 to 999,997,499 stolen 499,997,500 to 599,999,999" in fifo
    haircut = _Elements(show_page(small_case().dossier(Method.HAIRCUT))).text
    assert "600,000,000 \u00d7 99,999,500 \u00f7 1,000,000,000 = 59,999,700 remainder 0" in haircut


@pytest.mark.parametrize("method", Method)
def test_the_same_case_always_gives_the_same_bytes(method: Method):
    assert show_page(small_case().dossier(method)) == show_page(small_case().dossier(method))


def test_nothing_is_loaded_and_only_our_own_script_and_style_may_run():
    elements = _Elements(PAGE)
    for tag, attrs in elements.seen:
        assert tag not in {"img", "link", "iframe", "object", "embed", "base", "form"}
        assert not {"src", "style", "srcset", "action"} & attrs.keys()
        assert not any(name.startswith("on") for name in attrs)
        assert str(attrs.get("href", "#")).startswith("#")
    (policy,) = (str(attrs["content"]) for tag, attrs in elements.seen if attrs.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    for part in ("style", "script"):
        (text,) = re.findall(rf"<{part}>(.*?)</{part}>".encode(), PAGE, re.DOTALL)
        (allowed,) = re.findall(rf"{part}-src 'sha256-([^']+)'", policy)
        assert sha256(text).digest() == b64decode(allowed)


def test_hostile_labels_and_names_stay_text():
    page = show_page(small_case(label=HOSTILE, service=HOSTILE).dossier())
    honest = [(tag, sorted(attrs)) for tag, attrs in _Elements(PAGE).seen]
    assert [(tag, sorted(attrs)) for tag, attrs in _Elements(page).seen] == honest
    assert "\u202e" not in page.decode()
    assert "{{7*7}}" in page.decode()  # shown, not run as a template
    assert parse_recorded(page).traces[0].seeds[0].label == HOSTILE


def test_the_data_in_the_page_is_the_trace():
    dossier = laundering(120).dossier(Method.TIHO)
    recorded = parse_recorded(show_page(dossier))
    assert recorded.traces == tuple(tell(trace) for trace in dossier.traces)
    assert recorded.page is not None
    assert recorded.page.told is Method.TIHO
    assert [hop.txid for hop in recorded.page.hops] == [hop.txid for hop in dossier.told.hops]


def test_a_trail_that_says_it_is_made_up_gets_a_banner_and_so_do_its_letters():
    assert "Synthetic, not the real trail" not in TEXT
    dossier = small_case(synthetic=True).dossier()
    assert "Synthetic, not the real trail" in _Elements(show_page(dossier)).text
    assert all("NOT A REAL CASE" in letter.text for letter in freeze_requests(dossier))


def test_a_letter_names_what_its_reader_needs():
    dossier = small_case().dossier()
    exchange, everybody = freeze_requests(dossier)
    (end,) = (end for end in dossier.told.ends if end.status == "service")
    assert exchange.addressee == "Example Exchange"
    for fact in (str(end.outpoint), "3 BTC (300,000,000 sat)", "2023-11-14 23:03:20", "None of it passed through"):
        assert fact in exchange.text
    assert "599,900,000" not in everybody.text
    assert "assigned by convention only, and may be somebody else's" in everybody.text
    assert all(str(end.outpoint) in everybody.text for end in dossier.told.ends if end.status == "unspent")


def test_methods_agree_where_all_put_the_same_and_no_further():
    found = spreads(small_case().dossier())
    for each in found:
        kept = each.by_method[1:]  # poison is the first
        assert (each.least, each.most) == (min(kept), max(kept))
    assert 0 < agreed(found) < 10**9


def test_a_page_nobody_could_read_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "MAX_HOPS", 3)
    with pytest.raises(TooMuchForAPage):
        show_page(small_case().dossier())


def test_numbers_as_people_read_them():
    assert coins(450_290_000_000) == "4,502.90000000"
    assert (money(Sats(99_999)), money(Sats(0)), money(Sats(100_000))) == ("99,999 sat", "0 BTC", "0.001 BTC")
    assert [share(part, 100_000) for part in (0, 1, 50, 99_999, 100_000)] == [
        "0 %",
        "<0.1 %",
        "0.1 %",
        ">99.9 %",
        "100 %",
    ]
    assert shown("a\x00b\u202ec\n") == "a\\u0000b\\u202ec\\u000a"
