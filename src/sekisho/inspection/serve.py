"""A page to drop a file on. What is dropped stays in memory until it is told, one file at a time.

Only this program's own page may send files here: other web pages are turned away by the names they ask for (`Host`, so
that no other name can be pointed at this address) and by where they come from (`Origin`).
"""

import sys
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sekisho.inspection.inspect import inspect_bytes
from sekisho.inspection.report.html import as_html, policy, upload_page
from sekisho.inspection.upload import MalformedUpload, read_upload
from sekisho.inspection.virtual import Limits

MAX_UPLOAD = 64_000_000
"""Bytes of one form."""

_PATIENCE = 30
"""Seconds without a byte."""

_DEADLINE = 300
"""Seconds for one whole form."""

_CHUNK = 1 << 20
_LIMITS = Limits(total_bytes=300_000_000)
_LOOPBACK = {"127.0.0.1", "localhost"}


class Server(ThreadingHTTPServer):
    """Bound when it is made; answers once `serve_forever` is called."""

    daemon_threads = True

    def __init__(self, host: str, port: int, *, workers: int | None = None, most: int = MAX_UPLOAD) -> None:
        """`host` is the address it listens on and, unless it is this machine's own, the only name it answers to. Port 0
        is any that is free; a form of more than `most` bytes is refused. Raises OSError.
        """
        super().__init__((host, port), _Handler)
        self.workers, self.most = workers, most
        self.turn = threading.Lock()
        self.port = int(self.server_address[1])
        self.names = {f"{name}:{self.port}" for name in (_LOOPBACK if host in _LOOPBACK else {host})}

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the library's signature
        """A visitor who leaves is no news; a fault of ours is one line, and the visitor gets no answer."""
        why = sys.exception()
        if not isinstance(why, OSError):
            sys.stderr.write(f"sekisho: no answer, by a fault of ours: {type(why).__name__}: {why}\n")


class _Handler(BaseHTTPRequestHandler):
    server: Server
    server_version, sys_version = "sekisho-inspect", ""
    timeout = _PATIENCE

    def do_GET(self) -> None:
        if not self._is_ours():
            self._refuse(HTTPStatus.FORBIDDEN, "This page answers only to its own address.")
        elif self.path == "/":
            self._send(HTTPStatus.OK, upload_page(self.server.most))
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "There is no such page here.")

    def do_POST(self) -> None:
        said = self.headers.get("Content-Length", "")
        length = int(said) if said.isascii() and said.isdigit() and len(said) < 18 else None
        if not self._is_ours() or self.headers.get("Origin") != f"http://{self.headers['Host']}":
            self._refuse(HTTPStatus.FORBIDDEN, "Files are taken from this page alone.")
        elif self.path != "/inspect":
            self._refuse(HTTPStatus.NOT_FOUND, "There is no such page here.")
        elif length is None:
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "No length was given.")
        elif length > self.server.most:
            self._discard(length)
            why = f"That is more than {self.server.most // 1_000_000} megabytes."
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why)
        elif not self.server.turn.acquire(blocking=False):
            self._discard(length)
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "Another file is being read: try again in a minute.")
        else:
            try:
                status, page = self._inspected(length)
            finally:
                self.server.turn.release()
            self._send(status, page)  # whoever has his answer may ask again at once

    def _inspected(self, length: int) -> tuple[HTTPStatus, str]:
        """The answer to a form of so many bytes."""
        body = self._body(length)
        try:
            upload = read_upload(self.headers.get("Content-Type", ""), body)
        except MalformedUpload as why:
            return HTTPStatus.BAD_REQUEST, upload_page(self.server.most, f"No file came: {why.why}.")
        found = inspect_bytes(upload.name, upload.data, workers=self.server.workers, limits=_LIMITS)
        return HTTPStatus.OK, as_html(found, upload.name, again=True)

    def _is_ours(self) -> bool:
        return self.headers.get("Host", "") in self.server.names

    def _body(self, length: int) -> bytes:
        until, parts = time.monotonic() + _DEADLINE, []
        while length and time.monotonic() < until:
            part = self.rfile.read1(min(length, _CHUNK))
            if not part:
                break
            parts.append(part)
            length -= len(part)
        return b"".join(parts)

    def _discard(self, length: int) -> None:
        """A browser shows an answer only once it has sent everything."""
        until = time.monotonic() + _DEADLINE
        while length > 0 and time.monotonic() < until and (part := self.rfile.read1(min(length, _CHUNK))):
            length -= len(part)

    def _refuse(self, status: HTTPStatus, why: str) -> None:
        self._send(status, upload_page(self.server.most, why))

    def _send(self, status: HTTPStatus, page: str) -> None:
        body = page.encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(body))),
            ("Content-Security-Policy", f"{policy()}; frame-ancestors 'none'"),
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has in the standard library
        """Say nothing: names of files are the sender's, and nobody's business."""
