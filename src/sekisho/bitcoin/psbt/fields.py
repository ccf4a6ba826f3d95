"""The BIPs' field tables: for each key type, the shape of its key data and value, and the versions it may stand in.

BIP-174 (version 0), BIP-370 (version 2), BIP-371 (Taproot), BIP-373 (MuSig2). Types that no table names, and
proprietary ones, are kept as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sekisho.bitcoin.psbt.records import MalformedPsbt, Map
from sekisho.bitcoin.wire import Reader

Check = Callable[[bytes], bool]


@dataclass(frozen=True, slots=True)
class Field:
    """What a record of one type must look like."""

    name: str
    key: Check
    value: Check
    only: int | None = None
    """The one version it may stand in; None for any."""


def _length(*lengths: int) -> Check:
    return lambda data: len(data) in lengths


def _any(_: bytes) -> bool:
    return True


_NOTHING = _length(0)


def _public_key(data: bytes) -> bool:
    return (len(data) == 33 and data[0] in (2, 3)) or (len(data) == 65 and data[0] == 4)


def _compressed(data: bytes) -> bool:
    return len(data) == 33 and data[0] in (2, 3)


def _several_compressed(data: bytes) -> bool:
    return len(data) % 33 == 0 and all(_compressed(data[at : at + 33]) for at in range(0, len(data), 33))


def _xpub(data: bytes) -> bool:
    return len(data) == 78


def _origin(data: bytes) -> bool:
    return len(data) >= 4 and len(data) % 4 == 0


def _taproot_origin(data: bytes) -> bool:
    reader = Reader(data, MalformedPsbt)
    leaves = reader.count(32)
    reader.take(32 * leaves)
    return _origin(reader.take(reader.left))


def _signature(data: bytes) -> bool:
    """DER by its outer shape, and a sighash byte. Whether it is genuine is for the signer to say."""
    return 9 <= len(data) <= 73 and data[0] == 0x30 and data[1] == len(data) - 3


def _control_block(data: bytes) -> bool:
    return 33 <= len(data) <= 33 + 32 * 128 and (len(data) - 33) % 32 == 0


def _musig_participant(data: bytes) -> bool:
    """A participant's key, the aggregate key, and for a script path the leaf hash."""
    return len(data) in (66, 98) and _compressed(data[:33]) and _compressed(data[33:66])


def _utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _taproot_tree(data: bytes) -> bool:
    """Depth, leaf version and script, again and again, in depth-first order that makes one whole tree (BIP-371)."""
    reader = Reader(data, MalformedPsbt)
    depths: list[int] = []
    while reader.left:
        depth, version = reader.take(2)
        reader.sized()
        if depth > 128 or version & 1:
            return False
        depths.append(depth)
        while len(depths) > 1 and depths[-1] == depths[-2]:
            if depths[-1] == 0:
                return False
            depths[-2:] = [depths[-1] - 1]
    return depths == [0]


def _u32(lowest: int = 0, highest: int = 0xFFFFFFFF) -> Check:
    return lambda data: len(data) == 4 and lowest <= int.from_bytes(data, "little") <= highest


def _compact(data: bytes) -> bool:
    reader = Reader(data, MalformedPsbt)
    reader.compact()
    return reader.left == 0


GLOBAL = {
    0x00: Field("PSBT_GLOBAL_UNSIGNED_TX", _NOTHING, _any, only=0),
    0x01: Field("PSBT_GLOBAL_XPUB", _xpub, _origin),
    0x02: Field("PSBT_GLOBAL_TX_VERSION", _NOTHING, _length(4), only=2),
    0x03: Field("PSBT_GLOBAL_FALLBACK_LOCKTIME", _NOTHING, _length(4), only=2),
    0x04: Field("PSBT_GLOBAL_INPUT_COUNT", _NOTHING, _compact, only=2),
    0x05: Field("PSBT_GLOBAL_OUTPUT_COUNT", _NOTHING, _compact, only=2),
    0x06: Field("PSBT_GLOBAL_TX_MODIFIABLE", _NOTHING, _length(1), only=2),
    0xFB: Field("PSBT_GLOBAL_VERSION", _NOTHING, _length(4)),
}

