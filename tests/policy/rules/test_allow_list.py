import pytest

from sekisho.bitcoin.address import show_address
from sekisho.bitcoin.descriptor import parse_descriptor
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script
from sekisho.policy.history import History
from sekisho.policy.policy import MalformedPolicy
from support.policies import Facts, codes, p2wpkh, payment, policy_of

BANK = show_address(p2wpkh(1), Network.REGTEST) or ""
KEY = "tpubD6NzVbkrYhZ4WaWSyoBvQwbpLkojyoTZPRsgXELWz3Popb3qkjcJyJUGLnL4qHHoQvao8ESaAstxYSnhyswJ76uZPStJRJCTKvosUCJZL5B"
"""Only a public key: any valid one does."""
EXCHANGE = f"wpkh({KEY}/0/*)"


def listing(*entries: str) -> str:
    return f"entries = [{', '.join(f'{{ {entry} }}' for entry in entries)}]"


def derived(index: int, text: str = EXCHANGE, branch: int = 0) -> Script:
    return parse_descriptor(text, Network.REGTEST)[branch].derive(index).script_pubkey


def paying(*scripts: Script) -> Facts:
    return Facts(pays=tuple((script, 1_000) for script in scripts))


LISTS = {  # a claim: the list, who is paid, the objections
    "a payee listed by address may be paid": (listing(f'name = "bank", address = "{BANK}"'), paying(p2wpkh(1)), []),
    "a payee listed by script may be paid": (
        listing(f'name = "bank", script = "{p2wpkh(1).hex()}"'),
        paying(p2wpkh(1)),
        [],
    ),
    "a payee who is not listed may not": (
        listing(f'name = "bank", address = "{BANK}"'),
        paying(p2wpkh(2)),
        ["payee-not-listed"],
    ),
    "one listed payee does not excuse another: all must be, not any": (
        listing(f'name = "bank", address = "{BANK}"'),
        paying(p2wpkh(1), p2wpkh(2)),
        ["payee-not-listed"],
    ),
    "each unlisted payee is named, once": (
        listing(f'name = "bank", address = "{BANK}"'),
        paying(p2wpkh(2), p2wpkh(3), p2wpkh(2)),
        ["payee-not-listed", "payee-not-listed"],
    ),
    "the first address of a listed descriptor may be paid": (
        listing(f'name = "exchange", descriptor = "{EXCHANGE}", up_to = 5'),
        paying(derived(0)),
        [],
    ),
    "the last one in its range may be paid": (
        listing(f'name = "exchange", descriptor = "{EXCHANGE}", up_to = 5'),
        paying(derived(5)),
        [],
    ),
    "the one after it may not": (
        listing(f'name = "exchange", descriptor = "{EXCHANGE}", up_to = 5'),
        paying(derived(6)),
        ["payee-not-listed"],
    ),
    "the change branch of a listed descriptor may not": (
        listing(f'name = "exchange", descriptor = "wpkh({KEY}/<0;1>/*)", up_to = 5'),
        paying(derived(0), derived(0, f"wpkh({KEY}/<0;1>/*)", branch=1)),
        ["payee-not-listed"],
    ),
    "a descriptor without wildcard is one address": (
        listing(f'name = "vault", descriptor = "wpkh({KEY}/0/7)"'),
        paying(derived(7)),
        [],
    ),
    "an OP_RETURN is on no list": (
        listing(f'name = "bank", address = "{BANK}"'),
        Facts(pays=((p2wpkh(1), 5), (Script(b"\x6a\x01x"), 0))),
        ["payee-not-listed"],
    ),
    "an empty list lets nobody be paid": ("entries = []", paying(p2wpkh(1)), ["payee-not-listed"]),
    "anyone may be paid when the policy says anyone": ("anyone = true", paying(p2wpkh(9)), []),
    "a list that names payees and allows anyone allows anyone": (
        "anyone = true, " + listing(f'name = "bank", address = "{BANK}"'),
        paying(p2wpkh(9)),
        [],
    ),
}


