"""Stop lists: reading them, and finding their scripts in a chain.

Our own format is a table of services, as TOML, JSON or CSV (docs/stop-lists.md); TagPacks are read too.
"""

import csv
import io
import json
import tomllib
from collections.abc import Iterable, Sequence

import numpy as np

from sekisho.bitcoin.network import Network
from sekisho.bitcoin.script import Script
from sekisho.chain.chain import Chain
from sekisho.tracing.clusters import Clusters
from sekisho.tracing.entries import Entry, ListRead, MalformedStopList, checked_text, parse_moment, sort_out
from sekisho.tracing.services import Service, StopList, Stops
from sekisho.tracing.tagpack import MAX_TAGPACK_BYTES, parse_tagpack

MAX_LIST_BYTES = MAX_TAGPACK_BYTES

FOR_EVER = 2**62

_NEEDED = frozenset({"name", "category"})
_FIELDS = _NEEDED | {"address", "script", "cluster", "since", "until", "source"}


def parse_stop_list(name: str, raw: bytes, network: Network) -> ListRead:
    """Read a list; the end of `name` tells the format: .yaml or .yml (TagPack), .toml, .json, .csv.

    Raises MalformedStopList, and nothing else, whatever the bytes.
    """
    suffix = name.rpartition(".")[2].lower()
    if suffix in {"yaml", "yml"}:
        return parse_tagpack(name, raw, network)
    reader = {"toml": _toml, "json": _json, "csv": _csv}.get(suffix)
    if reader is None:
        raise MalformedStopList(f"{name[:80]!r} ends in none of .yaml, .toml, .json and .csv")
    if len(raw) > MAX_LIST_BYTES:
        raise MalformedStopList(f"{len(raw)} bytes, more than {MAX_LIST_BYTES}")
    try:
        rows = reader(raw.decode("utf-8"))
    except (ValueError, RecursionError, csv.Error) as why:  # TOML's, JSON's and UTF-8's errors are ValueErrors
        raise MalformedStopList(" ".join(str(why).split())[:200]) from why
    return sort_out(name, raw, map(_entry, rows), network)


def entity_names(lists: Iterable[StopList]) -> tuple[str, ...]:
    """The services' names, as `Stops.entity` numbers them: in order of appearance, each once."""
    return tuple(dict.fromkeys(service.name for each in lists for service in each.services))


def stops(chain: Chain, lists: Sequence[StopList], clusters: Clusters) -> Stops:
    """The scripts of `chain` at which a trace stops. Services with `cluster` bring every script of their owner."""
    entities = {name: number for number, name in enumerate(entity_names(lists))}
    rows: set[tuple[int, int, int, int]] = set()
    wide: dict[int, list[tuple[int, int, int]]] = {}
    for service in (each for stop_list in lists for each in stop_list.services):
        script = chain.find_script(service.script)
        if script is None:
            continue
        told = (entities[service.name], *_validity(service))
        rows.add((script, *told))
        if service.cluster:
            wide.setdefault(int(clusters.of[script]), []).append(told)
    for script in np.flatnonzero(np.isin(clusters.of, list(wide))).tolist():
        rows.update((script, *told) for told in wide[int(clusters.of[script])])
    columns = np.array(sorted(rows), np.int64).reshape(len(rows), 4)
    return Stops(*(np.ascontiguousarray(columns[:, at]) for at in range(4)))


def _validity(service: Service) -> tuple[int, int]:
    return (
        0 if service.since is None else service.since,
        FOR_EVER if service.until is None else service.until,
    )


def _entry(row: object) -> Entry:
    told = _texts(row)
    address, script = told.get("address", ""), told.get("script", "")
    if bool(address) == bool(script):
        raise MalformedStopList("an entry has an address or a script")
    if told.get("cluster", "") not in {"", "true", "false"}:
        raise MalformedStopList("'cluster' is true or false")
    since, until = (parse_moment(told[name]) if told.get(name) else None for name in ("since", "until"))
    if since is not None and until is not None and since >= until:
        raise MalformedStopList("an entry ends before it begins")
    return Entry(
        told["name"],
        told["category"],
        address,
        _script(script) if script else None,
        told.get("cluster") == "true",
        since,
        until,
        told.get("source", ""),
    )


def _texts(row: object) -> dict[str, str]:
    if not isinstance(row, dict):
        raise MalformedStopList("an entry is a table")
    told: dict[str, str] = {}
    for name, value in row.items():
        if name not in _FIELDS:
            raise MalformedStopList(f"unknown key {str(name)[:40]!r}")
        if name == "cluster" and isinstance(value, bool):
            told[name] = "true" if value else "false"
        elif isinstance(value, str):
            told[name] = checked_text(value, name)
        else:
            raise MalformedStopList(f"{name!r} is not text")
    if not all(told.get(name) for name in _NEEDED):
        raise MalformedStopList("an entry has a name and a category")
    return told


def _script(text: str) -> Script:
    try:
        script = bytes.fromhex(text)
    except ValueError as why:
        raise MalformedStopList("a script that is not hex") from why
    if script.hex() != text:
        raise MalformedStopList("a script is written in lower-case hex without gaps")
    return Script(script)


def _toml(text: str) -> list[object]:
    return _rows(tomllib.loads(text), "service")


def _json(text: str) -> list[object]:
    document: object = json.loads(text, object_pairs_hook=_object)
    return _rows(document, "services")


def _rows(document: object, name: str) -> list[object]:
    if not isinstance(document, dict) or document.keys() != {name} or not isinstance(document[name], list):
        raise MalformedStopList(f"it is a list {name!r} and nothing else")
    return list(document[name])


def _csv(text: str) -> list[object]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    rows: list[object] = []
    for row in reader:
        if None in row or None in row.values():
            raise MalformedStopList("a line has more or fewer fields than the first")
        rows.append(row)
    if reader.fieldnames is not None and len(set(reader.fieldnames)) < len(reader.fieldnames):
        raise MalformedStopList("a column appears twice")
    return rows


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key appears twice")
    return members
