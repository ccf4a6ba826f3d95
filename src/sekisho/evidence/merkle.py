"""The Merkle tree of RFC 6962: hashes, the frontier of a growing tree, inclusion and consistency proofs.

Proofs are made by the recursive definitions of RFC 6962, section 2.1, and checked by the iterative algorithms of
RFC 9162, sections 2.1.3.2 and 2.1.4.2, so that one's mistake is not the other's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""

MAX_PROOF = 63
"""Hashes in any proof: no tree has more than 2^63 leaves."""

Node = Callable[[int, int], bytes]
"""`node(height, index)`: the root of the complete subtree over leaves index * 2^height to (index + 1) * 2^height."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf: 32 bytes."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree: the roots of its complete subtrees, largest first. All it takes to grow."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def grown(self, leaves: Iterable[bytes]) -> "Frontier":
        """The frontier once these leaf hashes are added."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            top, rest = leaf, size
            while rest & 1:
                top, rest = sha256(b"\x01" + peaks.pop() + top).digest(), rest >> 1
            peaks.append(top)
            size += 1
        return Frontier(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The tree's root."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def range_root(node: Node, start: int, end: int) -> bytes:
    """MTH(D[start:end]) for a range that begins at a multiple of the least power of two that spans it."""
    count = end - start
    height = count.bit_length() - 1
    if count == 1 << height:
        return node(height, start >> height)
    left = start + (1 << height)
    return node_hash(node(height, start >> height), range_root(node, left, end))


def inclusion_proof(node: Node, index: int, size: int) -> tuple[bytes, ...]:
    """PATH(index, D[size]) of RFC 6962, section 2.1.1, from the leaf's sibling up. 0 <= index < size."""
    start, end, proof = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(range_root(node, middle, end))
            end = middle
        else:
            proof.append(range_root(node, start, middle))
            start = middle
    return tuple(reversed(proof))


def consistency_proof(node: Node, old: int, new: int) -> tuple[bytes, ...]:
    """PROOF(old, D[new]) of RFC 6962, section 2.1.2. Empty when old is 0 or equal to new; 0 <= old <= new."""
    if old in (0, new):
        return ()
    start, end, whole, proof = 0, new, True, []
    while end > old:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(range_root(node, middle, end))
            end = middle
        else:
            proof.append(range_root(node, start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(range_root(node, start, end))
    return tuple(reversed(proof))


def includes(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows the leaf hash at `index` in the tree of this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(each, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, each)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def extends(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the new tree begins with the old one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root and (old > 0 or old_root == EMPTY_ROOT)
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    was = now = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            was, now = node_hash(each, was), node_hash(each, now)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            now = node_hash(now, each)
        here, last = here >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << (count - 1).bit_length() - 1
