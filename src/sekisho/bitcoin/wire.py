"""Bitcoin's wire format: little-endian integers and compact sizes, strictly in their shortest form."""

from collections.abc import Callable

from sekisho.errors import SekishoError


def compact_size(number: int) -> bytes:
    """Encode a length or count (Bitcoin Core, serialize.h)."""
    if number < 0xFD:
        return number.to_bytes(1, "little")
    if number <= 0xFFFF:
        return b"\xfd" + number.to_bytes(2, "little")
    if number <= 0xFFFFFFFF:
        return b"\xfe" + number.to_bytes(4, "little")
    return b"\xff" + number.to_bytes(8, "little")


def sized(data: bytes) -> bytes:
    """`data` behind its compact size."""
    return compact_size(len(data)) + data


class Reader:
    """Takes foreign bytes from the front; whatever is wrong with them becomes the caller's own error."""

    def __init__(self, raw: bytes, malformed: Callable[[str], SekishoError]) -> None:
        self._raw, self._at, self._malformed = raw, 0, malformed

    @property
    def left(self) -> int:
        """How many bytes remain."""
        return len(self._raw) - self._at

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        if count > self.left:
            raise self._malformed(f"ends {count - self.left} bytes early")
        start, self._at = self._at, self._at + count
        return self._raw[start : self._at]

    def peek(self, count: int) -> bytes:
        """The next `count` bytes, or what is left of them, which stay."""
        return self._raw[self._at : self._at + count]

    def u32(self) -> int:
        """The next four bytes, little-endian."""
        return int.from_bytes(self.take(4), "little")

    def compact(self) -> int:
        """The next compact size, which must be in its shortest form."""
        first = self.take(1)[0]
        if first < 0xFD:
            return first
        width = {0xFD: 2, 0xFE: 4, 0xFF: 8}[first]
        number = int.from_bytes(self.take(width), "little")
        if number < {2: 0xFD, 4: 0x10000, 8: 0x100000000}[width]:
            raise self._malformed("a length is not in its shortest form")
        return number

    def count(self, least: int) -> int:
        """The next compact size, as a count of things that take at least `least` bytes each."""
        number = self.compact()
        if number * least > self.left:
            raise self._malformed(f"claims {number} items, more than its bytes can hold")
        return number

    def sized(self) -> bytes:
        """The next bytes behind their compact size."""
        if self._at < len(self._raw) and self._raw[self._at] < 0xFD:  # the common case, without two calls
            start = self._at + 1
            end = start + self._raw[self._at]
            if end <= len(self._raw):
                self._at = end
                return self._raw[start:end]
        return self.take(self.compact())

    def end(self) -> None:
        """Insist that nothing is left."""
        if self.left:
            raise self._malformed(f"{self.left} bytes too many")
