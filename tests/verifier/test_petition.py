"""A petition's record made by the real programs passes; each lie in it is named by the check that should."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ballots import codec
from ballots.checkpoint import Head, sign_checkpoint
from ballots.merkle import MerkleTree, leaf_hash
from evote.settings import Settings
from tests.support.elections import seeded_key
from tests.support.petition_record import Entry, Made, forge, make_record
from verifier.cli import main
from verifier.petition import PETITION_CHECKS, check_petition

Change = Callable[[list[Entry]], object]
FIRST = 1
"""The first signature by mail; 1 to 6 are by mail, 7 to 10 by the roll."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("petition")
    settings = Settings(
        data_dir=folder,
        database_url=f"sqlite:///{folder / 'evote.sqlite3'}",
        secret_key=b"a secret of the tests, 32 bytes long",
        board_key_file=folder / "board.key",
        base_url="http://localhost",
        demo=True,
        allow_test_keys=True,
        rate_limits=False,
    )
    return make_record(settings, folder / "record")


def shift(time: str, **span: float) -> str:
    return codec.encode_time(codec.parse_time(time) + timedelta(**span))


def renew_request(made: Made, entry: Entry, **changes: str) -> None:
    """Change a signature and let the board sign its request again."""
    body = entry["body"]
    body |= changes
    token_hash = codec.encode_bytes(hashlib.sha256(codec.decode_bytes(body["token"], 32)).digest())
    names = ("method", "commitment", "mailbox", "person", "requested_at")
    request = {"petition": made.hash, "token_hash": token_hash, **{name: body[name] for name in names}}
    body["request"] = made.board.sign("petition-request", request)


def fresh(text: str) -> str:
    return codec.encode_bytes(codec.digest("test", {"text": text}))


def test_record_of_every_kind_of_entry_passes_and_looks_at_everything(made: Made) -> None:
    report = check_petition(made.folder, receipt=made.receipts[1])

    assert report.failed_parts() == []
    assert report.counted == {"mail": 5, "oidc": 0, "roll": 2}
    assert report.removed == {"fraud": 1, "struck": 1, "withdrawn": 2}
    due = {f"{check}: {part}" for check, parts in PETITION_CHECKS.items() for part in parts} - {"P2 log: since"}
    assert {part for part in due if not report.looked_at.get(part)} == set()


def doubled(made: Made) -> Change:
    return lambda entries: entries.insert(4, json.loads(json.dumps(entries[4])))


def same_person(made: Made) -> Change:
    def change(entries: list[Entry]) -> None:
        copy = json.loads(json.dumps(entries[4]))
        renew_request(made, copy, commitment=fresh("c"), token=fresh("t"))
        entries.insert(5, copy)

    return change


def third_of_a_mailbox(made: Made) -> Change:
    def change(entries: list[Entry]) -> None:
        for number in range(2):
            copy = json.loads(json.dumps(entries[4]))
            renew_request(
                made, copy, commitment=fresh(f"c{number}"), token=fresh(f"t{number}"), person=fresh(f"p{number}")
            )
            entries.insert(5, copy)

    return change


def altered(made: Made) -> Change:
    return lambda entries: entries[4]["body"].update(commitment=fresh("x"))


def no_token(made: Made) -> Change:
    return lambda entries: entries[4]["body"].pop("token")


def other_token(made: Made) -> Change:
    return lambda entries: entries[4]["body"].update(token=fresh("x"))


def late_request(made: Made) -> Change:
    closes = made.petition["closes_at"]

    def change(entries: list[Entry]) -> None:
        entry = entries[-2]
        assert entry["type"] == "confirmed"
        late = shift(closes, seconds=1)
        renew_request(made, entry, requested_at=late, confirmed_at=late)
        entry["time"] = late

    return change


def late_confirmation(made: Made) -> Change:
    late = shift(made.petition["closes_at"], hours=24, seconds=1)

    def change(entries: list[Entry]) -> None:
        renew_request(made, entries[-2], confirmed_at=late)
        entries[-2]["time"] = late

    return change


def early(made: Made) -> Change:
    return lambda entries: renew_request(made, entries[4], requested_at=shift(made.petition["opens_at"], seconds=-1))


def before_request(made: Made) -> Change:
    return lambda entries: entries[4]["body"].update(confirmed_at=shift(entries[4]["body"]["requested_at"], seconds=-1))


def by_account(made: Made) -> Change:
    return lambda entries: renew_request(made, entries[4], method="oidc")


def wrong_signature(made: Made) -> Change:
    return lambda entries: entries[8]["body"].update(signature=entries[9]["body"]["signature"])


def unknown_key(made: Made) -> Change:
    key = seeded_key("stranger")

    def change(entries: list[Entry]) -> None:
        signature = key.sign("petition-sign", {"petition": made.hash})
        entries[9]["body"] |= {"voter": key.public, "signature": signature}

    return change


def struck_key(made: Made) -> Change:
    def change(entries: list[Entry]) -> None:
        place = next(index for index, entry in enumerate(entries) if entry["type"] == "strike")
        again = json.loads(json.dumps(entries[8]))
        again["time"] = entries[place]["time"]
        entries.insert(place + 1, again)

    return change


