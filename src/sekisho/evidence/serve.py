"""A witness over HTTP: C2SP tlog-witness's `add-checkpoint`, and nothing else."""

import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sekisho.evidence.note import MAX_NOTE_BYTES
from sekisho.evidence.witness import Answer, Witness

TIMEOUT = 20
"""Seconds a client may be silent while it sends its request: a slow one costs a thread, and no other client waits."""


class _Server(ThreadingHTTPServer):
    """Answers each client in a thread of its own."""

    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the library's signature
        """A client that leaves is no news; a fault of ours is one line, and the client gets no answer."""
        why = sys.exception()
        if not isinstance(why, OSError):
            sys.stderr.write(f"sekisho: no answer, by a fault of ours: {type(why).__name__}: {why}\n")


def server(witness: Witness, host: str, port: int) -> ThreadingHTTPServer:
    """A server that is bound, and answers once `serve_forever` is called. Raises OSError."""

    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "sekisho-witness", ""
        protocol_version = "HTTP/1.1"
        timeout = TIMEOUT

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isascii() or not length.isdigit() or len(length) > 9 or int(length) > MAX_NOTE_BYTES:
                self.close_connection = True
                self._send(Answer(HTTPStatus.BAD_REQUEST, b"a length is needed, and not too large a one\n"))
            elif self.path.rpartition("/")[2] != "add-checkpoint":
                self.close_connection = True
                self._send(Answer(HTTPStatus.NOT_FOUND, b"there is only add-checkpoint\n"))
            else:
                self._send(witness.add_checkpoint(self.rfile.read(int(length))))

        def _send(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has in the standard library
            """Say nothing: what happened is in the store."""

    return _Server((host, port), Handler)
