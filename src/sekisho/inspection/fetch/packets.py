"""Packet lines: how git frames what it says over a connection (gitprotocol-common(5), gitprotocol-pack(5))."""

from collections.abc import Iterator

from sekisho.errors import SekishoError

FLUSH, DELIMITER = b"0000", b"0001"
_LONGEST = 65520


class MalformedAnswer(SekishoError):
    """A git server that says something else than its protocol allows."""

    def __init__(self, why: str) -> None:
        super().__init__(f"this is not how a git server answers: {why}")
        self.why = why


def packet(text: str) -> bytes:
    """One line, framed."""
    line = f"{text}\n".encode()
    return f"{len(line) + 4:04x}".encode() + line


def packets(raw: bytes) -> Iterator[bytes | None]:
    """What each packet holds; None for one that only separates. Raises MalformedAnswer."""
    at = 0
    while at < len(raw):
        head = raw[at : at + 4]
        if len(head) < 4 or not all(each in b"0123456789abcdefABCDEF" for each in head):
            raise MalformedAnswer("a packet without a length")
        length = int(head, 16)
        if length < 4:
            if length == 3:
                raise MalformedAnswer("a packet of no length that there is")
            at += 4
            yield None
            continue
        if length > _LONGEST or at + length > len(raw):
            raise MalformedAnswer("a packet that ends early")
        line = raw[at + 4 : at + length]
        if line.startswith(b"ERR "):
            raise MalformedAnswer(f"it refuses: {line[4:200].decode('utf-8', 'replace').strip()!a}")
        yield line
        at += length
