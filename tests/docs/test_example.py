"""docs/example is what its command writes, and a record that passes."""

import json
import secrets
import subprocess
import sys
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


def verifier(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "verifier", *arguments]
    return subprocess.run(command, cwd=EXAMPLE.parents[1], capture_output=True, text=True, check=False, timeout=120)


def test_verifier_passes_the_record_with_every_check() -> None:
    numbers = json.loads((EXAMPLE / "numbers.json").read_bytes())
    since = ("--since", "docs/example/record/checkpoint", "--election", numbers["election"]["F"])

    found = verifier("check", "--allow-test-keys", *since, "docs/example/record")

    assert found.returncode == 0, found.stdout + found.stderr
    assert "\n  -- " not in found.stdout


def test_verifier_refuses_the_example_as_an_election_in_earnest() -> None:
    found = verifier("check", "docs/example/record")

    assert found.returncode == 1
    assert "Failed: 2 key." in found.stdout


@pytest.mark.parametrize("name", ["receipt", "promise", "refusal"])
def test_verifier_accepts_the_papers(name: str) -> None:
    found = verifier("receipt", f"docs/example/{name}.json", "--record", "docs/example/record")

    assert found.returncode == 0, found.stdout + found.stderr


def test_verifier_reads_the_audited_ballot() -> None:
    found = verifier("audit", "docs/example/audit.json", "--record", "docs/example/record", "--json")

    assert found.returncode == 0, found.stdout + found.stderr
    assert json.loads(found.stdout)["says"][0] == {"contest": "mayor", "choices": ["Cyd (cyd)"]}