def key_twice(made: Made) -> Change:
    return lambda entries: entries.insert(10, json.loads(json.dumps(entries[9])))


def registrar_forged(made: Made) -> Change:
    def change(entries: list[Entry]) -> None:
        entry = next(entry for entry in entries if entry["type"] == "strike")
        signed = {"election": made.petition["roll"]["election"], "voter": entry["body"]["voter"]}
        entry["body"]["signature"] = made.board.sign("strike", signed)

    return change


def removed_twice(made: Made) -> Change:
    def change(entries: list[Entry]) -> None:
        place = next(index for index, entry in enumerate(entries) if entry["type"] == "remove")
        entries.insert(place + 1, json.loads(json.dumps(entries[place])))

    return change


def withdrawn_by_others(made: Made) -> Change:
    def change(entries: list[Entry]) -> None:
        place = next(i for i, entry in enumerate(entries) if entry["type"] == "remove" and entry["body"]["signature"])
        entries[place]["body"]["signature"] = made.board.sign("petition-withdraw", {"petition": made.hash, "entry": 7})

    return change


def restored_against_the_signer(made: Made) -> Change:
    def change(entries: list[Entry]) -> None:
        place = next(index for index, entry in enumerate(entries) if entry["type"] == "remove")
        entry = {"index": 0, "time": entries[place]["time"], "type": "restore"}
        entries.insert(place + 1, {**entry, "body": {"entry": entries[place]["body"]["entry"], "reason": ""}})

    return change


def closed_early(made: Made) -> Change:
    return lambda entries: entries[-1].update(time=shift(made.petition["closes_at"], hours=23))


def signed_after_close(made: Made) -> Change:
    def change(entries: list[Entry]) -> None:
        entry = entries.pop(-2)
        entries.append({**entry, "time": entries[-1]["time"]})

    return change


def close_count(made: Made) -> Change:
    return lambda entries: entries[-1]["body"]["counted"].update(mail=99)


def times_back(made: Made) -> Change:
    return lambda entries: entries[5].update(time=shift(entries[4]["time"], seconds=-1))


def unknown_type(made: Made) -> Change:
    return lambda entries: entries[5].update(type="bonus")


def unknown_field(made: Made) -> Change:
    return lambda entries: entries[5]["body"].update(note="hello")


def second_petition(made: Made) -> Change:
    return lambda entries: entries.insert(3, {**entries[0], "time": entries[2]["time"]})


FORGERIES: list[tuple[Callable[[Made], Change], str]] = [
    (doubled, "P3 signatures: unique"),
    (same_person, "P3 signatures: unique"),
    (third_of_a_mailbox, "P3 signatures: unique"),
    (altered, "P3 signatures: confirmation"),
    (no_token, "P1 encoding: log"),
    (other_token, "P3 signatures: confirmation"),
    (late_request, "P3 signatures: window"),
    (late_confirmation, "P3 signatures: window"),
    (early, "P3 signatures: window"),
    (before_request, "P3 signatures: window"),
    (by_account, "P3 signatures: method"),
    (wrong_signature, "P3 signatures: credential"),
    (unknown_key, "P3 signatures: roll"),
    (struck_key, "P3 signatures: roll"),
    (key_twice, "P3 signatures: unique"),
    (registrar_forged, "P4 changes: registrar"),
    (removed_twice, "P4 changes: removals"),
    (withdrawn_by_others, "P4 changes: removals"),
    (restored_against_the_signer, "P4 changes: removals"),
    (closed_early, "P4 changes: closing"),
    (signed_after_close, "P2 log: order"),
    (close_count, "P5 count: close"),
    (times_back, "P2 log: times"),
    (unknown_type, "P1 encoding: log"),
    (unknown_field, "P1 encoding: log"),
    (second_petition, "P2 log: order"),
]


@pytest.mark.parametrize(("forgery", "part"), FORGERIES, ids=lambda one: getattr(one, "__name__", one))
def test_forgery_with_the_boards_key_is_named(
    made: Made, tmp_path: Path, forgery: Callable[[Made], Change], part: str
) -> None:
    report = check_petition(forge(made, tmp_path / "forged", forgery(made)))

    assert part in report.failed_parts()
    assert "P2 log: checkpoint" not in report.failed_parts()


@pytest.mark.parametrize(
    "change",
    [lambda entries: entries.pop(4), lambda entries: entries[4]["body"].update(commitment=fresh("x"))],
    ids=["removed", "altered"],
)
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
    bad = CliRunner().invoke(main, ["petition", str(forge(made, tmp_path / "forged", altered(made))), "--json"])
    none = CliRunner().invoke(main, ["petition", str(tmp_path / "nowhere")])

    assert good.exit_code == 0
    assert "7 signatures stand" in good.output
    assert "invent mailboxes" in good.output
    assert "it counts" in good.output
    assert bad.exit_code == 1
    assert json.loads(bad.output)["failed"] == ["P3 signatures"]
    assert none.exit_code == 2
