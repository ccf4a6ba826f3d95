"""Merkle trees: every proof verifies, no altered one does, and the roots are RFC 6962's."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sekisho.evidence.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    extends,
    includes,
    inclusion_proof,
    leaf_hash,
    node_hash,
)
from sekisho.evidence.tiles import folded

ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The tree of Certificate Transparency's own tests (google/certificate-transparency, merkletree): facts, not code."""


class Tree:
    """A tree by the definition of RFC 6962, section 2.1, for checking the rest against."""

    def __init__(self, entries: list[bytes]) -> None:
        self.leaves = [leaf_hash(entry) for entry in entries]

    def root(self, start: int, end: int) -> bytes:
        """MTH(D[start:end])."""
        if start == end:
            return EMPTY_ROOT
        if end - start == 1:
            return self.leaves[start]
        split = 1
        while split * 2 < end - start:
            split *= 2
        return node_hash(self.root(start, start + split), self.root(start + split, end))

    def node(self, height: int, index: int) -> bytes:
        """The root of a complete subtree."""
        return folded(self.leaves[index << height : (index + 1) << height])


def tree(size: int) -> Tree:
    return Tree([number.to_bytes(4, "big") for number in range(size)])


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(each)) for each in ENTRIES[:size]]
    assert Frontier().grown(leaves).root.hex() == ROOTS[size - 1]


def test_a_tree_of_nothing() -> None:
    assert Frontier().root == EMPTY_ROOT == sha256(b"").digest()


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_frontier_grows_to_the_root_whatever_the_steps(first: int, more: int) -> None:
    whole = tree(first + more)
    grown = Frontier().grown(whole.leaves[:first]).grown(whole.leaves[first:])
    assert (grown.size, grown.root) == (first + more, whole.root(0, first + more))


@given(st.data())
def test_every_inclusion_proof_verifies_and_no_altered_one_does(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 300))
    index = data.draw(st.integers(0, size - 1))
    whole = tree(size)
    root, proof = whole.root(0, size), inclusion_proof(whole.node, index, size)
    assert includes(whole.leaves[index], index, size, proof, root)
    wrong = list(proof)
    match data.draw(st.integers(0, 5)):
        case 0 if wrong:
            place = data.draw(st.integers(0, len(wrong) - 1))
            wrong[place] = sha256(wrong[place]).digest()
            assert not includes(whole.leaves[index], index, size, wrong, root)
        case 1 if wrong:
            wrong.pop(data.draw(st.integers(0, len(wrong) - 1)))
            assert not includes(whole.leaves[index], index, size, wrong, root)
        case 2:
            wrong.insert(data.draw(st.integers(0, len(wrong))), sha256(b"more").digest())
            assert not includes(whole.leaves[index], index, size, wrong, root)
        case 3 if size > 1:
            other = data.draw(st.integers(0, size - 1).filter(lambda each: each != index))
            assert not includes(whole.leaves[index], other, size, proof, root)
            assert not includes(whole.leaves[other], index, size, proof, root)
        case 4:
            assert not includes(whole.leaves[index], index, size, proof, sha256(root).digest())
        case _:
            assert not includes(whole.leaves[index], size, size, proof, root)


@given(st.data())
def test_every_consistency_proof_verifies_and_no_altered_one_does(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 300))
    old = data.draw(st.integers(0, new))
    whole = tree(new)
    was, now, proof = whole.root(0, old), whole.root(0, new), consistency_proof(whole.node, old, new)
    assert extends(old, was, new, now, proof)
    assert not extends(old, sha256(was).digest(), new, now, proof)
    if old not in (0, new):
        assert not extends(old, was, new, sha256(now).digest(), proof)
        assert not extends(new, now, old, was, proof)
        wrong = list(proof)
        place = data.draw(st.integers(0, len(wrong) - 1))
        wrong[place] = sha256(wrong[place]).digest()
        assert not extends(old, was, new, now, wrong)
        assert not extends(old, was, new, now, wrong[:-1])
    assert not extends(old, was, new, now, (*proof, sha256(b"more").digest()))


def test_a_rewritten_tree_does_not_extend_the_old_one() -> None:
    old, forged = tree(70), Tree([b"forged", *(number.to_bytes(4, "big") for number in range(1, 100))])
    for size in range(70, 101):
        proof = consistency_proof(forged.node, 70, size)
        assert not extends(70, old.root(0, 70), size, forged.root(0, size), proof)
