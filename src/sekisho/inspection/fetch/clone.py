"""What `git clone` would bring, without git and without a checkout: one commit, into memory.

Git's protocol 2 over HTTP (gitprotocol-http(5), gitprotocol-v2(5)): ask for a ref, then for its objects alone.
"""

import re

from sekisho.inspection.fetch.https import Server, parse_place
from sekisho.inspection.fetch.pack import Fetched, read_pack
from sekisho.inspection.fetch.packets import DELIMITER, FLUSH, MalformedAnswer, packet, packets
from sekisho.inspection.virtual import Limits

MAX_PACK = 200_000_000
"""Bytes of one answer."""

LIMITS = Limits(total_bytes=400_000_000)
"""For what a pack unpacks to."""

_SERVICE = "git-upload-pack"
_NAME = re.compile(rb"[0-9a-f]{40}")
_REF = re.compile(r"(?!-)[A-Za-z0-9._/+@-]{1,200}")


def clone(url: str, ref: str = "", *, private: bool = False, most: int = MAX_PACK) -> Fetched:
    """The files of a branch or tag, or of HEAD. Raises NotFetched, MalformedAnswer, BrokenRepository, UnjudgeableInput.

    `private`: whether the server may be in a private network. `most`: bytes of one answer.
    """
    server = Server(parse_place(url), private=private, most=most)
    if ref and not _REF.fullmatch(ref):
        raise server.fails("this is no name of a branch or tag")
    offers = _greet(server)
    wanted = [f"refs/heads/{ref}", f"refs/tags/{ref}"] if ref else ["HEAD"]
    name = _find(server, wanted)
    if name is None:
        raise server.fails(f"it has no {' and no '.join(wanted)}")
    shallow = ["deepen 1"] if "shallow" in offers.get("fetch", "").split() else []
    asked = ["no-progress", "ofs-delta", *shallow, f"want {name}", "done"]
    return read_pack(_packed(_command(server, "fetch", asked)), name, LIMITS)


def _greet(server: Server) -> dict[str, str]:
    """What the server can do. It must speak protocol 2 and name objects by SHA-1."""
    raw = server.get(f"/info/refs?service={_SERVICE}", {"Accept": f"application/x-{_SERVICE}-advertisement"})
    lines = [line.decode("utf-8", "replace").strip() for line in packets(raw) if line is not None]
    if lines and lines[0].startswith("# service="):
        lines = lines[1:]
    if not lines or lines[0] != "version 2":
        raise MalformedAnswer("it does not speak version 2 of git's protocol")
    offers = dict(line.partition("=")[::2] for line in lines[1:])
    if offers.get("object-format", "sha1") != "sha1" or "fetch" not in offers or "ls-refs" not in offers:
        raise MalformedAnswer("it names objects by something else than SHA-1, or gives none out")
    return offers


def _find(server: Server, wanted: list[str]) -> str | None:
    """The object that the first of these refs names."""
    answer = _command(server, "ls-refs", [f"ref-prefix {each}" for each in wanted])
    names: dict[str, str] = {}
    for line in packets(answer):
        name, _, ref = (line or b"").strip().partition(b" ")
        if _NAME.fullmatch(name):
            names[ref.partition(b" ")[0].decode("utf-8", "replace")] = name.decode()
    return next((names[each] for each in wanted if each in names), None)


def _command(server: Server, command: str, arguments: list[str]) -> bytes:
    head = packet(f"command={command}") + packet("object-format=sha1") + DELIMITER
    body = head + b"".join(packet(each) for each in arguments) + FLUSH
    types = {"Content-Type": f"application/x-{_SERVICE}-request", "Accept": f"application/x-{_SERVICE}-result"}
    return server.post(f"/{_SERVICE}", body, types)


def _packed(answer: bytes) -> bytes:
    """The pack in an answer to `fetch`: channel 1 of the section `packfile`."""
    parts: list[bytes] = []
    inside = False
    for line in packets(answer):
        if not inside:
            inside = line == b"packfile\n"
        elif line is None:
            break
        elif line[:1] == b"\x01":
            parts.append(line[1:])
        elif line[:1] == b"\x03":
            raise MalformedAnswer(f"it gives up: {line[1:200].decode('utf-8', 'replace').strip()!a}")
    if not parts:
        raise MalformedAnswer("no pack came")
    return b"".join(parts)
