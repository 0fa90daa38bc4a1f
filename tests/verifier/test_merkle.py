import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verifier.forge import bytes as forge
from verifier.checkpoint import parse_checkpoint
from verifier.errors import Malformed, Refused, VerifierError
from verifier.merkle import GrowingTree, leaf_hash, root_from_inclusion

LEAVES = [f"leaf {number}".encode() for number in range(70)]
ORIGIN = "board.example/town"
BOARD = forge.Signer("board")


def test_roots_of_all_sizes() -> None:
    tree = GrowingTree()
    for size in range(len(LEAVES) + 1):
        assert tree.root() == forge.merkle_root(LEAVES[:size])
        tree.append(leaf_hash(LEAVES[size % len(LEAVES)]))


def test_inclusion_of_every_leaf() -> None:
    for size in range(1, 34):
        root = forge.merkle_root(LEAVES[:size])
        for index in range(size):
            proof = forge.merkle_path(LEAVES[:size], index)
            leaf = leaf_hash(LEAVES[index])
            assert root_from_inclusion(leaf, index, size, proof) == root
            assert root_from_inclusion(leaf, index, size, [*proof, root]) is None
            assert not proof or root_from_inclusion(leaf, index, size, proof[:-1]) is None
            assert root_from_inclusion(leaf, size, size, proof) is None


@given(st.integers(0, 32), st.integers(0, 32))
def test_a_proof_is_of_one_place(index: int, other: int) -> None:
    proof = forge.merkle_path(LEAVES[:33], index)
    found = root_from_inclusion(leaf_hash(LEAVES[index]), other, 33, proof)
    assert (found == forge.merkle_root(LEAVES[:33])) == (index == other)


def test_checkpoint() -> None:
    text = forge.signed_note(ORIGIN, LEAVES[:5], BOARD).encode()
    checkpoint = parse_checkpoint(text, ORIGIN, BOARD.public)
    assert (checkpoint.size, checkpoint.root) == (5, forge.merkle_root(LEAVES[:5]))
    witnessed = text + "— witness.example AAAAAAAAAA==\n".encode()
    assert parse_checkpoint(witnessed, ORIGIN, BOARD.public) == checkpoint


@given(st.data())
def test_any_other_byte_in_a_checkpoint_is_refused(data: st.DataObject) -> None:
    text = bytearray(forge.signed_note(ORIGIN, LEAVES[:5], BOARD).encode())
    place = data.draw(st.integers(0, len(text) - 1))
    text[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != text[place]))
    with pytest.raises(VerifierError):
        parse_checkpoint(bytes(text), ORIGIN, BOARD.public)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda text: text.replace("\n5\n", "\n05\n"), Malformed),
        (lambda text: text.split("\n\n")[0] + "\n", Malformed),
        (lambda text: text.removesuffix("\n"), Malformed),
        (lambda text: text.replace("board.example/town\n", "board.example/city\n", 1), Refused),
        (lambda text: text + "no signature\n", Malformed),
    ],
)
def test_refuses_checkpoints(change, kind) -> None:  # type: ignore[no-untyped-def]
    text = forge.signed_note(ORIGIN, LEAVES[:5], BOARD)
    with pytest.raises(kind):
        parse_checkpoint(change(text).encode(), ORIGIN, BOARD.public)


def test_a_repeated_signature_must_be_right_too() -> None:
    good = forge.signed_note(ORIGIN, LEAVES[:5], BOARD)
    other = forge.signed_note(ORIGIN, LEAVES[:6], BOARD).split("\n\n")[1]
    assert parse_checkpoint((good + good.split("\n\n")[1]).encode(), ORIGIN, BOARD.public).size == 5
    with pytest.raises(Refused, match="wrong"):
        parse_checkpoint((good + other).encode(), ORIGIN, BOARD.public)


def test_another_board_s_signature_is_none() -> None:
    text = forge.signed_note(ORIGIN, LEAVES[:5], forge.Signer("other")).encode()
    with pytest.raises(Refused, match="has not signed"):
        parse_checkpoint(text, ORIGIN, BOARD.public)


def test_the_empty_log() -> None:
    assert GrowingTree().root() == hashlib.sha256(b"").digest()
