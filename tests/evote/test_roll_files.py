"""The registrar's files on the server: wrong lines are named with their place, and nobody is missing in either list."""

import pytest

from ballots import codec
from ballots.manifest import Manifest, parse_manifest
from evote.elections import roll_files
from evote.elections.freeze import FreezeFiles
from evote.elections.roll_files import ROLL_FILE, VOTERS_FILE, RollReport, check_roll_files, read_roll, read_voters
from tests.support.elections import make_voters, manifest_fields
from tests.support.server import make_files


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    return parse_manifest(codec.encode_canonical(manifest_fields()), allow_test_keys=True)


@pytest.fixture(scope="module")
def files(manifest: Manifest) -> FreezeFiles:
    made, _, _ = make_files(manifest, make_voters(manifest, 6))
    return made


def report(manifest: Manifest, files: FreezeFiles, voters: bytes, roll: bytes = b"") -> RollReport:
    return check_roll_files(manifest, roll or files.roll, files.roll_signature, voters)


def test_good_files(manifest: Manifest, files: FreezeFiles) -> None:
    found = report(manifest, files, files.voters)
    assert (found.voters, found.weight, found.wrong, list(found.problems)) == (6, 6, 0, [])


def test_every_line_that_is_wrong_is_named(manifest: Manifest, files: FreezeFiles) -> None:
    rows = files.voters.decode().splitlines()
    cells = [row.split(",") for row in rows]
    changed = [
        rows[0],
        rows[1],
        f"{cells[1][0]},other@example.org,{cells[2][2]}",  # line 3: the id of line 2
        f"V-9,v9@example.org,{cells[1][2]}",  # line 4: the key of line 2
        f"v-000,v8@example.org,{cells[4][2]}",  # line 5: the id of line 2, but for case
        f",v7@example.org,{cells[5][2]}",  # line 6: no id
        "V-5,v5@example.org,nobody",  # line 7: a strange key
        f"V-5,nowhere,{cells[6][2]}",  # line 8
        "one,two",  # line 9
    ]
    data = "\n".join(changed).encode() + f"\nV-\ufffd,x@example.org,{cells[3][2]}\n".encode()  # line 10
    found = report(manifest, files, data)
    said = {(one.file, one.line): one.message for one in found.problems}
    assert [place for place in said if place[0] == VOTERS_FILE] == [(VOTERS_FILE, line) for line in range(3, 11)]
    assert "stands in line 2 already" in said[VOTERS_FILE, 3]
    assert "stands in line 2 already" in said[VOTERS_FILE, 4]
    assert "stands in line 2 already" in said[VOTERS_FILE, 5]
    assert "no mail address" in said[VOTERS_FILE, 8]
    assert "nobody sees" in said[VOTERS_FILE, 10]
    assert not [file for file, _ in said if file == ROLL_FILE], "a bad line says whose it is"
    assert found.wrong == len(found.problems)


def test_keys_without_a_person_are_listed_up_to_a_bound(
    manifest: Manifest, files: FreezeFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roll_files, "MOST_PROBLEMS", 2)
    found = report(manifest, files, b"id,mail,pk\n")
    assert (len(found.problems), found.wrong) == (2, 6)
    assert found.problems[0].message == "No line of voters.csv has the key in line 1 of the roll."


def test_files_of_another_form(manifest: Manifest, files: FreezeFiles) -> None:
    for data in (b"", b"id;mail;pk\n", b"\xff\xfe", "id,mail,pk\n".encode("utf-16")):
        [problem] = report(manifest, files, data).problems
        assert "must begin with the line id,mail,pk" in problem.message
    torn = files.voters.replace(b"V-001,", b'"V-001,')
    assert "quotation mark" in report(manifest, files, torn).problems[-1].message
    broken = files.roll.replace(b'"weight":1', b'"weight":0', 1)
    found = report(manifest, files, files.voters, broken).problems
    assert (found[0].file, found[0].line) == (ROLL_FILE, 1)


def test_ids_are_stored_in_the_spelling_of_the_registrar(manifest: Manifest, files: FreezeFiles) -> None:
    lines, _ = read_roll(files.roll, manifest)
    people, problems = read_voters(files.voters.replace(b"V-003", "۰۰۳ ".encode()), lines)
    assert problems == []
    assert people[3].login == "003"
