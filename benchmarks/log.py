"""The log: durable appends beside bare SQLite and bare fsync, proofs, full verification, and how all that grows.

BENCH_ENTRIES=1000000 stops the growth there; 10,000,000 otherwise.
"""

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from sekisho.checkpoint.state import State, create_state
from sekisho.evidence.keys import SecretKeys
from sekisho.evidence.log import Entry, EntryKind
from sekisho.evidence.merkle import consistency_proof, extends, includes, inclusion_proof, leaf_hash
from sekisho.evidence.monitor import verify
from sekisho.evidence.publish import Folder, Publisher
from sekisho.evidence.tiles import nodes

LAST = int(os.environ.get("BENCH_ENTRIES", "10000000"))
SIZES = [size for size in (1_000, 10_000, 100_000, 1_000_000, 10_000_000) if size <= LAST]
ENTRY = Entry(EntryKind.COINS, 0, b"{}")
BODY = b'{"text":"' + b"x" * 2_000 + b'"}'
SECONDS = 0.2
ROUNDS = 25
BATCH = 20_000


def rate(work: Callable[[], int]) -> float:
    """Things done in a second, over about `SECONDS`."""
    start, done = time.perf_counter(), 0
    while time.perf_counter() - start < SECONDS:
        done += work()
    return done / (time.perf_counter() - start)


def appending(state: State, together: int) -> Callable[[], int]:
    """Entries of 2 kB that share a commit, as the log takes them."""

    def work() -> int:
        with state.transaction():
            state.log.append_all([Entry(EntryKind.DECISION, 0, BODY)] * together)
        return together

    return work


def bare_sqlite(folder: Path, together: int) -> Callable[[], int]:
    """The same bytes as rows, and a head updated, in a database set the same way and nothing else."""
    database = sqlite3.connect(folder / f"bare-{together}.db", isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "fullfsync = ON", "checkpoint_fullfsync = ON"):
        database.execute(f"PRAGMA {pragma}")
    database.execute(
        "CREATE TABLE log (number INTEGER PRIMARY KEY, at INT, kind TEXT, body BLOB, salt BLOB, leaf BLOB)"
    )
    database.execute("CREATE TABLE head (size INT, root BLOB)")
    database.execute("INSERT INTO head VALUES (0, x'')")
    salt, done = bytes(32), 0

    def work() -> int:
        nonlocal done
        database.execute("BEGIN IMMEDIATE")
        rows = [(done + place, 0, "decision", BODY, salt, salt) for place in range(together)]
        database.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)", rows)
        done += together
        database.execute("UPDATE head SET size = ?, root = ?", (done, salt))
        database.execute("COMMIT")
        return together

    return work


def bare_fsync(folder: Path, together: int) -> Callable[[], int]:
    """The same bytes behind each other in a file, and one fsync."""
    file = os.open(folder / f"fsync-{together}", os.O_CREAT | os.O_WRONLY)

    def work() -> int:
        os.write(file, BODY * together)
        os.fsync(file)
        return together

    return work


def appends(folder: Path) -> None:
    """Print the rates side by side, in turns."""
    print("durable appends of 2 kB    log/s    of SQLite    of fsync")
    for together in (1, 16, 64):
        state = create_state(folder / f"{together}.db", "bench.example", f"head-{together}")
        ways = (appending(state, together), bare_sqlite(folder, together), bare_fsync(folder, together))
        rounds = [[rate(way) for way in ways] for _ in range(ROUNDS)]
        ours, _, syncs = (statistics.median(each) for each in zip(*rounds, strict=True))
        of_rows = statistics.median(one / other for one, other, _ in rounds)
        print(f"{together:>10} in flight{ours:>15,.0f}{of_rows:>12.2f}{ours / syncs:>12.2f}")
        state.close()


def microseconds(work: Callable[[int], object], count: int) -> float:
    """The median of `count` runs."""
    taken = []
    for number in range(count):
        start = time.perf_counter()
        work(number)
        taken.append(time.perf_counter() - start)
    return 1e6 * statistics.median(taken)


def grow(state: State, publisher: Publisher, size: int) -> None:
    """Append until one entry is missing, and publish."""
    while (left := size - 1 - state.log.frontier.size) > 0:
        with state.transaction():
            state.log.append_all([ENTRY] * min(BATCH, left))
        if state.log.frontier.size % (10 * BATCH) == 0 or left <= BATCH:
            publisher.folder.put_checkpoint(publisher.publish(state.log, 0))


def measure(state: State, publisher: Publisher) -> str:
    """What a single append, its head, proofs and a full verification cost at this size."""

    def append(_: int) -> None:
        with state.transaction():
            state.log.append(ENTRY)

    def publish(_: int) -> None:
        append(0)
        publisher.folder.put_checkpoint(publisher.publish(state.log, 0))

    appending = microseconds(append, 101)
    publishing = microseconds(publish, 21) - appending
    head, fetch = publisher.folder.checkpoint().head, publisher.folder.fetch
    size, index, half = head.size, head.size // 3, head.size // 2
    (commitment,) = state.log.commitments(index, index + 1)
    leaf, old = leaf_hash(commitment), state.log.head_at(head.origin, half)
    proof = inclusion_proof(nodes(fetch, size), index, size)
    path = consistency_proof(nodes(fetch, size), half, size)
    assert includes(leaf, index, size, proof, head.root)
    assert extends(half, old.root, size, head.root, path)
    make = microseconds(lambda n: inclusion_proof(nodes(fetch, size), (index + 97 * n) % size, size), 51)
    check = microseconds(lambda _: includes(leaf, index, size, proof, head.root), 201)
    consistency = microseconds(lambda _: consistency_proof(nodes(fetch, size), half, size), 51)
    start = time.perf_counter()
    verify(fetch, None, lambda _done, _whole: None)
    verified = size / (time.perf_counter() - start)
    return (
        f"{size:>12,}{appending:>12,.0f}{publishing:>13,.0f}{len(proof):>18}{make:>10,.0f}{check:>11,.1f}"
        f"{consistency:>17,.0f}{verified:>11,.0f}"
    )


def growth(folder: Path) -> None:
    """Print what all that costs as the log grows."""
    state = create_state(folder / "grown.db", "bench.example", "head")
    publisher = Publisher(Folder(folder / "log"), SecretKeys("bench.example", sha256(b"bench").digest()))
    publisher.rebuild(state.log, 0)
    print("     entries   append µs   publish µs   inclusion: hashes, make µs, check µs   consistency µs   verify/s")
    for size in SIZES:
        grow(state, publisher, size)
        print(measure(state, publisher))
    published = sum(path.stat().st_size for path in (folder / "log").rglob("*") if path.is_file())
    state.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    held, count = (folder / "grown.db").stat().st_size, state.log.frontier.size
    print(f"on disk for each entry: {published / count:.1f} bytes published, {held / count:.1f} in the database")


def main() -> None:
    """Run both."""
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir=Path.cwd()) as name:
        appends(Path(name))
        growth(Path(name))


if __name__ == "__main__":
    main()
