"""Which file of the input a name means: a module, a path in a command, a folder of scripts."""

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sekisho.inspection.findings import Package, Use
from sekisho.inspection.virtual import unpacked

_JAVASCRIPT = ("", ".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".json", ".node", ".jsc", "/index.js", "/index.mjs",
               "/index.cjs", "/index.ts", "/index.tsx", "/index.node")  # fmt: skip
_BUILT = (".so", ".pyd", ".pyc")
"""Python's modules that are no source."""
_PYTHON = (".py", "/__init__.py", ".pyi")
_RUN = ("", ".js", ".mjs", ".cjs", ".ts", ".py", "/index.js", "/__main__.py")

_TELLING = 4
"""Letters that must be known of a path before it may mean anything."""

_LINKS = 8
"""Links to links."""


class Tree:
    """All paths of the input, and where the links among them point."""

    def __init__(self, paths: Sequence[str], links: Mapping[str, str]) -> None:
        self.paths = frozenset(paths)
        self._links = links
        self._sorted = sorted(paths)
        self._folders: dict[str, list[str]] = defaultdict(list)
        for path in sorted(paths):
            self._folders[path.rpartition("/")[0]].append(path)
        self._packages: dict[str, tuple[str, str]] = {}
        self._known: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._names: dict[str, list[str]] = defaultdict(list)
        for path in sorted(paths):
            self._names[path.rpartition("/")[2]].append(path)
        self._parts = {part.partition(".")[0] for path in paths for part in path.split("/")}

    def note(self, path: str, packages: Sequence[Package]) -> None:
        """Packages that a file declares, before anything is resolved; of several with one name the first is meant."""
        for name, entry in packages:
            self._packages.setdefault(name, (path.rpartition("/")[0], entry))

    def resolve(self, file: str, use: Use) -> tuple[str, ...]:
        """The files a use in `file` means; none if they lie outside the input."""
        key = (file.rpartition("/")[0], use.how, use.what)
        if key not in self._known:
            self._known[key] = tuple(dict.fromkeys(filter(None, map(self._followed, self._resolve(file, use)))))
        return self._known[key]

    def like(self, file: str, pattern: str) -> Iterator[str]:
        """The files that a path with unknown parts (`\\0`) may mean: beside `file` or below the folder it lies in."""
        known = re.sub(r"^(?:\.{1,2}/)+", "", pattern.replace("\\", "/").lstrip("\0/"))
        if len(known.replace("\0", "").strip("/.")) < _TELLING:
            return
        wanted = re.compile("(?:^|/)" + "[^/]*".join(map(re.escape, known.split("\0"))) + "$")
        folder = file.rpartition("/")[0]
        above = folder.rpartition("/")[0] if "../" in pattern else folder
        yield from (path for path in self.below(above) if wanted.search(path))

    def upward(self, file: str) -> Iterator[str]:
        """The folder of a file, and each above it, as far as the input goes."""
        folder = file.rpartition("/")[0]
        while folder:
            yield folder
            if folder.endswith("!"):
                return
            folder = folder.rpartition("/")[0]
        yield ""

    def _followed(self, path: str) -> str:
        """What a link leads to, if that is in the input; else the link."""
        for _ in range(_LINKS):
            if path not in self._links or self._links[path].startswith("/"):
                break
            path = self._joined(path.rpartition("/")[0], self._links[path])
        return path if path in self.paths else ""

    def below(self, folder: str) -> Iterator[str]:
        """All files in a folder, however deep."""
        prefix = f"{folder}/" if folder else ""
        return (path for path in self._sorted if path.startswith(prefix))

    def _resolve(self, file: str, use: Use) -> Iterator[str]:
        if len(use.what) > 1000 or "\n" in use.what:
            return
        if use.how == "import:python":
            yield from self._python(file, use.what)
        elif use.how == "import:javascript":
            yield from self._javascript(file, use.what)
        elif use.how not in {"script", "make", "task", "framework", "tests", "install", "idea"}:
            yield from self._path(file, use.what)

    def _python(self, file: str, module: str) -> Iterator[str]:
        """A module, from the importing file's folder upward: a local file shadows whatever is installed."""
        stripped = module.lstrip(".")
        level = len(module) - len(stripped)
        inner = stripped.replace(".", "/")
        if (not level and inner.partition("/")[0] not in self._parts) or (
            inner and inner.rpartition("/")[2] not in self._parts
        ):
            return
        folders = list(self.upward(file))
        if level:
            folders = folders[level - 1 : level]
        else:
            folders += [_under(folder, "src") for folder in folders]
        for folder in folders:
            found = [path for suffix in _PYTHON if (path := _under(folder, inner) + suffix) in self.paths]
            found = found or self._built(folder, inner)
            if not inner and _under(folder, "__init__.py") in self.paths:
                found = [_under(folder, "__init__.py")]
            if found:
                yield found[0]
                return

    def _built(self, folder: str, module: str) -> list[str]:
        """A module that is a library (`a.cpython-312-x86_64-linux-gnu.so`) or bytecode without its source."""
        base = _under(folder, module)
        beside = self._folders.get(base.rpartition("/")[0], ())
        return [path for path in beside if path.startswith(f"{base}.") and path.endswith(_BUILT)]

    def _javascript(self, file: str, spec: str) -> Iterator[str]:
        if spec.startswith("."):
            base = self._joined(file.rpartition("/")[0], spec)
            yield from self._first(base, _JAVASCRIPT)
            for script, source in ((".js", ".ts"), (".jsx", ".tsx"), (".mjs", ".mts")):
                if base.endswith(script):
                    yield from self._first(base[: -len(script)] + source, ("",))
            return
        for folder in self.upward(file):
            base = _under(folder, f"node_modules/{spec}")
            found = list(self._first(base, _JAVASCRIPT))
            if found or base in self._folders:
                yield from found
                return
        yield from self._packaged(spec)

    def _packaged(self, spec: str) -> Iterator[str]:
        """A package of the same workspace, or a file in one, by its name."""
        for name in (spec, "/".join(spec.split("/")[: 2 if spec[:1] == "@" else 1])):
            if name in self._packages:
                folder, entry = self._packages[name]
                base = self._joined(folder, entry if name == spec else spec[len(name) + 1 :])
                yield from list(self._first(base, _JAVASCRIPT)) or list(self._source_of(base))
                return

    def _path(self, file: str, what: str) -> Iterator[str]:
        """A path in a command."""
        path = what.replace("\\", "/").strip("\"'")
        for unknown in ("$_/", "\0/", "%~dp0"):
            path = path.rpartition(unknown)[2] if unknown in path else path
        path = path.lstrip("\0").removeprefix("$_")
        if not path.strip("./") or path.startswith(("~", "-")) or "$_" in path:
            return
        for folders in self._starts(file):
            for folder in folders:
                base = self._joined(folder, path.lstrip("/"))
                if path.endswith("/") and base.rstrip("/") in self._folders:
                    yield from self._folders[base.rstrip("/")]
                    break
                found = list(self._first(base, _RUN)) or list(self._source_of(base))
                if found:
                    yield from found
                    break

    def _source_of(self, path: str) -> Iterator[str]:
        """What `dist/a.js`, which is not here, is built from: `src/a.ts`."""
        built = re.match(r"(.*/)?(?:dist|out|build|lib)/(.*)\.[cm]?js$", path)
        if built:
            yield from self._first(f"{built[1] or ''}src/{built[2]}", (".ts", ".tsx", ".mts"))

    def _starts(self, file: str) -> Iterator[Iterator[str]]:
        """Where a command may be run: in the folder of its file or above; and, for settings in a folder such as
        `.vscode`, in the one that folder belongs to, whatever lies within."""
        yield self.upward(file)
        hidden = re.search(r"(?:^|/)\.[^/]+/", file)
        if hidden:
            yield self.upward(file[: hidden.start()] + "/x" if hidden.start() else "x")

    def _first(self, base: str, suffixes: Sequence[str]) -> Iterator[str]:
        for suffix in suffixes:
            if base + suffix in self.paths:
                yield base + suffix
                return

    def _joined(self, folder: str, path: str) -> str:
        joined = posixpath.normpath(posixpath.join(folder, unpacked(path)))
        return "" if joined == "." else joined


def _under(folder: str, name: str) -> str:
    """A name in a folder, which is empty for the input itself; not normalised, as nothing is asked more often."""
    return f"{folder}/{name}" if folder else name
