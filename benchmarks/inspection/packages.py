"""The honest packages that the benches read: pinned by name, version and SHA-256, fetched once, outside the tree.

Their clients fetch them: `npm pack`, which runs no script of a package, and `pip download`. For a source archive pip
asks the package's own build program for its name and version; ours stands in for it (`stand_in`), so nothing of a
package is ever run. Run as a program it fetches and unpacks all of them.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from environments import CACHE, NoEnvironment, programs_of

LIST = Path(__file__).with_name("packages.txt")

BACKENDS = (
    "flit_core.buildapi", "flit_scm", "hatchling.build", "jupyter_packaging.build_api", "maturin", "mesonpy",
    "pbr.build", "pdm.backend", "poetry.core.masonry.api", "poetry.masonry.api", "scikit_build_core.build",
    "setuptools.build_meta", "uv_build",
)  # fmt: skip
"""Build programs that packages name, each answered by the stand-in."""

STAND_IN = """
import email, pathlib
def prepare_metadata_for_build_wheel(directory, settings=None):
    raw = pathlib.Path("PKG-INFO").read_bytes()
    said = email.message_from_bytes(raw)
    folder = pathlib.Path(directory, f"{said['Name'].replace('-', '_')}-{said['Version']}.dist-info")
    folder.mkdir()
    (folder / "METADATA").write_bytes(raw)
    return folder.name
"""
"""What a build program answers when pip asks for name and version: what the archive says of itself."""

WHEELS = ("--only-binary", ":all:", "--implementation", "cp", "--python-version", "3.12", *(
    word for tag in ("manylinux_2_35", "manylinux_2_28", "manylinux_2_17", "manylinux2014")
    for word in ("--platform", f"{tag}_x86_64")
))  # fmt: skip
"""The same wheels on every machine: they are read and never installed."""


class Package(NamedTuple):
    """One line of the list. `kind` is sdist, wheel or npm."""

    group: str
    name: str
    version: str
    kind: str
    sha256: str

    @property
    def home(self) -> Path:
        """Where its archive and its unpacked tree are kept."""
        return CACHE / "packages" / f"{self.name.replace('/', '_')}-{self.version}-{self.kind}"


class NotToBeHad(Exception):
    """A package that could not be fetched, or whose bytes are not the pinned ones."""


def packages() -> tuple[Package, ...]:
    """All of them, in the order of the list."""
    lines = (line.split() for line in LIST.read_text().splitlines() if line and not line.startswith("#"))
    return tuple(Package(*line) for line in lines)


def archive(package: Package) -> Path:
    """Its archive, fetched if it is not there yet. Raises NotToBeHad."""
    folder = package.home / "archive"
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.iterdir()):
        _fetch(package, folder)
    found = next(folder.iterdir())
    if hashlib.sha256(found.read_bytes()).hexdigest() != package.sha256:
        raise NotToBeHad(f"{found}: not the bytes that are pinned; delete it to fetch it again")
    return found


def tree(package: Package) -> Path:
    """The folder of its files, unpacked once. Links that lead out of it are left out. Raises NotToBeHad."""
    done = package.home / "tree"
    if not done.exists():
        packed, partial = archive(package), package.home / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        if packed.suffix in {".whl", ".zip"}:
            with zipfile.ZipFile(packed) as members:
                members.extractall(partial)  # noqa: S202 - it keeps within the folder, and the bytes are pinned
        else:
            with tarfile.open(packed) as members:
                members.extractall(partial, filter=_inside)  # noqa: S202 - as above
        partial.rename(done)
    inner = list(done.iterdir())
    return inner[0] if len(inner) == 1 and inner[0].is_dir() else done


def trees(wanted: tuple[Package, ...] | None = None) -> Iterator[tuple[Package, Path]]:
    """Packages and their folders; what is not to be had is named on the error output and left out."""

    def one(package: Package) -> Path | Exception:
        try:
            return tree(package)
        except (NotToBeHad, NoEnvironment) as why:
            return why

    stand_in()
    chosen = packages() if wanted is None else wanted
    with ThreadPoolExecutor(4) as several:
        for package, found in zip(chosen, several.map(one, chosen), strict=True):
            if isinstance(found, Path):
                yield package, found
            else:
                print(f"LEFT OUT {package.name} {package.version}: {found}", file=sys.stderr)


def _fetch(package: Package, folder: Path) -> None:
    if package.kind == "npm":
        command = ["npm", "pack", f"{package.name}@{package.version}", "--silent", "--ignore-scripts"]
        command += ["--pack-destination", str(folder)]
    else:
        sources = ("--no-binary", ":all:", "--no-build-isolation", "--ignore-requires-python")
        pip = (str(programs_of("pip") / "python"), "-m", "pip", "download", "--quiet", "--no-deps")
        command = [*pip, *(WHEELS if package.kind == "wheel" else sources), "--dest", str(folder)]
        command += [f"{package.name}=={package.version}"]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=600, cwd=folder,  # noqa: S603
                       env={**os.environ, "PYTHONPATH": str(stand_in())})  # fmt: skip
    except FileNotFoundError as why:
        raise NotToBeHad(f"{command[0]} is not installed") from why
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as why:
        said = str(why.stderr or why).strip().splitlines()
        raise NotToBeHad(said[-1] if said else "no answer") from why
    if len(list(folder.iterdir())) != 1:
        raise NotToBeHad(f"{command[0]} wrote no archive, or several, into {folder}")


def stand_in() -> Path:
    """A folder for Python's path in which every build program is ours."""
    folder = CACHE / "stand-in"
    if not folder.exists():
        partial = CACHE / f"stand-in.{os.getpid()}"
        for name in BACKENDS:
            module = partial.joinpath(*name.split(".")).with_suffix(".py")
            module.parent.mkdir(parents=True, exist_ok=True)
            for folder_of in module.relative_to(partial).parents[:-1]:
                (partial / folder_of / "__init__.py").touch()  # or an installed package of that name would win
            # Projects without pyproject.toml are asked by the name `setuptools.build_meta:__legacy__`.
            module.write_text("from stand_in_build import *\nimport stand_in_build as __legacy__\n")
        (partial / "stand_in_build.py").write_text(STAND_IN)
        partial.rename(folder)
    return folder


def _inside(member: tarfile.TarInfo, path: str) -> tarfile.TarInfo | None:
    try:
        return tarfile.data_filter(member, path)
    except tarfile.FilterError:
        return None


def main() -> None:
    """Fetch and unpack all of them, and say how many there are."""
    groups: dict[str, int] = {}
    for package, _ in trees():
        groups[package.group] = groups.get(package.group, 0) + 1
    print(", ".join(f"{count} {group}" for group, count in groups.items()), "in", CACHE)


if __name__ == "__main__":
    main()
