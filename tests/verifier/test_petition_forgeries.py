"""Each lie in a petition's record, told with the board's own key, is named by the check that should."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.elections import seeded_key
from tests.support.petition_record import Change, Entry, Made, forge, fresh, renew_request, shift
from verifier.petition import check_petition


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
