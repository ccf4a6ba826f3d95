"""Commands that say whose machine this is: its names, its networks, who uses it, what runs and lies there."""

import re
from collections.abc import Sequence

from sekisho.inspection.languages.commands import HOMES, program_name, unwrapped
from sekisho.inspection.languages.printing import is_room

HOST, USER, NETWORK = "host", "user", "network"
RUNNING, LYING = "what runs", "what lies there"
"""What a command may tell. The first three are names, and also those of `knowledge.fact`."""

_ALL = r"(?:.*)$"
_TELLS: tuple[tuple[str, str, str], ...] = (
    (HOST, "hostname", r"(?:-[fsa]\b.*|$)"),
    (HOST, "hostnamectl", _ALL),
    (HOST, "uname", r".*(?:-\w*[an]|--all|--nodename)"),
    (HOST, "scutil", r"--get \w*Name"),
    (HOST, "systeminfo", _ALL),
    (HOST, "system_profiler", _ALL),
    (HOST, "dmidecode", _ALL),
    (HOST, "cat", r".*/etc/(?:hostname|machine-id)\b"),
    (USER, "whoami", _ALL),
    (USER, "logname", _ALL),
    (USER, "id", r"(?:-\w*n\w*.*|$)"),
    (USER, "who", _ALL),
    (USER, "w", r"(?:-.*)?$"),
    (USER, "users", r"$"),
    (USER, "last", _ALL),
    (USER, "lastlog", _ALL),
    (USER, "quser", _ALL),
    (USER, "git", r".*\bconfig\b.*\buser\.(?:e?mail|name)\b"),
    (NETWORK, "ip", r"(?:-\S+ )*(?:a|addr|address|r|ro|route|n|neigh|l|link)\b"),
    (NETWORK, "hostname", r".*(?:-[iI]\b|--(?:all-)?ip)"),
    *((NETWORK, name, _ALL) for name in ("ifconfig", "ipconfig", "netstat", "ss", "arp", "nmcli", "iwconfig")),
    (NETWORK, "git", r".*-C\b.*\bremote\b|.*\bconfig\b.*(?:--get-regexp|--list|\s-l\b)"),
    (RUNNING, "ps", r"(?:-?\w*(?:a\w*x|[eA])\w*)(?: |$)"),
    (RUNNING, "top", r".*-\w*b"),
    *((RUNNING, name, _ALL) for name in ("tasklist", "lsof", "pstree")),
)  # fmt: skip
_BY_PROGRAM: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
for _kind, _name, _pattern in _TELLS:
    _BY_PROGRAM.setdefault(_name, []).append((_kind, re.compile(_pattern)))

_LISTS = frozenset({"ls", "tree", "find", "dir", "du"})


def told_by(words: Sequence[str]) -> frozenset[str]:
    """What a command tells of the machine it runs on. An unknown word is `$_`."""
    plain = unwrapped(list(words))
    if not plain:
        return frozenset()
    name, rest = program_name(plain[0]), " ".join(plain[1:])[:2000]
    found = {kind for kind, pattern in _BY_PROGRAM.get(name, ()) if pattern.match(rest)}
    if name in _LISTS and any(is_room(HOMES.sub("~", word)) for word in plain[1:] if word[:1] != "-"):
        found.add(LYING)
    return frozenset(found)
