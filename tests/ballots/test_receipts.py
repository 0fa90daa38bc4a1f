"""Promise, refusal and receipt: signed by the board, and refused when anything in them is changed (section 7)."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots import codec, receipts
from ballots.checkpoint import Head, sign_checkpoint
from ballots.election import Election
from ballots.errors import BallotsError, EncodingError, LogError, SignatureRefused
from tests.support.elections import Simulation, seeded_key, simulate
from tests.support.hostile import HOSTILE_BYTES, hostile_bytes, hostile_documents

BOARD = seeded_key("board")
TIME = "2026-03-01T09:00:05Z"
TRACKER = codec.encode_bytes(bytes(range(32)))


@cache
def simulation() -> Simulation:
    driven = simulate()
    driven.open()
    for voter in driven.voters:
        driven.cast(voter, {"mayor": ["ada"]})
    driven.append("audited", {"tracker": TRACKER})
    return driven


def election() -> Election:
    return simulation().election


def receipt(place: int = 5, size: int | None = None, **changes: Any) -> dict[str, Any]:
    """Sign a receipt; ``changes`` are signed too."""
    driven = simulation()
    covered = driven.board.size if size is None else size
    head = Head(covered, driven.board.tree.root(covered))
    note = sign_checkpoint(election().manifest.log_origin, head, BOARD)
    proof = driven.board.tree.inclusion_proof(place, covered)
    made = receipts.sign_receipt(BOARD, driven.fingerprint, driven.entries[place], note, proof)
    return signed("receipt", {**made, **changes}) if changes else made


def signed(tag: str, document: dict[str, Any]) -> dict[str, Any]:
    fields = {name: value for name, value in document.items() if name != "signature"}
    return {**fields, "signature": BOARD.sign(tag, fields)}


def promise() -> dict[str, Any]:
    return receipts.sign_promise(BOARD, simulation().fingerprint, TRACKER, TIME)


def refusal() -> dict[str, Any]:
    return receipts.sign_refusal(BOARD, simulation().fingerprint, TRACKER, "A proof does not hold.", TIME)


Verify = Callable[[Election, Any], None]
KINDS: dict[str, tuple[Callable[[], dict[str, Any]], Verify]] = {
    "promise": (promise, receipts.verify_promise),
    "refusal": (refusal, receipts.verify_refusal),
    "receipt": (receipt, receipts.verify_receipt),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_board_signs_passes(kind: str) -> None:
    make, verify = KINDS[kind]
    document = make()
    verify(election(), codec.parse_canonical(codec.encode_canonical(document)))
    fields = {name: value for name, value in document.items() if name != "signature"}
    assert document["signature"] == BOARD.sign(kind, fields)


def test_fields_are_those_of_the_page() -> None:
    assert promise().keys() == {"election", "tracker", "time", "signature"}
    assert refusal().keys() == {"election", "tracker", "reason", "time", "signature"}
    assert receipt().keys() == {
        "election", "voter", "tracker", "index", "time", "leaf_hash", "checkpoint", "inclusion_proof", "signature"
    }  # fmt: skip


@pytest.mark.parametrize("index", range(4, 7))
def test_receipts_hold_under_every_later_checkpoint(index: int) -> None:
    for size in range(index + 1, simulation().board.size + 1):
        document = receipt(index, size)
        receipts.verify_receipt(election(), document)
        body = simulation().entries[index].body
        receipts.verify_leaf(document, body["previous"], body["signature"])


def test_a_leaf_that_is_not_the_ballot_that_was_cast() -> None:
    body, other = simulation().entries[5].body, simulation().entries[4].body
    for document, previous, signature in (
        (receipt(), TRACKER, body["signature"]),
        (receipt(), "", other["signature"]),
        (receipt(tracker=TRACKER), "", body["signature"]),
        (receipt(voter=other["voter"]), "", body["signature"]),
        (receipt(time=TIME[:-3] + "59Z"), "", body["signature"]),
    ):
        receipts.verify_receipt(election(), document)
        with pytest.raises(LogError, match="not the ballot that was cast"):
            receipts.verify_leaf(document, previous, signature)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("signer", ["official", "registrar", "trustee 1"])
def test_only_the_board_signs(kind: str, signer: str) -> None:
    make, verify = KINDS[kind]
    fields = {name: value for name, value in make().items() if name != "signature"}
    with pytest.raises(SignatureRefused, match="does not fit"):
        verify(election(), {**fields, "signature": seeded_key(signer).sign(kind, fields)})


@pytest.mark.parametrize("kind", KINDS)
def test_papers_of_another_election(kind: str) -> None:
    make, verify = KINDS[kind]
    with pytest.raises(LogError, match=f"{kind} belongs to another election"):
        verify(election(), signed(kind, {**make(), "election": "A" * 43}))


@pytest.mark.parametrize("kind", KINDS)
def test_one_paper_is_not_another(kind: str) -> None:
    for other, (make, _) in KINDS.items():
        if other != kind:
            with pytest.raises(EncodingError, match="Expected exactly the keys"):
                KINDS[kind][1](election(), make())
    refused = refusal()
    del refused["reason"]
    with pytest.raises(SignatureRefused):  # a refusal cut down to a promise
        receipts.verify_promise(election(), refused)


@pytest.mark.parametrize(
    ("changes", "error", "reason"),
    [
        ({"index": 6}, LogError, "does not lead to the log's root"),
        ({"index": 99}, LogError, "no entry 99 among the first 8"),
        ({"index": True}, EncodingError, "'index' of the receipt is of a wrong type"),
        ({"index": "5"}, EncodingError, "'index' of the receipt is of a wrong type"),
        ({"time": "now"}, EncodingError, "Expected a time"),
        ({"leaf_hash": TRACKER}, LogError, "does not lead to the log's root"),
        ({"leaf_hash": "A"}, EncodingError, "32 bytes"),
        ({"checkpoint": ""}, LogError, "not three lines"),
        ({"checkpoint": 5}, EncodingError, "'checkpoint' of the receipt is of a wrong type"),
        ({"inclusion_proof": []}, LogError, "does not lead to the log's root"),
        ({"inclusion_proof": [TRACKER] * 3}, LogError, "does not lead to the log's root"),
        ({"inclusion_proof": [TRACKER] * 99}, LogError, "too long"),
        ({"inclusion_proof": [5]}, EncodingError, "32 bytes"),
        ({"inclusion_proof": "text"}, EncodingError, "of a wrong type"),
        ({"voter": 5}, EncodingError, "of a wrong type"),
        ({"extra": 5}, EncodingError, "unknown: extra"),
    ],
)
def test_receipts_that_the_board_signed_but_that_show_nothing(
    changes: dict[str, Any], error: type[BallotsError], reason: str
) -> None:
    with pytest.raises(error, match=reason) as caught:
        receipts.verify_receipt(election(), receipt(**changes))
    assert caught.type is error


def test_a_checkpoint_that_does_not_cover_the_ballot() -> None:
    head = Head(5, simulation().board.tree.root(5))
    note = sign_checkpoint(election().manifest.log_origin, head, BOARD)
    with pytest.raises(LogError, match="no entry 5 among the first 5"):
        receipts.verify_receipt(election(), receipt(checkpoint=note))


def test_a_checkpoint_of_another_log_or_board() -> None:
    head = Head(8, simulation().board.tree.root())
    for origin, key in (("vote.example/other", "board"), (election().manifest.log_origin, "official")):
        note = sign_checkpoint(origin, head, seeded_key(key))
        with pytest.raises(LogError, match=r"another log|not signed by the board"):
            receipts.verify_receipt(election(), receipt(checkpoint=note))


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_any_change_is_refused(kind: str, data: st.DataObject) -> None:
    make, verify = KINDS[kind]
    good = codec.encode_canonical(make())
    changed = data.draw(st.one_of(hostile_bytes(good), hostile_documents(make())))
    if changed != good:
        with pytest.raises(BallotsError):
            verify(election(), codec.parse_canonical(changed))


@pytest.mark.parametrize("data", HOSTILE_BYTES)
def test_hostile_bytes(data: bytes) -> None:
    for _, verify in KINDS.values():
        with pytest.raises(BallotsError):
            verify(election(), codec.parse_canonical(data))
