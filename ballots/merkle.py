"""The Merkle tree of RFC 9162: roots, inclusion and consistency proofs.

Hashes are addressed as (level, index): the node of 2^level leaves starting at index·2^level.
Proof functions take a ``node`` reader, so that a tree in memory and one in a database share them.
"""

import hashlib
from collections.abc import Callable, Sequence

from ballots.errors import LogError

NodeReader = Callable[[int, int], bytes]
"""Returns the hash of the complete node (level, index)."""

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash a leaf: SHA-256(0x00 ‖ entry), RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class MerkleTree:
    """A growing tree in memory: 64 bytes a leaf."""

    def __init__(self) -> None:
        """Make an empty tree."""
        self._levels: list[list[bytes]] = [[]]

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return len(self._levels[0])

    def append(self, leaf: bytes) -> list[tuple[int, int, bytes]]:
        """Append a leaf hash.

        Returns:
            The nodes that became complete, as (level, index, hash): what a database has to add.
        """
        completed = [(0, self.size, leaf)]
        self._levels[0].append(leaf)
        level = 0
        while len(self._levels[level]) % 2 == 0:
            parent = node_hash(*self._levels[level][-2:])
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            completed.append((level, len(self._levels[level]), parent))
            self._levels[level].append(parent)
        return completed

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete node."""
        return self._levels[level][index]

    def root(self, size: int | None = None) -> bytes:
        """Return the root over the first ``size`` leaves (all of them by default)."""
        return root(self.size if size is None else size, self.node)

    def inclusion_proof(self, index: int, size: int) -> list[bytes]:
        """Return the hashes from leaf ``index`` upwards to the root over ``size`` leaves."""
        return inclusion_proof(index, size, self.node)

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the tree of ``new`` leaves extends that of ``old``."""
        return consistency_proof(old, new, self.node)


def root(size: int, node: NodeReader) -> bytes:
    """Return the root over the first ``size`` leaves."""
    return EMPTY_ROOT if size == 0 else _range_hash(0, size, node)


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """Return PATH(index, D[size]) of RFC 9162 section 2.1.3, from the leaf upwards.

    Raises:
        LogError: The leaf is not below the size.
    """
    if not 0 <= index < size:
        raise LogError("There is no entry %(index)s among the first %(size)s.", index=index, size=size)
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(middle, end, node))
            end = middle
        else:
            path.append(_range_hash(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: NodeReader) -> list[bytes]:
    """Return PROOF(old, D[new]) of RFC 9162 section 2.1.4; empty where it is trivial.

    Raises:
        LogError: ``old`` is larger than ``new``.
    """
    if not 0 <= old <= new:
        raise LogError("A log of %(new)s entries cannot extend one of %(old)s.", new=new, old=old)
    if old in (0, new):
        return []
    path = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_hash(middle, end, node))
            end = middle
        else:
            path.append(_range_hash(start, middle, node))
            start, whole = middle, False
    if not whole:
        path.append(_range_hash(start, end, node))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected_root: bytes) -> None:
    """Check an inclusion proof (RFC 9162 section 2.1.3.2).

    Raises:
        LogError: It does not lead to the root.
    """
    if not 0 <= index < size:
        raise LogError("There is no entry %(index)s among the first %(size)s.", index=index, size=size)
    position, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise LogError("The inclusion proof is too long.")
        if position & 1 or position == last:
            current = node_hash(sibling, current)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            current = node_hash(current, sibling)
        position >>= 1
        last >>= 1
    if last != 0 or current != expected_root:
        raise LogError("The inclusion proof does not lead to the log's root.")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Check a consistency proof (RFC 9162 section 2.1.4.2).

    Raises:
        LogError: The newer log does not extend the older.
    """
    if not 0 <= old <= new:
        raise LogError("A log of %(new)s entries cannot extend one of %(old)s.", new=new, old=old)
    if old == new or old == 0:
        trivial = not path and (old_root == new_root if old == new else old_root == EMPTY_ROOT)
        if not trivial:
            raise LogError("Two heads of one size differ, or the proof is not empty.")
        return
    steps = [old_root, *path] if old & (old - 1) == 0 else list(path)
    if not steps:
        raise LogError("The consistency proof is empty.")
    position, last = old - 1, new - 1
    while position & 1:
        position >>= 1
        last >>= 1
    older = newer = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            raise LogError("The consistency proof is too long.")
        if position & 1 or position == last:
            older, newer = node_hash(sibling, older), node_hash(sibling, newer)
            while not position & 1 and position:
                position >>= 1
                last >>= 1
        else:
            newer = node_hash(newer, sibling)
        position >>= 1
        last >>= 1
    if last != 0 or older != old_root or newer != new_root:
        raise LogError("The newer log does not extend the older one.")


def _split(count: int) -> int:
    """Return the largest power of two smaller than ``count``."""
    return 1 << (count - 1).bit_length() - 1


def _range_hash(start: int, end: int, node: NodeReader) -> bytes:
    """Hash the leaves start … end−1, a range that the recursion of RFC 9162 reaches."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range_hash(start, middle, node), _range_hash(middle, end, node))
