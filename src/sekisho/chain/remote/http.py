"""One server, asked over HTTP: with patience, but not for ever, and never for more than fits."""

import http.client
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from sekisho.errors import SekishoError

PATIENCE = 30.0
"""Seconds without a byte."""

DEADLINE = 180.0
"""Seconds for one whole answer, however steadily it drips."""

MAX_ANSWER_BYTES = 256_000_000
"""A full block told with all coins it spends, in JSON, takes less."""

TRIES = 6
"""How often a request is made before a busy or broken server is given up."""

_LONGEST_WAIT = 60.0
_CHUNK = 1 << 16
_BROKEN = HTTPStatus.INTERNAL_SERVER_ERROR
_BUSY = frozenset(
    {
        HTTPStatus.TOO_MANY_REQUESTS,
        _BROKEN,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)


class ServerFails(SekishoError):
    """A server that does not answer, or not with what was asked for."""

    def __init__(self, server: str, why: str) -> None:
        super().__init__(f"{server}: {why}")
        self.server, self.why = server, why


class NotAServer(SekishoError):
    """Text that is no URL of a server. It is not shown: it may hold a password."""

    def __init__(self, why: str) -> None:
        super().__init__(f"not the URL of a server: {why}")
        self.why = why


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, whole."""

    status: int
    body: bytes


class _NoAnswer(Exception):
    """One try failed, and another may not."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is."""

    secure: bool
    host: str
    port: int
    path: str
    """Without a slash at its end."""
    login: str | None
    """`user:password`; never shown."""

    def __str__(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.host}:{self.port}{self.path}"

    def __repr__(self) -> str:
        return str(self)


def parse_place(url: str) -> Place:
    """Read `http[s]://[user:password@]host[:port][/path]`. Raises NotAServer."""
    if not url.isascii() or not url.isprintable() or " " in url:
        raise NotAServer("it holds characters that no URL has")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as why:
        raise NotAServer("its host or port is not one") from why
    if parts.scheme not in ("http", "https"):
        raise NotAServer("it begins with neither http:// nor https://")
    if not parts.hostname or parts.query or parts.fragment:
        raise NotAServer("a host and a path are all it may have")
    secure = parts.scheme == "https"
    login = None if parts.username is None else f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return Place(secure, parts.hostname, port or (443 if secure else 80), parts.path.rstrip("/"), login)


class Server:
    """Makes requests to one server, over a connection of each thread's own. No answer ever leads to another host."""

    def __init__(
        self, place: Place, *, wait: Callable[[float], None] = time.sleep, most: int = MAX_ANSWER_BYTES
    ) -> None:
        """`wait` sleeps for some seconds; an answer of more than `most` bytes is refused."""
        self.place, self._wait, self._most = place, wait, most
        self._own = threading.local()

    def __str__(self) -> str:
        return str(self.place)

    def get(self, path: str) -> Answer:
        """Fetch `path`, which begins with a slash and comes after the server's own. Raises ServerFails."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: bytes) -> Answer:
        """Hand over a JSON document. Raises ServerFails."""
        return self._ask("POST", path, body)

    def fails(self, why: str) -> ServerFails:
        """The error that says so of this server."""
        return ServerFails(str(self), why)

    def _ask(self, verb: str, path: str, body: bytes | None) -> Answer:
        last = ""
        for attempt in range(TRIES):
            try:
                answer, pause = self._once(verb, path, body)
            except _NoAnswer as why:
                last, pause = str(why), None
            else:
                # Bitcoin Core answers 500 to a call that fails for good
                if answer.status not in _BUSY or (verb == "POST" and answer.status == _BROKEN):
                    return self._checked(answer)
                last = f"it answers {answer.status}"
            if attempt + 1 < TRIES:
                self._wait(min(_LONGEST_WAIT, max(0.25 * 2**attempt, pause or 0)))
        raise self.fails(f"{last}, {TRIES} times in a row")

    def _checked(self, answer: Answer) -> Answer:
        if 300 <= answer.status < 400:
            raise self.fails("it answers by pointing to another place; give that one, if you trust it")
        if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise self.fails("it does not accept the user and password" if self.place.login else "it wants a password")
        return answer

    def _once(self, verb: str, path: str, body: bytes | None) -> tuple[Answer, float | None]:
        """One request; the answer, and how many seconds the server asks to be left alone. Raises _NoAnswer."""
        connection = self._connection()
        watch: threading.Timer | None = None
        try:
            if connection.sock is None:
                connection.connect()
            # the socket's own timeout starts anew with every byte: a drip would never end; and http.client forgets the
            # socket of an answer without a length while it is still being read
            watch = threading.Timer(DEADLINE, _hang_up, (connection.sock,))
            watch.daemon = True
            until = time.monotonic() + DEADLINE
            watch.start()
            connection.request(verb, self.place.path + path, body, self._headers(body))
            response = connection.getresponse()
            raw = self._read(response, until)
            after = response.getheader("Retry-After", "")
            return Answer(response.status, raw), float(after) if after.isdecimal() and len(after) < 6 else None
        except (OSError, http.client.HTTPException, ValueError) as why:
            self._forget()
            raise _NoAnswer(f"no answer ({str(why).splitlines()[0] if str(why) else type(why).__name__})") from why
        except (ServerFails, _NoAnswer):
            self._forget()
            raise
        finally:
            if watch is not None:
                watch.cancel()

    def _read(self, response: http.client.HTTPResponse, until: float) -> bytes:
        """The whole body; `until` is the monotonic time at which the watch hangs up."""
        promised = response.length  # None for a chunked answer, and for one that ends with the connection
        if promised is not None and promised > self._most:
            raise self.fails(f"its answer is longer than {self._most} bytes")
        parts, size = [], 0
        while part := response.read(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > self._most:
                raise self.fails(f"its answer is longer than {self._most} bytes")
        if time.monotonic() >= until:
            raise _NoAnswer(f"no whole answer in {DEADLINE:.0f} seconds")
        if promised is not None and size < promised:
            raise _NoAnswer(f"the answer ends after {size} of {promised} bytes")
        return b"".join(parts)

    def _headers(self, body: bytes | None) -> dict[str, str]:
        headers = {"User-Agent": "sekisho", "Accept": "*/*"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self.place.login is not None:
            headers["Authorization"] = f"Basic {b64encode(self.place.login.encode()).decode()}"
        return headers

    def _connection(self) -> http.client.HTTPConnection:
        kept: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if kept is None:
            kind = http.client.HTTPSConnection if self.place.secure else http.client.HTTPConnection
            kept = self._own.connection = kind(self.place.host, self.place.port, timeout=PATIENCE)
        return kept

    def _forget(self) -> None:
        self._connection().close()
        self._own.connection = None


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):  # it has just ended by itself
        sock.shutdown(socket.SHUT_RDWR)