@pytest.mark.parametrize(("allow_list", "facts", "expected"), LISTS.values(), ids=LISTS.keys())
def test_only_listed_payees_are_paid(allow_list: str, facts: Facts, expected: list[str]) -> None:
    assert codes(policy_of(allow_list=allow_list), facts) == expected


def test_an_objection_names_the_address_and_all_it_would_receive() -> None:
    (reason,) = policy_of(allow_list="entries = []").objections(payment(paying(p2wpkh(1), p2wpkh(1))), History())
    assert reason.facts() == {"payee": BANK, "sats": 2_000}


def test_a_descriptor_stands_for_a_thousand_addresses_unless_told_otherwise() -> None:
    policy = policy_of(allow_list=listing(f'name = "exchange", descriptor = "{EXCHANGE}"'))
    assert codes(policy, paying(derived(1_000))) == []
    assert codes(policy, paying(derived(1_001))) == ["payee-not-listed"]


def test_look_alikes_of_derived_addresses_are_found() -> None:
    policy = policy_of("[look_alike]", listing(f'name = "exchange", descriptor = "{EXCHANGE}", up_to = 5'))
    program = derived(3)[2:]
    twin = Script(b"\x00\x14" + program[:12] + bytes(8))
    assert codes(policy, paying(twin)) == ["payee-not-listed", "look-alike"]


MAIN_ADDRESS = show_address(p2wpkh(1), Network.MAIN)

WRONG = {
    "an empty address": listing('name = "a", address = ""'),
    "a wildcard": listing('name = "a", address = "*"'),
    "the beginning of an address": listing(f'name = "a", address = "{BANK[:12]}"'),
    "an address of another network": listing(f'name = "a", address = "{MAIN_ADDRESS}"'),
    "an address in capitals": listing(f'name = "a", address = "{BANK.upper()}"'),
    "an address with a wrong checksum": listing(
        f'name = "a", address = "{BANK[:-1]}{"q" if BANK[-1] != "q" else "p"}"'
    ),
    "an empty script": listing('name = "a", script = ""'),
    "a script that is no hex": listing('name = "a", script = "zz"'),
    "a script that no address stands for": listing('name = "a", script = "6a00"'),
    "a descriptor that is none": listing('name = "a", descriptor = "wpkh()"'),
    "a descriptor of another network": listing(
        'name = "a", descriptor = "wpkh(xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Ru'
        'pje8YtGqsefD265TMg7usUDFdp6W1EGMcet8/0/*)"'
    ),
    "more derived addresses than there is time for": listing(
        *(f'name = "{n}", descriptor = "{EXCHANGE}", up_to = 5_000' for n in "ab")
    ),
    "more descriptors than there is time for": listing(
        *(f'name = "{n}", descriptor = "wpkh({KEY}/0/{n})"' for n in range(201))
    ),
    "a range below zero": listing(f'name = "a", descriptor = "{EXCHANGE}", up_to = -1'),
    "a range for an address": listing(f'name = "a", address = "{BANK}", up_to = 5'),
    "a payee without a name": listing(f'address = "{BANK}"'),
    "a payee with an empty name": listing(f'name = "", address = "{BANK}"'),
    "a name of 65 characters": listing(f'name = "{"n" * 65}", address = "{BANK}"'),
    "a name alone": listing('name = "a"'),
    "an address and a script": listing(f'name = "a", address = "{BANK}", script = "{p2wpkh(1).hex()}"'),
    "one name for two payees": listing(f'name = "a", address = "{BANK}"', f'name = "a", script = "{p2wpkh(2).hex()}"'),
    "two names for one payee": listing(f'name = "a", address = "{BANK}"', f'name = "b", script = "{p2wpkh(1).hex()}"'),
    "anyone as a word": 'anyone = "true"',
    "anyone as a number": "anyone = 1",
    "a misspelt list": "entry = []",
    "a list of words": f'entries = ["{BANK}"]',
}


@pytest.mark.parametrize("allow_list", WRONG.values(), ids=WRONG.keys())
def test_an_entry_that_does_not_name_one_payee_is_malformed(allow_list: str) -> None:
    with pytest.raises(MalformedPolicy):
        policy_of(allow_list=allow_list)
