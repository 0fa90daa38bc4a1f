"""The job that applies the rules to the choices, and the outcome as pages read it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.budgets.models import SEEN_LENGTH, BudgetChoice, BudgetProject, StoredOutcome
from participation.consultations.kinds import PhaseKind
from participation.consultations.models import Phase
from participation.jobs import Job
from participation.ports import Ports


def decide_budgets(ports: Ports) -> int:
    """Compute what changed; returns how many outcomes were computed."""
    with ports.database.reading() as session:
        query = select(Phase.id, Phase.settings).where(Phase.kind == PhaseKind.BUDGET)
        phases = [(phase_id, int(str(settings.get("budget", 0)))) for phase_id, settings in session.execute(query)]
    return sum(_decide(ports, phase_id, budget) for phase_id, budget in phases if budget > 0)


def _decide(ports: Ports, phase_id: int, budget: int) -> bool:
    figures = select(func.count(), func.max(BudgetChoice.at)).where(BudgetChoice.phase_id == phase_id)
    with ports.database.reading() as session:
        choices = session.scalars(select(BudgetChoice.projects).where(BudgetChoice.phase_id == phase_id)).all()
        rows = session.execute(select(BudgetProject.id, BudgetProject.cost).where(BudgetProject.phase_id == phase_id))
        costs: list[tuple[int, int]] = [(number, cost) for number, cost in rows]
        total = sum(number * len(chosen) for chosen in choices for number in chosen)
        seen = repr([budget, total, *session.execute(figures).one()])[:SEEN_LENGTH]
        stored = session.get(StoredOutcome, phase_id)
        if not costs or (stored is not None and stored.seen == seen):
            return False
    # Loaded here: only the process that computes pays for the arithmetic.
    from participation.budgets.decision import Project, decide

    outcome = decide([Project(number, cost) for number, cost in costs], budget, choices)
    document = {**asdict(outcome), "approvals": {str(number): count for number, count in outcome.approvals.items()}}
    with ports.database.writing() as session:
        row = session.get(StoredOutcome, phase_id, with_for_update=True) or StoredOutcome(phase_id=phase_id)
        row.computed_at, row.seen, row.document = ports.now(), seen, document
        session.add(row)
    return True


DECIDE = Job("budgets.outcomes", decide_budgets)


@dataclass(frozen=True)
class OutcomeView:
    """An outcome for a page.

    Attributes:
        voters: People who approve at least one project.
        approvals: {project id: people who approve it}.
        decisions: {rule: what it pays for}, as `Decision` in JSON.
    """

    voters: int
    approvals: Mapping[int, int]
    decisions: Mapping[str, Mapping[str, Any]]


def find_outcome(session: Session, phase_id: int) -> OutcomeView | None:
    """Return the latest outcome of a part; none before it was computed."""
    row = session.get(StoredOutcome, phase_id)
    if row is None:
        return None
    document = row.document
    return OutcomeView(
        voters=document["voters"],
        approvals={int(number): count for number, count in document["approvals"].items()},
        decisions={one["rule"]: one for one in document["decisions"]},
    )
