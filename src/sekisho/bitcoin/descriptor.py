"""Output descriptors, read by two libraries that must agree: embit, which gives us the scripts, and rust-miniscript.

rust-miniscript (through bdkpython) says whether a descriptor is sane and what its canonical text is; embit shows what
is inside. Every script derived is derived by both, and used only when both give the same bytes: embit checks little and
ignores networks, and neither should be the only one to say where change goes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import bdkpython
from embit.descriptor import Descriptor
from embit.descriptor.arguments import Key
from embit.descriptor.miniscript import After, Miniscript, Older

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script
from sekisho.errors import SekishoError

MAX_DESCRIPTOR = 20_000
"""Characters. Twenty extended keys with their origins take some 3,500."""

_PRIVATE = re.compile(r"(?:^|[(,\]])(?:[a-z]prv|[5KLc9][1-9A-HJ-NP-Za-km-z]{50,51}(?=[,)/#]|$))")
"""Where a key begins: an extended private key, or one in wallet import format."""
_BDK_NETWORKS = {
    Network.MAIN: bdkpython.Network.BITCOIN,
    Network.TESTNET4: bdkpython.Network.TESTNET4,
    Network.SIGNET: bdkpython.Network.SIGNET,
    Network.REGTEST: bdkpython.Network.REGTEST,
}


class WalletKind(StrEnum):
    """The forms of wallet sekisho knows."""

    P2WPKH = "p2wpkh"
    P2SH_P2WPKH = "p2sh-p2wpkh"
    P2WSH = "p2wsh"
    P2SH_P2WSH = "p2sh-p2wsh"
    P2TR = "p2tr"
    """Key path only."""
    LEGACY = "legacy"
    """P2PKH and P2SH: compared, never co-signed, since their signatures do not prove amounts."""


_KINDS = {
    bdkpython.DescriptorType.WPKH: WalletKind.P2WPKH,
    bdkpython.DescriptorType.SH_WPKH: WalletKind.P2SH_P2WPKH,
    bdkpython.DescriptorType.WSH: WalletKind.P2WSH,
    bdkpython.DescriptorType.WSH_SORTED_MULTI: WalletKind.P2WSH,
    bdkpython.DescriptorType.SH_WSH: WalletKind.P2SH_P2WSH,
    bdkpython.DescriptorType.SH_WSH_SORTED_MULTI: WalletKind.P2SH_P2WSH,
    bdkpython.DescriptorType.TR: WalletKind.P2TR,
    bdkpython.DescriptorType.PKH: WalletKind.LEGACY,
    bdkpython.DescriptorType.SH: WalletKind.LEGACY,
    bdkpython.DescriptorType.SH_SORTED_MULTI: WalletKind.LEGACY,
}


class MalformedDescriptor(SekishoError):
    """Text that is no descriptor, or one whose coins could not be guarded."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a usable descriptor: {why}")
        self.why = why


class DerivationsDisagree(SekishoError):
    """Two libraries derive different scripts from one descriptor."""

    def __init__(self, index: int) -> None:
        super().__init__(f"two libraries derive different scripts at index {index}; nothing is decided on either")
        self.index = index


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key as it stands in a descriptor: `[origin]key`, and the derivation that follows it."""

    expression: str
    suffix: str


@dataclass(frozen=True, slots=True)
class DerivedKey:
    """A key of a script: compressed (33 bytes), and where its master would find it."""

    position: int
    """Its place among the descriptor's keys, from the left, counting from 0."""
    public_key: bytes
    fingerprint: bytes
    path: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DerivedScript:
    """What a descriptor gives at one index."""

    script_pubkey: Script
    redeem_script: Script | None
    witness_script: Script | None
    keys: tuple[DerivedKey, ...]


