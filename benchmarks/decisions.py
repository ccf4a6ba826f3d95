"""`make bench`: how fast the checkpoint decides and signs, beside the floor measured in the same run.

The case: a PSBT of 9 inputs, each with its previous transaction, from the recommended wallet; the requester's signature
and 3 approvals; a policy with every rule; and past payments in the state. The floor is what any implementation must do:
9 secp256k1 signatures, 3 P-256 verifications, 1 fsync, and bdkpython's parse of the same PSBT.

Machines are noisy: floor and decisions are measured in turn, and medians and ratios are reported.
"""

import base64
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import bdkpython
from coincurve import PrivateKey
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from sekisho.bitcoin.sats import COIN
from sekisho.checkpoint.state import FOREVER
from sekisho.policy.rules.look_alike import look_keys
from sekisho.replay.vendor import psbt_by_embit
from support.kits import KITS
from support.world import BOB, CAROL, World, address

ROUNDS = 60
WARM_UP = 5
PAST = (0, 1_000, 10_000, 100_000)
KIT = KITS["recommended"]

POLICY = """
[[velocity_limit]]
per = "wallet"
sats = 2_000_000_000_000_000
window_hours = 24

[[velocity_limit]]
per = "requester"
count = 1_000_000
window_hours = 168

[[velocity_limit]]
per = "destination"
sats = 2_000_000_000_000_000
window_hours = 168

[fee_cap]
sats = 1_000_000
percent = 5
sat_per_vb = 500

[look_alike]

[sweep]
leave_change = true
"""


def past(world: World, count: int) -> None:
    """Payments of the last hundred days, evenly spread, each to an address of its own."""
    now, wallet = int(world.now.timestamp()), KIT.wallet.id
    rows, payees, looks = [], [], []
    for number in range(count):
        digest, at = number.to_bytes(32, "big"), now - (number * 100 * 86_400) // max(count, 1) - 1
        rows.append((digest, f"old-{number}", "rie", wallet, digest, at, FOREVER, 10_000))
        script = b"\x00\x14" + number.to_bytes(20, "big")
        payees.append((digest, script, 9_000, at, FOREVER))
        looks += [(key, f"old {number}") for key in look_keys(address(script))]  # type: ignore[arg-type]
    with world.state.transaction():
        world.state.database.executemany("INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
        world.state.database.executemany("INSERT INTO payees VALUES (?, ?, ?, ?, ?)", payees)
        world.state.database.executemany("INSERT OR IGNORE INTO looks VALUES (?, ?)", looks)


def timed(work: Callable[[], object]) -> float:
    """Seconds for one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def floor(psbt: bytes, folder: Path) -> Callable[[], None]:
    """9 signatures, 3 verifications, 1 fsync, 1 parse."""
    secret, digest = PrivateKey(bytes(31) + b"\x07"), bytes(32)
    key = ec.generate_private_key(ec.SECP256R1())
    public, algorithm = key.public_key(), ec.ECDSA(SHA256())
    signature = key.sign(b"message", algorithm)
    text = base64.b64encode(psbt).decode()
    file = os.open(folder / "floor", os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def work() -> None:
        bdkpython.Psbt(text)
        for _ in range(3):
            public.verify(signature, b"message", algorithm)
        os.write(file, bytes(4096))
        os.fsync(file)
        for _ in range(9):
            secret.sign(digest, hasher=None)

    return work


def cases(world: World, count: int) -> list[tuple[bytes, list[bytes], bytes]]:
    """Different honest cases, made beforehand."""
    made = []
    for number in range(count):
        request = world.request((BOB, COIN), (CAROL, 2 * COIN))
        coins = KIT.fund(*(COIN + number * 10 + place for place in range(9)))
        signed = world.cast.approved(request, "aya", "ben", "chie")
        made.append((request.raw, [each.raw for each in signed], psbt_by_embit(world.draft(request, coins))))
    return made


def measure(count: int) -> tuple[list[float], list[float], int]:
    """Seconds for each decision and for each floor, in turn; and the PSBT's size."""
    with tempfile.TemporaryDirectory(prefix="sekisho-bench-", dir=Path.cwd()) as name:
        folder = Path(name)
        world = World(folder, KIT, limits=POLICY)
        past(world, count)
        world.now += timedelta(seconds=1)
        made = cases(world, ROUNDS + WARM_UP)
        ground = floor(made[0][2], folder)
        decisions, floors = [], []
        for case in made:
            floors.append(timed(ground))
            start = time.perf_counter()
            answer = world.checkpoint.cosign(*case)
            decisions.append(time.perf_counter() - start)
            if answer.psbt is None:
                sys.exit(f"a case was refused: {answer.verdict}")
        world.state.close()
        return decisions[WARM_UP:], floors[WARM_UP:], len(made[0][2])


def at(values: Sequence[float], share: float) -> float:
    """A quantile, in milliseconds."""
    return 1000 * sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    """Print a line for each number of past payments."""
    print("one case: 9 inputs, 3 approvals, every rule; decided, recorded, compared again, signed, on disk")
    print("   past payments   decisions/s      p50      p99    floor p50   ratio of medians")
    size = 0
    for count in PAST:
        decisions, floors, size = measure(count)
        ratio = statistics.median(decisions) / statistics.median(floors)
        print(
            f"{count:>16,}{1 / statistics.median(decisions):>14.0f}{at(decisions, 0.5):>8.1f} ms"
            f"{at(decisions, 0.99):>6.1f} ms{at(floors, 0.5):>10.2f} ms{ratio:>12.1f}"
        )
    print(f"the PSBT is {size:,} bytes; each line the median of {ROUNDS} rounds, floor and decision in turn")


if __name__ == "__main__":
    main()
