"""TagPacks: GraphSense's files of labels (YAML). What the header says holds for every tag that does not say otherwise.

Only what a TagPack needs of YAML is read: mappings, lists and plain text. Anchors, aliases and several documents in one
file are refused, and no value is turned into anything but text, so no file can be larger than it looks.
Source: graphsense/graphsense-tagpacks, wiki "GraphSense TagPacks".
"""

import yaml

from sekisho.bitcoin.network import Network
from sekisho.tracing.entries import Entry, ListRead, MalformedStopList, checked_text, sort_out

MAX_TAGPACK_BYTES = 16_000_000
"""The largest pack in public is some megabytes."""

MAX_DEPTH = 6
MAX_NODES = 2_000_000

CURRENCY = "BTC"

_LOADER = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader

Tree = str | list["Tree"] | dict[str, "Tree"]


def parse_tagpack(name: str, raw: bytes, network: Network) -> ListRead:
    """Read a TagPack. Its dates say when a tag was written, not since when it holds: its services hold always.

    Raises MalformedStopList, and nothing else, whatever the bytes.
    """
    document = _tree(raw)
    if not isinstance(document, dict):
        raise MalformedStopList("a TagPack is a mapping")
    tags = document.pop("tags", None)
    if not isinstance(tags, list) or not tags:
        raise MalformedStopList("a TagPack has a list of tags")
    entries: list[Entry] = []
    elsewhere = 0
    for tag in tags:
        if not isinstance(tag, dict):
            raise MalformedStopList("a tag is a mapping")
        told = document | tag
        if (_text(told, "currency") or _text(told, "network")).upper() != CURRENCY:
            elsewhere += 1
        else:
            entries.append(_entry(told))
    return sort_out(name, raw, entries, network, elsewhere)


def _entry(told: dict[str, Tree]) -> Entry:
    label = _text(told, "label")
    if not label:
        raise MalformedStopList("a tag has no label")
    return Entry(
        label,
        _text(told, "category") or _text(told, "abuse"),
        _text(told, "address"),
        None,
        _text(told, "is_cluster_definer").lower() == "true",
        None,
        None,
        _text(told, "source"),
    )


def _text(told: dict[str, Tree], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise MalformedStopList(f"{name!r} is not text")
    return checked_text(value, name)


def _tree(raw: bytes) -> Tree:
    if len(raw) > MAX_TAGPACK_BYTES:
        raise MalformedStopList(f"{len(raw)} bytes, more than {MAX_TAGPACK_BYTES}")
    try:
        return _Builder().build(raw.decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as why:
        raise MalformedStopList(" ".join(str(why).split())[:200]) from why


class _Builder:
    """Puts the tree together from the parser's events, so that nothing is built before it was counted."""

    def __init__(self) -> None:
        self._open: list[tuple[list[Tree] | dict[str, Tree], str | None]] = []
        self._root: Tree | None = None
        self._nodes = 0

    def build(self, text: str) -> Tree:
        for event in yaml.parse(text, Loader=_LOADER):
            self._take(event)
        if self._root is None:
            raise MalformedStopList("it is empty")
        return self._root

    def _take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise MalformedStopList("anchors and aliases have no place in it")
        match event:
            case yaml.DocumentStartEvent() if self._root is not None:
                raise MalformedStopList("it holds several documents")
            case yaml.ScalarEvent():
                self._put(event.value)
            case yaml.MappingStartEvent():
                self._begin({})
            case yaml.SequenceStartEvent():
                self._begin([])
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._open.pop()

    def _begin(self, node: list[Tree] | dict[str, Tree]) -> None:
        self._put(node)
        if len(self._open) == MAX_DEPTH:
            raise MalformedStopList("it is nested too deeply")
        self._open.append((node, None))

    def _put(self, value: Tree) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise MalformedStopList(f"it holds more than {MAX_NODES} values")
        if not self._open:
            self._root = value
            return
        node, key = self._open[-1]
        if isinstance(node, list):
            node.append(value)
        elif key is not None:
            node[key] = value
            self._open[-1] = (node, None)
        elif isinstance(value, str) and value not in node:
            self._open[-1] = (node, value)
        else:
            raise MalformedStopList("a key appears twice, or is no text")
