"""`make prove`: kills, races, fuzz, mutations and how often patterns err. PROVE_SCALE=0.1 runs a tenth.

`python -m prove crashes` (or logs, imports, patterns, fuzz, mutations) runs that part alone.
"""

import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from prove import branches, crashes, fuzz, imports, logs, mutations, patterns
from sekisho.replay.simulation.settings import Settings

SCALE = float(os.environ.get("PROVE_SCALE", "1"))
MUTATIONS = int(110_000 * SCALE)  # some change nothing, and are not counted
PER_PAYMENT = 150
KILLS = max(200, int(400 * SCALE))
FUZZ = int(20_000 * SCALE)
BATCHES = 16
LOG_KILLS = max(50, int(1_000 * SCALE))
LOG_BOUNDS = max(20, int(200 * SCALE))
IMPORT_KILLS = max(20, int(200 * SCALE))
DEEPEST = max(10, int(100 * SCALE))
SIMULATED_MEGABYTES = max(2, int(5 * SCALE))
PAYOUTS = max(25, int(250 * SCALE))
FLIPS = max(200, int(10_000 * SCALE))


def prove_mutations(seed: int) -> int:
    """Print the tally; how many must never happen."""
    rounds = -(-MUTATIONS // (PER_PAYMENT * BATCHES))
    total = mutations.Tally()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        seeds = range(seed, seed + BATCHES)
        for tally in pool.map(mutations.run, seeds, [rounds] * BATCHES, [PER_PAYMENT] * BATCHES):
            total.add(tally)
    print(f"honest payments      {total.honest:>8}   co-signed, finalised, accepted by Bitcoin Core's interpreter")
    print(f"  honest refused     {total.honest_refused:>8}")
    print(f"single mutations     {total.mutations:>8}   of {len(total.kinds)} kinds")
    print(f"  no PSBT any more   {total.malformed:>8}")
    print(f"  refused            {total.refused:>8}")
    print(f"  signed, honest     {total.signed_honest:>8}   by the oracle: still what was asked for")
    print(f"  signed, void       {total.signed_void:>8}   a Taproot coin that does not exist: can never confirm")
    print(f"  wrongly signed     {total.wrongly_signed:>8}")
    for line in total.wrong[:10]:
        print(f"  !! {line}")
    return total.wrongly_signed + total.honest_refused


def prove_crashes(_: int) -> int:
    """Print what the kills and races left; how many faults."""
    with tempfile.TemporaryDirectory(prefix="sekisho-prove-") as name:
        folder = Path(name)
        deaths = crashes.kill_everywhere(folder, KILLS)
        print(
            f"kills                {deaths.kills:>8}   spread over every line; {deaths.recorded} after the record, "
            f"{deaths.signed} of them after the signature"
        )
        print(f"  missed             {deaths.missed:>8}")
        print(f"  signature, no record{deaths.signature_without_record:>7}")
        print(f"  second transaction {deaths.second_transaction:>8}")
        print(f"  limit exceeded     {deaths.limit_exceeded:>8}")
        print(f"  payment lost       {deaths.never_signed_after_all:>8}")
        faults = deaths.faults
        for processes, share in ((2, crashes.LIMIT), (8, crashes.LIMIT // 4)):
            results = [crashes.race(folder / f"race-{processes}-{number}", processes, share) for number in range(10)]
            exact = sum(won == could for won, could in results)
            print(f"races of {processes} processes  {len(results):>8}   exactly the limit went out in {exact}")
            faults += len(results) - exact
    return faults


def prove_logs(seed: int) -> int:
    """Print what fire left of logs; how many faults."""
    with tempfile.TemporaryDirectory(prefix="sekisho-prove-") as name:
        folder = Path(name)
        rows = {
            "log kills": logs.kill(folder, LOG_KILLS),
            "disk full": logs.fill(folder, LOG_BOUNDS),
            "flipped bits": logs.flip(folder, FLIPS, seed),
        }
    for what, fires in rows.items():
        ended = "noticed" if what == "flipped bits" else "struck before the work was done"
        print(f"{what:<21}{fires.trials:>8}   {fires.struck} {ended}")
        print(f"  acknowledged, lost {fires.acknowledged_lost:>8}")
        print(f"  heads of two trees {fires.two_trees:>8}")
        print(f"  not recovered      {fires.not_recovered:>8}")
    return sum(fires.faults for fires in rows.values())


def prove_fuzz(seed: int) -> int:
    """Print a line for each parser; how many faults."""
    faults = 0
    for row in fuzz.run(seed, FUZZ):
        print(
            f"fuzz {row.name:<16}{row.inputs:>8}   {row.values} values, {row.errors} errors of ours, "
            f"{row.foreign} others; slowest {row.slowest * 1000:.0f} ms"
        )
        faults += row.faults
    return faults


def prove_imports(seed: int) -> int:
    """Print what kills and other branches left of stores; how many faults."""
    with tempfile.TemporaryDirectory(prefix="sekisho-prove-") as name:
        kills = imports.kill(Path(name), IMPORT_KILLS, seed)
    print(f"import kills         {kills.kills:>8}   {kills.struck} struck before the work was done")
    print(f"  faults             {kills.faults:>8}   stores that did not open, were no chain, or ended otherwise")
    with tempfile.TemporaryDirectory(prefix="sekisho-prove-") as name:
        found = branches.change(Path(name), DEEPEST, seed)
    print(f"branches             {found.changes:>8}   one of each depth; {found.struck} imports of it killed as well")
    print(f"  ended with an error{found.refused:>8}")
    print(f"  rolled back otherwise{found.not_rolled_back:>6}")
    print(f"  not as fresh ones  {found.not_equal:>8}")
    return kills.faults + found.faults


def prove_patterns(seed: int) -> int:
    """Print how right every rule is on a simulated chain: figures to read, none of them a fault."""
    settings = Settings(seed=seed % 2**31, megabytes=SIMULATED_MEGABYTES)
    with tempfile.TemporaryDirectory(prefix="sekisho-prove-") as name:
        for row in patterns.run(Path(name), settings, PAYOUTS, seed):
            print(row)
    return 0


def main() -> int:
    """Run everything; 0 when nothing happened that must not."""
    seed = int(os.environ.get("PROVE_SEED", str(time.time_ns() % 2**32)))
    print(f"seed {seed} (PROVE_SEED runs it again)")
    parts = {
        "crashes": prove_crashes,
        "logs": prove_logs,
        "imports": prove_imports,
        "patterns": prove_patterns,
        "fuzz": prove_fuzz,
        "mutations": prove_mutations,
    }
    faults = sum(parts[name](seed) for name in sys.argv[1:] or parts)
    print("nothing happened that must not" if not faults else f"{faults} FAULTS")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
