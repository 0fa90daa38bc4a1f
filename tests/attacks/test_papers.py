"""What voters hold against a board that cheats: receipts, promises, refusals, audited ballots, their own number.

E4: a receipt whose ballot is not on the log, a tracker that the server swapped. G5: ballots pending at the close.
G2: an audited ballot that was cast. F1: a ballot stuffed for somebody who stays away.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ballots.ballot import seal_ballot
from ballots.codec import encode_bytes
from ballots.credentials import voter_number
from ballots.entries import Entry
from ballots.merkle import leaf_hash
from ballots.receipts import sign_promise, sign_receipt, sign_refusal
from tests.attacks.forge import Forge
from tests.attacks.judges import trustee_refuses, verify
from tests.attacks.steps import Step, encode, hash_text
from verifier import codec
from verifier.audit import check_audit
from verifier.receipt import Verdict, check_documents

VICTIM = 4


def entry_of(forge: Forge, step: Step) -> Entry:
    return Entry(forge.place(step), step.time, step.kind, step.body)


def receipt(forge: Forge, step: Step, of: Forge | None = None, **told: Any) -> dict[str, Any]:
    """Let the board sign a receipt for a step, as seen by the log of ``of``; ``told`` replaces what it says."""
    log = of or forge
    place = log.place(step) if of is None else [s.leaf for s in log.steps].index(step.leaf)
    proof = log.tree.inclusion_proof(place, log.tree.size)
    honest = sign_receipt(forge.keys["board"], forge.fingerprint, entry_of(forge, step), log.checkpoint, proof)
    fields = {name: value for name, value in {**honest, "index": place, **told}.items() if name != "signature"}
    return {**fields, "signature": forge.keys["board"].sign("receipt", fields)}


def judged(record: Path, *papers: Mapping[str, Any]) -> list[Verdict]:
    _, verdicts = check_documents(record, [(str(number), encode(paper)) for number, paper in enumerate(papers)])
    return verdicts


@pytest.fixture(scope="module")
def without_victim(valid: Forge) -> Forge:
    """Re-do the election without the victim's ballot; everybody who signs took part."""
    forge = valid.copy()
    forge.drop(forge.ballots_of(forge.voters[VICTIM])[0])
    return forge.redo()


def victim(forge: Forge) -> Step:
    return forge.ballots_of(forge.voters[VICTIM])[0]


def test_a_receipt_says_whether_its_ballot_counts(valid: Forge, valid_record: Path) -> None:
    replaced, struck = forge_steps(valid, 2), forge_steps(valid, 9)
    first, second = valid.ballots_of(valid.voters[0])
    steps = [victim(valid), first, second, replaced, struck]
    verdicts = judged(valid_record, *(receipt(valid, step) for step in steps))
    assert [verdict.failures for verdict in verdicts] == [[]] * 5
    counts = [dict(verdict.facts)["counts"] for verdict in verdicts]
    assert counts[0] == counts[2] == "yes"
    assert "superseded" in counts[1]
    assert counts[3] == counts[4] == "no: the credential was replaced or struck"


def forge_steps(forge: Forge, number: int) -> Step:
    return forge.ballots_of(forge.voters[number])[0]


def test_a_receipt_convicts_a_board_that_dropped_its_ballot(
    valid: Forge, without_victim: Forge, tmp_path: Path
) -> None:
    record = without_victim.write(tmp_path / "record")
    assert verify(record).exit_code == 0, "the record alone does not show it"
    (verdict,) = judged(record, receipt(valid, victim(valid)))
    assert verdict.failures
    assert "entry" in verdict.failures[0] or "two different logs" in verdict.failures[0]


def swapped(forge: Forge) -> dict[str, Any]:
    """Show the victim the tracker it expects, over the leaf of a ballot that the server put there instead."""
    other = forge.ballots_of(forge.voters[8])[0]
    return receipt(forge, other, voter=forge.voters[VICTIM].key.public, tracker=victim(forge).tracker)


def of_an_imagined_leaf(forge: Forge) -> dict[str, Any]:
    imagined = hash_text("ballot", {})
    body = {**victim(forge).body, "tracker": imagined}
    leaf = leaf_hash(Entry(forge.place(victim(forge)), victim(forge).time, "ballot", body).encode())
    return receipt(forge, victim(forge), tracker=imagined, leaf_hash=encode_bytes(leaf))


def unsigned(forge: Forge) -> dict[str, Any]:
    return {**receipt(forge, victim(forge)), "signature": forge.keys["official"].sign("receipt", {})}


CHEATS: dict[str, tuple[Callable[[Forge], dict[str, Any]], str]] = {
    "a tracker swapped over another leaf": (swapped, "another one than the receipt's"),
    "a leaf that is not on the log": (of_an_imagined_leaf, "does not lead to the root"),
    "another time": (lambda forge: receipt(forge, victim(forge), time="2026-03-01T08:00:00Z"), "time"),
    "another place": (lambda forge: receipt(forge, victim(forge), index=5), "does not lead to the root"),
    "another election": (lambda forge: receipt(forge, victim(forge), election="A" * 43), "is of the election"),
    "another signature": (unsigned, "signature"),
    "an entry that is no ballot": (lambda forge: receipt_of_close(forge), "another one than the receipt's"),
    "no proof": (lambda forge: receipt(forge, victim(forge), inclusion_proof=[]), "does not lead to the root"),
}


