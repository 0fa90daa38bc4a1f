"""Valid elections pass, and so does what the forger re-does honestly; else its attacks would prove nothing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from ballots import codec
from tests.attacks.base import LATER, OBSERVERS, STYLES
from tests.attacks.forge import Forge
from tests.attacks.judges import trustee_refuses, verify
from tests.attacks.steps import Step
from tests.support.elections import seeded_key
from verifier.report import PARTS


def test_every_part_of_every_check_passes_and_has_looked_at_something(valid: Forge, valid_record: Path) -> None:
    since = early_checkpoint(valid)
    report = verify(valid_record, election=valid.fingerprint, since=since)
    assert report.exit_code == 0
    assert report.failed_parts() == []
    assert report.not_due == {}
    assert {part: report.looked_at.get(part, 0) > 0 for part in PARTS} == dict.fromkeys(PARTS, True)
    assert trustee_refuses(valid_record) == ""


def test_the_fingerprint_announced_to_voters_is_compared(valid: Forge, valid_record: Path) -> None:
    """D3. A whole other election, valid in itself, is not the one that voters were told of."""
    other = valid.copy()
    with_another_title(other)
    report = verify(valid_record, election=other.redo().fingerprint)
    assert report.exit_code == 1
    assert report.failed_parts() == ["4 opening: fingerprint"]


def early_checkpoint(forge: Forge) -> bytes:
    """Return a checkpoint that the board signed before the election was over."""
    early = forge.copy()
    early.steps = early.steps[:10]
    return early.redo().checkpoint.encode()


def closing_by_time(forge: Forge) -> None:
    forge.manifest["closing"] = "time"
    close = forge.place(forge.find("close"))
    for step in forge.steps[close:]:
        step.time = codec.encode_time(codec.parse_time(LATER) + timedelta(minutes=1))


def without_observers(forge: Forge) -> None:
    forge.manifest["observers"] = []
    forge.drop(*(step for step in forge.steps if "observer" in step.body))


def with_other_observers(forge: Forge) -> None:
    forge.manifest["observers"] = [*OBSERVERS, {"name": "More", "key": seeded_key("observer 2").public}]
    forge.keys["observer 2"] = seeded_key("observer 2")
    forge.drop(forge.find("intent"))
    forge.insert(Step("intent", "", {"observer": 2}), before=forge.find("tally"))


def with_contests_that_stay_closed(forge: Forge) -> None:
    forge.manifest["min_ballots"] = 4


def opened_by_others(forge: Forge) -> None:
    forge.openers = (2, 3)


def with_another_title(forge: Forge) -> None:
    forge.manifest["title"] = {"en": "Another", "fa": "دیگر"}


def with_paths_that_lead_elsewhere(forge: Forge) -> None:
    """Media and booth files are not in the record, so their paths are only text."""
    forge.manifest["contests"][0]["options"][0]["media"] = {"../../../etc/passwd": "A" * 43}
    forge.manifest["booth"] = {"/etc/shadow": "A" * 43}


def with_another_style(forge: Forge) -> None:
    forge.manifest["styles"] = {**STYLES, "nobody": ["law"]}


def without_any_ballot(forge: Forge) -> None:
    forge.drop(*forge.ballots)


def annulled_at_the_end(forge: Forge) -> None:
    forge.append("annul", body={"reason": "Two districts were given the wrong ballots."})


CHANGES: list[Callable[[Forge], None]] = [
    closing_by_time,
    without_observers,
    with_other_observers,
    with_contests_that_stay_closed,
    opened_by_others,
    with_another_title,
    with_paths_that_lead_elsewhere,
    with_another_style,
    without_any_ballot,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.replace("_", " "))
def test_an_honest_change_re_done_is_valid(change: Callable[[Forge], None], valid: Forge, tmp_path: Path) -> None:
    forge = valid.copy()
    change(forge)
    record = forge.redo().write(tmp_path / "record")
    report = verify(record)
    assert {part: report.why_failed(part) for part in report.failed_parts()} == {}
    assert report.exit_code == 0
    assert trustee_refuses(record) == ""


def test_a_contest_that_stays_closed_has_no_part_in_a_partial(valid: Forge) -> None:
    forge = valid.copy()
    forge.manifest["min_ballots"] = 4
    tally = forge.redo().tally
    assert tally is not None
    closed = {contest["id"] for contest in tally["contests"] if not contest["ciphertexts"]}
    assert closed == {"senate", "parks", "money", "order", "tiers"}
    assert closed.isdisjoint(part["contest"] for partial in tally["partials"] for part in partial["parts"])


def test_an_annulled_election_is_checked_as_far_as_it_goes(valid: Forge, tmp_path: Path) -> None:
    forge = valid.copy()
    annulled_at_the_end(forge)
    report = verify(forge.redo().write(tmp_path / "record"))
    assert report.exit_code == 0
    assert report.annulled
    assert "ANNULLED" in report.notes[0]
    assert "annulled" in trustee_refuses(tmp_path / "record")


def test_a_record_until_the_close(valid: Forge, tmp_path: Path) -> None:
    forge = valid.copy()
    forge.drop(forge.find("tally"))
    record = forge.redo().write(tmp_path / "record")
    assert verify(record, until_close=True).exit_code == 0
    assert verify(record).exit_code == 2
