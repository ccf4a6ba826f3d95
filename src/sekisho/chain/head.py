"""A store's head: the small file that says how much of its arrays exists."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from sekisho.bitcoin.network import Network
from sekisho.chain.chain import Tip
from sekisho.chain.growing import Counts
from sekisho.errors import SekishoError
from sekisho.files import read_file, replace

FORMAT = "sekisho/store/1"
NAME = "store.json"
_MAX_HEAD = 10_000


class NoStore(SekishoError):
    """A folder without a store."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"there is no store in {path}")
        self.path = path


class DamagedStore(SekishoError):
    """A store whose files are not what the store itself wrote."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"the store {path} is damaged: {why}")
        self.path, self.why = path, why


class OtherStore(SekishoError):
    """A store of another format version or network."""

    def __init__(self, path: Path, what: str, found: str, wanted: str) -> None:
        super().__init__(f"the store {path} is of {what} {found}, not {wanted}")
        self.path, self.what, self.found, self.wanted = path, what, found, wanted


@dataclass(frozen=True, slots=True)
class Head:
    """What is committed."""

    network: Network
    complete: bool
    """Whether the chain begins with its genesis block."""
    counts: Counts
    tip: Tip
    """Of height -1 where there is no block."""
    key: bytes
    """16 bytes: of the table of scripts."""
    clean: bool
    """False while somebody writes, and after they were killed."""


def read_head(store: Path) -> Head:
    """The head of a store. Raises NoStore, OtherStore (of another format), DamagedStore, UnreadableFile."""
    path = store / NAME
    if not path.exists():
        raise NoStore(store)
    try:
        told: object = json.loads(read_file(path, _MAX_HEAD))
    except (ValueError, RecursionError) as why:
        raise DamagedStore(store, f"{NAME} is not JSON") from why
    if not _is_object(told) or not isinstance(told.get("format"), str):
        raise DamagedStore(store, f"{NAME} names no format")
    if told["format"] != FORMAT:
        raise OtherStore(store, "format", str(told["format"])[:80], FORMAT)
    try:
        return _head(told)
    except (KeyError, TypeError, ValueError) as why:
        raise DamagedStore(store, f"{NAME} lacks something or has it in another shape") from why


def write_head(store: Path, head: Head) -> None:
    """Put a head in place of the one before: the moment at which what it counts exists. Raises UnwritableFile."""
    document = {
        "format": FORMAT,
        "network": head.network.value,
        "complete": head.complete,
        "clean": head.clean,
        "counts": head.counts._asdict(),
        "tip": {"height": head.tip.height, "hash": head.tip.hash[::-1].hex()},
        "script_key": head.key.hex(),
    }
    replace(store / NAME, json.dumps(document, indent=1).encode() + b"\n")


def _head(told: Mapping[str, object]) -> Head:
    tip, counts = told["tip"], told["counts"]
    if not _is_object(tip) or not _is_object(counts) or set(counts) != set(Counts._fields):
        raise ValueError
    key, tip_hash = bytes.fromhex(_text(told["script_key"])), bytes.fromhex(_text(tip["hash"]))[::-1]
    if len(key) != 16 or len(tip_hash) != 32:
        raise ValueError
    return Head(
        Network(_text(told["network"])),
        _flag(told["complete"]),
        Counts(**{name: _whole(each, 0) for name, each in counts.items()}),
        Tip(_whole(tip["height"], -1), tip_hash),
        key,
        _flag(told["clean"]),
    )


def _is_object(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _whole(value: object, least: int) -> int:
    if type(value) is not int or not least <= value < 2**63:
        raise ValueError
    return value
