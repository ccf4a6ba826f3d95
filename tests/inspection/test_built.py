"""A wheel says which machine code it holds: whoever runs its tests trusts it; a repository says no such thing."""

import base64
import hashlib
import io
import zipfile

import pytest

from sekisho.inspection.intake.gather import gather_bytes
from sekisho.inspection.judge import judge
from sekisho.inspection.link import link
from sekisho.inspection.virtual import Limits
from support.inspection import Files, Here, inspected

LIBRARY = "fast/core.cpython-312-x86_64-linux-gnu.so"
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: cp312-cp312-manylinux_2_28_x86_64\n"
CONTENT: Files = {
    LIBRARY: b"\x7fELF" + bytes(60),
    "fast/__init__.py": "from fast import core\n",
    "fast/test_core.py": "import fast.core\n",
    "fast-1.dist-info/WHEEL": WHEEL,
}


def _row(path: str, data: str | bytes) -> str:
    digest = hashlib.sha256(data.encode() if isinstance(data, str) else data).digest()
    return f"{path},sha256={base64.urlsafe_b64encode(digest).rstrip(b'=').decode()},1\n"


def _wheel(more: Files | None = None) -> Files:
    files = {**CONTENT, **(more or {})}
    own = "fast-1.dist-info/RECORD"
    return {**files, own: "".join(_row(*each) for each in sorted(files.items())) + f"{own},,\n"}


WHEELS: dict[str, tuple[Files, str]] = {
    "its tests load what it declares": (_wheel(), "no_chain_found"),
    "so does a build within it": (_wheel({"fast/tests/setup.py": "import fast.core\n"}), "no_chain_found"),
    "so do the settings it was built with": (
        _wheel({"fast/pyproject.toml": '[project.entry-points.x]\ny = "fast:core"\n'}),
        "no_chain_found",
    ),
    "there is no list": (CONTENT, "review"),
    "another library than the one that is listed": ({**_wheel(), LIBRARY: b"\x7fELF" + bytes(61)}, "review"),
    "a file lies there that is not listed: a repository": ({**_wheel(), "README.md": "Run the tests.\n"}, "review"),
    "it is for any platform": (_wheel({"fast-1.dist-info/WHEEL": "Tag: py3-none-any\n"}), "review"),
    "a library by no module's name": (
        _wheel(
            {"fast/test_it.py": "import ctypes\nctypes.CDLL('fast/x.so.1')\n", "fast/x.so.1": b"\x7fELF" + bytes(9)}
        ),
        "review",
    ),
    "a page's script loads the library": (
        _wheel({"start.sh": "python fast/test_core.py\n", "README.md": "Run `sh start.sh`.\n"}),
        "review",
    ),
    "Python loads it whenever it starts": (_wheel({"fast.pth": "import fast.core\n"}), "block"),
}


@pytest.mark.parametrize(("files", "verdict"), WHEELS.values(), ids=WHEELS.keys())
def test_machine_code_that_a_wheel_declares_counts_where_something_starts_it(files: Files, verdict: str) -> None:
    assert str(inspected(files).verdict) == verdict


def test_what_is_declared_is_still_listed_as_unread() -> None:
    assert LIBRARY in {gap.file for gap in inspected(_wheel()).gaps}


@pytest.mark.parametrize(("files", "verdict"), [WHEELS[claim] for claim in list(WHEELS)[:5]], ids=list(WHEELS)[:5])
def test_a_wheel_that_is_packed_is_read_as_one_that_is_not(files: Files, verdict: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    read = gather_bytes("fast-1-cp312-cp312-manylinux_2_28_x86_64.whl", packed.getvalue(), Limits())
    assert str(judge(read.files, read.gaps, link(read.files, Here())).verdict) == verdict
