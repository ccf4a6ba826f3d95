"""Functions that stand between a program and its servers: what they are given goes on, and perhaps elsewhere too."""

import re

from sekisho.inspection.languages.knowledge import Role, same

PASSING = "what a program sends or is sent, which passes here: "
"""How the detail of a secret begins that others send; by way of which function follows. To them it may go on."""

_PLACES: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"(?:global\.)?fetch|(?:node-fetch|undici)(?:\.fetch)?"), 1),
    (re.compile(r"(?:global\.(?:XMLHttpRequest|WebSocket)|ws(?:\.WebSocket)?)\.prototype\.send"), 0),
    (re.compile(r"requests\.(?:Session|sessions\.Session|adapters\.HTTPAdapter)\.(?:send|request)"), 1),
    (re.compile(r"httpx\.(?:Async)?Client\.(?:send|request)|aiohttp\.ClientSession\._request"), 1),
    (re.compile(r"(?:http\.client|httplib)\.HTTPS?Connection\.(?:request|send)|socket\.socket\.send(?:all)?"), 1),
)
"""Functions that send, and from which of their parameters on somebody may not read along: an address is no secret."""

_CARRIED = re.compile(r"headers?|body|data|json|params|form|content|cookies?|auth(?:orization)?|payload|files",
                      re.IGNORECASE)  # fmt: skip

CONFIG = "axios.passing"
"""The symbol of the settings of a request that pass a function between."""

_BEFORE = re.compile(
    r"(?:requests|httpx|aiohttp|niquests|cloudscraper|urllib3|curl_cffi|axios|got|ky|ofetch|superagent)\.(?:\w+\.)*"
    r"(?P<part>headers|params|data|json|body|searchParams|query)(?:\.(?:common|get|post|put|patch|delete))?"
    r"(?:\.(?P<name>[^.]+))?"
)

JAVASCRIPT: dict[str, Role] = same(
    Role(special="between"),
    *(f"{client}.interceptors.{way}.use" for client in ("axios", "axios.create", "axios.default")
      for way in ("request", "response")),
)  # fmt: skip
"""Calls that put a function between."""


_CLIENTS = re.compile(r".*(?:Client|Session|Connection|Pool|Bot|API|Api|Service|Transport|Socket|Channel|Producer"
                      r"|Publisher|Gateway|Mailer|Notifier|Uploader|Sender|Instance|Reporter|Tracker)")  # fmt: skip


def is_client(name: str) -> bool:
    """Whether a class of this name stands between a program and a server."""
    return bool(_CLIENTS.fullmatch(name))


def passes(symbol: str) -> int:
    """From which parameter on a function that takes the place of this one reads along; -1 if it is no such function."""
    return next((place for names, place in _PLACES if names.fullmatch(symbol)), -1)


def told_before(symbol: str) -> tuple[str, str] | None:
    """Which part of all further requests a member of a client is, and by what name in it: `session.headers["X-A"]`;
    None if it is none."""
    found = _BEFORE.fullmatch(symbol)
    return None if found is None else (found["part"], found["name"] or "")


def is_carried(name: str) -> bool:
    """Whether a member of what passes is what somebody sends, and not how or where to."""
    return bool(_CARRIED.fullmatch(name))
