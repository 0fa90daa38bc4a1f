"""Bring in a budget consultation from a file of Pabulib: projects, costs and approvals."""

from datetime import timedelta
from pathlib import Path

from participation.budgets.choosing import add_project
from participation.budgets.models import BudgetChoice
from participation.consultations import acts
from participation.consultations.acts import ConsultationData, PhaseData
from participation.consultations.kinds import PhaseKind
from participation.errors import Unacceptable
from participation.people.models import Person
from participation.ports import Ports

_MOST_BYTES = 50_000_000


def import_pabulib(ports: Ports, path: Path, authority_id: int, language: str = "en", days: int = 14) -> str:
    """Import approval ballots as a published consultation; returns its id.

    Args:
        ports: The ports.
        path: A .pb file of approval ballots.
        authority_id: Who owes the report.
        language: Of the texts.
        days: For which it stays open from now.

    Raises:
        Unacceptable: The file is missing or damaged, or its ballots are no approvals.
    """
    from pabutools.election import ApprovalProfile, parse_pabulib

    try:
        if path.stat().st_size > _MOST_BYTES:
            raise Unacceptable("%(file)s is too large for a consultation.", file=path.name)
        instance, profile = parse_pabulib(str(path))
    except (OSError, ValueError, KeyError, IndexError, NotImplementedError):
        raise Unacceptable("%(file)s is missing, or no file of Pabulib.", file=path.name) from None
    if not isinstance(profile, ApprovalProfile):
        raise Unacceptable("%(file)s holds no approval ballots.", file=path.name)
    now, meta = ports.now(), instance.meta
    with ports.database.writing() as session:
        title = str(meta.get("description") or path.stem)
        made = acts.begin_consultation(
            session, ports, ConsultationData(language, title, title, "", authority_id), by="import"
        )
        settings: dict[str, object] = {"budget": int(instance.budget_limit), "currency": str(meta.get("currency", ""))}
        settings["most"] = max((len(ballot) for ballot in profile), default=0)
        part = PhaseData(
            PhaseKind.BUDGET,
            title,
            "",
            opens_at=now - timedelta(minutes=1),
            closes_at=now + timedelta(days=days),
            settings=settings,
        )
        phase = acts.save_phase(session, ports, made.id, made.revision, part, by="import")
        names = {one: instance.project_meta[one].get("name") or f"Project {one.name}" for one in instance}
        rows = {one: add_project(session, phase, str(names[one]), int(one.cost)) for one in sorted(instance)}
        people = [
            Person(method="import", key=ports.random_bytes(32).hex(), language=language, joined_at=now)
            for _ in range(len(profile))
        ]
        session.add_all(people)
        session.flush()
        session.add_all(
            BudgetChoice(
                phase_id=phase.id, person_id=person.id, projects=sorted(rows[one].id for one in ballot), at=now
            )
            for person, ballot in zip(people, profile, strict=True)
        )
        acts.publish(session, ports, made.id, made.revision, by="import")
        return made.id