def receipt_of_close(forge: Forge) -> dict[str, Any]:
    step = victim(forge)
    close = forge.find("close")
    place = forge.place(close)
    proof = [encode_bytes(node) for node in forge.tree.inclusion_proof(place, forge.tree.size)]
    leaf = encode_bytes(leaf_hash(close.leaf))
    return receipt(forge, step, index=place, leaf_hash=leaf, inclusion_proof=proof)


@pytest.mark.parametrize("cheat", CHEATS)
def test_a_receipt_for_what_is_not_there_fails(cheat: str, valid: Forge, valid_record: Path) -> None:
    make, reason = CHEATS[cheat]
    (verdict,) = judged(valid_record, make(valid))
    assert verdict.failures
    assert reason in verdict.failures[0]


def test_a_receipt_from_a_fork_is_told_as_one(valid: Forge, without_victim: Forge, valid_record: Path) -> None:
    """The board shows one voter a log of its own: its head contradicts the one that all others see."""
    other = without_victim.copy()
    step = Step("ballot", "", voter=other.voters[VICTIM], choices=victim(valid).choices)
    other.insert(step, before=other.ballots[2])
    (verdict,) = judged(valid_record, receipt(other.redo(), step))
    assert verdict.failures


def test_a_promise_without_ballot_or_refusal_convicts_at_the_close(
    valid: Forge, without_victim: Forge, tmp_path: Path
) -> None:
    record = without_victim.write(tmp_path / "record")
    board, election = valid.keys["board"], valid.fingerprint
    step = victim(valid)
    promise = sign_promise(board, election, step.tracker, step.time)
    refusal = sign_refusal(board, election, step.tracker, "The ballot came too late.", step.time)
    (alone,) = judged(record, promise)
    assert "convicts the board" in alone.failures[0]
    assert [verdict.failures for verdict in judged(record, promise, refusal)] == [[], []]


def test_a_promise_kept_and_one_with_another_time(valid: Forge, valid_record: Path) -> None:
    board, election, step = valid.keys["board"], valid.fingerprint, victim(valid)
    kept = sign_promise(board, election, step.tracker, step.time)
    early = sign_promise(board, election, step.tracker, "2026-03-01T08:00:00Z")
    refused = sign_refusal(board, election, step.tracker, "No.", step.time)
    (good,), (bad,) = judged(valid_record, kept), judged(valid_record, early)
    assert good.failures == []
    assert "another time" in bad.failures[0]
    assert all(verdict.failures for verdict in judged(valid_record, kept, refused))


def test_an_audited_ballot_that_was_cast_after_all_is_told(valid: Forge, tmp_path: Path) -> None:
    forge = valid.copy()
    voter = forge.voters[8]
    step = forge.ballots_of(voter)[0]
    public, bits = voter.key.public, forge.rng.getrandbits
    sealed = seal_ballot(forge.election, voter.style, public, "", step.choices, bits, forge.secrets())
    step.ballot, step.kept = sealed.ballot.document, True
    record = forge.redo().write(tmp_path / "record")
    audit = check_audit(json.dumps(sealed.audit_document(forge.election.key)).encode(), record)
    assert any("was opened, and yet" in failure for failure in audit.failures)


def test_a_device_that_encrypts_something_else_is_found_by_an_audit(valid: Forge, valid_record: Path) -> None:
    """The device opens another choice than the one it encrypted, with made-up openings."""
    voter = valid.voters[8]
    step = valid.ballots_of(voter)[0]
    public, bits = voter.key.public, valid.copy().rng.getrandbits
    honest, other = (
        seal_ballot(valid.election, voter.style, public, "", {**step.choices, "law": [law]}, bits, valid.secrets())
        for law in ("yes", "no")
    )
    document = honest.audit_document(valid.election.key)
    assert check_audit(encode(document), valid_record).failures == []
    lie = {**document, "openings": other.audit_document(valid.election.key)["openings"]}
    assert "hides" in check_audit(encode(lie), valid_record).failures[0]


def test_who_stayed_away_finds_a_stuffed_ballot_by_the_voter_number(valid: Forge, tmp_path: Path) -> None:
    """Registrar and server together can vote for those who stay away: no check names it, but these can look."""
    forge = valid.copy()
    absent = forge.voters[13]
    choices = forge.ballots_of(forge.voters[VICTIM])[0].choices
    forge.insert(Step("ballot", "", voter=absent, choices=choices), before=forge.find("close"))
    record = forge.redo().write(tmp_path / "record")
    assert verify(record).exit_code == 0
    assert trustee_refuses(record) == ""
    number = voter_number(absent.key.public)
    assert number == codec.voter_number(absent.key.public)
    entries = [json.loads(line) for line in (record / "log" / "00000.jsonl").read_text().splitlines()]
    voted = {codec.voter_number(entry["body"]["voter"]) for entry in entries if entry["type"] == "ballot"}
    assert number in voted
    before = {codec.voter_number(step.body["voter"]) for step in valid.ballots}
    assert number not in before


def test_two_voters_never_share_a_tracker_though_a_booth_shares_its_randomness(valid: Forge) -> None:
    """E3. The tracker covers the voter's key, so a booth cannot show two voters one ballot (clash attack)."""
    forge = valid.copy()
    choices = forge.ballots_of(forge.voters[4])[0].choices
    trackers = []
    for number in (4, 8):
        forge.rng.seed("the same for everybody")
        trackers.append(hash_text("ballot", forge.seal(forge.voters[number], choices)))
    assert trackers[0] != trackers[1]
    assert voter_number(forge.voters[4].key.public) != voter_number(forge.voters[8].key.public)
