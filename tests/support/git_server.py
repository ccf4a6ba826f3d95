"""A real git server on this machine: `git http-backend` behind HTTPS, with a certificate made for the test."""

import datetime
import os
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


class Reply(NamedTuple):
    """What is sent back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


Spoil = Callable[[str, Reply], Reply]
"""Puts lies into an answer: given the path and the true answer."""


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """The real git, with an identity and without the tester's own configuration."""
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.invalid", "-c", "commit.gpgsign=false"]
    own = os.environ | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, input=stdin, env=own
    ).stdout


def bare_repository(folder: Path, files: dict[str, str]) -> Path:
    """A bare repository of two commits, the second with these files; packed, so that there are deltas."""
    work, bare = folder / "work", folder / "repositories" / "test.git"
    work.mkdir()
    git(work, "init", "-q", "-b", "main")
    for last in ("\n", ""):
        for name, text in files.items():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_text(text + last)
        git(work, "add", "-A", "-f")
        git(work, "commit", "-q", "-m", "one")
    git(work, "tag", "-a", "v1", "-m", "v1")
    git(work, "branch", "other")
    git(work, "gc", "-q", "--aggressive", "--prune=now")
    git(folder, "clone", "-q", "--bare", str(work), str(bare))
    (bare / "git-daemon-export-ok").touch()
    return bare


def certificate(folder: Path) -> Path:
    """A key and a certificate of its own for 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    told = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(told + made.public_bytes(Encoding.PEM))
    return path


@contextmanager
def git_server(root: Path, pem: Path, spoil: Spoil = lambda _, reply: reply) -> Iterator[str]:
    """Serves the repositories below `root` as long as the context lasts; gives the URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            reply = spoil(self.path, self._backend(self.rfile.read(int(self.headers.get("Content-Length", "0")))))
            self.send_response(reply.status)
            for name, value in (*reply.headers, ("Content-Length", str(len(reply.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def _backend(self, body: bytes) -> Reply:
            path, _, query = self.path.partition("?")
            own = os.environ | {
                "GIT_PROJECT_ROOT": str(root), "PATH_INFO": path, "QUERY_STRING": query,
                "REQUEST_METHOD": self.command, "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)), "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_CONFIG_COUNT": "1",
                "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
            }  # fmt: skip
            done = subprocess.run(["git", "http-backend"], input=body, capture_output=True, env=own, check=False)
            head, _, rest = done.stdout.partition(b"\r\n\r\n")
            rows = [line.partition(": ") for line in head.decode().split("\r\n") if line]
            status = next((int(value[:3]) for name, _, value in rows if name == "Status"), 200)
            return Reply(status, tuple((name, value) for name, _, value in rows if name != "Status"), rest)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
