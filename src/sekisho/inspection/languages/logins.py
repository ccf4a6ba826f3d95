"""What says who asks: headers of a request and options of a command whose value is for the service that is asked.

A token belongs there. What no service gives out (a key of SSH, a wallet, a browser's store, the whole environment) says
to nobody who asks, and is told to whoever reads the header.
"""

import re

from sekisho.inspection.languages.paths import holds_tokens, is_secret
from sekisho.inspection.languages.telling import WHOLE

_AUTHENTICATES = re.compile(
    r".*(?:authori[sz]ation|token|api-?key|cookie|auth|secret|signature|password)", re.IGNORECASE
)
_HEADERS = {"-H", "--header"}
_UNTOLD = frozenset({"-u", "--user", "--oauth2-bearer", "-b", "--cookie", "--netrc-file", "--cert", "--key", "-E", "-i",
                     "--config", "-K", "--proxy-user", "-U", "--password", "--http-password", "-e", "--rsh",
                     "-o", "--output", "-O", "--output-document", "--cacert", "-P", "--directory-prefix"})  # fmt: skip
"""Options whose value says who asks, or where the answer is put."""

_TOLD = {"curl": {"-i", "-O", "-e"}, "wget": {"-U"}}
"""Those that mean something else to one program: nothing follows them, or what follows is told."""

OPTIONS = _UNTOLD | _HEADERS
"""Options whose value is not always told."""

_JOINED = re.compile(r"(?:--header=|-H(?=.))(?P<header>.*)|--user=|(?P<word>(?:authorization|x-\S*token|cookie)\s*:)",
                     re.IGNORECASE | re.DOTALL)  # fmt: skip


def authenticates(name: str) -> bool:
    """Whether a header of this name says who asks: a secret of the service itself belongs there."""
    return bool(_AUTHENTICATES.match(name))


def logs_in(detail: str) -> bool:
    """Whether what is read there may be what a service knows its user by."""
    return detail != WHOLE and (not is_secret(detail) or holds_tokens(detail))


def is_untold(program: str, before: str, word: str) -> bool:
    """Whether a word of a command is not told to the other side as data, by the word before it and by itself.

    A header that is not known is taken for one that says who asks.
    """
    if before in _HEADERS:
        return _is_login(word)
    if before in _UNTOLD:
        return before not in _TOLD.get(program, ())
    joined = _JOINED.match(word)
    return joined is not None and (joined["header"] is None or _is_login(joined["header"]))


def _is_login(header: str) -> bool:
    name, colon, _ = header.partition(":")
    return not colon or authenticates(name)
