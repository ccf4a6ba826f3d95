"""Which holes in the input matter: what could not be read counts where something may run or open it."""

import re
from collections.abc import Callable, Sequence, Set
from functools import cache

from sekisho.inspection.classify import classify, is_data_name, is_known_data
from sekisho.inspection.configs.known import readers
from sekisho.inspection.findings import Moment
from sekisho.inspection.link import Linked
from sekisho.inspection.virtual import NOT_READ, Gap, VirtualFile, container

_WHOLE = ("more than ", "the input holds ", "archives lie ")
"""How holes begin that end the reading: behind those may be anything."""

_SHUT = "nothing in it was read"
_PACKED = (" archive", " stream", " package", " image")
"""How the kinds of archives end that are not unpacked."""

_EFFORT = 10_000_000_000
"""Bytes that are searched for names at most; a name that is not searched for counts as spoken of."""

_PROGRAMS = {"python", "javascript", "typescript", "tsx", "shell"}
_LATER = {Moment.TEST, Moment.PUSH}
_CODE = {"python", "javascript", "typescript", "tsx", "shell", "make", "docker", "json", "yaml", "toml", "ini", "html",
         "notebook"}  # fmt: skip
_TOLD = re.compile(
    rb"unzip|unpack|extract|install|execut|start|launch|open|[^\x00-\x7f]|\b(?:un)?tar\b|\b(?:runs?|cd|make|tests?)\b",
    re.IGNORECASE,
)
"""What a manual says that wants something done, if only in another language."""

_TELLS = _CODE - {"python", "javascript", "typescript", "tsx"}
_MANUAL = re.compile(r"(?:^|/)(?:readme[^/]*|[^/]+\.(?:md|markdown|rst|adoc))$", re.IGNORECASE)


def that_matter(gaps: Sequence[Gap], files: Sequence[VirtualFile], linked: Linked) -> tuple[Gap, ...]:
    """The gaps of the input without those in a file that lies aside.

    That is a broken or encrypted archive within the input that no trigger reaches and of which no program or manual
    speaks (tests, and what runs on a server, may), or a binary that is too long: no binary is read.
    """
    if not gaps:
        return ()
    reached = {place.file for reach in linked.reaches if reach.trigger.when not in _LATER for place in reach.places}
    later = {place.file for reach in linked.reaches for place in reach.places} - reached
    speaking = [
        file
        for file in files
        if file.path not in later and (linked.findings[file.path].language in _CODE or _MANUAL.search(file.path))
    ]
    within = container(files)
    most = _names_at_most(speaking)
    return tuple(
        gap for place, gap in enumerate(gaps) if place >= most or not _is_aside(gap, within, linked, reached, speaking)
    )


def _names_at_most(speaking: Sequence[VirtualFile]) -> int:
    return _EFFORT // (1 + sum(len(file.data) for file in speaking))


def spoken_of(files: Sequence[VirtualFile], linked: Linked) -> Callable[[str], bool]:
    """Asks whether a script or setting speaks of an archive, by its path, or a manual that tells to do something."""
    telling = [file for file in files if linked.findings[file.path].language in _TELLS or _MANUAL.search(file.path)]

    left = iter(range(_names_at_most(telling)))

    @cache
    def named(archive: str) -> bool:
        if next(left, None) is None:
            return True
        name = archive.partition("!/")[0].rpartition("/")[2].encode("utf-8", "backslashreplace")
        around = re.compile(b".{0,200}" + re.escape(name) + b".{0,200}", re.DOTALL)
        return any(
            not _MANUAL.search(file.path) or any(_TOLD.search(each) for each in around.findall(file.data))
            for file in telling
            if name in file.data and f"{archive}!/" not in file.path
        )

    return named


def lost(files: Sequence[VirtualFile], linked: Linked) -> tuple[Gap, ...]:
    """The gaps of files that nobody had time for, and of programs and settings that their reader ended with: what they
    would have started or done is not known."""
    ended = [file for file in files if linked.findings[file.path].language == "unread"]
    return tuple(
        gap
        for file in ended
        for gap in linked.findings[file.path].gaps
        if gap.why.startswith(NOT_READ) or classify(file).language in _PROGRAMS or any(readers(file.path))
    )


def closed(files: Sequence[VirtualFile], linked: Linked) -> tuple[Gap, ...]:
    """Archives of kinds that are not unpacked, where they lie on top of the input or somebody tells to unpack them; and
    all there is, if it is binaries that nobody reads."""
    kinds = {file.path: linked.findings[file.path].language for file in files if file.data}
    named = spoken_of(files, linked)
    top = _top(files)
    packed = [path for path, kind in kinds.items() if kind.endswith(_PACKED) and (_on_top(path, top) or named(path))]
    holding = [file for file in files if file.data and kinds[file.path] != "archive"]
    if all(kinds[each.path].startswith("opaque:") or _is_unknown(each, kinds[each.path]) for each in holding):
        packed = [each.path for each in holding]
    return tuple(
        Gap(path, 0, f"{kinds[path].partition(':')[2] or 'bytes of no known kind'}: {_SHUT}") for path in packed
    )


def _is_unknown(file: VirtualFile, kind: str) -> bool:
    return kind == "data" and not is_known_data(file.data) and not is_data_name(file.path)


def _top(files: Sequence[VirtualFile]) -> str:
    """What all paths begin with: the archive that is the input, and a folder in which all of it lies."""
    within = container(files)
    folders = {file.path.removeprefix(within).partition("/")[::2] for file in files if f"{file.path}!/" != within}
    first = {folder for folder, _ in folders}
    return f"{within}{first.pop()}/" if len(first) == 1 and all(rest for _, rest in folders) else within


def _on_top(path: str, top: str) -> bool:
    return path.startswith(top) and "/" not in path.removeprefix(top)


def _is_aside(gap: Gap, within: str, linked: Linked, reached: Set[str], speaking: Sequence[VirtualFile]) -> bool:
    path = within + gap.file.removeprefix(within).partition("!/")[0]
    kind = linked.findings[path].language if path in linked.findings else ""
    if gap.why.startswith(_WHOLE) or f"{path}!/" == within or path in reached:
        return False
    if gap.why.startswith("longer than ") and kind.startswith(("opaque:", "data")):
        return True
    name = path.rpartition("/")[2].encode("utf-8", "backslashreplace")
    named = any(name in file.data for file in speaking if not file.path.startswith(f"{path}!/"))
    return kind in {"archive", "data"} and not named
