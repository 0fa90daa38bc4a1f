"""Putting in projects, and approving some of them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from participation.budgets.models import TITLE_LENGTH, BudgetChoice, BudgetProject
from participation.consultations.models import Phase
from participation.errors import Unacceptable
from participation.numbers import read_whole
from participation.people.locking import lock_person
from participation.people.models import Person
from participation.ports import Ports
from participation.text import is_blank, one_line, paragraphs

MOST_PROJECTS = 300
MOST_AMOUNT = 10**15


def add_project(session: Session, phase: Phase, title: str, cost: int, text: str = "") -> BudgetProject:
    """Put a project in.

    Raises:
        Unacceptable: It has no title, or its cost makes no sense.
    """
    title = one_line(title)
    if is_blank(title) or len(title) > TITLE_LENGTH:
        raise Unacceptable("Give each project a title of at most %(most)s characters.", most=TITLE_LENGTH)
    if not 1 <= cost <= MOST_AMOUNT:
        raise Unacceptable("A project costs at least 1. Write the cost in whole units, without decimals.")
    made = BudgetProject(phase_id=phase.id, title=title, text=paragraphs(text), cost=cost)
    session.add(made)
    return made


def list_projects(session: Session, phase_id: int) -> Sequence[BudgetProject]:
    """Return the projects of a part, in the order in which they were put in."""
    query = select(BudgetProject).where(BudgetProject.phase_id == phase_id).order_by(BudgetProject.id)
    return session.scalars(query).all()


def set_projects(session: Session, phase: Phase, lines: Iterable[str]) -> int:
    """Replace a draft's projects by lines of "title; cost"; returns how many there are.

    Raises:
        Unacceptable: A line is not so; the text says which.
    """
    wanted: list[tuple[str, int]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        title, _, amount = line.replace("؛", ";").rpartition(";")
        cost = read_whole("".join(one for one in amount if one not in " ,٬'’"), MOST_AMOUNT)
        if not title.strip() or cost is None:
            raise Unacceptable(
                "Line %(number)s is no project. Write each as its title, a semicolon and its cost, like "
                "“Trees along the avenue; 90000”.",
                number=number,
            )
        wanted.append((title, cost))
    if len(wanted) > MOST_PROJECTS:
        raise Unacceptable("A budget has at most %(most)s projects.", most=MOST_PROJECTS)
    session.execute(delete(BudgetProject).where(BudgetProject.phase_id == phase.id))
    for title, cost in wanted:
        add_project(session, phase, title, cost)
    return len(wanted)


def choose(session: Session, ports: Ports, phase: Phase, person: Person, projects: Iterable[int]) -> BudgetChoice:
    """Take the projects that somebody approves; a later choice replaces it, and none at all takes it back.

    Raises:
        Unacceptable: There are too many, or one is not of this budget.
    """
    chosen = sorted(set(projects))
    known = {one.id for one in list_projects(session, phase.id)}
    most = int(str(phase.settings.get("most", 0))) or len(known)
    if not set(chosen) <= known:
        raise Unacceptable("One of the projects is not part of this budget. Load the page again.")
    if len(chosen) > most:
        raise Unacceptable("Choose at most %(most)s projects.", most=most)
    lock_person(session, person)
    given = session.get(BudgetChoice, (phase.id, person.id))
    given = given or BudgetChoice(phase_id=phase.id, person_id=person.id)
    given.projects, given.at = chosen, ports.now()
    session.add(given)
    return given
