"""Which holes in the input matter: what could not be read counts where something may run or open it."""

import re
from collections.abc import Callable, Sequence, Set
from functools import cache

from sekisho.inspection.findings import Moment
from sekisho.inspection.link import Linked
from sekisho.inspection.virtual import Gap, VirtualFile, container

_WHOLE = ("more than ", "the input holds ", "archives lie ")
"""How holes begin that end the reading: behind those may be anything."""

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
    return tuple(gap for gap in gaps if not _is_aside(gap, within, linked, reached, speaking))


def spoken_of(files: Sequence[VirtualFile], linked: Linked) -> Callable[[str], bool]:
    """Asks whether a script or setting speaks of an archive, by its path, or a manual that tells to do something."""
    telling = [file for file in files if linked.findings[file.path].language in _TELLS or _MANUAL.search(file.path)]

    @cache
    def named(archive: str) -> bool:
        name = archive.partition("!/")[0].rpartition("/")[2].encode("utf-8", "backslashreplace")
        around = re.compile(b".{0,200}" + re.escape(name) + b".{0,200}", re.DOTALL)
        return any(
            not _MANUAL.search(file.path) or any(_TOLD.search(each) for each in around.findall(file.data))
            for file in telling
            if name in file.data and f"{archive}!/" not in file.path
        )

    return named


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
