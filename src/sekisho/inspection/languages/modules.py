"""What the name of a module says: that it lies behind an address, or that it can start what it is told."""

import re
import sys
from collections.abc import Collection

_PUBLIC = re.compile(
    r"https?://(?:[\w-]+\.)*(?:deno\.land|esm\.sh|esm\.run|jsr\.io|jsdelivr\.net|unpkg\.com|skypack\.dev|jspm\.(?:io|dev)"
    r"|cloudflare\.com|gstatic\.com|googleapis\.com|googletagmanager\.com|crux\.land|denopkg\.com|nest\.land|pika\.dev"
    r"|jquery\.com|bootcdn\.net|bootstrapcdn\.com|aspnetcdn\.com|stripe\.com|paypal\.com|polyfill\.io|localhost|127\.0\.0\.1"
    r"|w3\.org|pyscript\.net|modularjs\.com)(?:[:/]|$)",
    re.IGNORECASE,
)
"""Where packages are served to browsers and Deno, whoever wrote them."""

_STARTING = frozenset({
    "child_process", "vm", "module", "worker_threads", "inspector", "repl", "cluster", "process", "v8", "wasi", "eval",
    "os", "subprocess", "pty", "posix", "nt", "ctypes", "builtins", "importlib", "marshal", "pickle", "code", "runpy",
    "imp", "_winapi", "winreg", "sys", "types", "commands", "popen2", "shutil", "multiprocessing", "asyncio",
})  # fmt: skip
"""Modules by which a program starts others, or makes code; `os` in Python alone, but names are few."""


_STANDARD = sys.stdlib_module_names | {
    "assert", "buffer", "console", "constants", "crypto", "dgram", "dns", "events", "fs", "http2", "https", "net",
    "path",
    "perf_hooks", "process", "punycode", "querystring", "readline", "stream", "timers", "tls", "url", "util", "zlib",
}  # fmt: skip
"""Modules that come with Python or Node."""


def only_helps(names: Collection[str]) -> bool:
    """Whether names are known, one is of a standard module, and none of a file, or of a module that starts programs or
    makes code."""
    roots = {name.removeprefix("node:").partition(".")[0].partition("/")[0] for name in names}
    unclear = any("\0" in name or name[:1] in {".", "/"} for name in names)
    return not unclear and not roots.isdisjoint(_STANDARD) and roots.isdisjoint(_STARTING)


def is_remote_module(name: str) -> bool:
    """Whether a module's name is an address of somebody's own, so that what it is may change at any time."""
    return name.startswith(("http://", "https://", "//")) and not _PUBLIC.match(name)
