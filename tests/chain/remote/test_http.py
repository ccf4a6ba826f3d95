"""A server is asked with patience, but not for ever; it never leads elsewhere, and its password is never shown."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sekisho.bitcoin.network import Network
from sekisho.chain.remote import http
from sekisho.chain.remote.http import NotAServer, Server, ServerFails, parse_place
from sekisho.chain.remote.rpc import Rpc, with_cookie
from sekisho.tracing.remote import Kind, Remote, remote_chain
from support.core_server import CoreStandIn
from support.published_chain import PublishedChain
from support.remotes import peeled
from support.serving import Reply, serving


def server(url: str, waited: list[float] | None = None, most: int = 1000) -> Server:
    """A client that does not really wait."""
    return Server(parse_place(url), wait=(waited if waited is not None else []).append, most=most)


class InOrder:
    """Gives these replies one after the other, the last one again and again."""

    def __init__(self, *replies: Reply) -> None:
        self.replies, self.asked = list(replies), 0

    def __call__(self, _verb: str, _path: str, _body: bytes, _login: str) -> Reply:
        self.asked += 1
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_later(status: int) -> None:
    waited: list[float] = []
    with serving(InOrder(Reply(status, b""), Reply(status, b""), Reply(200, b"at last"))) as url:
        assert server(url, waited).get("/x").body == b"at last"
    assert waited == [0.25, 0.5]


def test_a_server_is_left_alone_as_long_as_it_asks_but_not_for_ever() -> None:
    waited: list[float] = []
    replies = (Reply(429, b"", (("Retry-After", each),)) for each in ("7", "99999", "tomorrow", "99999999999"))
    with serving(InOrder(*replies, Reply(200, b""))) as url:
        server(url, waited).get("/x")
    assert waited == [7, 60, 1.0, 2.0]


def test_a_server_that_stays_busy_is_given_up() -> None:
    replies = InOrder(Reply(503, b""))
    with serving(replies) as url, pytest.raises(ServerFails, match="it answers 503, 6 times in a row"):
        server(url).get("/x")
    assert replies.asked == 6


def test_nobody_there_is_our_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ServerFails, match="no answer"):
        server(f"http://127.0.0.1:{port}").get("/x")


def test_a_server_never_leads_to_another_place() -> None:
    with serving(InOrder(Reply(200, b"secret"))) as elsewhere:
        replies = InOrder(Reply(302, b"", (("Location", f"{elsewhere}/x"),)))
        with serving(replies) as url, pytest.raises(ServerFails, match="pointing to another place"):
            server(url).get("/x")


def test_an_answer_that_is_too_long_is_not_read_to_its_end() -> None:
    with serving(InOrder(Reply(200, bytes(1001)))) as url, pytest.raises(ServerFails, match="longer than 1000 bytes"):
        server(url).get("/x")


@contextmanager
def speaking(*parts: bytes, every: float = 0.0, ends: bool = True) -> Iterator[str]:
    """A server that says these bytes to everybody, and then the last of them again and again unless it ends."""
    stop = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)

    def talk(peer: socket.socket) -> None:
        with peer:
            peer.recv(4096)
            said = list(parts)
            while said and not stop.wait(every):
                try:
                    peer.sendall(said.pop(0) if ends or len(said) > 1 else said[0])
                except OSError:
                    return

    def accept() -> None:
        while not stop.is_set():
            try:
                peer, _ = listening.accept()
            except TimeoutError:
                continue
            threading.Thread(target=talk, args=(peer,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        stop.set()
        thread.join()
        listening.close()


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\x00\x01\x02",
        b"HTTP/1.1 two hundred\r\n\r\n",
        OK + b"Content-Length: 10\r\n\r\nshort",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        OK + b"x: " + b"y" * 70_000 + b"\r\n\r\n",
        OK + b"a: b\r\n" * 500 + b"\r\n",
    ],
)
def test_broken_answers_are_our_error(said: bytes) -> None:
    with speaking(said) as url, pytest.raises(ServerFails, match=r"no answer|no whole answer|ends after 5 of 10"):
        server(url).get("/x")


def test_an_answer_without_an_end_is_cut_off_by_size() -> None:
    with (
        speaking(OK + b"\r\n", bytes(500), ends=False) as url,
        pytest.raises(ServerFails, match="longer than 1000 bytes"),
    ):
        server(url).get("/x")


@pytest.mark.parametrize("start", [OK + b"\r\n", OK, OK + b"Transfer-Encoding: chunked\r\n\r\n", b""])
def test_an_answer_that_drips_is_cut_off_by_time(start: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "DEADLINE", 0.2)
    monkeypatch.setattr(http, "TRIES", 2)
    with (
        speaking(start, b"1", every=0.02, ends=False) as url,
        pytest.raises(ServerFails, match=r"no answer|no whole answer"),
    ):
        server(url).get("/x")


def test_silence_is_cut_off_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "PATIENCE", 0.1)
    monkeypatch.setattr(http, "TRIES", 2)
    with speaking(b"late", every=30) as url, pytest.raises(ServerFails, match="no answer"):
        server(url).get("/x")


@pytest.mark.parametrize(
    "url",
    ["ftp://host/x", "file:///etc/passwd", "host", "", "http://", "http://h:99999", "http://h/?q", "http://h/#f",
     "http://h h/", "http://h\n/", "http://[::1", "https://\N{CYRILLIC SMALL LETTER A}.example"],
)  # fmt: skip
def test_what_is_no_url_of_a_server_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(NotAServer):
        parse_place(url)


def test_places_are_read_with_their_passwords_and_shown_without() -> None:
    place = parse_place("https://us%40er:p%3Aass@[::1]:8332/api/")
    assert (place.host, place.port, place.path, place.login) == ("::1", 8332, "/api", "us@er:p:ass")
    assert "ass" not in f"{place} {place!r} {Remote(Kind.NODE, 'http://u:ass@h')!r}"
    assert parse_place("http://h").port == 80
    assert parse_place("https://h").port == 443


def test_a_wrong_password_is_said_and_not_shown() -> None:
    with serving(CoreStandIn(PublishedChain(peeled(1)))) as url:
        for login, complaint in (("user:wrong@", "does not accept the user and password"), ("", "it wants a password")):
            rpc = Rpc(server(url.replace("://", f"://{login}")))
            with pytest.raises(ServerFails, match=complaint) as caught:
                rpc.call("getblockchaininfo")
            assert "wrong" not in str(caught.value)


def test_the_cookie_file_of_a_node_serves_as_password(tmp_path: Path) -> None:
    cookie = tmp_path / ".cookie"
    cookie.write_text("user:password")
    with serving(CoreStandIn(PublishedChain(peeled(1)))) as url:
        remote_chain(Remote(Kind.NODE, url, cookie), Network.REGTEST, (), lambda _chain: (), lambda _said: None)
    for wrong in ("", "nothing", "a:\x01"):
        cookie.write_text(wrong)
        with pytest.raises(NotAServer, match="no cookie file"):
            with_cookie(parse_place("http://h"), cookie)
    with pytest.raises(NotAServer, match="cannot be read"):
        with_cookie(parse_place("http://h"), tmp_path / "missing")
