"""docs/example is what its command writes, and a record that passes."""

import json
import secrets
from pathlib import Path

import pytest

from ballots import codec, receipts
from ballots.ballot import parse_ballot, verify_ballot
from ballots.record import RecordReader
from ballots.result import check_tally, parse_tally
from tally import replay
from tests.support.worked_example import write_example

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "example"


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_committed_example_is_what_the_command_writes(tmp_path: Path) -> None:
    write_example(tmp_path)

    committed, written = files_of(EXAMPLE), files_of(tmp_path)
    assert committed.keys() == written.keys()
    assert [name for name in committed if committed[name] != written[name]] == []


@pytest.fixture
def checked() -> replay.Checked:
    reader = RecordReader(EXAMPLE / "record")
    replayed = replay.check_record(reader, secrets.randbits, allow_test_keys=True)
    return replay.conclude(replayed, reader.ballots())


def test_trustees_program_accepts_the_record(checked: replay.Checked) -> None:
    tally = parse_tally((EXAMPLE / "record" / "tally.json").read_bytes())

    check_tally(checked.election, checked.intent, checked.aggregates, checked.board.signers, tally)

    assert checked.board.state == "tallied"


def test_documents_beside_the_record_are_sound(checked: replay.Checked) -> None:
    documents = {name: codec.parse_canonical((EXAMPLE / f"{name}.json").read_bytes()) for name in NAMES}

    receipts.verify_promise(checked.election, documents["promise"])
    receipts.verify_refusal(checked.election, documents["refusal"])
    receipts.verify_receipt(checked.election, documents["receipt"])
    audited = parse_ballot(documents["audit"]["ballot"], checked.election, "town")
    verify_ballot(checked.election, audited)

    assert checked.board.has_tracker(documents["receipt"]["tracker"])
    assert documents["promise"]["time"] == documents["receipt"]["time"]
    assert checked.board.is_audited(audited.tracker)
    assert not checked.board.has_tracker(documents["refusal"]["tracker"])


NAMES = ("promise", "refusal", "receipt", "audit")


def test_numbers_say_what_the_tally_says() -> None:
    numbers = json.loads((EXAMPLE / "numbers.json").read_bytes())
    tally = parse_tally((EXAMPLE / "record" / "tally.json").read_bytes())

    stated = {contest.id: " ".join(map(str, contest.totals)) for contest in tally.contests}
    assert {contest: numbers["totals"][f"{contest}: totals"] for contest in stated} == stated
