"""Stop lists: what stops a trace, what is only a label, what is passed over and said, and any bytes."""

import contextlib
import json
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.network import Network
from sekisho.tracing.clusters import cluster
from sekisho.tracing.entries import ListRead, MalformedStopList
from sekisho.tracing.services import Service, StopList
from sekisho.tracing.stop_lists import FOR_EVER, entity_names, parse_stop_list, stops
from support.chains import address_script, chain_of, coinbase, out, pay
from support.shared import shared

KRAKEN = show_address(address_script(1), Network.MAIN)
OTHER = show_address(address_script(2), Network.MAIN)

TAGPACK = f"""
title: Some services
creator: somebody
category: exchange
label: Kraken
currency: BTC
source: https://example.org/
is_cluster_definer: true
lastmod: 2021-11-12
tags:
- address: {KRAKEN}
- address: {OTHER}
  label: A thief
  category: user
  is_cluster_definer: false
- address: '0x098B716B8Aaf21512996dC57EB0615e2383E2f96'
  currency: ETH
- address: 1MFgcyJ7ZNSknbTBRaih6zWDE6V1A64tRYs
- address: {show_address(address_script(3), Network.REGTEST)}
"""

TOML = f"""
[[service]]
name = "Kraken"
category = "exchange"
address = "{KRAKEN}"
cluster = true
since = "2020-01-01"
until = "2024-05-31T04:12:00Z"
source = "our own deposit"

[[service]]
name = "A thief"
category = "user"
script = "{address_script(2).hex()}"
"""

CSV = f"""name,category,address,script,cluster,since,until,source
Kraken,exchange,{KRAKEN},,true,2020-01-01,2024-05-31T04:12:00Z,our own deposit
A thief,user,,{address_script(2).hex()},,,,
"""

JSON = json.dumps(
    {
        "services": [
            {
                "name": "Kraken",
                "category": "exchange",
                "address": KRAKEN,
                "cluster": True,
                "since": "2020-01-01",
                "until": "2024-05-31T04:12:00Z",
                "source": "our own deposit",
            },
            {"name": "A thief", "category": "user", "script": address_script(2).hex()},
        ]
    }
)


def read(name: str, text: str) -> ListRead:
    return parse_stop_list(name, text.encode(), Network.MAIN)


def test_what_the_header_of_a_tagpack_says_holds_for_every_tag_that_does_not_say_otherwise() -> None:
    found = read("some.yaml", TAGPACK)
    assert found.stop_list.services == (
        Service("Kraken", "exchange", address_script(1), True, None, None, "https://example.org/"),
    )
    assert [(label.name, label.category, label.script) for label in found.labels] == [
        ("A thief", "user", address_script(2))
    ]
    assert found.stop_list.sha256 == sha256(TAGPACK.encode()).digest()


def test_addresses_of_no_use_are_told_and_not_fatal() -> None:
    found = read("some.yaml", TAGPACK)
    assert found.other_currencies == 1
    assert [each.address[:4] for each in found.passed_over] == ["1MFg", "bcrt"]
    assert "checksum" in found.passed_over[0].why
    assert "another network" in found.passed_over[1].why


@pytest.mark.parametrize(("name", "text"), [("a.toml", TOML), ("a.csv", CSV), ("a.json", JSON)])
def test_our_own_format_says_the_same_in_all_three_spellings(name: str, text: str) -> None:
    found = read(name, text)
    assert found.stop_list.services == (
        Service("Kraken", "exchange", address_script(1), True, 1_577_836_800, 1_717_128_720, "our own deposit"),
    )
    assert [(label.name, label.script) for label in found.labels] == [("A thief", address_script(2))]


REAL = {  # services, labels, passed over, of other currencies
    "blender_io": (45, 0, 0, 0),
    "coinjoin_bounty": (0, 1, 0, 0),
    "hacks": (425, 183, 0, 0),
    "lazarus": (0, 20, 0, 1),
    "lazarus2": (0, 6, 0, 0),
    "mixing_fc2021": (66, 0, 0, 0),
    "plustoken": (0, 10, 2, 0),
    "ronin_bridge": (0, 0, 0, 6),
    "sinbad_io": (2, 0, 0, 0),
    "twitter_hack_scam": (0, 3, 0, 0),
    "walletexplorer": (386, 0, 0, 0),
    "wasabi_collector": (0, 2, 0, 0),
}


@pytest.mark.parametrize("name", REAL)
def test_real_tagpacks_are_read_whole(name: str) -> None:
    raw = shared(f"data/tagpacks/{name}.yaml").read_bytes()
    found = parse_stop_list(f"{name}.yaml", raw, Network.MAIN)
    counts = (len(found.stop_list.services), len(found.labels), len(found.passed_over), found.other_currencies)
    assert counts == REAL[name]
    assert found.stop_list.sha256 == sha256(raw).digest()


def test_what_real_tagpacks_say_of_owners_is_kept() -> None:
    raw = shared("data/tagpacks/plustoken.yaml").read_bytes()
    found = parse_stop_list("plustoken.yaml", raw, Network.MAIN)
    assert {label.category for label in found.labels} == {"scam"}
    assert {each.address for each in found.passed_over} == {
        "1MFgcyJ7ZNSknbTBRaih6zWDE6V1A64tRYs",
        "14bwh6gmvol5ntwbvxqjkjdtzv4y5ebtvm",
    }


