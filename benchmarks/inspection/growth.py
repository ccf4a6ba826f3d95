"""How the time of an inspection grows with the number of files, and with their size: an exponent of 1 is linear.

    python benchmarks/inspection/growth.py [--files N]

Seconds of processors, which other work disturbs less than those of the clock; workers start in every run.
"""

import argparse
from collections.abc import Iterator
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory

from speed import Source, drawn, laid_out, ours, sources

SIZES = (17_000, 68_000, 272_000, 1_000_000)
OF_A_SIZE = 20
"""Files of each size, for growth with the size."""


def growth(title: str, steps: Iterator[tuple[str, float, Path]]) -> None:
    """Cost by size, and the exponent over the whole range and over its last step."""
    print(f"{title:<22}{'MB':>8}{'CPU s':>8}{'CPU s/MB':>10}{'peak MiB':>10}")
    points = []
    for name, size, folder in steps:
        ended = ours(folder)
        points.append((log(size), log(ended.cpu)))
        print(
            f"{name:<22}{size / 1e6:>8.2f}{ended.cpu:>8.1f}{ended.cpu / size * 1e6:>10.2f}{ended.peak:>10.0f}",
            flush=True,
        )
    whole, last = ((points[-1][1] - start[1]) / (points[-1][0] - start[0]) for start in (points[0], points[-2]))
    print(f"CPU seconds grow with size to the power of {whole:.2f}, {last:.2f} over the last step\n")


def by_number(chosen: list[Source], root: Path) -> Iterator[tuple[str, float, Path]]:
    """An eighth, a quarter, half and all of the files."""
    for part in (8, 4, 2, 1):
        some = chosen[: len(chosen) // part]
        yield f"{len(some)} files", sum(each.size for each in some), laid_out(some, root / str(part))


def by_size(found: list[Source], suffix: str, root: Path) -> Iterator[tuple[str, float, Path]]:
    """Files of one language, each longer than the last: the same modules one after another."""
    parts = [each.path.read_bytes() for each in found if each.path.suffix == suffix and 2_000 < each.size < 17_000]
    for size in SIZES:
        folder = root / f"{suffix[1:]}-{size}"
        folder.mkdir()
        for number in range(OF_A_SIZE):
            text = b""
            for part in parts[number * 40 :]:
                text += part + b"\n"
                if len(text) >= size:
                    break
            (folder / f"module_{number}{suffix}").write_bytes(text)
        yield f"{OF_A_SIZE} files {suffix}", sum(file.stat().st_size for file in folder.iterdir()), folder


def main() -> None:
    """Draw, lay out, measure, print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--files", type=int, default=5_000)
    found = sources()
    chosen = drawn(found, asked.parse_args().files)
    with TemporaryDirectory() as home:
        root = Path(home)
        growth("with files", by_number(chosen, root))
        for suffix in (".py", ".js"):
            growth(f"with size, {suffix}", by_size(found, suffix, root))


if __name__ == "__main__":
    main()