class ParsedDescriptor:
    """One branch of a wallet, or one fixed script."""

    def __init__(
        self, public: str, network: Network, ours: Descriptor, theirs: bdkpython.Descriptor, branch: int
    ) -> None:
        self.public = public
        self.kind = _KINDS[theirs.desc_type()]
        self.ranged = bool(theirs.has_wildcard())
        self.keys = tuple(_key_text(key) for key in ours.keys)
        self.miniscript: Miniscript | None = ours.miniscript
        self.max_input_weight = int(theirs.max_weight_to_satisfy())
        self._ours, self._theirs, self._branch = ours, theirs, branch
        self._network = _BDK_NETWORKS[network]

    def derive(self, index: int) -> DerivedScript:
        """The script at `index` (0 for a fixed one). Raises DerivationsDisagree."""
        derived = self._ours.derive(index, branch_index=self._branch)
        script = Script(derived.script_pubkey().data)
        if bytes(self._theirs.derive_address(index, self._network).script_pubkey().to_bytes()) != script:
            raise DerivationsDisagree(index)
        redeem, witness = derived.redeem_script(), derived.witness_script()
        return DerivedScript(
            script_pubkey=script,
            redeem_script=None if redeem is None else Script(redeem.data),
            witness_script=None if witness is None else Script(witness.data),
            keys=tuple(_derived_key(position, key) for position, key in enumerate(derived.keys)),
        )


def parse_descriptor(text: str, network: Network) -> tuple[ParsedDescriptor, ...]:
    """Read a public descriptor: its receive and change branches where it has `<a;b>`, otherwise the one it is.

    A checksum is verified where there is one. Raises MalformedDescriptor, and nothing else, whatever the text.
    """
    if len(text) > MAX_DESCRIPTOR or not text.isascii() or not text.isprintable():
        raise MalformedDescriptor("it is too long, or holds characters that no descriptor has")
    if _PRIVATE.search(text):
        raise MalformedDescriptor("it holds a private key; a wallet file holds public keys only")
    kind = bdkpython.NetworkKind.MAIN if network is Network.MAIN else bdkpython.NetworkKind.TEST
    try:
        whole = bdkpython.Descriptor(text, kind)
        if not whole.is_multipath():
            whole.sanity_check()
        branches = tuple(whole.to_single_descriptors()) if whole.is_multipath() else (whole,)
        for branch in branches:
            branch.sanity_check()
        public = str(whole).partition("#")[0].replace("'", "h")
    except bdkpython.DescriptorError as why:
        raise MalformedDescriptor(f"rust-miniscript refuses it ({type(why).__name__})") from why
    try:
        ours = Descriptor.from_string(public)
        _sound(ours, network)
        parsed = tuple(ParsedDescriptor(public, network, ours, each, at) for at, each in enumerate(branches))
        for each in parsed:
            each.derive(0)
    except MalformedDescriptor:
        raise
    except DerivationsDisagree as why:
        raise MalformedDescriptor(str(why)) from why
    except Exception as why:  # embit checks by assert, KeyError and bare exceptions of every kind
        raise MalformedDescriptor(f"embit refuses it ({type(why).__name__})") from why
    return parsed


def _sound(ours: Descriptor, network: Network) -> None:
    """What neither library minds, and a treasury should."""
    if ours.taptree:
        raise MalformedDescriptor("a Taproot script tree; only the key path is supported so far")
    for key in ours.keys:
        text = str(key)
        if key.is_extended and ("tpub" in text) == (network is Network.MAIN):
            raise MalformedDescriptor(f"a key of another network than {network}")
        if key.branches is not None and len(key.branches) != 2:
            raise MalformedDescriptor("`<a;b>` must name two branches: receive and change")
    for node in nodes(ours.miniscript):
        if isinstance(node, Older) and not isinstance(node, After) and not 1 <= node.args[0].num <= 0xFFFF:
            # BIP-68 reads only the low 16 bits, and bit 22 as a unit of time: 65536 opens at once.
            raise MalformedDescriptor(f"older({node.args[0].num}): only 1 to 65535 blocks mean what they say")


def nodes(miniscript: Miniscript | None) -> Iterator[Miniscript]:
    """Every fragment of a Miniscript, outermost first."""
    if miniscript is None:
        return
    yield miniscript
    for argument in miniscript.args:
        if isinstance(argument, Miniscript):
            yield from nodes(argument)


def _key_text(key: Key) -> KeyText:
    suffix = key.suffix if key.is_extended else ""
    text = str(key)
    return KeyText(text[: len(text) - len(suffix)], suffix)


def _derived_key(position: int, key: Key) -> DerivedKey:
    public = key.sec()
    if key.origin is None:
        return DerivedKey(position, public, key.fingerprint or b"", ())
    return DerivedKey(position, public, bytes(key.origin.fingerprint), tuple(key.origin.derivation))
