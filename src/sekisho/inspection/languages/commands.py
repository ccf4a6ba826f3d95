"""What the words of a command line mean: downloaders, interpreters, wrappers, and what asks which machine this is."""

import base64
import binascii
import re

from sekisho.inspection.languages.knowledge import CLOCK, WHICH, WHOSE

FETCHERS = {"curl", "wget", "aria2c", "fetch", "iwr", "irm", "invoke-webrequest", "invoke-restmethod", "bitsadmin",
             "certutil", "mshta", "http", "https", "nc", "ncat", "axel", "lwp-request"}  # fmt: skip
SHELLS = {"sh", "bash", "zsh", "dash", "ksh", "fish", "ash", "cmd", "powershell", "pwsh"}
INTERPRETERS = SHELLS | {
    "python",
    "node",
    "bun",
    "deno",
    "ruby",
    "perl",
    "php",
    "osascript",
    "tsx",
    "ts-node",
    "java",
}
WRAPPERS = {"sudo", "env", "nohup", "exec", "time", "command", "xargs", "setsid", "timeout", "nice", "doas", "start",
             "npx", "uv", "poetry", "pipenv", "dotenv", "cross-env", "stdbuf", "call"}  # fmt: skip
WRAPPER_WORDS = {"run", "-y", "--yes", "-c", "-s", "/b", "/min"}
HANDLERS = frozenset({
    "tar", "unzip", "zip", "gzip", "gunzip", "bzip2", "xz", "zstd", "7z", "git", "svn", "hg", "bzr", "cat", "cp", "mv",
    "ls", "rm", "mkdir", "head", "tail", "grep", "wc", "sort", "diff", "file", "stat", "du", "touch", "echo", "md5sum",
    "sha1sum", "sha256sum", "sha512sum", "shasum", "cmp", "ffmpeg", "ffprobe", "convert", "identify", "jq", "pdftotext",
})  # fmt: skip
"""Programs to which a file is data, whatever it holds."""

DECODERS = {
    "base64",
    "base32",
    "xxd",
    "openssl",
    "uudecode",
    "rev",
    "gunzip",
    "zcat",
    "gpg",
    "tr",
    "unxz",
    "xzcat",
    "bunzip2",
    "bzcat",
    "zstdcat",
    "unlzma",
}
READERS = {"cat", "sed", "head", "tail", "awk", "cut", "grep", "tac", "xxd", "base64", "gunzip", "zcat", "openssl"}
CODE_FLAGS = {"python": "-c", "node": "-e", "bun": "-e", "deno": "eval", "ruby": "-e", "perl": "-e", "php": "-r",
              "osascript": "-e"}  # fmt: skip
PRELOADS = {"-r", "--require", "--import", "--loader", "--experimental-loader", "--preload"}
"""Options of Node and its like that name a module to be run before the script."""

_TOOLS = {"webpack", "vite", "vitest", "rollup", "rspack", "esbuild", "jest", "mocha", "ava", "karma", "cypress",
          "wdio", "protractor", "playwright", "eslint", "stylelint", "babel", "postcss", "tailwindcss", "gulp", "grunt",
          "gunicorn", "hypercorn"}  # fmt: skip
_LOADED = re.compile(r"--(?:config|conf|config-file|gulpfile|gruntfile|require|import|preset|setupFiles)$|-[crf]$")
_PROGRAM = re.compile(r"\.(?:[cm]?[jt]sx?|py)$")

PRELOADED = {"LD_PRELOAD": "load", "DYLD_INSERT_LIBRARIES": "load", "LD_AUDIT": "load", "BASH_ENV": "sh",
             "PYTHONSTARTUP": "python"}  # fmt: skip
"""Variables that name a file, and what reads it before a command."""

_NODE = PRELOADS | {"--env-file", "-C", "--conditions", "--input-type", "--title", "-P", "--project", "--tsconfig"}
_VALUED = {
    **dict.fromkeys(("node", "bun", "tsx", "ts-node"), frozenset(_NODE)),
    **dict.fromkeys(SHELLS - {"cmd", "powershell", "pwsh"}, frozenset({"-o", "+o", "-O", "+O", "--rcfile"})),
    "python": frozenset({"-W", "-X", "--check-hash-based-pycs"}),
}
"""Options of interpreters whose value is the next word."""

SUBCOMMANDS = {("deno", "run"), ("bun", "run"), ("bun", "x"), ("powershell", "hidden"), ("powershell", "Hidden"),
                ("powershell", "Bypass"), ("powershell", "bypass")}  # fmt: skip
TESTS = {"pytest", "jest", "mocha", "vitest", "tox", "nox", "ava", "tap"}
SCRIPT_RUNNERS = {"npm", "yarn", "pnpm"}
POWERSHELL_FETCH = ("downloadstring", "downloadfile", "invoke-webrequest", "invoke-restmethod", "iwr ", "irm ",
                     "net.webclient", "start-bitstransfer", "downloaddata")  # fmt: skip
