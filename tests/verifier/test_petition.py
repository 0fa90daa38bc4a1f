"""A petition's record made by the real programs passes; what was torn, left out or belongs elsewhere is named."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ballots import codec
from ballots.checkpoint import Head, sign_checkpoint
from ballots.merkle import MerkleTree, leaf_hash
from tests.support.elections import seeded_key
from tests.support.petition_record import Change, Entry, Made, forge, fresh
from verifier.cli import main
from verifier.petition import PETITION_CHECKS, check_petition


def test_record_of_every_kind_of_entry_passes_and_looks_at_everything(made: Made) -> None:
    report = check_petition(made.folder, receipt=made.receipts[1], election=made.election)

    assert report.failed_parts() == []
    assert report.counted == {"mail": 5, "oidc": 0, "roll": 2}
    assert report.removed == {"fraud": 1, "struck": 1, "withdrawn": 2}
    due = {f"{check}: {part}" for check, parts in PETITION_CHECKS.items() for part in parts} - {"P2 log: since"}
    assert {part for part in due if not report.looked_at.get(part)} == set()


def alter(entries: list[Entry]) -> None:
    entries[4]["body"]["commitment"] = fresh("x")


@pytest.mark.parametrize("change", [lambda entries: entries.pop(4), alter], ids=["removed", "altered"])
def test_change_without_the_boards_key_tears_the_seal(made: Made, tmp_path: Path, change: Change) -> None:
    report = check_petition(forge(made, tmp_path / "forged", change, seal=False))

    assert "P2 log: checkpoint" in report.failed_parts()


def drop(entries: list[Entry]) -> None:
    """Leave out a signature and everything that names later entries by number."""
    del entries[2]
    for entry in entries:
        if "entry" in entry["body"]:
            entry["body"]["entry"] -= 1
    entries[:] = [entry for entry in entries if entry["type"] not in ("remove", "restore")]
    entries[-1]["body"]["counted"] = {"mail": 6, "oidc": 0, "roll": 3}


def test_signature_that_the_board_leaves_out_is_missed_by_its_receipt_and_by_an_old_checkpoint(
    made: Made, tmp_path: Path
) -> None:
    folder = forge(made, tmp_path / "forged", drop)

    with_receipt = check_petition(folder, receipt=made.receipts[1])
    with_checkpoint = check_petition(folder, since=(made.folder / "checkpoint").read_bytes())

    assert "P6 receipt: inclusion" in with_receipt.failed_parts()
    assert "P2 log: since" in with_checkpoint.failed_parts()


@pytest.mark.parametrize("name", ["mail", "roll"])
def test_published_count_must_follow(made: Made, tmp_path: Path, name: str) -> None:
    folder = forge(made, tmp_path / "forged", lambda entries: None)
    value = codec.parse_canonical((folder / "count.json").read_bytes())
    value["counted"][name] += 1
    signed = {key: item for key, item in value.items() if key != "signature"}
    value["signature"] = made.board.sign("petition-count", signed)
    (folder / "count.json").write_bytes(codec.encode_canonical(value))

    assert check_petition(folder).failed_parts() == ["P5 count: published"]


def test_checkpoint_of_another_key_or_root(made: Made, tmp_path: Path) -> None:
    folder = forge(made, tmp_path / "forged", lambda entries: None)
    tree = MerkleTree()
    for line in (folder / "log" / "00000.jsonl").read_bytes().splitlines():
        tree.append(leaf_hash(line))
    head, origin = Head(tree.size, tree.root()), made.petition["log_origin"]
    for text in (
        sign_checkpoint(origin, head, seeded_key("stranger")),
        sign_checkpoint(origin, Head(tree.size, bytes(32)), made.board),
        sign_checkpoint("elsewhere", head, made.board),
    ):
        (folder / "checkpoint").write_text(text, encoding="utf-8")
        assert check_petition(folder).failed_parts() == ["P2 log: checkpoint"]


def test_unknown_missing_and_changed_files(made: Made, tmp_path: Path) -> None:
    folder = forge(made, tmp_path / "forged", lambda entries: None)
    (folder / "extra.txt").write_text("hello", encoding="utf-8")
    assert check_petition(folder).failed_parts() == ["P1 encoding: files"]
    (folder / "extra.txt").unlink()

    (folder / "text.json").write_bytes((folder / "text.json").read_bytes().replace(b"night", b"night!"))
    assert check_petition(folder).failed_parts() == ["P1 encoding: text"]
    (folder / "text.json").unlink()
    report = check_petition(folder)
    assert report.failed_parts() == []
    assert any("text is missing" in note for note in report.notes)

    (folder / "roll.jsonl").write_bytes((folder / "roll.jsonl").read_bytes().splitlines(keepends=True)[0])
    assert "P1 encoding: roll" in check_petition(folder).failed_parts()
    (folder / "count.json").unlink()
    assert check_petition(folder).exit_code == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("per_mailbox", 3),
        ("methods", ["roll", "mail"]),
        ("methods", ["mail"]),
        ("closes_at", "2020-01-01T00:00:00Z"),
        ("board_key", codec.encode_bytes(bytes(32))),
        ("extra", 1),
    ],
)
def test_document_that_makes_no_sense(made: Made, tmp_path: Path, field: str, value: Any) -> None:
    folder = forge(made, tmp_path / "forged", lambda entries: None)
    (folder / "petition.json").write_bytes(codec.encode_canonical({**made.petition, field: value}))

    assert "P1 encoding: petition" in check_petition(folder).failed_parts()


class TestReceipts:
    def test_says_how_the_signature_stands(self, made: Made) -> None:
        said = [check_petition(made.folder, receipt=receipt).notes for receipt in made.receipts]

        assert any("does not count: withdrawn, by signer" in note for note in said[0])
        assert any("does not count: fraud, by moderator" in note for note in said[1])
        assert any("and it counts" in note for note in said[2])

    @pytest.mark.parametrize(
        ("change", "part"),
        [
            (lambda value: value["opening"][0].update(name="Somebody else"), "P6 receipt: opening"),
            (lambda value: value["body"].update(commitment=fresh("x")), "P6 receipt: promise"),
            (lambda value: value.update(petition=fresh("x")), "P6 receipt: promise"),
            (lambda value: value["logged"][0].update(index=5), "P6 receipt: inclusion"),
            (lambda value: value["logged"][0].update(proof=[]), "P6 receipt: inclusion"),
            (lambda value: value.update(more=1), "P6 receipt: promise"),
        ],
        ids=["opening", "body", "petition", "index", "proof", "field"],
    )
    def test_changed_receipt(self, made: Made, change: Callable[[Any], object], part: str) -> None:
        value = codec.parse_canonical(made.receipts[2])
        change(value)

        assert part in check_petition(made.folder, receipt=codec.encode_canonical(value)).failed_parts()

    def test_promise_alone_finds_its_entry(self, made: Made) -> None:
        value = codec.parse_canonical(made.receipts[2]) | {"logged": []}

        assert check_petition(made.folder, receipt=codec.encode_canonical(value)).failed_parts() == []


def test_command_says_it_all(made: Made, tmp_path: Path) -> None:
    paper = tmp_path / "receipt.json"
    paper.write_bytes(made.receipts[2])
    checkpoint = made.folder / "checkpoint"

    good = CliRunner().invoke(main, ["petition", str(made.folder), "--receipt", str(paper), "--since", str(checkpoint)])
    bad = CliRunner().invoke(main, ["petition", str(forge(made, tmp_path / "forged", alter)), "--json"])
    none = CliRunner().invoke(main, ["petition", str(tmp_path / "nowhere")])

    assert good.exit_code == 0
    assert "7 signatures stand" in good.output
    assert "invent mailboxes" in good.output
    assert "it counts" in good.output
    assert bad.exit_code == 1
    assert json.loads(bad.output)["failed"] == ["P3 signatures"]
    assert none.exit_code == 2


class TestElection:
    def other(self, made: Made, folder: Path, name: str, change: Callable[[list[bytes]], list[bytes]]) -> Path:
        """Copy the election's record with other lines in one of its files."""
        shutil.copytree(made.election, folder)
        lines = (folder / name).read_bytes().splitlines(keepends=True)
        (folder / name).write_bytes(b"".join(change(lines)))
        return folder

    def test_without_its_record_the_fingerprint_is_shown_to_be_compared(self, made: Made) -> None:
        said = CliRunner().invoke(main, ["petition", str(made.folder)])
        as_json = CliRunner().invoke(main, ["petition", str(made.folder), "--json"])

        roll = made.petition["roll"]
        assert (said.exit_code, as_json.exit_code) == (0, 0)
        assert f"Voters of the election {roll['election']}" in said.output
        assert roll["sha256"] in said.output
        assert "only the petition's board says" in " ".join(said.output.split())
        assert json.loads(as_json.output)["roll"] == {"election": roll["election"], "sha256": roll["sha256"]}

    def test_with_its_record_all_is_compared_and_what_came_later_is_said(self, made: Made) -> None:
        said = CliRunner().invoke(main, ["petition", str(made.folder), "--election", str(made.election)])

        words = " ".join(said.output.split())
        assert said.exit_code == 0
        assert "1 more strikes or replacements than the petition's" in words
        assert "was compared with, not checked" in words

    def test_voter_added_to_the_roll(self, made: Made, tmp_path: Path) -> None:
        election = self.other(made, tmp_path / "election", "roll.jsonl", lambda lines: lines[1:])

        report = check_petition(made.folder, election=election)

        assert report.failed_parts() == ["P3 signatures: election"]
        assert "names the fingerprint" in report.why_failed("P3 signatures: election")[0].reason

    def test_strike_that_the_board_leaves_out_or_makes_up(self, made: Made, tmp_path: Path) -> None:
        def none(lines: list[bytes]) -> list[bytes]:
            return [line for line in lines if b'"type":"strike"' not in line]

        def other_first(lines: list[bytes]) -> list[bytes]:
            strikes = [line for line in lines if b'"type":"strike"' in line]
            return [*none(lines), *reversed(strikes)]

        for number, change in enumerate((none, other_first)):
            election = self.other(made, tmp_path / f"election{number}", "log/00000.jsonl", change)
            report = check_petition(made.folder, election=election)
            assert report.failed_parts() == ["P3 signatures: election"]
            assert "number 1 of the petition's strikes" in report.why_failed("P3 signatures: election")[0].reason

    def test_record_that_is_no_election(self, made: Made, tmp_path: Path) -> None:
        assert check_petition(made.folder, election=tmp_path / "nowhere").exit_code == 2
        assert check_petition(made.folder, election=made.folder).exit_code == 2

    def test_petition_without_a_roll(self, made: Made, tmp_path: Path) -> None:
        folder = forge(made, tmp_path / "forged", lambda entries: None)
        document = {**made.petition, "methods": ["mail"], "roll": ""}
        (folder / "petition.json").write_bytes(codec.encode_canonical(document))

        report = check_petition(folder, election=made.election)

        assert "nobody signs by a roll here" in report.why_failed("P3 signatures: election")[0].reason
