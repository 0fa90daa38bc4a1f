"""Asking, confirming, counting, taking back: each outcome, each bad input."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from participation.errors import LinkExpired, Missing, NotNow, Unacceptable
from participation.signatures.confirming import confirm, read_link, withdraw
from participation.signatures.forms import normal_postcode
from participation.signatures.keeping import erase, forget_old
from participation.signatures.models import HELD, Request, Signature, Standing, Waiting
from participation.signatures.queries import count_of, names_of, news_readers, regions_of
from participation.signatures.receipts import receipt_of
from participation.signatures.reviewing import accept_held, list_held, refuse_held, remove_entries, restore_entries
from tests.support.participation import Town
from tests.support.petition_record import Moderator
from tests.support.signing import Signing
from verifier.petition import check_petition

MODERATOR = Moderator()
MakeTown = Callable[..., Town]


def total(signing: Signing) -> int:
    signing.count()
    with signing.town.services.database.reading() as session:
        found = count_of(session, signing.petition_id)
        return found.total if found else 0


def rows(signing: Signing, kind: type[Request | Signature | Waiting]) -> int:
    with signing.town.services.database.reading() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def test_three_sign_one_withdraws_and_the_verifier_counts_two(signing: Signing, tmp_path: Path) -> None:
    first, _ = signing.sign(1)
    signing.sign(2)
    signing.sign(3)
    assert total(signing) == 3

    withdraw(signing.ports, signing.petition_id, first)
    withdraw(signing.ports, signing.petition_id, first)
    report = check_petition(signing.export(tmp_path / "record"))

    assert report.failed_parts() == []
    assert report.counted == {"mail": 2, "oidc": 0, "roll": 0}
    assert report.removed == {"withdrawn": 1}
    assert total(signing) == 2
    with signing.town.services.database.reading() as session:
        assert regions_of(session, signing.petition_id) == {"IR-02": 1, "IR-03": 1}


def test_double_click_is_one_signature_and_reading_is_none(signing: Signing) -> None:
    secret = signing.ask(signing.signer(1))
    for _ in range(3):
        assert read_link(signing.ports, signing.petition_id, secret).state == "ready"
    assert total(signing) == 0

    for _ in range(3):
        assert confirm(signing.ports, signing.petition_id, secret).state == "signed"
    assert total(signing) == 1


@pytest.mark.parametrize(
    "again",
    [
        {"mail": "first.last@gmail.com"},
        {"mail": "FirstLast+news@googlemail.com"},
        {"mail": "firstlast@gmail.com", "name": "FIRST  last"},
        {"mail": "firstlast@gmail.com", "name": "Somebody Else", "postcode": "OTHER"},
    ],
)
def test_same_mailbox_counts_once_unless_another_person_lives_there(signing: Signing, again: dict[str, str]) -> None:
    first = {"name": "First Last", "mail": "firstlast@gmail.com", "postcode": "AB1"}
    signing.sign(1, **first)

    assert signing.ask(signing.signer(1, **{**first, **again})) == b""

    assert "already" in signing.mails(again["mail"])[0]
    assert total(signing) == 1


def test_persian_spellings_of_one_name_are_one_person(signing: Signing) -> None:
    signing.sign(1, name="علی کریمی", mail="a@example.org", postcode="1")

    assert signing.ask(signing.signer(1, name="علي كريمي", mail="a@example.org", postcode="1")) == b""


def test_two_people_share_a_mailbox_and_a_third_does_not(signing: Signing, tmp_path: Path) -> None:
    home = {"mail": "family@example.org", "postcode": "AB1"}
    for number, name in enumerate(("Anna", "Ben")):
        signing.sign(number, name=name, **home)

    assert signing.ask(signing.signer(3, name="Cora", **home)) == b""
    assert check_petition(signing.export(tmp_path / "record")).counted["mail"] == 2


def test_two_links_of_one_person_make_one_signature(signing: Signing) -> None:
    links = [signing.ask(signing.signer(1)) for _ in range(2)]

    assert [confirm(signing.ports, signing.petition_id, link).state for link in links] == ["signed", "otherwise"]
    assert read_link(signing.ports, signing.petition_id, links[1]).state == "otherwise"
    assert total(signing) == 1


def test_at_most_five_mails_for_one_signature(signing: Signing) -> None:
    sent = [signing.ask(signing.signer(1)) for _ in range(8)]

    assert [bool(secret) for secret in sent] == [True] * 5 + [False] * 3
    assert len(signing.mails("person1@example.org")) == 5


def test_links_that_are_wrong_late_or_of_another_petition(signing: Signing) -> None:
    secret, clock = signing.ask(signing.signer(1)), signing.town.clock
    with pytest.raises(LinkExpired, match="not known"):
        confirm(signing.ports, signing.petition_id, bytes(32))
    with pytest.raises(Missing):
        confirm(signing.ports, "00000000-0000-4000-8000-00000000ffff", secret)

    clock.forward(days=30, hours=23, minutes=59)
    signing.ports.memory.clear()
    assert read_link(signing.ports, signing.petition_id, secret).state == "ready"
    with pytest.raises(NotNow):
        signing.ask(signing.signer(2))

    clock.forward(minutes=1)
    assert read_link(signing.ports, signing.petition_id, secret).state == "late"
    with pytest.raises(LinkExpired, match="over"):
        confirm(signing.ports, signing.petition_id, secret)
    assert total(signing) == 0


def test_confirmation_after_the_close_counts_until_the_grace_is_over(signing: Signing, tmp_path: Path) -> None:
    secret = signing.ask(signing.signer(1))
    signing.town.clock.forward(days=30, hours=5)
    signing.ports.memory.clear()

    confirm(signing.ports, signing.petition_id, secret)
    signing.count()
    signing.town.clock.forward(days=1)

    report = check_petition(signing.export(tmp_path / "record"))
    assert report.failed_parts() == []
    assert "P5 count: close" not in report.not_due
    assert report.counted["mail"] == 1


def test_clock_that_runs_back_makes_a_record_that_holds(signing: Signing, tmp_path: Path) -> None:
    signing.sign(1)
    signing.count()
    secret = signing.ask(signing.signer(2))
    signing.town.clock.now -= timedelta(minutes=10)
    confirm(signing.ports, signing.petition_id, secret)

    assert check_petition(signing.export(tmp_path / "record")).failed_parts() == []


def test_clock_that_runs_back_before_the_opening_makes_a_record_that_holds(signing: Signing, tmp_path: Path) -> None:
    signing.town.clock.now -= timedelta(minutes=5)
    signing.sign(1)

    report = check_petition(signing.export(tmp_path / "record"))
    assert (report.failed_parts(), report.counted["mail"]) == ([], 1)


def test_who_withdrew_can_sign_again_and_a_request_can_be_taken_back(signing: Signing, tmp_path: Path) -> None:
    secret, _ = signing.sign(1)
    withdraw(signing.ports, signing.petition_id, secret)
    assert read_link(signing.ports, signing.petition_id, secret).state == "removed"
    signing.sign(1)
    waiting = signing.ask(signing.signer(2))
    withdraw(signing.ports, signing.petition_id, waiting)
    with pytest.raises(LinkExpired):
        confirm(signing.ports, signing.petition_id, waiting)

    report = check_petition(signing.export(tmp_path / "record"))
    assert (report.failed_parts(), report.counted["mail"], report.removed) == ([], 1, {"withdrawn": 1})


class TestTooFast:
    def ask_from_one_address(self, signing: Signing, people: int) -> list[bytes]:
        return [signing.ask(signing.signer(number), sender="192.0.2.7") for number in range(people)]

    def test_surplus_is_held_back_and_nobody_is_told(self, signing: Signing) -> None:
        secrets = self.ask_from_one_address(signing, 3)
        states = [confirm(signing.ports, signing.petition_id, secret).state for secret in secrets]

        assert states == ["signed"] * 3
        assert total(signing) == 1
        with signing.town.services.database.reading() as session:
            held, waiting = list_held(session, signing.ports, signing.petition_id)
        assert (waiting, [one.alike for one in held]) == (2, [2, 2])

    @pytest.mark.parametrize(("seconds", "counted"), [(10, 5), (61, 6)])
    def test_sixth_in_five_minutes(self, make_town: MakeTown, seconds: int, counted: int) -> None:
        signing = Signing(make_town("[signatures]\nin_minute = 10\n"))
        signing.open()
        for number in range(6):
            secret = signing.ask(signing.signer(number), sender="192.0.2.7")
            confirm(signing.ports, signing.petition_id, secret)
            signing.town.clock.forward(seconds=seconds)

        assert total(signing) == counted

    def test_other_addresses_are_free(self, signing: Signing) -> None:
        self.ask_from_one_address(signing, 1)
        confirm(signing.ports, signing.petition_id, signing.ask(signing.signer(9), sender="192.0.2.8"))

        assert total(signing) == 1

    def test_moderators_let_them_through_or_refuse_them(self, signing: Signing, tmp_path: Path) -> None:
        for secret in self.ask_from_one_address(signing, 4):
            confirm(signing.ports, signing.petition_id, secret)
        with signing.town.services.database.reading() as session:
            numbers = [one.number for one in list_held(session, signing.ports, signing.petition_id)[0]]

        assert accept_held(signing.ports, MODERATOR, signing.petition_id, numbers[:2]) == 2
        assert accept_held(signing.ports, MODERATOR, signing.petition_id, numbers[:2]) == 0
        assert refuse_held(signing.ports, MODERATOR, signing.petition_id, numbers, "fraud") == 1
        with pytest.raises(Unacceptable):
            refuse_held(signing.ports, MODERATOR, signing.petition_id, numbers, "withdrawn")

        report = check_petition(signing.export(tmp_path / "record"))
        assert (report.failed_parts(), report.counted["mail"], report.removed) == ([], 3, {})

    def test_held_one_is_withdrawn_without_a_trace_on_the_log(self, signing: Signing) -> None:
        secrets = self.ask_from_one_address(signing, 2)
        confirm(signing.ports, signing.petition_id, secrets[1])
        withdraw(signing.ports, signing.petition_id, secrets[1])

        assert total(signing) == 0
        with signing.town.services.database.reading() as session:
            assert session.scalars(select(Signature.review)).all() == ["refused"]

    def test_addresses_are_forgotten_but_those_under_review(self, signing: Signing) -> None:
        secrets = self.ask_from_one_address(signing, 3)
        confirm(signing.ports, signing.petition_id, secrets[2])
        signing.town.clock.forward(hours=2)
        forget_old(signing.ports)

        with signing.town.services.database.reading() as session:
            assert [bool(sender) for sender in session.scalars(select(Request.sender).order_by(Request.id))] == [
                False,
                True,
            ]
            assert session.scalars(select(Signature.sender).where(Signature.review == HELD)).all() != [None]


def test_removal_and_restoring_by_moderators(signing: Signing, tmp_path: Path) -> None:
    signing.sign(1)
    signing.sign(2)
    signing.count()
    remove_entries(signing.ports, MODERATOR, signing.petition_id, [1, 2], "duplicate")
    assert total(signing) == 0
    signing.sign(2)  # the person signs again, so the first one cannot be restored
    signing.count()

    assert restore_entries(signing.ports, MODERATOR, signing.petition_id, [1, 2]) == 1
    assert restore_entries(signing.ports, MODERATOR, signing.petition_id, [1]) == 0
    with pytest.raises(Unacceptable):
        remove_entries(signing.ports, MODERATOR, signing.petition_id, [0], "fraud")
    with pytest.raises(Unacceptable):
        remove_entries(signing.ports, MODERATOR, signing.petition_id, [], "fraud")

    report = check_petition(signing.export(tmp_path / "record"))
    assert (report.failed_parts(), report.counted["mail"], report.removed) == ([], 2, {"duplicate": 1})


def test_names_are_shown_by_choice_alone_and_news_go_to_who_wants_them(signing: Signing) -> None:
    shown, _ = signing.sign(1, show_name=True, news=True)
    signing.sign(2)
    with signing.town.services.database.reading() as session:
        names, more = names_of(session, signing.petition_id, 0)
        readers = news_readers(session, signing.ports, signing.petition_id, 0, 10)
    assert ([one.name for one in names], more) == (["Person 1"], 0)
    assert [one.mail for one in readers] == ["person1@example.org"]

    withdraw(signing.ports, signing.petition_id, shown)
    with signing.town.services.database.reading() as session:
        assert names_of(session, signing.petition_id, 0)[0] == []
        assert news_readers(session, signing.ports, signing.petition_id, 0, 10) == []


def test_after_erasure_the_link_shows_where_the_signature_stands_and_no_receipt(signing: Signing) -> None:
    secret, _ = signing.sign(1)
    signing.count()
    with signing.town.services.database.writing() as session:
        erase(session, signing.petition_id)
    found = read_link(signing.ports, signing.petition_id, secret)
    assert found.signature is not None
    with signing.town.services.database.reading() as session:
        receipt = receipt_of(session, signing.ports, found.signature)

    assert (found.state, receipt.index, receipt.data) == ("signed", 1, b"")


def test_erasure_leaves_count_regions_and_record(signing: Signing, tmp_path: Path) -> None:
    signing.sign(1, show_name=True)
    signing.ask(signing.signer(2))
    signing.count()
    with signing.town.services.database.writing() as session:
        erase(session, signing.petition_id)

    assert rows(signing, Request) == 0
    with signing.town.services.database.reading() as session:
        row = session.scalars(select(Signature)).one()
        assert (row.sealed, row.shown_name, row.region) == (None, None, "IR-01")
        assert regions_of(session, signing.petition_id) == {"IR-01": 1}
        assert session.scalars(select(Standing.place)).all() == [bytes(32)]
    assert check_petition(signing.export(tmp_path / "record")).counted["mail"] == 1


def test_record_names_nobody(signing: Signing, tmp_path: Path) -> None:
    signing.sign(1, name="Zarathustra", mail="zarathustra@example.org", postcode="QQ9")
    folder = signing.export(tmp_path / "record")

    text = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).lower()
    assert not any(word in text for word in (b"zarathustra", b"example.org", b"qq9", b"ir-01"))


@pytest.mark.parametrize(
    ("typed", "normal"), [(" ab1 2cd ", "AB12CD"), ("۱۲۳۴۵-۶۷۸۹۰", "1234567890"), ("<>", ""), (None, "")]
)
def test_postcodes_have_one_form(typed: str | None, normal: str) -> None:
    assert normal_postcode(typed) == normal
