"""One file out of a browser's form (RFC 7578, multipart/form-data)."""

import re
from typing import NamedTuple

from sekisho.errors import SekishoError

_BOUNDARY = re.compile(r'multipart/form-data\s*;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s";,]{1,70}))\s*', re.IGNORECASE)
_FILE_NAME = re.compile(r';\s*filename="([^"\r\n]*)"', re.IGNORECASE)
_LONGEST_HEAD = 10_000


class MalformedUpload(SekishoError):
    """A form that holds no file, or bytes that are no form."""

    def __init__(self, why: str) -> None:
        super().__init__(f"no file came: {why}")
        self.why = why


class Upload(NamedTuple):
    """A file and the name its sender gave it, without folders."""

    name: str
    data: bytes


def read_upload(content_type: str, body: bytes) -> Upload:
    """The first file in a form. Raises MalformedUpload."""
    said = _BOUNDARY.fullmatch(content_type)
    if said is None:
        raise MalformedUpload("this is not what a browser's form sends")
    mark = b"--" + (said[1] or said[2]).encode("latin-1", "replace")
    end, at = b"\r\n" + mark, 0 if body.startswith(mark) else -1
    while at >= 0:
        head_at = at + len(mark)
        head_end = body.find(b"\r\n\r\n", head_at, head_at + _LONGEST_HEAD)
        if body[head_at : head_at + 2] != b"\r\n" or head_end < 0:
            break
        stop = body.find(end, head_end + 2)
        if stop < 0:
            raise MalformedUpload("it ended early")
        name = _FILE_NAME.search(body[head_at:head_end].decode("utf-8", "replace"))
        if name is not None:
            return _named(name[1], body[head_end + 4 : stop])
        at = stop + 2
    raise MalformedUpload("there is none in the form")


def _named(name: str, data: bytes) -> Upload:
    plain = name.replace("\\", "/").rpartition("/")[2]
    if not plain:
        raise MalformedUpload("none was chosen")
    return Upload(plain, data)
