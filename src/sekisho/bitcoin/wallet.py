"""A wallet: which scripts are ours, where change goes, and what a spend will weigh."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from hashlib import sha256

from sekisho.bitcoin.descriptor import (
    DerivedKey,
    KeyText,
    MalformedDescriptor,
    ParsedDescriptor,
    WalletKind,
    parse_descriptor,
)
from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script
from sekisho.bitcoin.transaction import Transaction
from sekisho.errors import SekishoError
from sekisho.toml import MalformedToml, read_toml

MAX_WALLET_BYTES = 50_000
MAX_NAME = 64
_KEYS = {"name", "network", "descriptor", "change_descriptor"}

WalletKey = DerivedKey

__all__ = ["Branch", "MalformedWallet", "Wallet", "WalletKey", "WalletKind", "WalletScript", "parse_wallet"]


class MalformedWallet(SekishoError):
    """Bytes that are not a wallet file, or a wallet that could not be guarded."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a wallet: {why}")
        self.why = why


class Branch(IntEnum):
    """Where an address of a wallet comes from. Only the change branch is surely not a customer's."""

    RECEIVE = 0
    CHANGE = 1


@dataclass(frozen=True, slots=True)
class WalletScript:
    """A script of the wallet, derived."""

    kind: WalletKind
    branch: Branch
    index: int
    script_pubkey: Script
    redeem_script: Script | None
    witness_script: Script | None
    keys: tuple[WalletKey, ...]

    @property
    def script_code(self) -> Script:
        """What a segwit v0 signature covers in place of the script (BIP-143): the witness script, or P2PKH's form."""
        if self.witness_script is not None:
            return self.witness_script
        program = self.redeem_script if self.redeem_script is not None else self.script_pubkey
        return Script(b"\x76\xa9\x14" + program[2:] + b"\x88\xac")

    @property
    def internal_key(self) -> bytes | None:
        """The x-only Taproot internal key (BIP-341); None for other kinds."""
        return self.keys[0].public_key[1:] if self.kind is WalletKind.P2TR else None


