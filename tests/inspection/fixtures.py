"""Fixtures of the inspection: small projects as they would arrive, and beside each a benign twin.

One readable text holds a pair, so that no editor, linter or host ever sees a project it could open or run:

    --- package.json            a file of the project: everything up to the next header, byte for byte
    --- src/a.js | escaped      the same, with `\\u{200b}` for a code point and `\\u{20*300}` for a run of one
    === twin                    from here on, what the twin does differently
    --- src/a.js                a file it has instead, or besides
    --- src/a.js | edit         lines it has instead: `-old` lines, which occur once, then `+new` lines
    --- .vscode/x.json | removed

The manifest of a set, `manifest.toml`, says what each pair is and what a right answer names. The projects don't: what
would give them away stays out of them.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

HERE = Path(__file__).parent
SETS = ("validation", "locked")
MARKER = "DEFANGED"  # every manifest carries it, no project does

_HEADER = re.compile(r"--- (?P<path>\S+)(?: \| (?P<how>escaped|edit|removed))?")
_TWIN = "=== twin"
_ESCAPE = re.compile(r"\\u\{(?P<point>[0-9a-f]+)(?:\*(?P<times>\d+))?\}")


class Malformed(ValueError):
    """A text or a manifest that does not follow the format."""


class Verdict(StrEnum):
    """What an inspection says, in the words of its JSON."""

    BLOCK = "block"
    REVIEW = "review"
    NO_CHAIN = "no_chain_found"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a project, counted from 1, and words that stand on it."""

    path: str
    line: int
    reads: str


@dataclass(frozen=True, slots=True)
class Project:
    """A folder: the bytes of each file by its path, with forward slashes."""

    files: dict[str, bytes]

    def line(self, place: Place) -> str:
        """The line at `place`. KeyError, IndexError: there is none."""
        return self.files[place.path].decode().split("\n")[place.line - 1]


@dataclass(frozen=True, slots=True)
class Case:
    """An attack as publicly described, made inert, and its twin without the property that matters.

    `verdict` is the mildest right answer for the project, `twin_verdict` the strictest for the twin. `classes` are
    letters of the taxonomy, the main one first; `source` is where what runs (or leaks) comes in, `sink` where it runs
    (or leaves). A configuration that is its own source names one line twice.
    """

    ident: str
    family: str
    described: str
    year: int
    language: str
    style: str
    classes: tuple[str, ...]
    matters: str
    verdict: Verdict
    twin_verdict: Verdict
    source: Place
    sink: Place
    project: Project
    twin: Project


def cases(name: str) -> tuple[Case, ...]:
    """The pairs of a set, in the manifest's order. Malformed: a text or an entry that can't be read."""
    folder = HERE / name
    entries = tomllib.loads((folder / "manifest.toml").read_text())["case"]
    return tuple(_case(folder, entry) for entry in entries)


def _case(folder: Path, entry: dict[str, str | int | list[str] | dict[str, str]]) -> Case:
    match entry:
        case {
            "id": str(ident),
            "family": str(family),
            "described": str(described),
            "year": int(year),
            "language": str(language),
            "style": str(style),
            "classes": [*classes],
            "matters": str(matters),
            "verdict": str(verdict),
            "twin": str(twin_verdict),
            "source": {"at": str(source), "reads": str(source_reads)},
            "sink": {"at": str(sink), "reads": str(sink_reads)},
            **rest,
        } if not rest:
            project, twin = read_pair((folder / f"{ident}.txt").read_bytes())
            return Case(
                ident,
                family,
                described,
                year,
                language,
                style,
                tuple(str(letter) for letter in classes),
                matters,
                Verdict(verdict),
                Verdict(twin_verdict),
                _place(source, source_reads),
                _place(sink, sink_reads),
                project,
                twin,
            )
    raise Malformed(f"{folder.name}: an entry lacks a word or has one too many: {entry.get('id')}")


def _place(at: str, reads: str) -> Place:
    path, _, line = at.rpartition(":")
    return Place(path, int(line), reads)


def read_pair(text: bytes) -> tuple[Project, Project]:
    """The project and its twin. Malformed: no twin, no header, a path twice, an edit that does not fit once."""
    before, mark, after = text.decode().partition(f"\n{_TWIN}\n")
    if not mark:
        raise Malformed("no twin")
    files: dict[str, bytes] = {}
    for path, how, body in _sections(before + "\n"):
        if path in files or how in {"edit", "removed"}:
            raise Malformed(f"{path}: twice, or changed before it is there")
        files[path] = _body(how, body)
    twin = dict(files)
    for path, how, body in _sections(after):
        match how:
            case "removed":
                del twin[path]
            case "edit":
                twin[path] = _edited(path, twin[path].decode(), body).encode()
            case _:
                twin[path] = _body(how, body)
    return Project(files), Project(twin)


def _sections(text: str) -> Iterator[tuple[str, str | None, str]]:
    header: re.Match[str] | None = None
    body: list[str] = []
    for line in text.split("\n")[:-1]:
        found = _HEADER.fullmatch(line)
        if found is None:
            body.append(f"{line}\n")
            continue
        if header is not None:
            yield header["path"], header["how"], "".join(body)
        elif body:
            raise Malformed(f"no header above: {body[0]!r}")
        header, body = found, []
    if header is None:
        raise Malformed("no header at all")
    yield header["path"], header["how"], "".join(body)


def _body(how: str | None, body: str) -> bytes:
    if how == "escaped":
        body = _ESCAPE.sub(lambda found: chr(int(found["point"], 16)) * int(found["times"] or 1), body)
    return body.encode()


def _edited(path: str, text: str, edits: str) -> str:
    lines = text.split("\n")
    for hunk in re.findall(r"(?:^-.*\n)+(?:^\+.*\n)*", edits, re.MULTILINE):
        old = [line[1:] for line in hunk.split("\n") if line.startswith("-")]
        new = [line[1:] for line in hunk.split("\n") if line.startswith("+")]
        match [at for at in range(len(lines)) if lines[at : at + len(old)] == old]:
            case [at]:
                lines[at : at + len(old)] = new
            case _:
                raise Malformed(f"{path}: an edit must fit once: {old}")
    return "\n".join(lines)
