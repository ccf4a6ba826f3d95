"""Parsers of what inspection reads from strangers outside its workers, each with a valid input."""

import hashlib
import zlib
from collections.abc import Callable

from sekisho.inspection.baseline import read_baseline
from sekisho.inspection.fetch.pack import read_pack
from sekisho.inspection.fetch.packets import DELIMITER, FLUSH, packet, packets
from sekisho.inspection.upload import read_upload
from sekisho.inspection.virtual import Limits

TREE = b"100644 a.py\0" + hashlib.sha1(b"blob 9\0print(1)\n", usedforsecurity=False).digest()
FORM = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.zip"\r\n\r\nPK\r\n--x--\r\n'


def sealed(body: bytes) -> bytes:
    """With the sum at its end that a pack must have, or no damage would be looked at."""
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def inspection_targets() -> dict[str, tuple[bytes, Callable[[bytes], object]]]:
    """Every parser of inspection's own process with a valid input."""
    name = hashlib.sha1(b"tree %d\0" % len(TREE) + TREE, usedforsecurity=False).hexdigest()
    base = hashlib.sha1(b"blob 9\0print(1)\n", usedforsecurity=False).digest()
    entries = (
        b"\x39" + zlib.compress(b"print(1)\n"),
        bytes([0xA0 | len(TREE) & 15, len(TREE) >> 4]) + zlib.compress(TREE),
        b"\x76" + base + zlib.compress(b"\x09\x0a\x90\x09\x01\n"),
    )
    pack = b"PACK\0\0\0\x02\0\0\0\x03" + b"".join(entries)
    lines = packet("version 2") + packet("ls-refs") + DELIMITER + FLUSH
    accepted = b'{"sekisho_baseline": 1, "accepted": [{"key": "%s", "rule": "remote_code"}]}' % (b"0" * 64)
    limits = Limits(total_bytes=1_000_000)
    return {
        "pack": (pack, lambda raw: read_pack(sealed(raw), name, limits)),
        "packet lines": (lines, lambda raw: list(packets(raw))),
        "upload": (FORM, lambda raw: read_upload("multipart/form-data; boundary=x", raw)),
        "baseline": (accepted, read_baseline),
    }
