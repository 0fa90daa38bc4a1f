"""The log's order: no signature enters a closed log, no reopened petition is closed by what was decided before."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from participation.errors import NotNow
from participation.petitions.answering import note_outage
from participation.petitions.models import Petition
from participation.signatures.confirming import confirm, read_link, withdraw, withdraw_by_roll
from participation.signatures.keeping import forget_old, keep_up
from participation.signatures.models import Change, PetitionLog, Waiting
from participation.signatures.reviewing import accept_held, list_held
from tests.support.gallery import gallery_settings
from tests.support.overlap import overlap
from tests.support.participation import Town
from tests.support.petition_record import Moderator, petition_hash_of, roll_sign, strike
from tests.support.server import make_stage
from tests.support.signing import Signing
from verifier.petition import check_petition

MODERATOR = Moderator()
LONG = {"days": 31, "hours": 1}
"""After the close, and the time to confirm."""


def close(signing: Signing) -> None:
    """Let the deadline close the petition, which leaves its log as it is."""
    signing.town.clock.forward(**LONG)
    with signing.ports.database.writing() as session:
        row = session.get_one(Petition, signing.petition_id)
        row.state, row.ended_at = "closed", row.closes_at
    signing.ports.memory.clear()


def reopen(signing: Signing) -> int:
    """Note a day without signing, which moves the deadline beyond the present."""
    with signing.town.app.app_context():
        day = (signing.town.clock.now - timedelta(days=20)).date()
        return note_outage(signing.ports, MODERATOR, day, "The site was down.")


def kinds(signing: Signing) -> list[str]:
    with signing.ports.database.reading() as session:
        return list(session.scalars(select(Waiting.kind).order_by(Waiting.id)))


def held(signing: Signing) -> tuple[list[int], bytes]:
    """Let two sign from one place; return the number of the one that is held, and its link."""
    secrets = [signing.ask(signing.signer(number), sender="192.0.2.7") for number in range(2)]
    for secret in secrets:
        confirm(signing.ports, signing.petition_id, secret)
    with signing.ports.database.reading() as session:
        rows, _ = list_held(session, signing.ports, signing.petition_id)
    return [one.number for one in rows], secrets[1]


def test_who_signs_a_reopened_petition_at_once_stands_behind_the_extension(signing: Signing, tmp_path: Path) -> None:
    signing.count()
    close(signing)
    signing.count()
    assert reopen(signing) == 1
    assert kinds(signing) == ["extend"]
    signing.ports.memory.clear()
    signing.sign(1)

    report = check_petition(signing.export(tmp_path / "record"))

    assert (report.failed_parts(), report.counted["mail"]) == ([], 1)


def test_requests_of_a_reopened_petition_are_not_forgotten(signing: Signing) -> None:
    signing.count()
    close(signing)
    signing.count()
    reopen(signing)
    signing.ports.memory.clear()
    secret = signing.ask(signing.signer(1))
    forget_old(signing.ports)

    assert read_link(signing.ports, signing.petition_id, secret).state == "ready"


def test_nobody_is_accepted_once_the_close_is_queued(signing: Signing, tmp_path: Path) -> None:
    numbers, _ = held(signing)
    close(signing)
    keep_up(signing.ports)
    assert kinds(signing)[-1] == "close"

    with pytest.raises(NotNow):
        accept_held(signing.ports, MODERATOR, signing.petition_id, numbers)
    assert check_petition(signing.export(tmp_path / "record")).failed_parts() == []


def test_a_close_that_was_queued_before_is_followed_by_the_extension(signing: Signing, tmp_path: Path) -> None:
    numbers, _ = held(signing)
    close(signing)
    keep_up(signing.ports)
    reopen(signing)

    assert kinds(signing)[-2:] == ["close", "extend"]
    assert accept_held(signing.ports, MODERATOR, signing.petition_id, numbers) == 1
    report = check_petition(signing.export(tmp_path / "record"))
    assert (report.failed_parts(), report.counted["mail"]) == ([], 2)
    with signing.ports.database.reading() as session:
        assert not session.get_one(PetitionLog, signing.petition_id).closed


@pytest.mark.postgresql
class TestAtOnce:
    def test_reopening_and_closing(self, on_postgresql: Signing) -> None:
        signing = on_postgresql
        signing.count()
        close(signing)

        overlap(signing.ports.database, lambda: reopen(signing), lambda: keep_up(signing.ports))

        assert "close" not in kinds(signing)
        signing.count()
        with signing.ports.database.reading() as session:
            assert not session.get_one(PetitionLog, signing.petition_id).closed

    def test_accepting_and_taking_back(self, on_postgresql: Signing, tmp_path: Path) -> None:
        signing = on_postgresql
        numbers, secret = held(signing)

        accepted, _ = overlap(
            signing.ports.database,
            lambda: accept_held(signing.ports, MODERATOR, signing.petition_id, numbers),
            lambda: withdraw(signing.ports, signing.petition_id, secret),
        )

        report = check_petition(signing.export(tmp_path / "record"))
        assert (accepted, report.failed_parts()) == (1, [])
        assert (report.counted["mail"], report.removed) == (1, {"withdrawn": 1})

    def test_taking_back_and_being_struck(self, postgres_url: str, tmp_path: Path) -> None:
        stage = make_stage(replace(gallery_settings(tmp_path), database_url=postgres_url), voters=2)
        signing = Signing(Town(stage.app, stage.services, stage.clock))
        signing.open("roll", stage.id)
        for voter in stage.voters:
            roll_sign(signing, voter)
        signing.count()
        strike(stage, 0)
        key = stage.voters[0].key
        proof = key.sign("petition-withdraw", {"petition": petition_hash_of(signing), "entry": 1})

        overlap(
            signing.ports.database,
            lambda: withdraw_by_roll(signing.ports, signing.petition_id, key.public, proof),
            lambda: keep_up(signing.ports),
        )

        report = check_petition(signing.export(tmp_path / "record"))
        assert (report.failed_parts(), report.counted["roll"], report.removed) == ([], 1, {"withdrawn": 1})
        with signing.ports.database.reading() as session:
            assert len(session.scalars(select(Change)).all()) == 1
        stage.services.database.close()
