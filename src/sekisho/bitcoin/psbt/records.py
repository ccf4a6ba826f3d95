"""The key-value maps a PSBT is made of (BIP-174, "Specification"), without their meaning."""

import base64
import binascii
import re
from dataclasses import dataclass

from sekisho.bitcoin.wire import Reader, compact_size, sized
from sekisho.errors import SekishoError

MAGIC = b"psbt\xff"

MAX_PSBT_BYTES = 20_000_000
"""A standard transaction has some 1,400 inputs at most, each behind a previous transaction of mostly under 10 kB."""

_BASE64_START = base64.b64encode(MAGIC + b"\x00")[:6]
_SPACE = re.compile(rb"[ \t\r\n]+")


class MalformedPsbt(SekishoError):
    """Bytes that are not a PSBT, by what the BIPs demand of one."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not a PSBT: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Record:
    """One key-value pair. The key is a type and, for some types, data."""

    key_type: int
    key_data: bytes
    value: bytes

    @property
    def key(self) -> bytes:
        """The key as it stands in the file."""
        return compact_size(self.key_type) + self.key_data

    def serialize(self) -> bytes:
        """The pair as it stands in the file."""
        return sized(self.key) + sized(self.value)


Map = tuple[Record, ...]


def read_map(reader: Reader) -> Map:
    """The records up to the next separator, in file order. Raises MalformedPsbt for a key that appears twice."""
    records: list[Record] = []
    seen: set[bytes] = set()
    while length := reader.compact():
        key = reader.take(length)
        if key in seen:
            raise MalformedPsbt(f"key {key.hex()[:20]} appears twice in one map")
        seen.add(key)
        if key[0] < 0xFD:  # nearly always: a type of one byte
            key_type, key_data = key[0], key[1:]
        else:
            inside = Reader(key, MalformedPsbt)
            key_type, key_data = inside.compact(), inside.take(inside.left)
        records.append(Record(key_type, key_data, reader.sized()))
    return tuple(records)


def write_map(records: Map) -> bytes:
    """The records and their separator."""
    return b"".join(record.serialize() for record in records) + b"\x00"


def decode_psbt_file(raw: bytes) -> bytes:
    """The binary PSBT in a file that holds it as it is or in base64 (BIP-174, "Encoding"). Raises MalformedPsbt."""
    if raw.startswith(MAGIC):
        return raw
    text = _SPACE.sub(b"", raw)
    if not text.startswith(_BASE64_START):
        raise MalformedPsbt("it starts neither with psbt and 0xff, nor with that in base64")
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as why:
        raise MalformedPsbt(f"its base64 is damaged ({why})") from why
