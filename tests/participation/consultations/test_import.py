from pathlib import Path

import pytest
from sqlalchemy import select

from participation.consultations.importing import import_polis
from participation.contributions.kinds import ContributionState
from participation.contributions.models import Contribution
from participation.errors import Unacceptable
from participation.statements.maps import find_map
from tests.participation.opinions.seattle import SEATTLE, moderated_out
from tests.support.participation import Town

SUMMARY = "topic,$15/hour\nvoters,339\nconversation-description,How do you think the new law will affect Seattle?\n"


def folder(place: Path, **changes: str) -> Path:
    """Lay out the Seattle data as Polis does."""
    for name in ("comments", "participants-votes"):
        text = changes.get(name.replace("-", "_"), (SEATTLE / f"{name}.csv").read_text(encoding="utf-8"))
        (place / f"{name}.csv").write_text(text, encoding="utf-8")
    (place / "summary.csv").write_text(changes.get("summary", SUMMARY), encoding="utf-8")
    return place


def test_the_seattle_consultation_comes_in_with_its_map(town: Town, tmp_path: Path) -> None:
    consultation_id = import_polis(town.ports, folder(tmp_path), 1)
    assert town.run_jobs("statements.maps") == 1
    with town.services.database.reading() as session:
        drawn = find_map(session, 1)
        hidden = session.scalars(select(Contribution).where(Contribution.state == ContributionState.HIDDEN)).all()
    assert drawn is not None
    assert len(hidden) == len(moderated_out())
    assert [group.size for group in drawn.groups] == [83, 55]
    assert drawn.participants == 337
    page = town.visitor().get(f"/consultations/{consultation_id}/statements/1")
    assert "337 people answered" in page
    assert page.count('class="dot group-0"') == 83
    assert page.count('class="dot group-none"') == 337 - 138
    assert "What divides most" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"comments": ""}, "not a table of Polis"),
        ({"comments": "comment-id,comment-body,moderated\n1,text\n"}, "not a table of Polis"),
        ({"comments": "comment-id,comment-body,moderated\nx,text,1\n"}, "a comment's number is none"),
        ({"participants_votes": "participant,0\n1,7\n"}, "A vote is 1, 0 or -1, not 7"),
        ({"participants_votes": "who,0\n1,1\n"}, "not a table of Polis"),
    ],
)
def test_damaged_data_bring_in_nothing(town: Town, tmp_path: Path, changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(Unacceptable, match=sentence):
        import_polis(town.ports, folder(tmp_path, **changes), 1)
    with town.services.database.reading() as session:
        assert session.scalars(select(Contribution)).all() == []


def test_a_missing_file_is_named(town: Town, tmp_path: Path) -> None:
    with pytest.raises(Unacceptable, match=r"comments\.csv is missing"):
        import_polis(town.ports, tmp_path, 1)