@dataclass(frozen=True)
class Wallet:
    """A descriptor with a name and a network. Scripts once derived are remembered."""

    name: str
    network: Network
    _branches: tuple[ParsedDescriptor, ...] = field(repr=False, compare=False)
    """Receive and change; or the one script of a wallet that is its own change."""
    public: str
    """The canonical public descriptor, without checksum; two of them on two lines where change has its own."""
    _scripts: dict[tuple[Branch, int], WalletScript] = field(default_factory=dict, repr=False, compare=False)
    _owned: dict[Script, WalletScript] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def id(self) -> bytes:
        """SHA-256 of the canonical public descriptor."""
        return sha256(self.public.encode()).digest()

    @property
    def kind(self) -> WalletKind:
        """The form of all its scripts."""
        return self._branches[0].kind

    @property
    def ranged(self) -> bool:
        """Whether it has more than one script."""
        return self._branches[0].ranged

    @property
    def key_texts(self) -> tuple[KeyText, ...]:
        """The descriptor's keys, from the left."""
        return self._branches[0].keys

    @property
    def descriptors(self) -> tuple[ParsedDescriptor, ...]:
        """The branches as parsed: for those who ask what a descriptor allows."""
        return self._branches

    def script(self, branch: Branch, index: int) -> WalletScript:
        """The script at `index` (0 to 2^31 - 1; 0 only where there is no wildcard). Raises DerivationsDisagree."""
        if not self.ranged:
            branch, index = Branch.CHANGE, 0
        known = self._scripts.get((branch, index))
        if known is not None:
            return known
        derived = self._branches[branch if len(self._branches) > 1 else 0].derive(index)
        script = WalletScript(
            self.kind, branch, index, derived.script_pubkey, derived.redeem_script, derived.witness_script, derived.keys
        )
        self._scripts[branch, index] = script
        self._owned[script.script_pubkey] = script
        return script

    def find(self, script: Script, hints: Collection[int]) -> WalletScript | None:
        """The wallet's script with these bytes, looked for at the hinted indexes of both branches; None.

        What was derived before saves work but never changes the answer: a verdict rests on the case alone.
        """
        indexes = hints if self.ranged else (0,)
        known = self._owned.get(script)
        if known is not None:
            return known if known.index in indexes else None
        for index in indexes:
            for branch in Branch:
                if self.script(branch, index).script_pubkey == script:
                    return self._owned[script]
        return None

    def vsize_of(self, transaction: Transaction) -> int:
        """Virtual bytes of `transaction` once signed, at the most: every input by its heaviest way to spend."""
        bare = 4 * len(transaction.serialize(witness=False))
        scripts = 4 * sum(len(each.script_sig) for each in transaction.inputs)
        weight = bare - scripts + 2 + len(transaction.inputs) * self._branches[0].max_input_weight
        return -(-weight // 4)


def parse_wallet(raw: bytes) -> Wallet:
    """Read a wallet file (TOML: name, network, descriptor and, where change has its own, change_descriptor).

    Raises MalformedWallet, and nothing else, whatever the bytes.
    """
    try:
        members = read_toml(raw, MAX_WALLET_BYTES)
    except MalformedToml as why:
        raise MalformedWallet(why.why) from why
    if unknown := members.keys() - _KEYS:
        raise MalformedWallet(f"unknown key {min(unknown)!r}")
    texts = {key: value for key, value in members.items() if isinstance(value, str)}
    if texts.keys() != members.keys() or not _KEYS - {"change_descriptor"} <= texts.keys():
        raise MalformedWallet("name, network and descriptor must be there, as text")
    if not 0 < len(texts["name"]) <= MAX_NAME or not texts["name"].isprintable():
        raise MalformedWallet(f"name must be 1 to {MAX_NAME} characters that can be seen")
    if texts["network"] not in Network.__members__.values():
        raise MalformedWallet("network is none of " + ", ".join(Network))
    network = Network(texts["network"])
    try:
        main = parse_descriptor(texts["descriptor"], network)
        change = parse_descriptor(texts["change_descriptor"], network) if "change_descriptor" in texts else ()
    except MalformedDescriptor as why:
        raise MalformedWallet(why.why) from why
    return Wallet(
        texts["name"], network, _branches(main, change), "\n".join(part[0].public for part in (main, change) if part)
    )


def _branches(main: tuple[ParsedDescriptor, ...], change: tuple[ParsedDescriptor, ...]) -> tuple[ParsedDescriptor, ...]:
    if change:
        if len(main) > 1 or len(change) > 1:
            raise MalformedWallet("with a change_descriptor, neither descriptor may have `<a;b>`")
        if not main[0].ranged or not change[0].ranged:
            raise MalformedWallet("with a change_descriptor, both descriptors need a wildcard")
        if _skeleton(main[0]) != _skeleton(change[0]):
            raise MalformedWallet("change_descriptor must be the same wallet on another branch")
        branches = (*main, *change)
    elif main[0].ranged and len(main) == 1:
        raise MalformedWallet("no change branch: use `<0;1>` or a change_descriptor")
    elif len(main) > 1 and not main[0].ranged:
        raise MalformedWallet("`<a;b>` without a wildcard: two scripts and no telling which is for change")
    else:
        branches = main
    if len(branches) > 1 and branches[0].derive(0).script_pubkey == branches[1].derive(0).script_pubkey:
        raise MalformedWallet("receive and change are the same branch")
    return branches


def _skeleton(descriptor: ParsedDescriptor) -> str:
    """The descriptor without what follows each key: what must be the same on both branches."""
    text = descriptor.public
    for key in descriptor.keys:
        text = text.replace(key.expression + key.suffix, key.expression, 1)
    return text
