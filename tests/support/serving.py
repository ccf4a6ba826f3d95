"""Servers on this machine only, for stand-ins to answer on."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from sekisho.bitcoin.outpoint import Txid, show_txid

Spoil = Callable[[str, bytes], bytes]
"""Puts lies into an answer: given what was asked (a path or a method) and the true answer."""


class Reply(NamedTuple):
    """What is sent back."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


Answering = Callable[[str, str, bytes, str], Reply]
"""Verb, path, body and the Authorization header."""


@contextmanager
def serving(answering: Answering) -> Iterator[str]:
    """A server on 127.0.0.1 as long as the context lasts; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet: otherwise each answer waits for the peer to acknowledge

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            reply = answering(self.command, self.path, body, self.headers.get("Authorization", ""))
            self.send_response(reply.status)
            for name, value in (("Content-Length", str(len(reply.body))), *reply.headers):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def as_told(_what: str, body: bytes) -> bytes:
    """No lie."""
    return body


def document(value: object) -> bytes:
    """A JSON document."""
    return json.dumps(value).encode()


def hex_of(hash_: bytes) -> str:
    """A hash as it is shown."""
    return show_txid(Txid(hash_))
