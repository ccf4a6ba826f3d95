"""The fixtures are what their manifests say, in pairs, and could harm nobody who ran them by mistake."""

import base64
import binascii
import re
from itertools import combinations

import pytest

from inspection.fixtures import HERE, MARKER, SETS, Case, Malformed, Project, Verdict, cases, read_pair

ALL = {name: cases(name) for name in SETS}
EVERY = [pytest.param(case, id=f"{name}-{case.ident}") for name in SETS for case in ALL[name]]

LEAST = 30  # pairs in a set
STYLES = 3
LANGUAGES = {"py", "js", "sh", "config"}
LETTERS = set("ABCDEFGHIJKLMN")

# Names that nobody can own (RFC 2606, RFC 6761), and the registries that honest lock files name.
RESERVED = re.compile(
    r"(?:[\w.${}-]*\.)?(?:invalid|example|test|localhost)|127\.0\.0\.1|0\.0\.0\.0|registry\.npmjs\.org|pypi\.org"
)
ADDRESS = re.compile(
    r"(?:[a-z][a-z+]*://|\bgit@)(?:[\w%-]+(?::[^@/\s]*)?@)?(?P<host>[^\s/:'\"`<>)\\,;?#]+)", re.IGNORECASE
)
ENDINGS = (
    "com|net|org|io|dev|app|xyz|co|cc|ru|cn|kp|kr|cloud|site|online|info|biz|top|pro|gg|tech|store|link|live|eu|uk"
)
BARE_NAME = re.compile(rf"(?<![\w.@-])(?<![\w.]/)(?:[a-z0-9-]+\.)+(?:{ENDINGS})(?![\w(.=-])", re.IGNORECASE)
NUMERIC = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")

# What a payload may be: words on a screen. And what no fixture says at all, in clear or encoded.
PRINTS = re.compile(r"\s*(?:print\(|echo\b|true\b|console\.log\(|cbuiltins\nprint\n)")
HARM = re.compile(
    r"\brm\s+-|\brmtree\b|\bunlink|rmSync|\bshred\b|\bmkfs|\bdd\s+if=|/dev/tcp|\bncat?\b\s+-|\bmeterpreter|\bxmrig|"
    r"\bshutdown\b|\bkillall\b|npm\s+publish|twine\s+upload|git\s+push|-----BEGIN|\bAKIA[0-9A-Z]{16}|\bgh[pousr]_\w{30}|"
    r"\bxprv\w{50}|\bsk-\w{20}|\b0x[0-9a-f]{64}\b",
    re.IGNORECASE,
)
BLOB = re.compile(r"(?<![\w+/=-])(?:[A-Za-z0-9+/]{16,}={0,2}|[A-Za-z0-9_-]{16,}={0,2})(?![\w+/=-])")
CODES = re.compile(r"\[((?:\s*1?\d?\d,){7,}\s*1?\d?\d)\]")
WRITTEN = {"\t", "\n", "\r"}


def texts(project: Project) -> str:
    return "\n".join(f"{path}\n{data.decode()}" for path, data in project.files.items())


def decoded(text: str) -> set[str]:
    """What base64, hex, character codes and backwards spelling hide in `text`, layer by layer, where it reads as text.

    What a fixture hides by other means (exclusive or, rot13, letters of no width) was read by its author.
    """
    spelled = {"".join(chr(int(code)) for code in codes.split(",")) for codes in CODES.findall(text)}
    found = {word for word in spelled if word.isprintable()}
    waiting = [text, text[::-1], *found]
    while waiting:
        for blob in BLOB.findall(waiting.pop()):
            for decode in (base64.b64decode, base64.urlsafe_b64decode, bytes.fromhex, lambda blob: blob[::-1].encode()):
                try:
                    inner = decode(blob).decode()
                except (binascii.Error, ValueError):
                    continue
                if inner.isascii() and inner.isprintable() and inner not in found and len(found) < 10_000:
                    found.add(inner)
                    waiting.append(inner)
    return found


def hosts(text: str) -> set[str]:
    return {
        *(found["host"].rsplit("@", 1)[-1] for found in ADDRESS.finditer(text)),
        *(found[0] for found in BARE_NAME.finditer(text)),
        *(found[0] for found in NUMERIC.finditer(text)),
    }


def both(case: Case) -> tuple[Project, Project]:
    return case.project, case.twin


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_large_and_mixed_and_its_manifest_names_every_text(name: str) -> None:
    found = ALL[name]
    assert {f"{case.ident}.txt" for case in found} | {"manifest.toml"} == {p.name for p in (HERE / name).iterdir()}
    assert len(found) >= LEAST
    assert len({case.style for case in found}) >= STYLES
    assert {case.language for case in found} == LANGUAGES
    assert MARKER in (HERE / name / "manifest.toml").read_text()


