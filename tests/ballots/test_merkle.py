"""The Merkle tree against the text of RFC 9162, exhaustively for small sizes, and against pymerkle for inclusion."""

import hashlib
from functools import cache

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots import merkle
from ballots.errors import LogError
from ballots.merkle import MerkleTree, leaf_hash, node_hash, verify_consistency, verify_inclusion

SIZES = range(41)
ENTRIES = [f"entry {number}".encode() for number in range(64)]
LEAVES = tuple(map(leaf_hash, ENTRIES))


# RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1, word for word.


def split(count: int) -> int:
    """k, the largest power of two smaller than n: k < n <= 2k."""
    k = 1
    while 2 * k < count:
        k *= 2
    return k


@cache
def mth(leaves: tuple[bytes, ...]) -> bytes:
    """MTH(D[n])."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def path(m: int, leaves: tuple[bytes, ...]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: tuple[bytes, ...], complete: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b)."""
    if m == len(leaves):
        return [] if complete else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], complete), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


@cache
def tree() -> MerkleTree:
    grown = MerkleTree()
    for leaf in LEAVES:
        grown.append(leaf)
    return grown


@pytest.mark.parametrize("size", SIZES)
def test_roots_and_proofs_are_those_of_the_rfc(size: int) -> None:
    leaves = LEAVES[:size]
    root = tree().root(size)
    assert root == mth(leaves)
    for index in range(size):
        proof = tree().inclusion_proof(index, size)
        assert proof == path(index, leaves)
        verify_inclusion(leaves[index], index, size, proof, root)
    for old in range(1, size):
        proof = tree().consistency_proof(old, size)
        assert proof == subproof(old, leaves, True)
        verify_consistency(old, size, mth(leaves[:old]), root, proof)
    for old in (0, size):
        assert tree().consistency_proof(old, size) == []
        verify_consistency(old, size, mth(leaves[:old]), root, [])


def test_pymerkle_agrees_on_roots_and_inclusion() -> None:
    other = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in ENTRIES:
        other.append_entry(entry)
    for size in SIZES[1:]:
        assert tree().root(size) == other.get_root(size)
        for index in range(size):
            theirs = other.prove_inclusion(index + 1, size)
            assert tree().inclusion_proof(index, size) == [bytes.fromhex(one) for one in theirs.serialize()["path"][1:]]


@pytest.mark.parametrize("size", SIZES[1:])
def test_no_proof_fits_another_place_size_or_leaf(size: int) -> None:
    leaves = LEAVES[:size]
    root = tree().root(size)
    for index in range(size):
        proof = tree().inclusion_proof(index, size)
        wrong: list[tuple[bytes, int, int, list[bytes], bytes]] = [
            (leaves[index], other, size, proof, root) for other in range(-1, size + 2) if other != index
        ]
        wrong += [(leaves[index], index, other, proof, tree().root(other)) for other in (size - 1, size + 1)]
        wrong += [
            (LEAVES[63], index, size, proof, root),
            (leaves[index], index, size, [*proof, root], root),
            (leaves[index], index, size, proof, bytes(32)),
        ]
        if proof:
            wrong += [
                (leaves[index], index, size, proof[:-1], root),
                (leaves[index], index, size, proof[1:], root),
                (leaves[index], index, size, [*proof[:-1], bytes(32)], root),
                (root, 0, 1, proof, root),
            ]
        for arguments in wrong:
            with pytest.raises(LogError):
                verify_inclusion(*arguments)


@pytest.mark.parametrize("new", SIZES)
def test_no_consistency_proof_fits_another_history(new: int) -> None:
    for old in range(new + 1):
        proof = tree().consistency_proof(old, new)
        before, after = tree().root(old), tree().root(new)
        wrong: list[tuple[int, int, bytes, bytes, list[bytes]]] = [
            (old, new, before, after, [*proof, bytes(32)]),
            (old, new, bytes(32), after, proof),
            (new + 1, old, before, after, proof),
            (-1, new, before, after, proof),
        ]
        if old:
            wrong.append((old, new, before, bytes(32), proof))
        for place in range(len(proof)):
            wrong.append((old, new, before, after, proof[:place] + proof[place + 1 :]))
            wrong.append((old, new, before, after, [*proof[:place], bytes(32), *proof[place + 1 :]]))
        for arguments in wrong:
            with pytest.raises(LogError):
                verify_consistency(*arguments)


def test_a_fork_is_not_consistent() -> None:
    for old in range(2, 20):
        fork = MerkleTree()
        for number, leaf in enumerate(LEAVES[:20]):
            fork.append(leaf_hash(b"fork") if number == old - 2 else leaf)
        with pytest.raises(LogError, match="does not extend"):
            verify_consistency(old, 20, tree().root(old), fork.root(), fork.consistency_proof(old, 20))


def test_leaves_and_nodes_are_told_apart() -> None:
    assert leaf_hash(b"x") == hashlib.sha256(b"\x00x").digest()
    assert node_hash(b"a" * 32, b"b" * 32) == hashlib.sha256(b"\x01" + b"a" * 32 + b"b" * 32).digest()
    with pytest.raises(LogError):  # an inner node is not a leaf of a smaller tree's proof
        verify_inclusion(node_hash(LEAVES[0], LEAVES[1]), 0, 4, [node_hash(LEAVES[2], LEAVES[3])], tree().root(4))


def test_appending_returns_what_a_database_has_to_add() -> None:
    grown, stored = MerkleTree(), {}
    for size, leaf in enumerate(LEAVES, start=1):
        for level, index, digest in grown.append(leaf):
            assert (level, index) not in stored
            stored[level, index] = digest
        assert grown.size == size
        assert all(grown.node(level, index) == digest for (level, index), digest in stored.items())

    def node(level: int, index: int) -> bytes:
        return stored[level, index]

    assert merkle.root(41, node) == tree().root(41)
    assert merkle.inclusion_proof(17, 41, node) == tree().inclusion_proof(17, 41)
    assert merkle.consistency_proof(13, 41, node) == tree().consistency_proof(13, 41)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5), (6, 5)])
def test_there_is_no_proof_beyond_the_end(index: int, size: int) -> None:
    with pytest.raises(LogError, match=f"no entry {index} among the first {size}"):
        tree().inclusion_proof(index, size)


@pytest.mark.parametrize(("old", "new"), [(6, 5), (-1, 5)])
def test_a_log_does_not_shrink(old: int, new: int) -> None:
    with pytest.raises(LogError, match="cannot extend"):
        tree().consistency_proof(old, new)


@given(st.integers(0, 2**53), st.integers(0, 2**53), st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_huge_numbers_and_random_hashes_are_refused(index: int, size: int, proof: list[bytes]) -> None:
    with pytest.raises(LogError):
        verify_inclusion(LEAVES[0], index, size, proof, LEAVES[1])
    with pytest.raises(LogError):
        verify_consistency(index, size, LEAVES[0], LEAVES[1], proof)
