"""docs/example-petition is what its command writes, and the verifier accepts it."""

from pathlib import Path

from tests.support.worked_petition import write_petition
from verifier.petition import check_petition

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "example-petition"


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_committed_example_is_what_the_command_writes(tmp_path: Path) -> None:
    write_petition(tmp_path)

    assert files_of(tmp_path) == files_of(EXAMPLE)


def test_verifier_accepts_record_and_receipt() -> None:
    report = check_petition(EXAMPLE / "record", receipt=(EXAMPLE / "receipt.json").read_bytes())

    assert report.failed_parts() == []
    assert (report.counted, report.removed) == ({"mail": 1, "oidc": 0, "roll": 1}, {"withdrawn": 1})
    assert any("and it counts" in note for note in report.notes)
