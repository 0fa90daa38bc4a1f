"""The Merkle tree of RFC 9162, section 2.1, grown leaf by leaf, and its inclusion proofs."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class GrowingTree:
    """A tree that remembers only the roots of its complete subtrees: one for each 1 in its size."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> None:
        """Add the hash of one more leaf on the right."""
        rest, self.size = self.size, self.size + 1
        while rest & 1:
            leaf = node_hash(self.peaks.pop(), leaf)
            rest >>= 1
        self.peaks.append(leaf)

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that an inclusion proof leads to, or None if it has not the length for this place."""
    if not 0 <= index < size:
        return None
    node, last, path = index, size - 1, list(reversed(proof))
    while last:
        if node & 1 or node != last:
            if not path:
                return None
            sibling = path.pop()
            leaf = node_hash(sibling, leaf) if node & 1 else node_hash(leaf, sibling)
        node, last = node >> 1, last >> 1
    return None if path else leaf
