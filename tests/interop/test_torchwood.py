"""Our log before implementations that are not ours, and theirs before ours: torchwood, golang.org/x/mod, litewitness.

Needs Go, the Go module proxy (or its cache) and OpenSSH's agent; skips, saying so, where one is missing.
"""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sekisho.evidence.keys import KeyType, VerifierKey
from sekisho.evidence.merkle import inclusion_proof
from sekisho.evidence.proof import Proof
from sekisho.evidence.quorum import WitnessPolicy, parse_witness_policy
from sekisho.evidence.tiles import nodes
from sekisho.replay.vendor import psbt_by_embit
from support.kits import KITS
from support.published import KEYS, Published
from support.witnesses import RunningWitness, wall_clock
from support.world import BOB, World, publisher_of

HERE = Path(__file__).parent


def run(*words: str | Path, cwd: Path = HERE, check: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run([*map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=600, check=check)


@pytest.fixture(scope="session")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their programs, built from the pinned modules."""
    if shutil.which("go") is None:
        pytest.skip("SKIPPED LOUDLY: there is no Go, so nothing was checked against torchwood")
    folder = tmp_path_factory.mktemp("tools")
    for name, package in (("interop", "."), ("litewitness", "filippo.io/torchwood/cmd/litewitness")):
        done = run("go", "build", "-o", folder / name, package)
        if done.returncode:
            pytest.skip(f"SKIPPED LOUDLY: torchwood cannot be built here: {done.stderr[-300:]}")
    return folder


def judge(tools: Path, published: Published, witnesses: WitnessPolicy, index: int) -> subprocess.CompletedProcess[str]:
    """Have torchwood check a published log and the proof of one entry."""
    folder = published.publisher.folder.path
    size = published.log.frontier.size
    path = inclusion_proof(nodes(published.publisher.folder.fetch, size), index, size)
    (entry,) = published.log.commitments(index, index + 1)
    policy, proof = folder.parent / "policy", folder.parent / "proof"
    policy.write_text(witnesses.text)
    proof.write_bytes(Proof(index, path, published.publisher.folder.checkpoint()).raw)
    return run(tools / "interop", folder, policy, proof, entry.hex())


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 1000])
def test_torchwood_reads_our_heads_tiles_entries_and_proofs(tools: Path, tmp_path: Path, size: int) -> None:
    published = Published(tmp_path)
    published.grow(size)
    head = published.publisher.folder.checkpoint().head
    witnesses = [RunningWitness(tmp_path, name, [KEYS.public(KeyType.ED25519)], wall_clock) for name in ("W1", "W2")]
    note = published.publisher.folder.checkpoint()
    lines = [each.cosignature(head) for each in witnesses]
    published.publisher.folder.put_checkpoint(note.with_signatures(lines))
    text = "\n".join([f"log {KEYS.public(KeyType.ED25519)}", *(each.line() for each in witnesses), "group g all W1 W2"])
    good = judge(tools, published, parse_witness_policy(f"{text}\nquorum g\n"), size // 2)
    assert good.returncode == 0, good.stderr
    assert good.stdout == f"log.example: {size} entries, a quorum, and the proof\n"
    published.publisher.folder.put_checkpoint(note.with_signatures(lines[:1]))
    short = judge(tools, published, parse_witness_policy(f"{text}\nquorum g\n"), size // 2)
    assert short.returncode == 1
    for each in witnesses:
        each.stop()


@pytest.fixture
def litewitness(tools: Path, tmp_path: Path) -> Iterator[tuple[VerifierKey, str]]:
    """An independent witness that follows the log of a `World`; its key, and its URL."""
    if shutil.which("ssh-agent") is None or shutil.which("ssh-keygen") is None:
        pytest.skip("SKIPPED LOUDLY: there is no ssh-agent, which litewitness keeps its key in")
    key, agent = tmp_path / "key", f"/tmp/sekisho-agent-{os.getpid()}"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key, check=True)
    started = subprocess.Popen(["ssh-agent", "-D", "-a", agent], stdout=subprocess.DEVNULL)
    _until(lambda: Path(agent).exists())
    subprocess.run(["ssh-add", "-q", key], env=os.environ | {"SSH_AUTH_SOCK": agent}, check=True, timeout=30)
    fingerprint = run("ssh-keygen", "-lf", key, check=True).stdout.split()[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    log = publisher_of(tmp_path).keys.public(KeyType.ED25519)
    store = tmp_path / "litewitness.db"
    words = [tools / "litewitness", "-ssh-agent", agent, "-key", fingerprint, "-name", "lite.example/w"]
    witness = subprocess.Popen(
        [*map(str, words), "-db", str(store), "-listen", listen], stderr=subprocess.PIPE, text=True
    )
    assert witness.stderr is not None
    vkey = next(found[1] for line in witness.stderr if (found := re.search(r"vkey=(\S+)", line)))
    _until(lambda: socket.create_connection(listen.split(":"), timeout=1).close() is None)  # type: ignore[arg-type]
    with sqlite3.connect(store, timeout=10) as database:
        database.execute("INSERT INTO log VALUES (?, 0, '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')", (log.name,))
        database.execute("INSERT INTO key VALUES (?, ?)", (log.name, str(log)))
    yield parse_key_of(vkey), f"http://{listen}"
    for each in (witness, started):
        each.terminate()
        each.wait(10)


def parse_key_of(vkey: str) -> VerifierKey:
    """Their spelling of a key, read by ours."""
    return parse_witness_policy(f"witness W {vkey}\nquorum W").witnesses[0].key


def _until(true: object) -> None:
    for _ in range(100):
        try:
            if true():  # type: ignore[operator]
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError("it did not start")


def test_litewitness_cosigns_our_log_and_releases_our_signatures(
    litewitness: tuple[VerifierKey, str], tmp_path: Path
) -> None:
    key, url = litewitness
    policy = f'[witnesses]\ntlog_policy = """\nwitness lite {key} {url}\nquorum lite\n"""\n'
    (tmp_path / "home").mkdir()
    kit = KITS["recommended"]
    world = World(tmp_path / "home", kit, limits=policy, now=datetime.now(UTC).replace(microsecond=0))
    for number in range(3):
        request = world.request((BOB, 1_000_000))
        answer = world.cosign(request, psbt_by_embit(world.draft(request, kit.fund(5_000_000 + number))))
        assert answer.psbt is not None, answer.verdict
        assert answer.checkpoint is not None
        assert any(each.is_by(key) for each in answer.checkpoint.signatures)


def test_litewitnesss_own_dialogues_end_the_same_with_our_witness(tools: Path, tmp_path: Path) -> None:
    """torchwood's testdata, read where Go keeps it: each request, and the status that must come back."""
    where = Path(run("go", "list", "-m", "-f", "{{.Dir}}", "filippo.io/torchwood", check=True).stdout.strip())
    text = (where / "cmd/litewitness/testdata/litewitness.txt").read_text()
    public = re.search(r"add-sigsum-log -key=([0-9a-f]{64})", text)
    assert public is not None
    dialogue = r"POST \S+/add-checkpoint\n```\n(.*?)```\nHTTP (\d+)\n(?:\[Asserts\]\n(.*?)\n)?"
    dialogues = re.findall(dialogue, text, re.DOTALL)
    origin = dialogues[0][0].split("\n")[2]
    running = RunningWitness(tmp_path, "W", [], wall_clock)
    witness = running.witness
    witness.follow(VerifierKey(origin, KeyType.ED25519, bytes.fromhex(public[1])))
    seen = set()
    for body, status, asserted in dialogues:
        answer = witness.add_checkpoint(body.encode())
        assert answer.status == int(status), body
        exact = re.search(r'body == "(.*?)\\n"', asserted)
        if exact:
            assert answer.body == f"{exact[1]}\n".encode()
        seen.add(int(status))
    assert {200, 403, 404, 409, 422} <= seen
    running.stop()
