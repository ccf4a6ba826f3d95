"""What a message tells: the parts of a body, of a request's options and of its headers that do not say who asks."""

import re

from sekisho.inspection.findings import Source
from sekisho.inspection.languages.logins import authenticates, logs_in
from sekisho.inspection.languages.paths import names_servers
from sekisho.inspection.languages.values import Label, Value, as_part, labels_of

LOGINS = {"auth", "cookies"}
"""Options of a request that authenticate, and fields of a body that are called so."""

UNTOLD = frozenset({"cert", "agent", "httpsAgent", "httpAgent", "proxies", "proxy", "credentials"})
"""Options of a request that are used on this side; in a body they are names like any other."""

_OPTIONS = {"url", "uri", "method", "headers", "body", "timeout", "hostname", "baseURL", "path", "port", "region",
            "responseType", "maxRedirects", "mode", "keepalive", "withCredentials", "params", "strictSSL",
            "rejectUnauthorized"}  # fmt: skip
"""Names by which an object is one of options."""

_HEADERS = {"authorization", "content-type", "user-agent", "accept"}
"""Names by which an object is one of headers."""

_LED = re.compile(r"\0(?:[/:?#\0]|$)")
"""An address of a server that is not known, with a path perhaps. What stands before a known name is told to that."""

_DEPTH = 5


def addressed(address: Value) -> Value:
    """An address without the labels of a file that names it: what is asked is the server that the file says."""
    if not all(map(_LED.match, address.texts)):
        return address
    kept = (each for each in address.labels if each.source != Source.SECRET or not names_servers(each.detail))
    return address._replace(labels=frozenset(kept))


def told_in(value: Value, depth: int) -> frozenset[Label]:
    """The labels of a body, or of a request's options."""
    if any(name.lower() in _HEADERS for name, _ in value.fields):
        return told_in_headers(value)
    if not value.fields or depth > _DEPTH:
        return labels_of(value, *value.items)
    told: set[Label] = set()
    untold: set[Label] = set()
    names = {name for name, _ in value.fields}
    here = UNTOLD if depth == 0 and not _OPTIONS.isdisjoint(names) else frozenset[str]()
    here |= {"cert", "key"} if {"cert", "key"} <= names else set()
    for name, field in value.fields:
        if name == "headers":
            told |= told_in_headers(field)
        elif name in LOGINS:
            told |= told_at_login(field)
        elif name not in here:
            told |= told_in(field, depth + 1)
            continue
        untold |= field.labels
    return frozenset(told | (value.labels - untold - as_part(frozenset(untold))))


def told_at_login(value: Value) -> frozenset[Label]:
    """The labels of what stands where a login does, and logs in to nothing: a key of this machine, a wallet's."""
    return frozenset(
        label for label in labels_of(value, *value.items) if label.source == Source.SECRET and not logs_in(label.detail)
    )


def told_in_headers(value: Value) -> frozenset[Label]:
    """The labels of headers that say something other than who asks."""
    told: set[Label] = set()
    untold: set[Label] = set()
    for name, field in value.fields:
        login = authenticates(name)
        for label in field.labels:
            (untold if login and logs_in(label.detail) else told).add(label)
    return frozenset(told | (value.labels - untold - as_part(frozenset(untold))))