INPUT = {
    0x00: Field("PSBT_IN_NON_WITNESS_UTXO", _NOTHING, _any),
    0x01: Field("PSBT_IN_WITNESS_UTXO", _NOTHING, _any),
    0x02: Field("PSBT_IN_PARTIAL_SIG", _public_key, _signature),
    0x03: Field("PSBT_IN_SIGHASH_TYPE", _NOTHING, _length(4)),
    0x04: Field("PSBT_IN_REDEEM_SCRIPT", _NOTHING, _any),
    0x05: Field("PSBT_IN_WITNESS_SCRIPT", _NOTHING, _any),
    0x06: Field("PSBT_IN_BIP32_DERIVATION", _public_key, _origin),
    0x07: Field("PSBT_IN_FINAL_SCRIPTSIG", _NOTHING, _any),
    0x08: Field("PSBT_IN_FINAL_SCRIPTWITNESS", _NOTHING, _any),
    0x09: Field("PSBT_IN_POR_COMMITMENT", _NOTHING, _utf8),
    0x0A: Field("PSBT_IN_RIPEMD160", _length(20), _any),
    0x0B: Field("PSBT_IN_SHA256", _length(32), _any),
    0x0C: Field("PSBT_IN_HASH160", _length(20), _any),
    0x0D: Field("PSBT_IN_HASH256", _length(32), _any),
    0x0E: Field("PSBT_IN_PREVIOUS_TXID", _NOTHING, _length(32), only=2),
    0x0F: Field("PSBT_IN_OUTPUT_INDEX", _NOTHING, _length(4), only=2),
    0x10: Field("PSBT_IN_SEQUENCE", _NOTHING, _length(4), only=2),
    0x11: Field("PSBT_IN_REQUIRED_TIME_LOCKTIME", _NOTHING, _u32(lowest=500_000_000), only=2),
    0x12: Field("PSBT_IN_REQUIRED_HEIGHT_LOCKTIME", _NOTHING, _u32(lowest=1, highest=499_999_999), only=2),
    0x13: Field("PSBT_IN_TAP_KEY_SIG", _NOTHING, _length(64, 65)),
    0x14: Field("PSBT_IN_TAP_SCRIPT_SIG", _length(64), _length(64, 65)),
    0x15: Field("PSBT_IN_TAP_LEAF_SCRIPT", _control_block, bool),
    0x16: Field("PSBT_IN_TAP_BIP32_DERIVATION", _length(32), _taproot_origin),
    0x17: Field("PSBT_IN_TAP_INTERNAL_KEY", _NOTHING, _length(32)),
    0x18: Field("PSBT_IN_TAP_MERKLE_ROOT", _NOTHING, _length(32)),
    0x1A: Field("PSBT_IN_MUSIG2_PARTICIPANT_PUBKEYS", _compressed, _several_compressed),
    0x1B: Field("PSBT_IN_MUSIG2_PUB_NONCE", _musig_participant, _length(66)),
    0x1C: Field("PSBT_IN_MUSIG2_PARTIAL_SIG", _musig_participant, _length(32)),
}

OUTPUT = {
    0x00: Field("PSBT_OUT_REDEEM_SCRIPT", _NOTHING, _any),
    0x01: Field("PSBT_OUT_WITNESS_SCRIPT", _NOTHING, _any),
    0x02: Field("PSBT_OUT_BIP32_DERIVATION", _public_key, _origin),
    0x03: Field("PSBT_OUT_AMOUNT", _NOTHING, _length(8), only=2),
    0x04: Field("PSBT_OUT_SCRIPT", _NOTHING, _any, only=2),
    0x05: Field("PSBT_OUT_TAP_INTERNAL_KEY", _NOTHING, _length(32)),
    0x06: Field("PSBT_OUT_TAP_TREE", _NOTHING, _taproot_tree),
    0x07: Field("PSBT_OUT_TAP_BIP32_DERIVATION", _length(32), _taproot_origin),
    0x08: Field("PSBT_OUT_MUSIG2_PARTICIPANT_PUBKEYS", _compressed, _several_compressed),
}

PROPRIETARY = 0xFC


def check(records: Map, table: dict[int, Field], version: int) -> None:
    """Hold every record to its field's shape. Raises MalformedPsbt."""
    for record in records:
        field = table.get(record.key_type)
        if field is None:
            if record.key_type == PROPRIETARY:
                Reader(record.key_data, MalformedPsbt).sized()
            continue
        if field.only not in (None, version):
            raise MalformedPsbt(f"{field.name} in a PSBT of version {version}")
        if not field.key(record.key_data):
            raise MalformedPsbt(f"{field.name} with a key of the wrong shape")
        if not field.value(record.value):
            raise MalformedPsbt(f"{field.name} with a value of the wrong shape")


def one(records: Map, key_type: int) -> bytes | None:
    """The value of the one record of a type whose key has no data; None where there is none."""
    return next((record.value for record in records if record.key_type == key_type), None)


def need(records: Map, key_type: int, table: dict[int, Field]) -> bytes:
    """The same, where the BIP demands it. Raises MalformedPsbt."""
    value = one(records, key_type)
    if value is None:
        raise MalformedPsbt(f"{table[key_type].name} is missing")
    return value