BROKEN = {
    "a bomb of aliases": ("a.yaml", "a: &a [x, x]\nb: &b [*a, *a]\ntags: [*b, *b]\n"),
    "an anchor alone": ("a.yaml", "label: &l x\ntags:\n- address: x\n"),
    "several documents": ("a.yaml", "tags: [{address: x}]\n---\ntags: []\n"),
    "a key twice": ("a.yaml", "label: a\nlabel: b\ntags: [{address: x, currency: BTC}]\n"),
    "too deep": ("a.yaml", "tags: " + "[" * 5_000),
    "no tags": ("a.yaml", "title: x\n"),
    "a tag without a label": ("a.yaml", f"tags: [{{address: {KRAKEN}, currency: BTC}}]\n"),
    "a label that is hidden": ("a.yaml", f'tags: [{{address: {KRAKEN}, currency: BTC, label: "a\\u202eb"}}]\n'),
    "a label that is a list": ("a.yaml", f"tags: [{{address: {KRAKEN}, currency: BTC, label: [a]}}]\n"),
    "nothing": ("a.yaml", ""),
    "a number of an odd kind": ("a.yaml", "!!int ''\n"),
    "an unknown key": ("a.toml", TOML + 'color = "red"\n'),
    "an unknown table": ("a.toml", TOML + "[other]\n"),
    "no name": ("a.toml", f'[[service]]\ncategory = "exchange"\naddress = "{KRAKEN}"\n'),
    "address and script": ("a.toml", TOML + f'address = "{KRAKEN}"\n'),
    "it ends before it begins": ("a.toml", TOML.replace("2020-01-01", "2025-01-01")),
    "a day that is none": ("a.toml", TOML.replace("2020-01-01", "2020-02-30")),
    "a day in another spelling": ("a.toml", TOML.replace("2020-01-01", "2020-1-1")),
    "a script in capitals": ("a.csv", CSV.replace("0014", "001A")),
    "a line with too much": ("a.csv", CSV + "a,b,c,d,e,f,g,h,i\n"),
    "a column twice": ("a.csv", "name,category,address,name\nx,exchange,y,z\n"),
    "JSON that nests": ("a.json", "[" * 100_000),
    "a JSON key twice": ("a.json", '{"services": [], "services": []}'),
    "an ending of no format": ("a.txt", CSV),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_list_is_our_error(name: str) -> None:
    with pytest.raises(MalformedStopList):
        read(*BROKEN[name])


@given(st.sampled_from(["a.yaml", "a.toml", "a.json", "a.csv"]), st.binary(max_size=200) | st.text(max_size=200))
def test_any_bytes_give_a_list_or_our_error(name: str, raw: bytes | str) -> None:
    with contextlib.suppress(MalformedStopList):
        parse_stop_list(name, raw if isinstance(raw, bytes) else raw.encode("utf-8", "replace"), Network.MAIN)


@given(
    st.sampled_from([("a.yaml", TAGPACK), ("a.toml", TOML), ("a.json", JSON), ("a.csv", CSV)]),
    st.integers(0, 500),
    st.text(max_size=6),
)
def test_any_damage_gives_a_list_or_our_error(whole: tuple[str, str], at: int, put: str) -> None:
    name, text = whole
    with contextlib.suppress(MalformedStopList):
        parse_stop_list(name, (text[:at] + put + text[at + 2 :]).encode("utf-8", "replace"), Network.MAIN)


def service(name: str, address: int, *, wide: bool = False, since: int | None = None) -> Service:
    """A service at some address."""
    return Service(name, "exchange", address_script(address), wide, since, None, "")


def test_stops_are_the_scripts_of_the_chain_and_of_their_owners_where_that_is_said() -> None:
    funding = coinbase(1, (10_000, 1), (10_000, 2), (10_000, 3), (10_000, 4))
    spend = pay([out(funding, 0), out(funding, 1)], (19_000, 5))
    chain = chain_of([[funding], [coinbase(2, (1, 9)), spend]])
    number = {address: chain.find_script(address_script(address)) for address in (1, 2, 3, 4)}
    lists = [
        StopList("a", b"", (service("B", 3, since=1_600_000_000), service("A", 1, wide=True), service("A", 77))),
        StopList("b", b"", (service("B", 4), service("B", 4))),
    ]
    assert entity_names(lists) == ("B", "A")
    found = stops(chain, lists, cluster(chain))
    rows = list(zip(*(column.tolist() for column in found), strict=True))
    assert rows == sorted(
        [
            (number[1], 1, 0, FOR_EVER),
            (number[2], 1, 0, FOR_EVER),
            (number[3], 0, 1_600_000_000, FOR_EVER),
            (number[4], 0, 0, FOR_EVER),
        ]
    )
    assert all(column.dtype == np.int64 and column.flags.c_contiguous for column in found)


def test_no_list_stops_nothing() -> None:
    chain = chain_of([[coinbase(1, (10_000, 1))]])
    assert [len(column) for column in stops(chain, [], cluster(chain))] == [0, 0, 0, 0]
