"""What a file is: by its first bytes, then by its name. Nothing is left out because of a name, a size or a folder."""

import re
from typing import NamedTuple

from sekisho.inspection.virtual import Form, VirtualFile

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x7fELF", "opaque:a Linux program or library"), (b"MZ", "opaque:a Windows program or library"),
    (b"\xcf\xfa\xed\xfe", "opaque:a macOS program or library"), (b"\xce\xfa\xed\xfe", "opaque:a macOS program"),
    (b"\xca\xfe\xba\xbe", "opaque:a Java class or macOS program"), (b"\0asm", "opaque:WebAssembly"),
    (b"dex\n", "opaque:an Android program"), (b"\x89PNG", "data"), (b"GIF8", "data"), (b"\xff\xd8\xff", "data"),
    (b"wOFF", "data"), (b"wOF2", "data"), (b"OTTO", "data"), (b"\0\1\0\0", "data"), (b"%PDF", "data"),
    (b"SQLite format 3", "data"), (b"RIFF", "data"), (b"OggS", "data"), (b"ID3", "data"), (b"PK\x03\x04", "archive"),
    (b"\x1f\x8b", "archive"), (b"BZh", "archive"), (b"\xfd7zXZ", "archive"), (b"7z\xbc\xaf", "opaque:a 7z archive"),
    (b"Rar!", "opaque:a rar archive"), (b"\x28\xb5\x2f\xfd", "opaque:a zstd stream"),
    (b"\x04\x22\x4d\x18", "opaque:an lz4 stream"), (b"LZIP", "opaque:an lzip stream"),
    (b"\x1f\x9d", "opaque:a compress stream"), (b"MSCF", "opaque:a cabinet archive"),
    (b"!<arch>\ndebian-binary", "opaque:a Debian package"), (b"\xed\xab\xee\xdb", "opaque:an RPM package"),
    (b"070701", "opaque:a cpio archive"), (b"070702", "opaque:a cpio archive"), (b"070707", "opaque:a cpio archive"),
    (b"DIRC", "data"),
    (b"PACK", "data"), (b"\xfftOc", "data"),
)  # fmt: skip

_SPELLED = re.compile(rb"[!-~ \n]+\Z")
_ELECTRON = re.compile(rb"\x04\0\0\0.{12}\{\"files\":", re.DOTALL)

