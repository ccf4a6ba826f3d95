"""`evidence`, `log`, `witness` at the command line: what an outsider, an auditor and a partner would run."""

import http.client
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from cli.test_home import Founders, Post, device_file
from sekisho.approvals.statement import Statement
from sekisho.checkpoint.statute import policy_document
from sekisho.evidence.keys import KeyType
from sekisho.evidence.log import Entry, EntryKind
from sekisho.evidence.submission import Submission
from sekisho.replay.vendor import finalise
from support.babble import answering
from support.command import sekisho
from support.published import KEYS, Published
from support.world import BOB, POLICY, publisher_of

PASSPHRASE = "open the barrier"


@pytest.fixture(autouse=True)
def known_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything sealed here opens with one passphrase."""
    monkeypatch.setenv("SEKISHO_PASSPHRASE", PASSPHRASE)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that holds what `demo` wrote, and nothing else."""
    folder = tmp_path_factory.mktemp("outsider")
    said = sekisho("demo", "--evidence", folder / "e.bundle", "--trust", folder / "t.toml")
    assert said.status == 0
    assert {path.name for path in folder.iterdir()} == {"e.bundle", "t.toml"}
    return folder


def test_an_outsider_verifies_the_demos_evidence_with_nothing_else(demo: Path) -> None:
    said = sekisho("evidence", "verify", demo / "e.bundle", "--trust", demo / "t.toml")
    assert (said.status, said.err) == (0, "")
    assert [line[:3] for line in said.out.splitlines()[:9]] == [f"({n})" for n in range(1, 10)]
    assert "on the checkpoint's record alone:" in said.out
    assert re.search(r"^trusted: [0-9a-f]{64}$", said.out, re.MULTILINE)
    document = json.loads(
        sekisho("evidence", "verify", demo / "e.bundle", "--trust", demo / "t.toml", "--format", "json").out
    )
    assert document["verdict"] == "allowed"
    assert [step["step"] for step in document["steps"]] == list(range(1, 10))


@pytest.mark.parametrize("place", [0, 100, 5_000, 20_000, -100, -2])
def test_a_changed_byte_is_refused_and_the_step_named(demo: Path, tmp_path: Path, place: int) -> None:
    raw = bytearray((demo / "e.bundle").read_bytes())
    raw[place] ^= 1
    (tmp_path / "e.bundle").write_bytes(raw)
    said = sekisho("evidence", "verify", tmp_path / "e.bundle", "--trust", demo / "t.toml")
    assert said.status == 1
    assert said.out.startswith("step 1 (the bundle) fails: ")
    said = sekisho("evidence", "verify", tmp_path / "e.bundle", "--trust", demo / "t.toml", "--format", "json")
    assert json.loads(said.out)["step"] == 1


def test_evidence_is_shown_as_a_page_that_loads_nothing(demo: Path, tmp_path: Path) -> None:
    said = sekisho("evidence", "show", demo / "e.bundle", "--trust", demo / "t.toml", "--html", tmp_path / "e.html")
    assert said.status == 0
    assert "Payment request" in said.out
    page = (tmp_path / "e.html").read_text()
    assert "10 BTC" in page
    assert "mqhrojwcZowkGyWZERkKxh5CS4L7De5w8S" in page
    assert not re.search(r"(src|href|url\()", page)


