"""E1, E2. What one record cannot show: a log forked, rolled back, or re-done. A checkpoint kept shows it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ballots.checkpoint import Head
from ballots.merkle import node_hash
from tests.attacks.forge import Forge
from tests.attacks.judges import verify
from tests.attacks.steps import Step
from tests.support.elections import seeded_key
from verifier.receipt import check_documents


def dropped(forge: Forge) -> None:
    """Drop a ballot and re-do everything: all signers together can."""
    forge.drop(forge.ballots_of(forge.voters[4])[0])


def inserted(forge: Forge) -> None:
    absent = forge.voters[10]
    choices = forge.ballots_of(forge.voters[4])[0].choices
    forge.insert(Step("ballot", "", voter=absent, choices=choices), before=forge.ballots[5])


def exchanged(forge: Forge) -> None:
    one, two = forge.place(forge.ballots[3]), forge.place(forge.ballots[4])
    forge.steps[one], forge.steps[two] = forge.steps[two], forge.steps[one]
    forge.steps[one].time, forge.steps[two].time = forge.steps[two].time, forge.steps[one].time


def dated(forge: Forge) -> None:
    forge.ballots[4].time = forge.ballots[5].time


@pytest.mark.parametrize("change", [dropped, inserted, exchanged, dated], ids=lambda change: change.__name__)
def test_a_log_re_done_from_before_contradicts_a_checkpoint_kept(
    change: Callable[[Forge], None], valid: Forge, tmp_path: Path
) -> None:
    forge = valid.copy()
    change(forge)
    record = forge.redo().write(tmp_path / "record")
    assert verify(record).exit_code == 0, "everybody who signs took part, so the record alone shows nothing"
    kept = valid.copy()
    kept.steps = kept.steps[: kept.place(kept.find("close"))]
    report = verify(record, since=kept.redo().checkpoint.encode())
    assert report.exit_code == 1
    assert report.failed_parts() == ["3 log: since"]


def test_two_signed_heads_of_one_size_prove_a_fork(valid: Forge, valid_record: Path, tmp_path: Path) -> None:
    forge = valid.copy()
    exchanged(forge)
    other = forge.redo().checkpoint
    assert other.split("\n")[1] == valid.checkpoint.split("\n")[1]
    report = verify(valid_record, since=other.encode())
    assert report.failed_parts() == ["3 log: since"]
    assert "together they prove it" in report.why_failed("3 log: since")[0].reason
    _, verdicts = check_documents(valid_record, [], [("theirs", other.encode())])
    assert "together they prove it" in verdicts[0].failures[0]


def test_a_log_rolled_back_is_shorter_than_a_checkpoint_kept(valid: Forge, tmp_path: Path) -> None:
    forge = valid.copy()
    forge.drop(forge.find("tally"))
    record = forge.redo().write(tmp_path / "record")
    report = verify(record, since=valid.checkpoint.encode(), until_close=True)
    assert report.exit_code == 1
    assert report.failed_parts() == ["3 log: since"]


def test_a_head_over_an_inner_node_is_no_head_of_the_log(valid: Forge, valid_record: Path) -> None:
    """RFC 9162 hashes leaves and inner nodes differently, so a log of fewer leaves cannot have the same root."""
    forge = valid.copy()
    half = 1 << (forge.tree.size - 1).bit_length() - 1
    left = forge.tree.root(half)
    fake = Head(1, node_hash(left, left))
    forge.headed = lambda head: fake
    report = verify(valid_record, since=forge.redo().checkpoint.encode())
    assert report.failed_parts() == ["3 log: since"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda forge: forge.keys.update(board=seeded_key("somebody")),
        lambda forge: forge.manifest.update(log_origin="vote.example/other"),
    ],
    ids=["of another key", "of another log"],
)
def test_a_checkpoint_of_somebody_else_proves_nothing_and_is_refused(
    spoil: Callable[[Forge], None], valid: Forge, valid_record: Path
) -> None:
    forge = valid.copy()
    spoil(forge)
    report = verify(valid_record, since=forge.redo().checkpoint.encode())
    assert report.failed_parts() == ["3 log: since"]