def test_no_case_and_no_family_is_in_two_sets() -> None:
    identities = [case.ident for name in SETS for case in ALL[name]]
    assert len(identities) == len(set(identities))
    for one, other in combinations(SETS, 2):
        assert not {case.family for case in ALL[one]} & {case.family for case in ALL[other]}
        assert not {case.style for case in ALL[one]} & {case.style for case in ALL[other]}


def test_the_sets_reach_every_class_of_the_taxonomy() -> None:
    assert {letter for name in SETS for case in ALL[name] for letter in case.classes} == LETTERS


@pytest.mark.parametrize("case", EVERY)
def test_an_entry_says_where_and_the_lines_are_there(case: Case) -> None:
    assert case.described
    assert case.matters
    assert 2015 <= case.year <= 2026
    assert case.classes
    assert case.verdict is not Verdict.NO_CHAIN
    assert case.twin_verdict is not Verdict.BLOCK
    for place in (case.source, case.sink):
        assert place.reads in case.project.line(place)


@pytest.mark.parametrize("case", EVERY)
def test_a_twin_is_the_same_project_but_for_a_few_lines(case: Case) -> None:
    mine, other = case.project.files, case.twin.files
    assert mine != other
    changed = {path for path in mine.keys() | other.keys() if mine.get(path) != other.get(path)}
    assert len(changed) <= 2, changed
    assert len(mine) >= 2
    lines = [line for path in changed for line in mine.get(path, b"").decode().splitlines()]
    kept = [line for path in changed for line in other.get(path, b"").decode().splitlines()]
    assert len([line for line in lines if line not in kept]) <= 8


@pytest.mark.parametrize("case", EVERY)
def test_a_project_is_text_and_does_not_say_what_it_is(case: Case) -> None:
    for project in both(case):
        for path, data in project.files.items():
            assert not path.startswith("/")
            assert ".." not in path.split("/")
            unwritten = {c for c in data.decode() if ord(c) < 32} - WRITTEN
            assert not unwritten, path
        assert MARKER.lower() not in texts(project).lower()
        assert "sekisho" not in texts(project).lower()


@pytest.mark.parametrize("case", EVERY)
def test_no_host_can_be_reached(case: Case) -> None:
    for project in both(case):
        text = texts(project)
        named = {host for part in (text, *decoded(text)) for host in hosts(part)}
        assert [host for host in named if not RESERVED.fullmatch(host)] == []


@pytest.mark.parametrize("case", EVERY)
def test_no_payload_works(case: Case) -> None:
    for project in both(case):
        text = texts(project)
        hidden = decoded(text)
        assert [found[0] for part in (text, *hidden) for found in HARM.finditer(part)] == []
        programs = [inner for inner in hidden if re.search(r"[\s(|;&]", inner)]
        assert [inner for inner in programs if not PRINTS.match(inner)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("fetch('https://a.evil.com/x')", {"a.evil.com"}),
        ("host: 'evil.io'", {"evil.io"}),
        ("src='//evil.app/x'", {"evil.app"}),
        ("http://u:p@evil.net:80/", {"evil.net"}),
        ("ping 8.8.8.8", {"8.8.8.8"}),
        ("https://a.invalid", {"a.invalid"}),
        ("r.data.cookie.info()", set()),
    ],
)
def test_the_guard_sees_a_host(text: str, found: set[str]) -> None:
    assert hosts(text) == found


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(b"https://evil.com/abcdef".hex().encode()).decode(),
        base64.urlsafe_b64encode(b"https://evil.com/abcdef??>>").decode(),
        base64.b64encode(b"https://evil.com/abcdef").decode()[::-1],
        str([*b"https://evil.com/abcdef"]),
    ],
)
def test_the_guard_looks_under_the_layers(text: str) -> None:
    assert "evil.com" in {host for part in decoded(f"x = {text!r}") for host in hosts(part)}


@pytest.mark.parametrize(
    "text",
    [
        b"--- a\nx\n",
        b"x\n--- a\n\n=== twin\n--- a\ny\n",
        b"--- a\nx\n--- a\ny\n\n=== twin\n--- a\nz\n",
        b"--- a\nx\nx\n=== twin\n--- a | edit\n-x\n+y\n",
        b"--- a\nx\n=== twin\n--- a | edit\n-y\n+z\n",
        b"--- a | removed\nx\n=== twin\n--- a\ny\n",
    ],
)
def test_a_text_that_does_not_follow_the_format_is_refused(text: bytes) -> None:
    with pytest.raises(Malformed):
        read_pair(text)


def test_a_pair_reads_byte_for_byte() -> None:
    project, twin = read_pair(
        b"--- a\nx\n--- b | escaped\n1\\u{20*3}\\u{200b}2\n--- c\nc\n"
        b"=== twin\n--- a | edit\n-x\n+y\n+z\n--- c | removed\n"
    )
    assert project.files == {"a": b"x\n", "b": "1   \u200b2\n".encode(), "c": b"c\n"}
    assert twin.files == {"a": b"y\nz\n", "b": project.files["b"]}
