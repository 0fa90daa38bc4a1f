"""Proofs from the log over HTTP: what they prove, who may read them, and what is refused."""

import pytest

from ballots import codec, merkle
from ballots.checkpoint import parse_checkpoint
from ballots.credentials import voter_number
from tests.pages.conftest import Gallery
from tests.support.elections import seeded_key


def _head(gallery: Gallery, state: str) -> tuple[int, bytes]:
    text = gallery.client().get(gallery.path(state, "/record/checkpoint")).get_data(as_text=True)
    head = parse_checkpoint(text, "vote.example/test", seeded_key("board").public)
    return head.size, head.root


def _leaves(gallery: Gallery, state: str) -> list[bytes]:
    lines = gallery.client().get(gallery.path(state, "/record/log/00000.jsonl")).data.splitlines()
    return [merkle.leaf_hash(line) for line in lines]


@pytest.mark.parametrize("old", [1, 4, 8, 37, 61])
def test_the_log_continues_every_earlier_one(gallery: Gallery, old: int) -> None:
    size, root = _head(gallery, "open")
    answer = gallery.client().get(f"/api{gallery.path('open')}/log/consistency?old={old}&new={size}")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "immutable" in answer.headers["Cache-Control"]
    tree = merkle.MerkleTree()
    for leaf in _leaves(gallery, "open"):
        tree.append(leaf)
    proof = [codec.decode_bytes(step, 32) for step in answer.get_json()["proof"]]
    merkle.verify_consistency(old, size, tree.root(old), root, proof)


def test_entries_are_found_with_their_proofs(gallery: Gallery) -> None:
    size, root = _head(gallery, "open")
    lines = gallery.client().get(gallery.path("open", "/record/log/00000.jsonl")).data.splitlines()
    voter = codec.parse_canonical(lines[4])["body"]["voter"]
    for question, at_least in ((f"q={voter_number(voter)}", 2), ("q=4", 1), ("kind=extend", 1)):
        answer = gallery.client().get(f"/api{gallery.path('open')}/log/entries?{question}&size={size}").get_json()
        assert len(answer["entries"]) >= at_least
        for found in answer["entries"]:
            data = found["entry"].encode()
            proof = [codec.decode_bytes(step, 32) for step in found["inclusion_proof"]]
            merkle.verify_inclusion(merkle.leaf_hash(data), codec.parse_canonical(data)["index"], size, proof, root)


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("consistency?old=0&new=5", 404),
        ("consistency?old=5&new=4", 404),
        ("consistency?old=5&new=99999", 404),
        ("consistency?old=-1&new=4", 422),
        ("consistency", 422),
        ("entries?q=4", 422),
        ("entries?size=4", 422),
        ("entries?q=4&kind=close&size=4", 422),
        ("entries?kind=ballot&size=4", 422),
        ("entries?q=4&size=0", 404),
        ("entries?q=4&size=99999", 404),
    ],
)
def test_what_cannot_be_proved_is_refused_in_a_sentence(gallery: Gallery, question: str, status: int) -> None:
    answer = gallery.client().get(f"/api{gallery.path('open')}/log/{question}")
    assert answer.status_code == status
    assert answer.get_json()["message"]


def test_only_the_log_asked_for_is_searched(gallery: Gallery) -> None:
    answer = gallery.client().get(f"/api{gallery.path('open')}/log/entries?q=50&size=50").get_json()
    assert answer == {"size": 50, "entries": []}


def test_an_election_without_a_log_proves_nothing(gallery: Gallery) -> None:
    assert gallery.client().get(f"/api{gallery.path('draft')}/log/consistency?old=1&new=1").status_code == 404
