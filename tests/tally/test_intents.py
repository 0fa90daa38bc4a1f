from dataclasses import replace
from pathlib import Path

import pytest

from ballots import codec, signatures
from ballots.board import Intent
from ballots.signatures import SigningKey
from tally import files, intents
from tally.errors import FileProblem, ForeignShare, QuorumMissing, SecondIntent
from tally.intents import check_quorum, memory_of, observer_signer, sign_intent
from tally.replay import Checked
from tally.shares import ObserverKey
from tests.support.elections import Simulation, seeded_key, simulate
from tests.tally.boards import ShareFiles


def checked_of(simulation: Simulation) -> Checked:
    assert simulation.board.intent is not None
    return Checked(simulation.election, simulation.board, simulation.board.intent, simulation.aggregates())


def test_the_intent_is_on_disk_before_it_is_returned(closed: Simulation, share_files: ShareFiles) -> None:
    share_files.write(closed, 1)
    signer = share_files.signer(closed, 1)
    document = sign_intent(checked_of(closed), signer)
    assert signer.memory == share_files.folder / "share-1.json.intent"
    assert codec.parse_canonical(signer.memory.read_bytes()) == document
    assert set(document) == {"election", "size", "root", "counted", "trustee", "signature"}
    signed = {name: document[name] for name in ("election", "size", "root", "counted")}
    signatures.verify(signer.key.public, "intent", signed, document["signature"])


def test_the_same_intent_again_is_the_same_document(closed: Simulation, share_files: ShareFiles) -> None:
    signer = share_files.signer(closed, 1)
    first = sign_intent(checked_of(closed), signer)
    assert sign_intent(checked_of(closed), signer) == first


@pytest.mark.parametrize("change", [{"size": 99}, {"root": "x"}, {"counted": "x"}])
def test_a_second_intent_is_refused(closed: Simulation, share_files: ShareFiles, change: dict[str, object]) -> None:
    """G3: two logs that differ by one ballot never get two signatures of one trustee."""
    signer = share_files.signer(closed, 1)
    checked = checked_of(closed)
    sign_intent(checked, signer)
    kept = signer.memory.read_bytes()
    fields = {"size": checked.intent.size, "root": checked.intent.root, "counted": checked.intent.counted}
    other = Intent(**{**fields, **change})  # type: ignore[arg-type]
    with pytest.raises(SecondIntent, match="has signed another intent before"):
        sign_intent(replace(checked, intent=other), signer)
    assert signer.memory.read_bytes() == kept


def test_nothing_is_signed_when_it_cannot_be_remembered(
    closed: Simulation, share_files: ShareFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise FileProblem("the disk is full")

    monkeypatch.setattr(files, "write_new", full)
    with pytest.raises(FileProblem, match="disk is full"):
        sign_intent(checked_of(closed), share_files.signer(closed, 1))


def test_two_processes_at_once_sign_once(
    closed: Simulation, share_files: ShareFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = share_files.signer(closed, 1)
    sign_intent(checked_of(closed), signer)
    kept = signer.memory.read_bytes()
    monkeypatch.setattr(intents, "read_memory", lambda signer: None)
    with pytest.raises(FileProblem, match="exists already"):
        sign_intent(checked_of(closed), signer)
    assert signer.memory.read_bytes() == kept


@pytest.mark.parametrize("content", [b"", b"{}", b'{"election":"x"}', b"\xff"])
def test_a_damaged_memory_signs_nothing(closed: Simulation, share_files: ShareFiles, content: bytes) -> None:
    signer = share_files.signer(closed, 1)
    signer.memory.write_bytes(content)
    with pytest.raises(FileProblem, match="is damaged"):
        sign_intent(checked_of(closed), signer)


def test_another_keys_memory_is_refused(closed: Simulation, share_files: ShareFiles) -> None:
    first, second = share_files.signer(closed, 1), share_files.signer(closed, 2)
    sign_intent(checked_of(closed), first)
    second.memory.write_bytes(first.memory.read_bytes())
    with pytest.raises(ForeignShare, match="another key"):
        sign_intent(checked_of(closed), second)


def test_links_to_a_share_lead_to_one_memory(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_bytes(b"")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    assert memory_of(tmp_path / "link.json") == memory_of(tmp_path / "real.json")


def test_a_quorum_counts_distinct_signers(closed: Simulation, share_files: ShareFiles) -> None:
    signer = share_files.signer(closed, 1)
    with pytest.raises(QuorumMissing, match="0 signers"):
        check_quorum(closed.board, signer)
    closed.intend(2)
    closed.intend(3)
    with pytest.raises(QuorumMissing, match="a partial is made only on 3"):
        check_quorum(closed.board, signer)
    closed.intend(1)
    check_quorum(closed.board, signer)


def test_with_observers_a_trustee_needs_its_own_intent_too(share_files: ShareFiles) -> None:
    observers = [{"name": name, "key": seeded_key(name).public} for name in ("watch", "guard")]
    simulation = simulate(observers=observers)
    simulation.open()
    simulation.cast(simulation.voters[0], {"mayor": ["ada"]})
    simulation.close()
    checked = checked_of(simulation)
    for name in ("watch", "guard"):
        signer = observer_signer(
            ObserverKey(name, seeded_key(name)), share_files.folder / name, simulation.election.manifest
        )
        document = sign_intent(checked, signer)
        simulation.append("intent", {"observer": document["observer"], "signature": document["signature"]})
    simulation.intend(1)
    with pytest.raises(QuorumMissing, match="3 signers"):
        check_quorum(simulation.board, share_files.signer(simulation, 1))
    simulation.intend(2)
    check_quorum(simulation.board, share_files.signer(simulation, 1))
    with pytest.raises(QuorumMissing, match="Your own intent is not on the log"):
        check_quorum(simulation.board, share_files.signer(simulation, 3))


def test_a_stranger_is_no_observer(closed: Simulation, tmp_path: Path) -> None:
    stranger = ObserverKey("Stranger", SigningKey.from_seed(b"\x09" * 32))
    with pytest.raises(ForeignShare, match="names no observer"):
        observer_signer(stranger, tmp_path / "key", closed.election.manifest)
