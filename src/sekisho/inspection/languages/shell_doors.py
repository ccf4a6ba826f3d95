"""Commands that let somebody else in: shells tied to a server, debuggers, tunnels, assistants let loose."""

import re
from collections.abc import Iterator
from itertools import pairwise

from sekisho.inspection.findings import Mark
from sekisho.inspection.languages.commands import SHELLS
from sekisho.inspection.languages.paths import is_persistent
from sekisho.inspection.languages.shell_words import Command

_HERE = re.compile(r"(?:localhost|127\.[\d.]+|::1|\[::1\]|0|\$_|host\.docker\.internal)?(?::\d+)?$", re.IGNORECASE)
_EVERYONE = re.compile(r"=?(?:0\.0\.0\.0|\*|\[?::\]?)(?::\d+)?$")
_INSPECTED = re.compile(r"--inspect(?:-brk|-wait)?=(?:0\.0\.0\.0|\*|\[::\])(?::|$)")
_JAVA = re.compile(r"-agentlib:jdwp=.*\baddress=(\*|0\.0\.0\.0|[\w.-]+\.[a-z]{2,}):\d+|-agentlib:jdwp=.*\bserver=n\b")
_TUNNELS = {"ngrok", "cloudflared", "tmate", "bore", "localtunnel", "lt", "frpc", "chisel", "gost", "teleconsole",
            "upterm", "sshx", "ttyd", "anydesk", "rustdesk", "teamviewer"}  # fmt: skip
_ASSISTANTS = {"claude", "gemini", "codex", "q", "cursor-agent", "aider", "copilot", "opencode", "qwen", "amp",
               "goose", "kiro-cli",
               "droid", "crush"}  # fmt: skip
_LOOSE = {"--dangerously-skip-permissions", "--yolo", "--trust-all-tools", "--dangerously-bypass-approvals-and-sandbox",
          "--allow-all-tools", "--dangerously-allow-all", "--yes-always", "--full-auto", "--approval-mode=yolo",
          "--permission-mode=bypassPermissions", "bypassPermissions", "danger-full-access", "--allow-all",
          "--skip-permissions-unsafe"}  # fmt: skip
_SEEKS = re.compile(
    r"\b(?:search|find|look for|locate|scan|collect|gather|read|list|copy|enumerate|dump|extract|upload|send)\b"
    r".{0,300}?"
    r"(?:\bwallets?\b|\bprivate keys?\b|\bseed phrases?\b|\bmnemonics?\b|\bkeystores?\b|\bid_rsa\b|\bid_ed25519\b"
    r"|\.ssh\b|(?<!\w)\.env\b|\bcredentials\b|\bpasswords?\b|\bapi keys?\b|\baccess tokens?\b|\bsecrets?\b"
    r"|\bbrowser cookies\b)",
    re.IGNORECASE | re.DOTALL,
)
_NOT = re.compile(r"\b(?:never|not|n't|avoid|without|no)\b", re.IGNORECASE)
_GIT_PROGRAMS = re.compile(
    r"(?:core\.(?:fsmonitor|sshcommand|gitproxy|askpass)|filter\..+\.(?:clean|smudge|process)|diff\..+\.(?:command|textconv)"
    r"|url\..+\.insteadof|credential(?:\..+)?\.helper|gpg(?:\..+)?\.program|pager\..+)$",
    re.IGNORECASE,
)
_USUAL = re.compile(r"(?:store|cache|osxkeychain|manager(?:-core)?|libsecret|true|false|less|cat|gpg2?|!gh auth .*"
                    r"|git-lfs .*|!/usr/bin/gh .*|delta)$")  # fmt: skip


def asks_for_secrets(text: str) -> bool:
    """Whether words tell somebody to look for wallets, keys or passwords."""
    found = _SEEKS.search(text[:20_000])
    return found is not None and not _NOT.search(text[max(0, found.start() - 30) : found.end()])


