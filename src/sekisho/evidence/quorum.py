"""C2SP tlog-policy: which logs and witnesses are known, and how many of them must have seen a head."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from urllib.parse import urlsplit

from sekisho.errors import SekishoError
from sekisho.evidence.keys import KeyType, MalformedKey, VerifierKey, parse_key

MAX_QUORUM_BYTES = 200_000
MAX_LINES = 200

MAX_WITNESSES = 60
"""As many as fit under a head beside the log's own signatures (`note.MAX_SIGNATURES`): else nobody could read it."""

NONE = "none"

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_COUNT = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


class MalformedWitnessPolicy(SekishoError):
    """Text that is not a tlog-policy."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(f"not a witness policy: line {line}: {why}")
        self.line, self.why = line, why


@dataclass(frozen=True, slots=True)
class KnownLog:
    """A log and where it is served, if that is said."""

    key: VerifierKey
    url: str | None


@dataclass(frozen=True, slots=True)
class KnownWitness:
    """A witness by its name in the policy, and where heads are submitted to it, if that is said."""

    name: str
    key: VerifierKey
    url: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """A name for `threshold` of `members`."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WitnessPolicy:
    """A tlog-policy as a value."""

    logs: tuple[KnownLog, ...]
    witnesses: tuple[KnownWitness, ...]
    groups: tuple[Group, ...]
    quorum: str
    text: str
    """As it was written."""

    @property
    def asks_for_none(self) -> bool:
        """Whether no witness at all is needed (`quorum none`)."""
        return self.quorum == NONE

    def met_by(self, seen: AbstractSet[str]) -> bool:
        """Whether the witnesses of these names are a quorum."""
        witnessed = {each.name for each in self.witnesses} & set(seen)
        for group in self.groups:
            if len(witnessed & set(group.members)) >= group.threshold:
                witnessed.add(group.name)
        return self.asks_for_none or self.quorum in witnessed


def parse_witness_policy(text: str) -> WitnessPolicy:
    """Read a tlog-policy. Raises MalformedWitnessPolicy, and nothing else, whatever the text."""
    reader = _Reader()
    lines = text.split("\n")
    if len(text) > MAX_QUORUM_BYTES or len(lines) > MAX_LINES:
        raise MalformedWitnessPolicy(1, f"over {MAX_QUORUM_BYTES} characters or {MAX_LINES} lines")
    for number, line in enumerate(lines, start=1):
        if _FORBIDDEN.search(line):
            raise MalformedWitnessPolicy(number, "a control character")
        words = [word for word in re.split(r"[ \t]+", line) if word]
        if words and not words[0].startswith("#"):
            try:
                reader.read(words)
            except (MalformedKey, ValueError) as why:
                raise MalformedWitnessPolicy(number, str(why)) from why
    if reader.quorum is None:
        raise MalformedWitnessPolicy(len(lines), "there is no quorum line")
    return WitnessPolicy(tuple(reader.logs), tuple(reader.witnesses), tuple(reader.groups), reader.quorum, text)


class _Reader:
    """Takes one line after another. Raises ValueError or MalformedKey."""

    def __init__(self) -> None:
        self.logs: list[KnownLog] = []
        self.witnesses: list[KnownWitness] = []
        self.groups: list[Group] = []
        self.quorum: str | None = None
        self._free: set[str] = set()
        """Names that no group has taken yet."""

    def read(self, words: list[str]) -> None:
        match words:
            case ["log", key, *url] if len(url) <= 1:
                self._log(parse_key(key), _url(url))
            case ["witness", name, key, *url] if len(url) <= 1:
                self._witness(name, parse_key(key), _url(url))
            case ["group", name, threshold, *members] if members:
                self._group(name, threshold, members)
            case ["quorum", name]:
                if self.quorum is not None:
                    raise ValueError("a second quorum line")
                if name != NONE and name not in self._names:
                    raise ValueError(f"{name!r} is not defined above")
                self.quorum = name
            case _:
                raise ValueError("it is none of log, witness, group and quorum as they are written")

    @property
    def _names(self) -> set[str]:
        return {each.name for each in self.witnesses} | {each.name for each in self.groups}

    def _log(self, key: VerifierKey, url: str | None) -> None:
        if key.type is KeyType.COSIGNATURE_ED25519:
            raise ValueError("a log's key is of type 1 or 6")
        if any(each.key.public == key.public for each in self.logs):
            raise ValueError("two logs with one key")
        self.logs.append(KnownLog(key, url))

    def _witness(self, name: str, key: VerifierKey, url: str | None) -> None:
        if key.type is KeyType.ED25519:
            raise ValueError("a witness's key is of type 4 or 6")
        if any(each.key.public == key.public for each in self.witnesses):
            raise ValueError("two witnesses with one key")
        if any(each.key.name == key.name for each in self.witnesses):  # one may have a key of either type
            raise ValueError("two keys of one witness: it counts once")
        if len(self.witnesses) == MAX_WITNESSES:
            raise ValueError(f"more than {MAX_WITNESSES} witnesses")
        self._define(name)
        self.witnesses.append(KnownWitness(name, key, url))

    def _group(self, name: str, threshold: str, members: list[str]) -> None:
        if len(set(members)) < len(members) or not set(members) <= self._free:
            raise ValueError("a member that is not defined above, or is in a group already")
        if threshold not in ("all", "any") and _COUNT.fullmatch(threshold) is None:
            raise ValueError(f"{threshold!r} is neither all, any nor a number")
        needed = {"all": len(members), "any": 1}.get(threshold) or int(threshold)
        if needed > len(members):
            raise ValueError(f"{needed} of {len(members)} members can never be")
        self._define(name)
        self._free -= set(members)
        self.groups.append(Group(name, needed, tuple(members)))

    def _define(self, name: str) -> None:
        if name == NONE or name in self._names:
            raise ValueError(f"the name {name!r} is taken")
        self._free.add(name)


def _url(words: list[str]) -> str | None:
    if not words:
        return None
    if not words[0].startswith(("http://", "https://")):
        raise ValueError("a URL begins with http:// or https://")
    try:
        parts = urlsplit(words[0])
        host, _ = parts.hostname, parts.port
    except ValueError as why:
        raise ValueError("a URL names a host, and perhaps a port") from why
    if not host or "@" in parts.netloc or parts.query or parts.fragment or not words[0].isascii():
        raise ValueError("a URL is http, a host, perhaps a port and a path, and nothing else")
    return words[0].rstrip("/")
