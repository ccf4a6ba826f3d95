"""One git server, over HTTPS: no redirect to another, no private address behind a name, no answer without end."""

import http.client
import ipaddress
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from sekisho.errors import SekishoError

DEADLINE = 300.0
"""Seconds for one whole answer, however steadily it drips."""

_PATIENCE = 30.0
"""Seconds without a byte."""

_REDIRECTS = 3
_CHUNK = 1 << 16


class NotFetched(SekishoError):
    """A repository that could not be had from where it is said to be."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"cannot fetch {place}: {why}")
        self.place, self.why = place, why


@dataclass(frozen=True, slots=True)
class Place:
    """Where a repository is: `https://host:port/path`, the path without a slash at its end."""

    host: str
    port: int
    path: str

    def __str__(self) -> str:
        return f"https://{self.host}{'' if self.port == 443 else f':{self.port}'}{self.path}"


def parse_place(url: str) -> Place:
    """Read `https://host[:port]/path`. Raises NotFetched; a URL with a password in it is not shown."""
    if not url.isascii() or not url.isprintable() or " " in url:
        raise NotFetched("this", "it holds characters that no URL has")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as why:
        raise NotFetched("this", "its host or port is none") from why
    if parts.username is not None or parts.password is not None:
        raise NotFetched("this", "a name or password does not belong into a URL; clone it yourself with --bare, and "
                         "inspect that folder")  # fmt: skip
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise NotFetched(ascii(url)[1:-1], "only https://host/path is fetched, and folders on this machine are read")
    return Place(parts.hostname, port or 443, parts.path.rstrip("/"))


class Server:
    """Makes requests to one place."""

    def __init__(self, place: Place, *, private: bool, most: int) -> None:
        """`private` allows addresses of private networks; answers of more than `most` bytes are refused."""
        self.place, self._private, self._most = place, private, most

    def get(self, path: str, headers: dict[str, str]) -> bytes:
        """Fetch `path`, below the repository's own. Where the server moves it within itself, the place moves along.
        Raises NotFetched.
        """
        for _ in range(_REDIRECTS):
            status, body, location = self._ask("GET", path, None, headers)
            if status not in {301, 302, 303, 307, 308}:
                return self._checked(status, body)
            self.place = self._moved(path, location)
        raise self.fails("it points from one place to another without end")

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        """Send `body`, and take the answer. Raises NotFetched."""
        status, answer, _ = self._ask("POST", path, body, headers)
        return self._checked(status, answer)

    def fails(self, why: str) -> NotFetched:
        """The error that says so of this place."""
        return NotFetched(str(self.place), why)

    def _checked(self, status: int, body: bytes) -> bytes:
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            raise self.fails(f"it is not there, or not for everybody (status {status})")
        if status != HTTPStatus.OK:
            raise self.fails(f"the server answers with status {status}")
        return body

    def _moved(self, path: str, location: str) -> Place:
        wanted = path.partition("?")[0]
        elsewhere = self.fails(f"it points to another place, {location[:300]!a}; give that one, if you trust it")
        try:
            parts = urlsplit(urljoin(f"{self.place}{path}", location))
            there = (parts.scheme, parts.hostname, parts.port or 443)
        except ValueError as why:
            raise elsewhere from why
        if there != ("https", self.place.host, self.place.port) or not parts.path.endswith(wanted):
            raise elsewhere
        return replace(self.place, path=parts.path.removesuffix(wanted))

    def _ask(self, verb: str, path: str, body: bytes | None, headers: dict[str, str]) -> tuple[int, bytes, str]:
        connection = http.client.HTTPSConnection(self.place.host, self.place.port, timeout=_PATIENCE)
        try:
            connection.sock = self._connected()
            # the socket's own timeout starts anew with every byte: a drip would never end
            watch = threading.Timer(DEADLINE, _hang_up, (connection.sock,))
            watch.daemon = True
            watch.start()
            try:
                connection.sock.do_handshake()
                said = {"User-Agent": "git/sekisho", "Connection": "close", "Git-Protocol": "version=2"} | headers
                connection.request(verb, self.place.path + path, body, said)
                response = connection.getresponse()
                return response.status, self._read(response), response.getheader("Location", "")
            finally:
                watch.cancel()
        except (OSError, http.client.HTTPException, ValueError) as why:
            raise self.fails(f"no answer ({_line(why)})") from why
        finally:
            connection.close()

    def _connected(self) -> ssl.SSLSocket:
        """A connection to an address that was looked at, so that the name is asked for once; no word was said yet."""
        host, port = self.place.host, self.place.port
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for *_, address in found:
            if not self._private and not _is_public(str(address[0])):
                raise self.fails(f"{address[0]} is an address of a private network (--private allows it)")
        raw = self._reached([(str(address[0]), port) for *_, address in found])
        try:
            return ssl.create_default_context().wrap_socket(raw, server_hostname=host, do_handshake_on_connect=False)
        except OSError:
            raw.close()
            raise

    def _reached(self, addresses: list[tuple[str, int]]) -> socket.socket:
        for place in addresses[:-1]:
            with suppress(OSError):
                return socket.create_connection(place, _PATIENCE)
        return socket.create_connection(addresses[-1], _PATIENCE)

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        parts, size = [], 0
        while part := response.read(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > self._most:
                raise self.fails(f"its answer is longer than {self._most} bytes")
        if response.length:
            raise self.fails("its answer ends early")
        return b"".join(parts)


_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""Where a network without IPv4 puts the addresses of the old one (RFC 6052, section 2.1)."""
_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that is given out to the public (RFC 4291, section 2.4)."""


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    if found in _TRANSLATED:
        return _is_public(str(ipaddress.IPv4Address(found.packed[-4:])))
    if isinstance(found, ipaddress.IPv6Address):
        return found.is_global and found in _UNICAST and (found.sixtofour is None or found.sixtofour.is_global)
    return found.is_global and not found.is_multicast


def _line(why: Exception) -> str:
    text = str(why).strip().splitlines()
    return ascii(text[0])[1:-1] if text else type(why).__name__


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):  # it has just ended by itself
        sock.shutdown(socket.SHUT_RDWR)
