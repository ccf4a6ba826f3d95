"""A published log over HTTP, or from a folder; and where alerts go."""

import http.client
import queue
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path

from sekisho.errors import SekishoError
from sekisho.evidence.publish import MAX_TILE_BYTES, Folder
from sekisho.evidence.tiles import Fetch, MissingTile
from sekisho.requests.canonical import made_visible

PATIENCE = 20
"""Seconds for one file, from first to last."""


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
            asked = urllib.request.Request(f"{place.rstrip('/')}/{path}")  # noqa: S310 - http
            return _in_time(lambda: _answer(asked, MAX_TILE_BYTES + 1))
        except (OSError, ValueError, http.client.HTTPException) as why:
            raise MissingTile(path, _said(why)) from why

    return fetch


def post(url: str, body: bytes) -> None:
    """Deliver an alert. Raises NotDelivered."""
    try:
        if not url.startswith(("http://", "https://")):
            raise NotDelivered(url, "it is no http URL")
        asked = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - checked above
        _in_time(lambda: _answer(asked, 0))
    except (OSError, ValueError, http.client.HTTPException) as why:
        raise NotDelivered(url, _said(why)) from why


def _answer(asked: urllib.request.Request, limit: int) -> bytes:
    with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - the caller looked at the scheme
        raw: bytes = answer.read(limit)
    return raw


def _in_time(work: Callable[[], bytes]) -> bytes:
    """What `work` gives within `PATIENCE`. A socket's own timeout starts anew with every byte: a log's host that drips
    would keep its monitor from ever telling what another place serves. Raises TimeoutError, and what `work` raises."""
    done: queue.SimpleQueue[bytes | Exception] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put(work())
        except Exception as why:  # noqa: BLE001 - raised again where it is waited for
            done.put(why)

    threading.Thread(target=run, name="web", daemon=True).start()
    try:
        found = done.get(timeout=PATIENCE)
    except queue.Empty:
        raise TimeoutError(f"no whole answer in {PATIENCE} seconds") from None
    if isinstance(found, Exception):
        raise found
    return found


def _said(why: Exception) -> str:
    """What went wrong, in one line: the other side may have chosen the words."""
    return made_visible(str(why).strip())[:200] or type(why).__name__
