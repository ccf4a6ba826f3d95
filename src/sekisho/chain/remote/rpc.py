"""Bitcoin Core's JSON-RPC, which btcd speaks as well."""

import json
from pathlib import Path

from sekisho.chain.remote.http import NotAServer, Place, Server, ServerFails
from sekisho.chain.remote.told import Told, told

UNKNOWN_METHOD = -32601
"""The server does not know this call (JSON-RPC 2.0, section 5.1)."""

_MAX_COOKIE_BYTES = 1000


class CallFails(ServerFails):
    """The server understood a call, and answers that it fails."""

    def __init__(self, server: str, method: str, code: int, why: str) -> None:
        super().__init__(server, f"{method} fails: {why} ({code})")
        self.method, self.code = method, code


class Rpc:
    """Makes calls to one server."""

    def __init__(self, server: Server) -> None:
        self.server = server

    def call(self, method: str, *parameters: object) -> Told:
        """The result of a call. Raises CallFails where the server says that it fails, otherwise ServerFails."""
        asked = {"jsonrpc": "1.0", "id": method, "method": method, "params": parameters}
        answer = self.server.post("" if self.server.place.path else "/", json.dumps(asked).encode())
        said = told(answer.body, f"its answer {answer.status} to {method}", self.server.fails)
        error = said.member("error")
        if not error.absent:
            why = error.member("message").text().split("\n")[0]
            shown = "".join(each if each.isprintable() else "?" for each in why[:200])
            raise CallFails(str(self.server), method, error.member("code").whole(-(2**31), 2**31), shown)
        return said.member("result")


def with_cookie(place: Place, cookie: Path) -> Place:
    """The same server with the password that Bitcoin Core leaves in its cookie file. Raises NotAServer."""
    try:
        with cookie.open("rb") as file:
            login = file.read(_MAX_COOKIE_BYTES).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as why:
        raise NotAServer(f"the cookie file {cookie} cannot be read") from why
    if ":" not in login or not login.isprintable():
        raise NotAServer(f"{cookie} is no cookie file of Bitcoin Core")
    return Place(place.secure, place.host, place.port, place.path, login)