def opened(command: Command, tied: bool) -> Iterator[tuple[Mark, str]]:
    """What a command opens. `tied`: its input or output is a connection of bash's (`/dev/tcp/…`)."""
    name, words = command.program, command.words
    spoken = " ".join(words)
    if (tied and name in SHELLS) or _ties_a_shell(name, words):
        yield Mark.OBEY, "a shell whose commands come from a server"
    if name == "adb" and any(a == "connect" and not _HERE.match(b) for a, b in pairwise(words)):
        yield Mark.DOOR, "a debugger's bridge to another machine"
    if any(_INSPECTED.match(word) for word in words) or _JAVA.search(spoken) or _listens(name, words):
        yield Mark.DOOR, "a debugger that anyone on the network may use"
    if name in _TUNNELS or (name == "ssh" and any(re.fullmatch(r"-[a-zA-Z]*R", word) for word in words[1:])):
        yield Mark.DOOR, f"a way in from outside ({name})"
    if any(word.startswith("--remote-debugging-") for word in words) and any(
        word.startswith("--user-data-dir=~") for word in words
    ):
        yield Mark.DOOR, "a browser with the user's own profile, steered from outside"
    if name in {"docker", "podman"} and any(re.match(r"(?:--volume=|-v)?/:/", word) for word in words):
        yield Mark.DOOR, "a container that holds the whole machine"
    if name in _ASSISTANTS and _LOOSE.intersection(words):
        yield Mark.AGENT, f"{name} may do anything unasked"
    if any(len(word) > 40 and " " in word and asks_for_secrets(word) for word in words[1:]):
        yield Mark.AGENT, "it is told to look for secrets"


def kept_by_git(words: list[str]) -> str:
    """The program that `git config` sets, which git starts from then on; nothing if it sets none."""
    if words[:2] != ["git", "config"]:
        return ""
    rest = [word for word in words[2:] if not word.startswith("-") and word != "set"]
    if len(rest) < 2 or {"--get", "--unset", "--list"} & set(words):
        return ""
    key, value = rest[0], rest[1]
    runs = _GIT_PROGRAMS.match(key) or (key.lower().startswith("alias.") and value.startswith("!"))
    everywhere = key.lower() in {"core.hookspath", "init.templatedir"} and {"--global", "--system"} & set(words)
    return (
        f"{key} = {value}"
        if everywhere or (runs and not _USUAL.match(value) and "insteadof" not in key.lower())
        else ""
    )


_REGISTRY = re.compile(r"(?<=CurrentVersion)(?=Run|Policies|Winlogon)")
"""Where a backslash stood that a shell of Unix takes for its own."""


def comes_back(command: Command, spoken: str) -> bool:
    """Whether a command has the system start something later."""
    name, words = command.program, command.words
    return (
        (name == "crontab" and "-l" not in words[1:2])
        or (name == "launchctl" and bool({"load", "bootstrap", "submit", "enable"} & set(words)))
        or (name == "schtasks" and "/create" in spoken.lower())
        or (name == "systemctl" and "--user" in words and "enable" in words)
        or (name in {"at", "batch"} and len(words) > 1)
        or (name in {"reg", "new-itemproperty", "set-itemproperty"} and is_persistent(_REGISTRY.sub("/", spoken)))
        or name in {"register-scheduledtask", "systemd-run"}
        or (name == "pm2" and bool({"startup", "save"} & set(words)))
        or (name == "osascript" and "login item" in spoken)
        or bool(kept_by_git(words))
    )


def _ties_a_shell(name: str, words: list[str]) -> bool:
    if name in {"nc", "ncat", "netcat"}:
        given = [b for a, b in pairwise(words) if re.fullmatch(r"-[a-z]*[ec]|--exec|--sh-exec", a)]
        return any(each.rpartition("/")[2].partition(" ")[0] in SHELLS for each in given)
    return name == "socat" and any(
        re.match(r"(?:EXEC|SYSTEM):['\"]?(?:/bin/|/usr/bin/)?(?:ba|z|da)?sh\b", word, re.IGNORECASE) for word in words
    )


def _listens(name: str, words: list[str]) -> bool:
    if name == "gdbserver":
        return any(_EVERYONE.match(word) or re.match(r":\d+$", word) for word in words)
    debugs = {"debugpy", "ptvsd", "pydevd"} & set(words)
    return bool(debugs) and any(a in {"--listen", "--host"} and _EVERYONE.match(b) for a, b in pairwise(words))
