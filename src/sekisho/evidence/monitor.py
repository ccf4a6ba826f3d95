"""Follows a published log from wherever it is served: every root recomputed, heads of different places compared."""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sekisho.errors import SekishoError
from sekisho.evidence.keys import TreeHead
from sekisho.evidence.merkle import Frontier, leaf_hash
from sekisho.evidence.note import MAX_NOTE_BYTES, MalformedNote, Note, parse_note, signed_by
from sekisho.evidence.proof import witnessed
from sekisho.evidence.publish import CHECKPOINT
from sekisho.evidence.quorum import WitnessPolicy
from sekisho.evidence.tiles import (
    HEIGHT,
    WIDTH,
    Fetch,
    MissingTile,
    folded,
    read_entries,
    read_hashes,
    tile_path,
    width_of,
)

Progress = Callable[[int, int], None]
"""`progress(done, whole)`: how many entries were read, of how many."""


class LogFails(SekishoError):
    """A published log that does not lead to its head."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the log fails: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class SplitView:
    """Two signed heads of one log that cannot both be true: proof that its owner, or its key, told two stories."""

    one: Note
    other: Note

    @property
    def raw(self) -> bytes:
        """Both heads, one after the other."""
        return self.one.raw + b"\n" + self.other.raw


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a monitor has come with a log."""

    checkpoint: Note
    frontier: Frontier


def signed_head(fetch: Fetch, policy: WitnessPolicy | None) -> Note:
    """The head a place serves, signed by a log of `policy` where one is given. Raises LogFails, MissingTile."""
    try:
        note = parse_note(fetch(CHECKPOINT), MAX_NOTE_BYTES)
        head = note.head
    except MalformedNote as why:
        raise LogFails(str(why)) from why
    if policy is not None and not any(
        each.key.name == head.origin and signed_by(note, each.key) for each in policy.logs
    ):
        raise LogFails(f"no trusted key signed the head of {head.origin}")
    return note


def entries(fetch: Fetch, start: int, size: int) -> Iterator[bytes]:
    """The entries from `start` up to `size`. Raises MalformedTile, MissingTile."""
    for index in range(start // WIDTH, -(-size // WIDTH)):
        width = min(WIDTH, size - index * WIDTH)
        bundle = _read(fetch, "entries", index, width, read_entries)
        yield from bundle[max(0, start - index * WIDTH) :]


def verify(fetch: Fetch, policy: WitnessPolicy | None, progress: Progress) -> Note:
    """Recompute a whole log, entries and tiles, to the root in its head; that head.

    Raises LogFails, MalformedTile, MissingTile.
    """
    note = signed_head(fetch, policy)
    head = note.head
    grown, row = Frontier(), []
    for done, entry in enumerate(entries(fetch, 0, head.size), start=1):
        row.append(leaf_hash(entry))
        if done % WIDTH == 0 or done == head.size:
            grown = grown.grown(row[-(done % WIDTH or WIDTH) :])
            progress(done, head.size)
    _must_be(head, grown)
    for level in range(64 // HEIGHT):
        if not row:
            break
        for index in range(-(-len(row) // WIDTH)):
            tile = tuple(row[index * WIDTH : (index + 1) * WIDTH])
            if _read(fetch, level, index, width_of(level, index, head.size), read_hashes) != tile:
                raise LogFails(f"{tile_path(level, index, len(tile))} is not over the entries below it")
        row = [folded(row[at : at + WIDTH]) for at in range(0, len(row) - WIDTH + 1, WIDTH)]
    return note


def follow(
    places: Mapping[str, Fetch], policy: WitnessPolicy, before: Seen | None
) -> tuple[Seen, tuple[SplitView, ...]]:
    """Read what is new, and hold the heads of all places, and the one seen before, against it.

    The longest log is read; every other head must be a beginning of it. Raises LogFails, MalformedTile, MissingTile.
    """
    notes = {name: signed_head(fetch, policy) for name, fetch in places.items()}
    longest = max(notes, key=lambda name: notes[name].head.size)
    newest, fetch = notes[longest], places[longest]
    earlier = [note for name, note in notes.items() if name != longest] + ([before.checkpoint] if before else [])
    sizes = {note.head.size for note in (newest, *earlier)}
    if max(sizes) > newest.head.size:
        raise LogFails(f"it had {max(sizes)} entries before, and has {newest.head.size} now")
    start = before.frontier if before and min(sizes) == before.frontier.size else Frontier()
    roots, grown = _roots(fetch, start, sizes)
    if grown.root != newest.head.root and start.size:
        roots, grown = _roots(fetch, Frontier(), sizes)  # is it the beginning that changed, or is something damaged?
    _must_be(newest.head, grown)
    splits = tuple(SplitView(newest, note) for note in earlier if roots[note.head.size] != note.head.root)
    return Seen(newest, grown), splits


def _roots(fetch: Fetch, grown: Frontier, sizes: Iterable[int]) -> tuple[dict[int, bytes], Frontier]:
    """The roots a log had at these sizes, none of them smaller than where `grown` stands; and where that ends."""
    roots = {}
    wanted = sorted(sizes)
    read = entries(fetch, grown.size, wanted[-1])
    for size in wanted:
        grown = grown.grown([leaf_hash(next(read)) for _ in range(size - grown.size)])
        roots[size] = grown.root
    return roots, grown


def stale(note: Note, policy: WitnessPolicy, oldest: int) -> tuple[str, ...]:
    """Witnesses of the policy that have not cosigned this head since `oldest` (seconds since 1970)."""
    times = witnessed(note, policy)
    return tuple(each.name for each in policy.witnesses if times.get(each.name, -1) < oldest)


def show_seen(seen: Seen) -> bytes:
    """What a monitor keeps between two looks: the peaks of the tree on one line, then the signed head."""
    peaks = base64.b64encode(b"".join(seen.frontier.peaks)).decode()
    return f"{seen.frontier.size} {peaks}\n".encode() + seen.checkpoint.raw


def parse_seen(raw: bytes) -> Seen:
    """Read what a monitor kept. Raises LogFails."""
    first, _, rest = raw.partition(b"\n")
    try:
        size, _, peaks = first.decode("ascii").partition(" ")
        data = base64.b64decode(peaks, validate=True)
        frontier = Frontier(int(size), tuple(data[at : at + 32] for at in range(0, len(data), 32)))
        note = parse_note(rest, MAX_NOTE_BYTES)
        head = note.head
    except (MalformedNote, ValueError) as why:
        raise LogFails("the monitor's own state file is damaged") from why
    _must_be(head, frontier)
    return Seen(note, frontier)


def _must_be(head: TreeHead, found: Frontier) -> None:
    if (head.size, head.root) != (found.size, found.root):
        raise LogFails(f"its {head.size} entries do not lead to the root in its head")


def _read(
    fetch: Fetch, level: int | str, index: int, width: int, parse: Callable[[bytes, int, str], tuple[bytes, ...]]
) -> tuple[bytes, ...]:
    """A tile or bundle of `width`: the partial one, or the beginning of the full one where that has taken its place."""
    path = tile_path(level, index, width)
    try:
        return parse(fetch(path), width, path)
    except MissingTile:
        if width == WIDTH:
            raise
    path = tile_path(level, index)
    return parse(fetch(path), WIDTH, path)[:width]
