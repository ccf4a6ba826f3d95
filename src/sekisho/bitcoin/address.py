"""Addresses: what people read. What is compared is the script behind them."""

from coincurve import PublicKeyXOnly
from embit import base58, bech32

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script, ScriptType, script_type
from sekisho.errors import SekishoError

MAX_ADDRESS = 90
"""Characters; BIP-173 allows no more, and a Base58 address is far shorter."""

_HRP = {Network.MAIN: "bc", Network.TESTNET4: "tb", Network.SIGNET: "tb", Network.REGTEST: "bcrt"}
_P2PKH = {Network.MAIN: 0x00, Network.TESTNET4: 0x6F, Network.SIGNET: 0x6F, Network.REGTEST: 0x6F}
_P2SH = {Network.MAIN: 0x05, Network.TESTNET4: 0xC4, Network.SIGNET: 0xC4, Network.REGTEST: 0xC4}


class MalformedAddress(SekishoError):
    """Text that is not an address one could pay to on this network."""

    def __init__(self, text: str, why: str) -> None:
        super().__init__(f"{text[:MAX_ADDRESS]!r} is not an address: {why}")
        self.text, self.why = text, why


def parse_address(text: str, network: Network) -> Script:
    """The script that an address of `network` stands for.

    Base58Check P2PKH and P2SH, and witness versions 0 and 1 (BIP-173, BIP-350), in the one spelling that `show_address`
    gives. A witness version without a meaning yet is refused: anyone may be able to spend what is sent there.
    Raises MalformedAddress.
    """
    if not 0 < len(text) <= MAX_ADDRESS or not text.isascii() or not text.isprintable():
        raise MalformedAddress(text, "it is empty, too long, or holds characters that no address has")
    hrp = text.rpartition("1")[0].lower()
    script = _segwit(text, network) if hrp in set(_HRP.values()) else _base58(text, network)
    if show_address(script, network) != text:
        raise MalformedAddress(text, "it is not written in its usual form (a segwit address has lower case only)")
    return script


def show_address(script: Script, network: Network) -> str | None:
    """The address of a script on `network`; None for a script that has none."""
    match script_type(script):
        case ScriptType.P2PKH:
            return str(base58.encode_check(bytes([_P2PKH[network]]) + script[3:23]))
        case ScriptType.P2SH:
            return str(base58.encode_check(bytes([_P2SH[network]]) + script[2:22]))
        case ScriptType.P2WPKH | ScriptType.P2WSH:
            return str(bech32.encode(_HRP[network], 0, script[2:]))
        case ScriptType.P2TR:
            return str(bech32.encode(_HRP[network], 1, script[2:]))
        case ScriptType.OTHER:
            return None


def _segwit(text: str, network: Network) -> Script:
    if text.lower().rpartition("1")[0] != _HRP[network]:
        raise MalformedAddress(text, f"it belongs to another network than {network}")
    encoding, _, data = bech32.bech32_decode(text)
    if encoding is None or not data:
        raise MalformedAddress(text, "its checksum is wrong")
    version, program = bech32.decode(_HRP[network], text)
    if version is None:
        raise MalformedAddress(text, "its witness program is not one (BIP-173, BIP-350)")
    if version > 1 or (version == 1 and len(program) != 32):
        raise MalformedAddress(text, f"witness version {version} with {len(program)} bytes has no meaning yet")
    if version == 1 and not _on_curve(bytes(program)):
        raise MalformedAddress(text, "its key is no point of the curve: nobody could ever spend it")
    return Script(bytes([0x51 if version else 0x00, len(program)]) + bytes(program))


def _base58(text: str, network: Network) -> Script:
    try:
        payload = base58.decode_check(text)
    except (ValueError, IndexError) as why:
        raise MalformedAddress(text, "its checksum is wrong") from why
    if len(payload) != 21:
        raise MalformedAddress(text, "it is not 21 bytes long")
    version, digest = payload[0], payload[1:]
    if version == _P2PKH[network]:
        return Script(b"\x76\xa9\x14" + digest + b"\x88\xac")
    if version == _P2SH[network]:
        return Script(b"\xa9\x14" + digest + b"\x87")
    raise MalformedAddress(text, f"it belongs to another network than {network}, or to no bitcoin network")


def _on_curve(x_only: bytes) -> bool:
    try:
        PublicKeyXOnly(x_only)
    except ValueError:
        return False
    return True
