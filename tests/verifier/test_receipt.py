"""Receipts, promises and refusals against a record."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.verifier.forge.bytes import b64, signed_note
from tests.verifier.forge.world import ORIGIN, World
from verifier.errors import Refused
from verifier.receipt import Verdict, check_documents

WON = {"mayor": {"elected": ["ada"], "tied": []}}


@pytest.fixture(scope="module")
def world() -> World:
    made = World(voters={"ann": 1, "ben": 1, "cat": 1, "dot": 1}).open()
    made.cast("ann", [["bob"]])  # entry 4, superseded by 7
    made.cast("ben")  # 5
    made.cast("dot")  # 6, later struck
    made.cast("ann")  # 7
    made.strike("dot")
    return made.finish(WON)


@pytest.fixture
def record(world: World, tmp_path: Path) -> Path:
    return world.write(tmp_path / "record")


def judge(record: Path, *papers: dict[str, Any], against: list[str] | None = None) -> list[Verdict]:
    named = [(f"paper {number}", json.dumps(paper).encode()) for number, paper in enumerate(papers)]
    seen = [(f"seen {number}", text.encode()) for number, text in enumerate(against or [])]
    consulted, verdicts = check_documents(record, named, seen)
    assert consulted.faults == []
    return verdicts


def signed(world: World, kind: str, **fields: Any) -> dict[str, Any]:
    value = {"election": world.election, **fields}
    return {**value, "signature": world.board.sign(kind, value)}


@pytest.mark.parametrize(
    ("index", "counts"),
    [(4, "superseded by the same voter's later ballot, entry 7"), (5, "yes"), (6, "struck"), (7, "yes")],
)
@pytest.mark.parametrize("later", [0, 3])
def test_receipts(index: int, counts: str, later: int, world: World, record: Path) -> None:
    [verdict] = judge(record, world.receipt(index, index + 1 + later))
    assert verdict.failures == []
    facts = dict(verdict.facts)
    assert counts in facts["counts"]
    assert len(facts["tracker"]) == len(facts["voter number"]) == 29


def test_before_the_close_and_after_an_annulment(tmp_path: Path) -> None:
    world = World().open()
    world.cast("ann")
    [verdict] = judge(world.write(tmp_path / "a"), world.receipt(4))
    assert "not closed" in dict(verdict.facts)["counts"]
    world.by_official("annul", reason="over")
    [verdict] = judge(world.write(tmp_path / "b"), world.receipt(4))
    assert "annulled" in dict(verdict.facts)["counts"]


def changed(world: World, **fields: Any) -> dict[str, Any]:
    """Change a receipt and sign it anew with the board's key."""
    receipt = {**world.receipt(5), **fields}
    del receipt["signature"]
    return {**receipt, "signature": world.board.sign("receipt", receipt)}


def test_receipts_that_the_board_should_not_have_signed(world: World, record: Path) -> None:
    others = world.leaves()[:8]
    other = [*others[:5], b"{}", *others[6:]]
    cases: list[tuple[dict[str, Any], str]] = [
        ({"voter": world.voters["cat"].public}, "another voter"),
        ({"tracker": b64(bytes(32))}, "another one than the receipt's"),
        ({"time": "2026-03-01T08:00:59Z"}, "another voter, tracker or time"),
        ({"index": 6}, "does not lead to the root"),
        ({"index": 99}, "does not lead to the root"),
        ({"leaf_hash": b64(bytes(32))}, "does not lead to the root"),
        ({"inclusion_proof": []}, "does not lead to the root"),
        ({"election": b64(bytes(32))}, "not of this record's"),
        ({"checkpoint": signed_note(ORIGIN, other, world.board)}, "does not lead to the root"),
        ({"checkpoint": "rubbish"}, "no signatures"),
    ]
    for fields, said in cases:
        [verdict] = judge(record, changed(world, **fields))
        assert verdict.failures, fields
        assert said in verdict.failures[0], verdict.failures


def test_a_receipt_that_was_tampered_with(world: World, record: Path) -> None:
    [verdict] = judge(record, {**world.receipt(5), "time": "2026-03-01T08:00:59Z"})
    assert "signature" in verdict.failures[0]


