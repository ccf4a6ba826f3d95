"""A built distribution: a wheel that is the whole input, says it holds machine code, and says which."""

import base64
import csv
import hashlib
import re
from collections.abc import Iterator, Sequence

from sekisho.inspection.virtual import Form, VirtualFile, container

_MODULE = re.compile(r"\w+(?:\.[\w-]+)?\.(?:so|pyd)")
"""An extension module, by whose name Python finds it: `a.cpython-312-x86_64-linux-gnu.so`."""

_PLATFORM = re.compile(r"^Tag: \S+-(?!any\s*$)[^-\s]+\s*$", re.MULTILINE)
_UNLISTED = {"RECORD", "RECORD.jws", "RECORD.p7s"}
"""What a wheel's list cannot hold: itself, and its signatures."""


def declared(files: Sequence[VirtualFile]) -> frozenset[str]:
    """The extension modules of a wheel that is the whole input, unpacked or not, and is for some platform; nothing
    unless its list has the right hash for each file there is.

    Source: PyPA's specification of binary distributions, "The .dist-info directory" and "Signed wheel files".
    """
    within = container(files)
    inside = {file.path.removeprefix(within): file for file in files if file.path.startswith(within)}
    inside = {path: file for path, file in inside.items() if "!/" not in path}
    folders = [path.removesuffix("/WHEEL") for path in inside if re.fullmatch(r"[^/]+\.dist-info/WHEEL", path)]
    if len(folders) != 1:
        return frozenset()
    (folder,) = folders
    record = inside.get(f"{folder}/RECORD")
    if record is None or not _PLATFORM.search(_text(inside[f"{folder}/WHEEL"])):
        return frozenset()
    hashes = dict(_listed(_text(record)))
    others = {path: file for path, file in inside.items() if path not in {f"{folder}/{name}" for name in _UNLISTED}}
    if not all(file.form is Form.FILE and hashes.get(path) == _hash(file.data) for path, file in others.items()):
        return frozenset()
    return frozenset(file.path for file in others.values() if _MODULE.fullmatch(file.name))


def _text(file: VirtualFile) -> str:
    return file.data.decode("utf-8", "replace")


def _listed(record: str) -> Iterator[tuple[str, str]]:
    """The files of a RECORD, with the hash of each."""
    try:
        for row in csv.reader(record.splitlines()):
            if len(row) > 1:
                yield row[0], row[1]
    except csv.Error:
        return


def _hash(data: bytes) -> str:
    """As it stands in a RECORD."""
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
