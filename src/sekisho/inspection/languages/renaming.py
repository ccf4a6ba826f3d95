"""What a message calls its parts: a key that is sent as somebody's `customer`, `proof` or `deployer`.

A program that means to tell a key says so by the field's name, since the other side must find it there.
"""

import re

from sekisho.inspection.findings import Source
from sekisho.inspection.languages.seen import Seen
from sekisho.inspection.languages.telling import ALONE, MATERIAL, SIGNS, VARIABLE, owner
from sekisho.inspection.languages.values import NOTHING, PARAMETER, Label, Value, inner, labels_of

RENAMED = "\0renamed"
"""The field of a text that holds what it tells by other names."""

_SAYS = re.compile(r"key|secret|seed|mnemonic|phrase|priv|pass|pwd|cred|wif|entropy|words|^[ps]?k$", re.IGNORECASE)
_AROUND = re.compile(
    r"\0.*|body|data|json|params?|form|payload|search_?params|query|variables|options|config|args|arguments|inputs?"
    r"|messages?|contents?|text|files|auth|cookies|cert|url|method|agent|proxy",
    re.IGNORECASE | re.DOTALL,
)
"""Fields that hold a message, or say how it is sent."""

_DEPTH = 4

_PUT = re.compile(
    r"https?://(?:\w+\.)*(?:discord(?:app)?\.[\w.]+/api/(?:v\d+/)?webhooks/|(?:api\.)?telegram\.[\w.]+/bot|hooks\.slack\.[\w.]+/"
    r"|\w+\.webhook\.office\.com/|chat\.googleapis\.com/v1/spaces|oapi\.dingtalk\.com/robot|open\.feishu\.cn/open-apis/bot"
    r"|webhook\.site/|pipedream\.net|requestbin|requestcatcher|beeceptor|ntfy\.sh/|pastebin\.com/api|paste\.ee|dpaste"
    r"|hastebin|transfer\.sh|file\.io|0x0\.st|gofile\.io|catbox\.moe|ngrok|trycloudflare|loca\.lt|oast\.|interact\.sh"
    r"|burpcollaborator|oastify)",
    re.IGNORECASE,
)
"""Where anybody may put something for himself to read: no key is for such a service."""


def renamed(seen: Seen) -> frozenset[Label]:
    """The labels of what a call sends by other names, or to where nobody but somebody's own reader waits."""
    given = [*seen.arguments, *seen.keywords.values()]
    if any(_PUT.match(text) for text in (*seen.at(0).texts, *seen.keywords.get("url", NOTHING).texts)):
        return frozenset(label for label in labels_of(*inner(given)) if _is_a_key(label._replace(part=False)))
    return frozenset[Label]().union(*map(renamed_in, given))


def renamed_in(value: Value, depth: int = 0) -> frozenset[Label]:
    """The labels of what an object, or a text that was made of one, tells by other names."""
    found: set[Label] = set()
    for name, field in value.fields if depth < _DEPTH else ():
        if name == RENAMED:
            found |= field.labels
        elif name == "headers":  # what those say of themselves is another matter (`leaving.aside`)
            continue
        elif field.fields:
            found |= renamed_in(field, depth + 1)
        elif not _AROUND.fullmatch(name) and not _SAYS.search(name):
            found |= {label for label in field.labels if _is_a_key(label)}
    return frozenset(found)


def told_as(*values: Value) -> tuple[tuple[str, Value], ...]:
    """The fields of the text of an object: what it tells by other names."""
    labels = frozenset[Label]().union(*map(renamed_in, values))
    return ((RENAMED, Value(labels)),) if labels else ()


def _is_a_key(label: Label) -> bool:
    """Whether this is what something signs with, by its name, or what a caller gives; not a part of what holds it."""
    if label.part:
        return False
    if label.source == PARAMETER:
        return not label.detail
    variable = label.detail.removeprefix(VARIABLE) if label.detail.startswith(VARIABLE) else ""
    signs = owner(variable) in {*ALONE, SIGNS} if variable else label.detail.startswith(MATERIAL)
    return label.source == Source.SECRET and signs
