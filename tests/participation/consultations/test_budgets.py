import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from evote.simulation import demo
from participation.budgets.importing import import_pabulib
from participation.budgets.models import BudgetChoice
from participation.errors import Unacceptable
from tests.participation.consultations.test_consultations import begin, clerk, revision, send
from tests.support.officials import Desk
from tests.support.participation import Town, Visitor

__all__ = ["clerk"]
CHICAGO = Path(demo.DATA).parent / "chicago-39th-ward-2021.pb"
TakePart = Callable[[str], Visitor]
PART = {
    "kind": "budget",
    "title": "What shall we build?",
    "opens_at": "2026-03-01 09:00",
    "closes_at": "2026-03-11 09:00",
    "budget": "100,000",
    "currency": "EUR",
    "most": "2",
    "seeds": "Trees along the avenue; 40,000\n\nA mural؛ ۳۵٬۰۰۰\nNew benches; 60000",
}


@pytest.fixture
def address(clerk: Desk) -> str:
    """The page of an open budget of three projects."""
    place = begin(clerk)
    send(clerk, f"{place}/parts/new", **PART)
    send(clerk, f"{place}/publish")
    return f"{place.removeprefix('/admin/participation')}/budget/1"


def choices(town: Town) -> list[list[int]]:
    with town.services.database.reading() as session:
        return [one.projects for one in session.scalars(select(BudgetChoice).order_by(BudgetChoice.person_id))]


def test_the_39th_ward_of_chicago_comes_in_and_both_rules_decide(town: Town) -> None:
    made = import_pabulib(town.ports, CHICAGO, 1)
    assert town.run_jobs("budgets.outcomes") == 1
    assert town.run_jobs("budgets.outcomes") == 0
    page = town.visitor().get(f"/consultations/{made}/budget/1")
    for words in ("1,536 people chose.", "496,900", "494,000", "500,000 USD", "95.8%", "97.8%"):
        assert words in page
    assert page.count("Paid for") == 8 + 14


def test_people_choose_and_change_their_minds(town: Town, address: str, take_part: TakePart) -> None:
    first, second = take_part("ada@example.org"), take_part("bo@example.org")
    first.submit(f"{address}/choose", address, project=["1", "2"])
    second.submit(f"{address}/choose", address, project=["3"])
    first.submit(f"{address}/choose", address, project=["2"])
    assert choices(town) == [[2], [3]]
    town.run_jobs("budgets.outcomes")
    page = first.get(address)
    assert "2 people chose." in page
    assert "95,000" in page
    assert json.loads(first.client.get("/me/data.json").get_data())["votes"] == []


@pytest.mark.parametrize(
    ("projects", "sentence"),
    [
        (["1", "2", "3"], "Choose at most 2 projects"),
        (["9"], "not part of this budget"),
        (["x"], "not part of this budget"),
        ([str(10**30)], "not part of this budget"),
    ],
)
def test_a_choice_that_makes_no_sense_changes_nothing(
    town: Town, address: str, take_part: TakePart, projects: list[str], sentence: str
) -> None:
    visitor = take_part("ada@example.org")
    answer = visitor.post(f"{address}/choose", address, project=projects)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert choices(town) == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"seeds": "Trees"}, "Line 1 is no project"),
        ({"seeds": "Trees; ten"}, "Line 1 is no project"),
        ({"seeds": "Trees; 0"}, "costs at least 1"),
        ({"budget": "0"}, "at least 1"),
        ({"budget": "much"}, "Enter a whole number"),
        ({"budget": str(10**30)}, "This number is too large"),
        ({"budget": "9" * 5000}, "This number is too large"),
        ({"most": str(10**14)}, "at most 300 projects"),
        ({"seeds": f"Trees; {10**30}"}, "Line 1 is no project"),
        ({"currency": "x" * 11}, "too long"),
    ],
)
def test_a_budget_that_makes_no_sense(clerk: Desk, changes: dict[str, str], sentence: str) -> None:
    place = f"{begin(clerk)}/parts/new"
    answer = clerk.post(place, **{**PART, **changes}, revision=revision(clerk, place))
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_projects_of_a_draft_can_be_written_anew(clerk: Desk) -> None:
    place = begin(clerk)
    send(clerk, f"{place}/parts/new", **PART)
    page = clerk.get(f"{place}/parts/1")
    assert "Trees along the avenue; 40000" in page
    send(clerk, f"{place}/parts/1", **{**PART, "seeds": "One bench; 500"})
    assert "Trees" not in clerk.get(f"{place}/parts/1")


def test_a_damaged_file_is_named(town: Town, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pb"
    broken.write_text("META\nkey;value\n", encoding="utf-8")
    for path in (broken, tmp_path / "none.pb"):
        with pytest.raises(Unacceptable, match=r"no file of Pabulib|is missing"):
            import_pabulib(town.ports, path, 1)