def test_a_split_view_is_named(world: World, tmp_path: Path) -> None:
    """The board showed the voter one log and the world another (attack E2)."""
    shown = World(voters={"ann": 1, "ben": 1, "cat": 1, "dot": 1}, seed=1).open()
    shown.cast("ann", [["bob"]])
    shown.cast("ben", [["cyd"]])
    receipt = shown.receipt(5)
    [verdict] = judge(world.write(tmp_path / "record"), receipt)
    assert verdict.failures
    assert shown.election == world.election


def test_a_record_older_than_the_receipt(world: World, tmp_path: Path) -> None:
    old = World(voters={"ann": 1, "ben": 1, "cat": 1, "dot": 1}).open()
    old.cast("ann", [["bob"]])
    receipt = old.receipt(4)
    folder = old.write(tmp_path / "old")
    old.cast("ben")
    [kept] = judge(folder, receipt)
    assert not kept.failures
    newer = {**receipt, **{k: v for k, v in old.receipt(4).items() if k in ("checkpoint", "inclusion_proof")}}
    del newer["signature"]
    [verdict] = judge(folder, {**newer, "signature": old.board.sign("receipt", newer)})
    assert "older" in verdict.failures[0]


def test_promises(world: World, record: Path) -> None:
    body, time = world.log[5]["body"], world.log[5]["time"]
    kept = signed(world, "promise", tracker=body["tracker"], time=time)
    moved = signed(world, "promise", tracker=body["tracker"], time="2026-03-01T08:00:59Z")
    broken = signed(world, "promise", tracker=b64(bytes(32)), time=time)
    assert [bool(verdict.failures) for verdict in judge(record, kept, moved, broken)] == [False, True, True]
    [verdict] = judge(record, broken)
    assert "convicts the board" in verdict.failures[0]
    forged = {**broken, "time": "2026-03-01T08:00:59Z"}
    assert "signature" in judge(record, forged)[0].failures[0]


def test_a_promise_answered_by_a_refusal(world: World, record: Path) -> None:
    fields = {"tracker": b64(bytes(32)), "time": world.log[5]["time"]}
    promise, refusal = signed(world, "promise", **fields), signed(world, "refusal", reason="no proof", **fields)
    assert [verdict.failures for verdict in judge(record, promise, refusal)] == [[], []]


def test_refused_and_yet_on_the_log(world: World, record: Path) -> None:
    fields = {"tracker": world.log[5]["body"]["tracker"], "time": world.log[5]["time"]}
    promise, refusal = signed(world, "promise", **fields), signed(world, "refusal", reason="no proof", **fields)
    for verdict in judge(record, promise, refusal):
        assert "both refused" in verdict.failures[0]


def test_a_promise_before_the_close(tmp_path: Path) -> None:
    world = World().open()
    promise = signed(world, "promise", tracker=b64(bytes(32)), time="2026-03-01T08:00:59Z")
    [verdict] = judge(world.write(tmp_path), promise)
    assert not verdict.failures
    assert "not yet" in dict(verdict.facts)["kept"]


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"election":"x"}', b"\xff", b"[" * 10**5])
def test_what_is_no_paper(data: bytes, record: Path) -> None:
    _, [verdict] = check_documents(record, [("paper", data)])
    assert verdict.failures


def test_another_checkpoint(world: World, record: Path) -> None:
    leaves = world.leaves()
    good, fork = signed_note(ORIGIN, leaves[:6], world.board), signed_note(ORIGIN, [b"{}"] * 6, world.board)
    verdicts = judge(record, world.receipt(5), against=[good, fork, "rubbish"])
    assert {verdict.name: bool(verdict.failures) for verdict in verdicts} == {
        "paper 0": False,
        "seen 0": False,
        "seen 1": True,
        "seen 2": True,
    }


def test_a_record_that_contradicts_its_own_checkpoint_is_said(world: World, record: Path) -> None:
    log = record / "log/00000.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    consulted, _ = check_documents(record, [("paper", json.dumps(world.receipt(5)).encode())])
    assert any("checkpoint" in fault for fault in consulted.faults)


def test_a_record_that_cannot_be_used(world: World, record: Path) -> None:
    (record / "key.json").write_bytes(b"{}")
    with pytest.raises(Refused, match="cannot be used"):
        check_documents(record, [("paper", json.dumps(world.receipt(5)).encode())])
