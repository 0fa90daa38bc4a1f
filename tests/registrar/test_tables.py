"""Lists as people save them: encodings, separators, workbooks."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ballots.manifest import parse_manifest
from evote.registrar.columns import known_columns
from evote.registrar.errors import VoterListError
from evote.registrar.tables import Table, open_table
from evote.registrar.voters import Checked, check_voters
from tests.registrar.conftest import manifest_bytes
from tests.support.elections import OPENS_AT

ALL = parse_manifest(manifest_bytes(), allow_test_keys=True)
PERSIAN = "id,mail,name\n1,a@x.org,پروین اعتصامی\n2,b@x.org,صادق هدايت\n3,c@x.org,احمد و گلي\n"
WESTERN = "id,mail,name\n1,a@x.org,Zoë Müller\n2,b@x.org,François Noël\n3,c@x.org,Ñandú\n"


def opened(path: Path, data: bytes, **options: str) -> Table:
    path.write_bytes(data)
    return open_table(path, known_columns, **options)


def names(table: Table) -> list[str]:
    checked = check_voters(table, ALL)
    assert [str(one) for one in checked.problems] == []
    return [voter.name for voter in checked.voters]


@pytest.mark.parametrize("text", [PERSIAN, WESTERN])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_unicode_and_separators_are_found_out(tmp_path: Path, text: str, encoding: str, separator: str) -> None:
    wanted = [line.split(",")[2] for line in text.splitlines()[1:]]
    data = text.replace(",", separator).replace("\n", "\r\n").encode(encoding)
    assert names(opened(tmp_path / "list.csv", data)) == wanted


@pytest.mark.parametrize(("text", "encoding"), [(PERSIAN.replace("ی", "ي"), "cp1256"), (WESTERN, "cp1252")])
def test_windows_encodings_are_guessed_and_said(tmp_path: Path, text: str, encoding: str) -> None:
    table = opened(tmp_path / "list.csv", text.encode(encoding))
    assert f"Windows-{encoding[2:]}" in table.notes[0]
    assert "--encoding" in table.notes[0]
    assert text.split(",")[-1].split()[-1] in table.notes[0] or "“" in table.notes[0]
    assert names(table) == [line.split(",")[2] for line in text.splitlines()[1:]]


def test_an_encoding_that_nobody_can_tell_must_be_said(tmp_path: Path) -> None:
    russian = "id,mail,name\n1,a@x.org,Анна Ахматова\n2,b@x.org,Борис\n".encode("cp1251")
    with pytest.raises(VoterListError) as caught:
        opened(tmp_path / "list.csv", russian)
    assert "--encoding" in str(caught.value.problems[0])
    assert names(opened(tmp_path / "list.csv", russian, encoding="windows-1251")) == ["Анна Ахматова", "Борис"]
    with pytest.raises(VoterListError, match="1 problem") as caught:
        opened(tmp_path / "list.csv", russian, encoding="windows-0")
    assert "no encoding 'windows-0'" in str(caught.value.problems[0])
    for wrong in ("utf-8", "ascii"):
        found = check_voters(opened(tmp_path / "list.csv", russian, encoding=wrong), ALL).problems
        assert [(one.row, one.column) for one in found] == [(2, "name"), (3, "name")]


def test_one_row_in_another_encoding_is_named(tmp_path: Path) -> None:
    data = PERSIAN.encode() + "4,d@x.org,Müller\n".encode("cp1252")
    [problem] = check_voters(opened(tmp_path / "list.csv", data), ALL).problems
    assert (problem.row, problem.column) == (5, "name")
    assert "a letter was lost" in problem.wrong


def test_a_quotation_mark_that_is_not_closed(tmp_path: Path) -> None:
    data = b'id,mail\n1,a@x.org\n2,"b@x.org\n3,c@x.org\n'
    [problem] = check_voters(opened(tmp_path / "list.csv", data), ALL).problems
    assert problem.row == 3
    assert "quotation mark" in problem.advice


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    data = b'sep=;\r\nid;mail;address\r\n1;a@x.org;"one\ntwo"\r\n\r\n2;nowhere;\r\n'
    [problem] = check_voters(opened(tmp_path / "list.csv", data), ALL).problems
    assert (problem.row, problem.column) == (4, "mail")


def workbook(path: Path, rows: Sequence[list[Any]], **formats: str) -> Checked:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for cell, form in formats.items():
        sheet[cell].number_format = form
    book.save(path)
    return check_voters(open_table(path, known_columns), ALL)


def test_a_workbook(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["id", "mail", "weight", "name"],
        ["00123", "a@x.org", 2, "علی"],
        [None] * 4,
        [45.0, "b@x.org", "۳"],
        [7, "c@x.org"],
    ]
    checked = workbook(tmp_path / "list.xlsx", rows, A4="00000")
    assert checked.problems == []
    assert [(voter.id, voter.weight, voter.name) for voter in checked.voters] == [
        ("00123", 2, "علی"),
        ("00045", 3, ""),
        ("7", 1, ""),
    ]
    assert "1 ids are stored as numbers (row 5)" in " ".join(checked.notes)


def test_cells_that_are_no_text(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["id", "mail", "weight"],
        ["=1+1", "a@x.org", 1],
        [date(2026, 3, 1), "b@x.org", 1],
        [12345678901234567, "c@x.org", 1],
        [True, "d@x.org", 1],
        ["e", "e@x.org", 1.5],
        ["f", "f@x.org", 1, "more"],
        ["g", "g@x.org", OPENS_AT.replace(tzinfo=None)],
    ]
    found = workbook(tmp_path / "list.xlsx", rows).problems
    said = ["a formula", "a date", "too long", "holds True", "not a whole number", "4 cells", "a date"]
    assert [one.row for one in found] == list(range(2, 9))
    assert all(part in one.wrong for part, one in zip(said, found, strict=True)), found


def test_a_workbook_of_several_sheets_asks_which(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["nothing"])
    sheet = book.create_sheet("voters")
    sheet.append(["id", "mail"])
    sheet.append(["a", "a@x.org"])
    path = tmp_path / "list.xlsx"
    book.save(path)
    with pytest.raises(VoterListError) as caught:
        open_table(path, known_columns)
    assert "--sheet: Sheet, voters" in str(caught.value.problems[0])
    with pytest.raises(VoterListError) as caught:
        open_table(path, known_columns, sheet="people")
    assert "no sheet 'people'" in str(caught.value.problems[0])
    assert len(check_voters(open_table(path, known_columns, sheet="voters"), ALL).voters) == 1


@pytest.mark.parametrize("start", [b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"PK\x03\x04" + bytes(200)])
def test_files_that_are_no_workbook(tmp_path: Path, start: bytes) -> None:
    with pytest.raises(VoterListError) as caught:
        opened(tmp_path / "list.xlsx", start)
    assert "Save" in str(caught.value.problems[0]) or "save" in str(caught.value.problems[0])


def test_a_damaged_workbook(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    workbook(path, [["id", "mail"], *([f"v{number}", f"v{number}@x.org"] for number in range(300))])
    good = path.read_bytes()
    for at in range(60, len(good), 97):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :])
        with suppress(VoterListError):
            check_voters(open_table(path, known_columns), ALL)
