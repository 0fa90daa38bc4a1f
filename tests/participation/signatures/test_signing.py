"""Asking, confirming, counting, taking back; the verifier follows."""

from pathlib import Path

from participation.signatures.confirming import withdraw
from participation.signatures.queries import count_of, regions_of
from tests.support.signing import Signing
from verifier.petition import check_petition


def total(signing: Signing) -> int:
    with signing.town.services.database.reading() as session:
        found = count_of(session, signing.petition_id)
        return found.total if found else 0


def test_three_sign_one_withdraws_and_the_verifier_counts_two(signing: Signing, tmp_path: Path) -> None:
    first, _ = signing.sign(1)
    signing.sign(2)
    signing.sign(3)
    signing.count()
    assert total(signing) == 3

    withdraw(signing.ports, signing.petition_id, first)
    report = check_petition(signing.export(tmp_path / "record"))

    assert report.failed_parts() == []
    assert report.counted == {"mail": 2, "oidc": 0, "roll": 0}
    assert report.removed == {"withdrawn": 1}
    assert total(signing) == 2
    with signing.town.services.database.reading() as session:
        assert regions_of(session, signing.petition_id) == {"IR-02": 1, "IR-03": 1}