class TestAHome:
    """A home's own evidence, log and monitor."""

    @pytest.fixture
    def post(self, tmp_path: Path) -> Post:
        """A home with one payment co-signed."""
        made = Post(tmp_path)
        assert made.cosign(made.honest, "signed.psbt").status == 0
        return made

    @pytest.fixture
    def trust(self, post: Post) -> Path:
        """Its trust file."""
        path = post.folder / "trust.toml"
        assert sekisho("evidence", "trust", "--home", post.folder, "--out", path).status == 0
        return path

    def test_evidence_of_a_payment_holds_with_its_transaction(self, post: Post, trust: Path) -> None:
        psbt = (post.folder / "signed.psbt").read_bytes()
        for each in post.world.kit.people:
            psbt = each.sign(psbt)
        (post.folder / "tx.hex").write_text(finalise(psbt).serialize().hex())
        bundle = post.folder / "e.bundle"
        asked = ("--home", post.folder, "--request", post.folder / "pay.json", "--tx", post.folder / "tx.hex")
        assert sekisho("evidence", "write", *asked, "--out", bundle).status == 0
        said = sekisho("evidence", "verify", bundle, "--trust", trust)
        assert said.status == 0
        assert "(9) on the chain" in said.out

    def test_there_is_none_for_a_request_never_served(self, post: Post) -> None:
        (post.folder / "other.json").write_bytes(post.world.request((BOB, 5)).raw)
        assert sekisho("evidence", "write", "--home", post.folder, "--request", post.folder / "other.json").no_answer

    def test_the_log_verifies_until_a_byte_of_it_changes_and_is_rebuilt(self, post: Post, trust: Path) -> None:
        verify = ("log", "verify", post.folder / "log", "--trust", trust)
        said = sekisho(*verify)
        assert said.status == 0
        assert "entries lead to the root" in said.out
        (bundle,) = (post.folder / "log/tile/entries").rglob("4")
        bundle.write_bytes(bundle.read_bytes()[:-1] + b"x")
        said = sekisho(*verify)
        assert said.status == 1
        assert said.out.startswith("the log fails: ")
        assert sekisho("log", "rebuild", "--home", post.folder).status == 0
        assert sekisho(*verify).status == 0

    def test_a_monitor_alerts_on_a_new_policy_and_on_a_signature_nobody_asked_for(
        self, post: Post, trust: Path
    ) -> None:
        state = post.folder / "monitor.state"
        look = ("log", "monitor", post.folder / "log", "--trust", trust, "--state", state, "--home", post.folder)
        first = sekisho(*look)
        assert first.status == 1
        assert "alert: entry 0: roster version 1 took effect" in first.out
        assert sekisho(*look).status == 0
        world, now = post.world, int(datetime.now(UTC).timestamp())
        document = policy_document(POLICY.format(version=2, limits="").encode())
        (post.folder / "policy.toml").write_bytes(document.raw)
        signed = []
        for number, each in enumerate(world.cast.sign(Statement.POLICY, document.digest, "pia", "sam")):
            path = post.folder / f"admin-{number}.json"
            path.write_bytes(each.raw)
            signed += ["--approval", path]
        assert sekisho("policy", "adopt", post.folder / "policy.toml", "--home", post.folder, *signed).status == 0
        with world.state.turn(), world.state.transaction():
            world.state.log.append(Entry(EntryKind.RELEASED, now + 1, b'{"request":"%b"}' % (b"ab" * 32)))
        publisher_of(post.folder).rebuild(world.state.log, now)
        third = sekisho(*look)
        assert third.status == 1
        assert "policy version 2 took effect" in third.out
        assert "a signature for request abababababababab… that no decision allowed" in third.out

    def test_what_is_no_payment_is_published_when_asked(self, post: Post, trust: Path) -> None:
        look = ("log", "monitor", post.folder / "log", "--trust", trust, "--state", post.folder / "monitor.state")
        device = device_file(post.folder, "uta-key")
        assert sekisho("freeze", "--home", post.folder, "--device", device).status == 0
        before = sekisho(*look)
        assert sekisho("log", "publish", "--home", post.folder).out == "6 entries; cosigned by no witness\n"
        assert (before.status, before.out, sekisho(*look).out) == (
            0,
            "world.example/log: 4 entries\n",
            "world.example/log: 6 entries\n",
        )

    def test_a_monitor_tells_again_what_nobody_took(
        self, post: Post, trust: Path, hook: list[dict[str, list[str]]]
    ) -> None:
        state = post.folder / "monitor.state"
        look = ("log", "monitor", post.folder / "log", "--trust", trust, "--state", state, "--home", post.folder)
        assert sekisho(*look, "--webhook", "http://127.0.0.1:1/alert").status == 2
        assert not state.exists()
        assert sekisho(*look, "--webhook", hook_url(hook)).status == 1
        assert "entry 0: roster version 1 took effect" in hook[0]["alerts"]
        assert state.exists()

    def test_a_monitor_alerts_on_a_home_that_was_put_back_and_on_entries_that_are_none(
        self, post: Post, trust: Path, hook: list[dict[str, list[str]]]
    ) -> None:
        state, kept = post.folder / "monitor.state", post.folder.parent / "kept"
        look = ("log", "monitor", post.folder / "log", "--trust", trust, "--state", state, "--home")
        shutil.copytree(post.folder, kept)
        world, now = post.world, int(datetime.now(UTC).timestamp())
        with world.state.turn(), world.state.transaction():
            for body in (b"{}", b"[]", b'{"request":7}'):
                world.state.log.append(Entry(EntryKind.RELEASED, now + 1, body))
        publisher_of(post.folder).rebuild(world.state.log, now)
        said = sekisho(*look, kept, "--webhook", hook_url(hook))
        assert said.status == 1
        assert "the log is broken at entry 5" in hook[0]["alerts"][-1]
        assert not state.exists(), "what could not be read is read the next time"
        assert sekisho(*look, post.folder, "--webhook", hook_url(hook)).status == 1
        assert hook[1]["alerts"][-3:] == [f"entry {n}: nothing that a checkpoint writes" for n in (5, 6, 7)]

    def test_a_monitor_alerts_on_a_place_that_speaks_something_else(
        self, trust: Path, tmp_path: Path, hook: list[dict[str, list[str]]]
    ) -> None:
        for talk in (b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", b""):
            with answering(lambda caller, talk=talk: caller.sendall(talk)) as port:  # type: ignore[misc]
                said = sekisho(
                    *("log", "monitor", f"http://127.0.0.1:{port}", "--trust", trust, "--state", tmp_path / "s"),
                    *("--webhook", hook_url(hook)),
                )
            assert said.status == 1
            assert len(hook[-1]["alerts"]) == 1
            assert said.out.count("\n") == 1

    def test_a_monitor_writes_two_stories_down_and_calls_the_webhook(
        self, tmp_path: Path, hook: list[dict[str, list[str]]]
    ) -> None:
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            Published(tmp_path / name).grow(9 if name == "one" else 12)
        trust = tmp_path / "t.toml"
        text = f"log {KEYS.public(KeyType.ED25519)}\nquorum none"
        trust.write_text(
            f'type = "sekisho/trust/v1"\nnetwork = "regtest"\nroster = "{"00" * 32}"\ntlog_policy = """{text}"""\n'
        )
        said = sekisho(
            *("log", "monitor", tmp_path / "one/log", tmp_path / "two/log", "--trust", trust),
            *("--state", tmp_path / "state", "--split", tmp_path / "split.txt", "--webhook", hook_url(hook)),
        )
        assert said.status == 1
        assert "alert: split view" in said.out
        assert (tmp_path / "split.txt").read_text().count("log.example\n") == 2
        assert not (tmp_path / "state").exists()
        assert "split view" in hook[0]["alerts"][0]

    @pytest.fixture
    def hook(self) -> Iterator[list[dict[str, list[str]]]]:
        """Somebody who takes alerts."""
        taken: list[dict[str, list[str]]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        HOOKS[id(taken)] = f"http://127.0.0.1:{server.server_address[1]}/alert"
        yield taken
        server.shutdown()


HOOKS: dict[int, str] = {}


def hook_url(taken: list[dict[str, list[str]]]) -> str:
    """Where the alerts go that end up in this list."""
    return HOOKS[id(taken)]


def test_a_partners_witness_runs_as_its_own_process(tmp_path: Path) -> None:
    published = Published(tmp_path)
    published.grow(5)
    store = tmp_path / "w"
    made = sekisho("witness", "new", store, "--name", "partner.example/w1")
    assert made.status == 0
    keys = made.out.split()
    assert [key.split("+")[0] for key in keys] == ["partner.example/w1"] * 2
    assert sekisho("witness", "follow", store, str(KEYS.public(KeyType.ED25519))).out == "following log.example\n"
    serving = subprocess.Popen(
        [sys.executable, "-m", "sekisho", "witness", "serve", str(store), "--listen", "127.0.0.1:0"],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert serving.stderr is not None
    listening = re.fullmatch(r"listening on 127.0.0.1:(\d+)\n", serving.stderr.readline())
    assert listening is not None
    connection = http.client.HTTPConnection("127.0.0.1", int(listening[1]), timeout=10)
    connection.request("POST", "/add-checkpoint", Submission(0, (), published.publisher.folder.checkpoint()).raw)
    answer = connection.getresponse()
    assert (answer.status, answer.read().count(b"partner.example/w1")) == (200, 2)
    serving.kill()
    serving.wait(10)


def test_a_home_put_back_from_a_backup_says_what_is_missing(tmp_path: Path) -> None:
    founders = Founders(tmp_path)
    assert founders.init().status == 0
    home = tmp_path / "home"
    shutil.copytree(home, tmp_path / "backup")
    assert (tmp_path / "home.head").is_file()
    device = device_file(tmp_path, "aya-key")
    assert sekisho("freeze", "--home", home, "--device", device).status == 0
    shutil.rmtree(home)
    shutil.copytree(tmp_path / "backup", home)
    said = sekisho("freeze", "--home", home, "--device", device)
    assert said.no_answer
    assert "entry 3 is missing" in said.err
    assert "until the missing records are back" in said.err
