"""Output scripts, and which of the standard forms each one has."""

from enum import StrEnum
from typing import NewType

Script = NewType("Script", bytes)
"""A scriptPubKey, redeem script or witness script: raw bytes, no length prefix."""


class ScriptType(StrEnum):
    """The standard forms of a scriptPubKey that sekisho will pay to (BIP-16, BIP-141, BIP-341)."""

    P2PKH = "p2pkh"
    P2SH = "p2sh"
    P2WPKH = "p2wpkh"
    P2WSH = "p2wsh"
    P2TR = "p2tr"
    OTHER = "other"
    """Anything else: OP_RETURN, bare scripts, and witness versions without a meaning yet."""


def script_type(script: Script) -> ScriptType:
    """Say which standard form `script` has."""
    match len(script):
        case 25 if script[:3] == b"\x76\xa9\x14" and script[23:] == b"\x88\xac":
            return ScriptType.P2PKH
        case 23 if script[:2] == b"\xa9\x14" and script[22:] == b"\x87":
            return ScriptType.P2SH
        case 22 if script[:2] == b"\x00\x14":
            return ScriptType.P2WPKH
        case 34 if script[:2] == b"\x00\x20":
            return ScriptType.P2WSH
        case 34 if script[:2] == b"\x51\x20":
            return ScriptType.P2TR
        case _:
            return ScriptType.OTHER