POWERSHELL_RUN = (
    "iex",
    "invoke-expression",
    "start-process",
    "| powershell",
    "&(",
    "; start ",
    "& start ",
    "invoke-item",
    "rundll32 ",
    "msiexec ",
    "[reflection.assembly]::load",
    "[scriptblock]::create",
)
HOMES = re.compile(r"\$\{?HOME\}?|%USERPROFILE%|%APPDATA%|%LOCALAPPDATA%|\$env:(?:USERPROFILE|APPDATA|LOCALAPPDATA)")
URL_RUN = re.compile(r"(?:mshta|regsvr32\s.{0,40}/i:|rundll32\s.{0,80})\s*\"?https?:", re.IGNORECASE)
NO_WORDS = {"variable_assignment", "file_redirect", "heredoc_redirect", "herestring_redirect"}
MACHINE = {
    **dict.fromkeys(("uname", "OSTYPE", "arch", "sw_vers", "lsb_release"), WHICH),
    **dict.fromkeys(("hostname", "HOSTNAME", "whoami", "id", "logname", "USER", "LANG", "TZ", "locale", "who", "ip",
                     "systemd-detect-virt", "dmidecode", "ifconfig", "COMPUTERNAME", "USERNAME"), WHOSE),
    "date": CLOCK,
}  # fmt: skip
_ROTATED = re.compile(r"[b-z]-z.?a-[a-y]|[B-Z]-Z.?A-[A-Y]")
"""An alphabet that does not begin with its first letter."""

MAX_TEXT = 2_000_000


def program_name(word: str) -> str:
    """`/usr/bin/python3.11` is `python`, `cmd.exe` is `cmd`."""
    name = re.split(r"[/\\]", word)[-1].lower().removesuffix(".exe").removesuffix(".cmd")
    if re.fullmatch(r"(python|pypy|ruby|perl|node|php|pip)[w\d.]*", name):
        return re.match(r"python|pypy|ruby|perl|node|php|pip", name)[0]  # type: ignore[index]
    return {"nodejs": "node", "pypy": "python", "source": "."}.get(name, name)


def decodes(program: str, given: list[str]) -> bool:
    """Whether a command turns hidden text into plain."""
    name, words = program, set(given)
    if name in {"base64", "base32", "openssl"}:
        return bool(words & {"-d", "-D", "--decode", "-decode"})
    if name == "tr":
        return any(_ROTATED.search(word) for word in given[1:])
    if name in {"xz", "lzma", "bzip2", "zstd", "gzip"}:
        return any(re.fullmatch(r"-[a-zA-Z0-9]*d[a-zA-Z0-9]*|--decompress|--uncompress", word) for word in given[1:])
    return name in DECODERS - {"base64", "base32", "openssl", "tr", "gpg"} or (name == "xxd" and "-r" in words)


def _is_of_a_manager(words: list[str]) -> bool:
    """`poetry add a`: what a package manager does itself, and runs nothing else for."""
    return words[0] in {"uv", "poetry", "pipenv"} and words[1] in {"add", "install", "sync", "lock", "update"}


def unwrapped(words: list[str]) -> list[str]:
    """The command that a wrapper such as `sudo` or `env A=1` runs."""
    while len(words) > 1 and program_name(words[0]) in WRAPPERS and not _is_of_a_manager(words):
        words = words[1:]
        while len(words) > 1 and (
            words[0][:1] in {"-", ""} or words[0] in WRAPPER_WORDS or re.match(r"\w+=", words[0])
        ):  # `start "" a.bat`: the title of its window
            words = words[1:]
    return words


def options(program: str, words: list[str]) -> tuple[list[str], list[str]]:
    """The modules an interpreter's options have it run first, and its words without options that take a value."""
    valued = _VALUED.get(program, frozenset[str]())
    modules: list[str] = []
    kept: list[str] = []
    rest = iter(words)
    for word in rest:
        if word[:1] != "-":
            return modules, [*kept, word, *rest]
        name, joined, value = word.partition("=")
        if name in valued or ("-o" in valued and re.fullmatch(r"-[a-z]+o", name)):
            value = value if joined else next(rest, "")
            modules += [value] if name in PRELOADS else []
        else:
            kept.append(word)
    return modules, kept


def loaded(program: str, words: list[str]) -> list[str]:
    """What the options of a builder, a test runner or a server have it load: `webpack -c build/prod.js`."""
    found, before = [], ""
    for word in words if program in _TOOLS else ():
        name, joined, value = word.partition("=")
        option, given = (name, value) if joined else (before, word)
        starts = program in {"karma", "wdio"} and given == word
        if (starts or _LOADED.match(option)) and _PROGRAM.search(given):
            found.append(given.removeprefix("file:").removeprefix("python:"))
        before = word
    return found


def utf16(words: list[str]) -> str:
    """What PowerShell's `-EncodedCommand` stands for."""
    try:
        return base64.b64decode(words[0]).decode("utf-16-le", "replace") if words else ""
    except (binascii.Error, ValueError):
        return ""
