"""Removals undone: only for those who would be admitted now, whatever the election or the signer does meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from participation.signatures.confirming import confirm
from participation.signatures.reviewing import remove_entries, restore_entries
from tests.support.gallery import gallery_settings
from tests.support.overlap import overlap
from tests.support.participation import Town
from tests.support.petition_record import Moderator, roll_sign, strike
from tests.support.server import Stage, make_stage
from tests.support.signing import Signing
from verifier.petition import check_petition

MODERATOR = Moderator()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = make_stage(gallery_settings(tmp_path), voters=3)
    yield made
    made.services.database.close()


@pytest.mark.parametrize("counted_between", [True, False], ids=["followed", "not followed yet"])
def test_a_struck_credentials_signature_stays_removed(stage: Stage, tmp_path: Path, *, counted_between: bool) -> None:
    signing = Signing(Town(stage.app, stage.services, stage.clock))
    signing.open("roll", stage.id)
    stage.clock.forward(minutes=-5)  # runs back since the opening: that spoils no record
    for voter in stage.voters[:2]:
        roll_sign(signing, voter)
    signing.count()
    assert remove_entries(signing.ports, MODERATOR, signing.petition_id, [1, 2], "fraud") == 2
    strike(stage, 0)
    if counted_between:
        signing.count()

    restored = restore_entries(signing.ports, MODERATOR, signing.petition_id, [1, 2])

    report = check_petition(signing.export(tmp_path / "record"))
    assert report.failed_parts() == []
    assert report.counted["roll"] == 1
    assert restored == (1 if counted_between else 2)  # what the election's log struck later is struck here later


def test_who_lives_with_a_restored_signer_still_signs_and_strangers_do_not(signing: Signing) -> None:
    home = {"mail": "family@example.org", "postcode": "AB1"}
    signing.sign(1, name="Anna", **home)
    signing.count()
    remove_entries(signing.ports, MODERATOR, signing.petition_id, [1], "fraud")
    assert restore_entries(signing.ports, MODERATOR, signing.petition_id, [1]) == 1

    assert signing.ask(signing.signer(2, name="Cora", mail="family@example.org", postcode="XY9")) == b""
    signing.sign(3, name="Ben", **home)


@pytest.mark.postgresql
def test_who_signs_again_in_the_same_moment_is_not_restored(on_postgresql: Signing, tmp_path: Path) -> None:
    signing = on_postgresql
    signing.sign(1)
    signing.count()
    assert remove_entries(signing.ports, MODERATOR, signing.petition_id, [1], "fraud") == 1
    secret = signing.ask(signing.signer(1))

    found, restored = overlap(
        signing.ports.database,
        lambda: confirm(signing.ports, signing.petition_id, secret),
        lambda: restore_entries(signing.ports, MODERATOR, signing.petition_id, [1]),
    )

    report = check_petition(signing.export(tmp_path / "record"))
    assert (found.state, restored) == ("signed", 0)
    assert (report.failed_parts(), report.counted["mail"], report.removed) == ([], 1, {"fraud": 1})
