"""A published log over HTTP, or from a folder; and where alerts go."""

import http.client
import urllib.request
from pathlib import Path

from sekisho.errors import SekishoError
from sekisho.evidence.publish import MAX_TILE_BYTES, Folder
from sekisho.evidence.tiles import Fetch, MissingTile
from sekisho.requests.canonical import made_visible

PATIENCE = 20
"""Seconds for one file."""


class NotDelivered(SekishoError):
    """An alert that nobody took."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"the alert could not be delivered to {url}: {why}")
        self.url, self.why = url, why


def fetcher(place: str) -> Fetch:
    """Reads a log from a URL prefix, or from a folder."""
    if not place.startswith(("http://", "https://")):
        return Folder(Path(place)).fetch

    def fetch(path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{place.rstrip('/')}/{path}", timeout=PATIENCE) as answer:  # noqa: S310 - http
                raw: bytes = answer.read(MAX_TILE_BYTES + 1)
        except (OSError, ValueError, http.client.HTTPException) as why:
            raise MissingTile(path, _said(why)) from why
        return raw

    return fetch


def post(url: str, body: bytes) -> None:
    """Deliver an alert. Raises NotDelivered."""
    try:
        if not url.startswith(("http://", "https://")):
            raise NotDelivered(url, "it is no http URL")
        asked = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - checked above
        with urllib.request.urlopen(asked, timeout=PATIENCE):  # noqa: S310
            pass
    except (OSError, ValueError, http.client.HTTPException) as why:
        raise NotDelivered(url, _said(why)) from why


def _said(why: Exception) -> str:
    """What went wrong, in one line: the other side may have chosen the words."""
    return made_visible(str(why).strip())[:200] or type(why).__name__
