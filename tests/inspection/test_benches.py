"""What the benches of inspection stand on: their packages, their bounds, their fixtures, their measuring."""

import hashlib
import io
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path

import packages as listing
import pytest
from compare import laid_out
from fixture_sets import at_least_as_grave, development
from packages import NotToBeHad, Package, packages, stand_in, tree
from processes import run
from rates import at_most, lower_bound, upper_bound
from scanners import Failed, answer
from speed import MEAN, Source, drawn

from sekisho.inspection.rules.chain import Verdict


def test_the_list_is_pinned_and_of_the_size_we_quote() -> None:
    listed = packages()
    assert Counter(package.group.partition("-")[0] for package in listed) == {"pypi": 100, "npm": 40}
    assert len({(package.kind, package.name) for package in listed}) == len(listed)
    assert {package.kind for package in listed} == {"sdist", "wheel", "npm"}
    assert all(len(bytes.fromhex(package.sha256)) == 32 for package in listed)
    for stack in ("ccxt", "web3", "eth-account", "embit", "bdkpython", "ethers", "viem", "bitcoinjs-lib"):
        assert any(package.name == stack and package.group.endswith("-crypto") for package in listed), stack


BOUNDS = {  # hits, tries, upper: 1 - 0.05 ** (1 / tries) without hits; one of ten from the tables
    "none of 300 is the rule of three": (0, 300, 0.009936),
    "none of 40": (0, 40, 0.07216),
    "one of ten": (1, 10, 0.39416),
    "all of them say nothing": (7, 7, 1.0),
    "nothing tried, nothing known": (0, 0, 1.0),
}


@pytest.mark.parametrize(("hits", "tries", "bound"), BOUNDS.values(), ids=BOUNDS)
def test_bounds(hits: int, tries: int, bound: float) -> None:
    assert upper_bound(hits, tries) == pytest.approx(bound, abs=1e-4)
    assert lower_bound(tries - hits, tries) == pytest.approx(1 - bound if tries else 0, abs=1e-4)


def test_a_share_is_told_with_its_bound() -> None:
    assert at_most(0, 40) == "0 of 40 (at most 7.2%)"


def test_every_development_fixture_names_a_place_in_its_own_files() -> None:
    pairs = development()
    assert len(pairs.hostile) > 60
    assert len(pairs.honest) > 40
    assert all(place.file in fixture.files for fixture in pairs.hostile for place in fixture.places)


def test_gravity() -> None:
    assert at_least_as_grave(Verdict.BLOCK, Verdict.REVIEW)
    assert not at_least_as_grave(Verdict.REVIEW, Verdict.BLOCK)


def test_what_a_program_costs_is_summed_over_its_processes() -> None:
    hold = "x = bytearray(80_000_000); import time; time.sleep(0.6)"
    twice = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}]); print('done'); sys.exit(3)"
    ended = run([sys.executable, "-c", f"y = bytearray(80_000_000); {twice}"])
    assert (ended.status, ended.output) == (3, "done\n")
    assert 150 < ended.peak < 400
    assert ended.cpu > 0
    assert ended.seconds >= 0.6


def test_programs_are_run_offline() -> None:
    ask = "import urllib.request; urllib.request.urlopen('https://a.invalid', timeout=5)"
    assert "Connection refused" in run([sys.executable, "-c", ask]).errors


def test_fixtures_are_laid_out_as_folders(tmp_path: Path) -> None:
    hostile = development().hostile
    folders = laid_out(tmp_path, "development", hostile)
    for fixture, folder in zip(hostile, folders.values(), strict=True):
        assert {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()} == set(fixture.files)


def test_a_sample_of_files_has_the_mean_we_quote() -> None:
    found = [Source(Path(f"{size}.py"), f"{size}.py", size) for size in range(10, 60_000, 10)]
    chosen = drawn(found, 500)
    assert len(chosen) == len(set(chosen)) == 500
    assert sum(each.size for each in chosen) / 500 == pytest.approx(MEAN, rel=0.1)


def test_a_scanner_without_an_answer_has_failed() -> None:
    said = run([sys.executable, "-c", "import sys; print('no JSON'); sys.exit('the rules did not load')"])
    with pytest.raises(Failed, match="status 1, the rules did not load"):
        answer(said)
    assert answer(run([sys.executable, "-c", 'print("hello", \'{"results": []}\')'])) == {"results": []}


@pytest.mark.parametrize("backend", ["setuptools.build_meta", "poetry.core.masonry.api", "hatchling.build"])
def test_the_stand_in_says_what_an_archive_is_called(
    backend: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "CACHE", tmp_path / "cache")
    (tmp_path / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: two-words\nVersion: 1.2\n\nLong text\n")
    code = f"import {backend} as it; print(it.prepare_metadata_for_build_wheel('.'), it.__legacy__.__name__)"
    said = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": str(stand_in())},
                          capture_output=True, text=True, check=True).stdout  # fmt: skip
    assert said == "two_words-1.2.dist-info stand_in_build\n"
    assert (tmp_path / "two_words-1.2.dist-info" / "METADATA").read_text().startswith("Metadata-Version: 2.1\nName")


def packed(cache: Path) -> Package:
    """An archive in the cache: a file, a link out of the folder, and a name above it."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, target in (("a-1/a.py", ""), ("a-1/out", "../../../etc/passwd"), ("../above.py", "")):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = (tarfile.SYMTYPE, target) if target else (tarfile.REGTYPE, "")
            archive.addfile(member, io.BytesIO())
    package = Package("pypi-hard", "a", "1", "sdist", hashlib.sha256(made.getvalue()).hexdigest())
    (cache / "packages" / "a-1-sdist" / "archive").mkdir(parents=True)
    (cache / "packages" / "a-1-sdist" / "archive" / "a-1.tar.gz").write_bytes(made.getvalue())
    return package


def test_an_archive_is_unpacked_within_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "CACHE", tmp_path)
    folder = tree(packed(tmp_path))
    assert folder.name == "a-1"
    assert [each.name for each in folder.iterdir()] == ["a.py"]
    assert list(tmp_path.rglob("above.py")) == []


def test_other_bytes_than_the_pinned_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "CACHE", tmp_path)
    with pytest.raises(NotToBeHad, match="not the bytes that are pinned"):
        tree(packed(tmp_path)._replace(sha256="00" * 32))
