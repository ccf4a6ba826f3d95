"""`allow_list`: only payees that a quorum named, each by address, script or descriptor."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from sekisho.bitcoin.address import MalformedAddress, parse_address, show_address
from sekisho.bitcoin.descriptor import MAX_DESCRIPTOR, MalformedDescriptor, ParsedDescriptor, parse_descriptor
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.sats import Sats
from sekisho.bitcoin.script import Script, ScriptType, script_type
from sekisho.policy.document import MalformedPolicy, Table
from sekisho.policy.history import History, Question
from sekisho.policy.payment import Payment
from sekisho.verdicts import Reason

DEFAULT_UP_TO = 1_000
MAX_DESCRIPTORS = 200
MAX_DERIVED = 10_000
"""Addresses that all descriptors of one list together may stand for: each costs time to derive."""


@dataclass(frozen=True, slots=True)
class PayeeNotListed(Reason):
    """Somebody is paid whom the allow-list does not name."""

    code: ClassVar[str] = "payee-not-listed"
    payee: str
    """The address; the script in hex where it has none."""
    sats: Sats

    def __str__(self) -> str:
        return f"{self.payee}, who would receive {self.sats:,} sats, is not on the allow-list"


@dataclass(frozen=True, slots=True)
class ListedScript:
    """One script, and the name people know its owner by."""

    name: str
    script: Script


@dataclass(frozen=True, slots=True)
class ListedDescriptor:
    """The receive addresses 0 to `up_to`, both included, of a public descriptor."""

    name: str
    receive: ParsedDescriptor
    up_to: int


@dataclass(frozen=True)
class AllowList:
    """Who may be paid. Empty means nobody; `anyone` means the list only names payees, and everybody may be paid."""

    network: Network
    anyone: bool
    scripts: tuple[ListedScript, ...]
    descriptors: tuple[ListedDescriptor, ...]

    @classmethod
    def read(cls, table: Table, network: Network) -> "AllowList":
        """Read `[allow_list]`. Raises MalformedPolicy."""
        anyone = table.boolean("anyone")
        scripts: list[ListedScript] = []
        descriptors: list[ListedDescriptor] = []
        for entry in table.tables("entries"):
            listed = _entry(entry, network)
            if isinstance(listed, ListedScript):
                scripts.append(listed)
            else:
                descriptors.append(listed)
            if len(descriptors) > MAX_DESCRIPTORS:
                raise table.wrong("entries", f"hold more than {MAX_DESCRIPTORS} descriptors")
        table.end()
        names = [each.name for each in scripts] + [each.name for each in descriptors]
        if len(set(names)) < len(names) or len({each.script for each in scripts}) < len(scripts):
            raise table.wrong("entries", "hold one name or one script twice")
        if sum(each.up_to + 1 for each in descriptors) > MAX_DERIVED:
            raise table.wrong("entries", f"stand for more than {MAX_DERIVED} derived addresses")
        return cls(network, anyone, tuple(scripts), tuple(descriptors))

    def name_of(self, script: Script) -> str | None:
        """The name under which a script is listed; None when it is not. Derives from descriptors only when it must."""
        return self._single.get(script) or self._derived.get(script)

    @cached_property
    def addresses(self) -> tuple[tuple[str, str], ...]:
        """Every listed address with its name."""
        listed = ((show_address(script, self.network), name) for script, name in (self._single | self._derived).items())
        return tuple((address, name) for address, name in listed if address is not None)

    def questions(self, payment: Payment) -> Iterator[Question]:  # noqa: ARG002 - the rule's protocol
        """Who is listed needs no history."""
        return iter(())

    def objections(self, payment: Payment, history: History) -> Iterator[Reason]:  # noqa: ARG002 - the rule's protocol
        """Object to each payee who is not listed."""
        if self.anyone:
            return
        for script, received in payment.received:
            if self.name_of(script) is None:
                yield PayeeNotListed(show_address(script, self.network) or script.hex(), received)

    @cached_property
    def _single(self) -> dict[Script, str]:
        return {each.script: each.name for each in self.scripts}

    @cached_property
    def _derived(self) -> dict[Script, str]:
        """Derived once, and only when a payee is none of the single scripts."""
        return {
            each.receive.derive(index).script_pubkey: each.name
            for each in self.descriptors
            for index in range(each.up_to + 1)
        }


def _entry(table: Table, network: Network) -> ListedScript | ListedDescriptor:
    name = table.text("name", 64)
    forms = [form for form in ("address", "script", "descriptor") if form in table]
    if len(forms) != 1:
        raise table.wrong("name", "needs exactly one of address, script, descriptor beside it")
    listed: ListedScript | ListedDescriptor
    match forms[0]:
        case "address":
            listed = ListedScript(name, _address(table, network))
        case "script":
            listed = ListedScript(name, _script(table))
        case _:
            up_to = table.integer("up_to", 0, MAX_DERIVED - 1, DEFAULT_UP_TO)
            receive = _receive(table, network)
            listed = ListedDescriptor(name, receive, up_to if receive.ranged else 0)
    table.end()
    return listed


def _address(table: Table, network: Network) -> Script:
    try:
        return parse_address(table.text("address", 100), network)
    except MalformedAddress as why:
        raise MalformedPolicy(f"{table.where}: {why}") from why


def _script(table: Table) -> Script:
    try:
        script = Script(bytes.fromhex(table.text("script", 100)))
    except ValueError as why:
        raise table.wrong("script", "must be hex") from why
    if script_type(script) is ScriptType.OTHER:
        raise table.wrong("script", "has no standard form, so no request can name it")
    return script


def _receive(table: Table, network: Network) -> ParsedDescriptor:
    try:
        return parse_descriptor(table.text("descriptor", MAX_DESCRIPTOR), network)[0]
    except MalformedDescriptor as why:
        raise MalformedPolicy(f"{table.where}: {why}") from why