_BY_SUFFIX = {
    **dict.fromkeys((".py", ".pyw", ".pyi", ".pyx", ".wsgi", ".bzl"), "python"),
    **dict.fromkeys((".js", ".mjs", ".cjs", ".es6", ".gs"), "javascript"),
    **dict.fromkeys((".ts", ".mts", ".cts"), "typescript"), **dict.fromkeys((".tsx", ".jsx"), "tsx"),
    ".vue": "html", ".svelte": "html",
    **dict.fromkeys((".sh", ".bash", ".zsh", ".ksh", ".command", ".bats", ".envrc"), "shell"),
    **dict.fromkeys((".json", ".jsonc", ".json5", ".code-workspace", ".webmanifest", ".babelrc", ".eslintrc"), "json"),
    ".ipynb": "notebook", ".mk": "make", ".dockerfile": "docker", ".toml": "toml", ".yml": "yaml", ".yaml": "yaml",
    **dict.fromkeys((".cfg", ".ini", ".pypirc", ".npmrc", ".conf"), "ini"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"), ".pth": "pth",
    **dict.fromkeys((".pkl", ".pickle", ".joblib", ".dill", ".pt", ".pth.tar"), "pickle"),
    ".rs": "foreign:Rust", ".go": "foreign:Go", ".java": "foreign:Java", ".kt": "foreign:Kotlin",
    ".kts": "foreign:Kotlin", ".gradle": "foreign:Gradle", ".rb": "foreign:Ruby", ".gemspec": "foreign:Ruby",
    ".php": "foreign:PHP", ".pl": "foreign:Perl", ".lua": "foreign:Lua", ".ps1": "foreign:PowerShell",
    ".psm1": "foreign:PowerShell", ".bat": "foreign:Windows batch", ".cmd": "foreign:Windows batch", ".c": "foreign:C",
    ".cc": "foreign:C++", ".cpp": "foreign:C++", ".h": "foreign:C", ".hpp": "foreign:C++", ".m": "foreign:Objective-C",
    ".swift": "foreign:Swift", ".cs": "foreign:C#", ".scala": "foreign:Scala", ".sol": "foreign:Solidity",
    ".cmake": "foreign:CMake", ".gyp": "gyp", ".gypi": "gyp", ".vbs": "foreign:VBScript",
    ".fish": "foreign:fish", ".m4": "foreign:M4", ".nix": "foreign:Nix", ".applescript": "foreign:AppleScript",
}  # fmt: skip
_BY_NAME = {
    "makefile": "make", "gnumakefile": "make", "dockerfile": "docker", "containerfile": "docker", ".envrc": "shell",
    ".bashrc": "shell", ".profile": "shell", ".zshrc": "shell", "package.json": "json", ".babelrc": "json",
    ".eslintrc": "json", "cmakelists.txt": "foreign:CMake", "rakefile": "foreign:Ruby", "gemfile": "foreign:Ruby",
    "justfile": "just", "vagrantfile": "foreign:Ruby", "jenkinsfile": "foreign:Jenkins", ".npmrc": "ini",
    ".gitmodules": "ini", ".gitconfig": "ini", "pipfile": "toml", "poetry.lock": "toml", "cargo.lock": "toml",
    "configure.ac": "foreign:M4", "requirements.txt": "requirements", "sconstruct": "python", "wscript": "python",
}  # fmt: skip
_BINARY_SUFFIX = re.compile(
    r"\.(?:png|jpe?g|gif|bmp|ico|webp|woff2?|ttf|otf|eot|mp[34]|wav|ogg|webm|avi|mov|pdf|docx?|xlsx?|pptx?|bin|dat|exe|dll"
    r"|so|dylib|node|wasm|pyc|db|sqlite)$"
)
_DATA_SUFFIX = re.compile(
    r"\.(?:png|jpe?g|gif|bmp|ico|webp|woff2?|ttf|otf|eot|mp[34]|wav|ogg|webm|avi|mov|pdf|docx?|xlsx?|pptx?|db|sqlite|lock)$"
)
_TEXT_NAME = re.compile(
    r"\.(?:txt|md|mdx|rst|adoc|csv|tsv|log|xml|svg|css|dat|bin|tmp|bak|map|sum|license)$"
    r"|^(?:license|licence|readme|changelog|notice|authors|copying)$|^\.(?:gitignore|gitkeep|editorconfig|ds_store)$"
)
_LOOSE = re.compile(
    r"\.(?:json5?|csv|tsv|txt|dat|bin|ya?ml|toml|log|xml|svg|css|map|bak|tmp|data|env|ini"
    r"|po|properties|plist|resx|xlf|geojson|ndjson|jsonl)$"
)
_JAVASCRIPT = re.compile(
    r"\brequire\s*\(|=>|\bfunction\b|\bconst\s|\beval\s*\(|\bmodule\.exports\b|\bimport\s.+\sfrom\b"
)
_PYTHON = re.compile(r"^(?:import \w|from \w[\w.]* import |def \w+\(|exec\(|class \w+[(:])", re.MULTILINE)
_SHEBANG = re.compile(rb"^#![^\n]{0,200}?\b(python|node|bun|deno|bash|dash|zsh|sh|ruby|perl|php|osascript)[\d.]*\b")
_PICKLED = re.compile(rb"\x80[\x02-\x05]|c[A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n|[(\]})]|I\d+\n")
_HOOK_FOLDERS = ("/hooks", "/.husky", "/.husky/_", "/.githooks", "/githooks", "/git-hooks", "/.hooks")
_REQUIREMENTS = re.compile(r"^(?:.*[-_])?(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in)$")


class Class(NamedTuple):
    """`language`: what reads it; `opaque:…` and `foreign:…` say why nothing does. `disguised`: program text under the
    name of something else."""

    language: str
    disguised: bool = False


def classify(file: VirtualFile) -> Class:
    """What to read a file as."""
    if file.form is not Form.FILE:
        return Class("link" if file.form is Form.LINK else "special")
    name = file.name.lower()
    if not file.data:
        return Class("empty")
    binary = _binary(file.data, name)
    if binary:
        return Class(binary)
    shebang = _SHEBANG.match(file.data)
    language = _named(name) or (_interpreted(shebang[1].decode()) if shebang else "")
    if not language and _within_hooks(file.path):
        language = "shell"
    if _BINARY_SUFFIX.search(name):
        return _in_disguise(file.data)
    return Class(language or "text")


def guess(data: bytes) -> str:
    """The language of program text without a telling name; nothing if it looks like none."""
    shebang = _SHEBANG.match(data)
    if shebang:
        return _interpreted(shebang[1].decode())
    text = data[:200_000].decode("utf-8", "replace")
    if _PYTHON.search(text):
        return "python"
    return "javascript" if _JAVASCRIPT.search(text) else ""


def _in_disguise(data: bytes) -> Class:
    guessed = guess(data)
    return Class(guessed, disguised=True) if guessed else Class("text")


def _named(name: str) -> str:
    if name in _BY_NAME:
        return _BY_NAME[name]
    if name.endswith((".d.ts", ".d.mts", ".d.cts")):
        return "types"
    if _REQUIREMENTS.match(name):
        return "requirements"
    if name.startswith(("dockerfile.", "makefile.")):
        return name.partition(".")[0].replace("makefile", "make").replace("dockerfile", "docker")
    stem, dot, suffix = name.rpartition(".")
    if dot and f".{suffix}" in _BY_SUFFIX and (stem or suffix in {"envrc", "babelrc", "eslintrc", "npmrc", "pypirc"}):
        return _BY_SUFFIX[f".{suffix}"]
    return ""


def _interpreted(program: str) -> str:
    if program in {"sh", "bash", "dash", "zsh"}:
        return "shell"
    return {"python": "python", "node": "javascript", "bun": "javascript", "deno": "typescript"}.get(
        program, f"foreign:{program}"
    )


def _binary(data: bytes, name: str) -> str:
    for magic, kind in _MAGIC:
        if data.startswith(magic) and not (_SPELLED.match(magic) and _reads_as_text(data, name)):
            return kind
    if _ELECTRON.match(data) or data[32769:32774] == b"CD001" or data[-512:-508] == b"koly":
        return "opaque:an Electron archive or disk image"
    if data[:1] == b"\x80" and data[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return "pickle"
    if name.endswith(".pyc") or (data[2:4] == b"\r\n" and b"\0" in data[:16]):
        return "opaque:compiled Python"
    text_marks = (b"\xff\xfe", b"\xfe\xff")
    if b"\0" in data[:8192] and not data.startswith(text_marks):
        return _named(name) if _named(name) in {"python", "javascript", "typescript", "shell", "pickle"} else "data"
    return ""


def _reads_as_text(data: bytes, name: str) -> bool:
    """Whether what begins with a word may be a program all the same: `GIF89a` is a name in most languages."""
    language = _named(name)
    return bool(language and language != "pickle") or (data[:200].isascii() and b"\0" not in data[:200])


def _within_hooks(path: str) -> bool:
    folder = f"/{path}".rpartition("/")[0]
    return folder.endswith(_HOOK_FOLDERS) and not path.endswith(".sample")


def is_known_data(data: bytes) -> bool:
    """Whether these are the bytes of a picture, font, film, database or other data of a known kind."""
    return any(kind == "data" and data.startswith(magic) for magic, kind in _MAGIC)


def looks_pickled(data: bytes) -> bool:
    """Whether data may be a pickle: of any protocol, or behind the header of an array of objects (numpy's NEP 1)."""
    return bool(_PICKLED.match(data)) or (data.startswith(b"\x93NUMPY") and b"O'" in data[:200])


def is_text_name(path: str) -> bool:
    """Whether a name is that of text for people or of loose data, which no interpreter is ever given."""
    return bool(_TEXT_NAME.search(path.lower().rpartition("/")[2]))


def is_loose_data(path: str) -> bool:
    """Whether a name is that of settings, a table or other loose data, of which a program is made by nobody honest."""
    return bool(_LOOSE.search(path.lower()))


def is_hidden_name(path: str) -> bool:
    """Whether a name is that of a file which folders do not show, and says of no language what it holds."""
    return bool(re.search(r"(?:^|/)\.[\w-]+$", path)) and not _named(path.lower().rpartition("/")[2])


def is_data_name(path: str) -> bool:
    """Whether a name is that of a picture, font, film or other data that nobody reads as text, and nobody runs."""
    return bool(_DATA_SUFFIX.search(path.lower()))


def may_be_imported(file: VirtualFile) -> bool:
    """Whether a module of JavaScript that names this file gets code: bundlers import pictures and styles too.

    Node reads a name it does not know as JavaScript, so text under any name counts if it reads like that.
    """
    language = classify(file).language
    if _named(file.name.lower()) or not re.search(r"\.\w+$", file.name):
        return language not in {"data", "html", "yaml", "toml", "ini", "archive"}
    return guess(file.data) == "javascript" and not file.data.lstrip().startswith((b"<", b"#"))
