"""Consultations for the demonstration: two of real data, one to take part in, one that was answered.

Who answers here is nobody: statements and ballots are those of the real data, under random keys and without names, and
in the town of the demonstration people take part without showing one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from evote.simulation.consultation_texts import CHICAGO, EXAMPLES, OPEN_DAYS, SEATTLE, Example, Part
from participation.budgets.importing import import_pabulib
from participation.budgets.outcomes import DECIDE
from participation.consultations import acts
from participation.consultations.acts import ConsultationData, PhaseData, ReportData
from participation.consultations.importing import import_polis
from participation.consultations.kinds import PhaseKind
from participation.consultations.models import Consultation, Phase
from participation.contributions.kinds import ContributionKind
from participation.contributions.models import Contribution
from participation.contributions.writing import NewContribution, contribute, support
from participation.documents.versions import write_version
from participation.jobs import run_job
from participation.people.models import Person
from participation.ports import Ports
from participation.statements.maps import DRAW
from participation.surveys.answering import answer
from participation.surveys.questions import list_questions, set_questions

_DATA = Path(__file__).parent / "data"
_BY = "Demo official"


def make_consultations(ports: Ports, authority_id: int, examples: Sequence[Example] = EXAMPLES) -> int:
    """Make the examples and bring in the real data, whatever of it is not there; returns how many were made."""
    with ports.database.reading() as session:
        known = set(session.scalars(select(Consultation.title)))
    made = 0
    if CHICAGO.title not in known:
        key = import_pabulib(ports, _DATA / "chicago-39th-ward-2021.pb", authority_id, days=OPEN_DAYS)
        _say(ports, key, replace(CHICAGO, authority_id=authority_id))
        made += 1
    for example in examples:
        if example.texts.title not in known:
            with ports.speaking(example.texts.language):
                _make(ports, replace(example, texts=replace(example.texts, authority_id=authority_id)))
            made += 1
    if SEATTLE.title not in known:
        key = import_polis(ports, _DATA / "seattle", authority_id, days=OPEN_DAYS)
        _say(ports, key, replace(SEATTLE, authority_id=authority_id))
        made += 1
    for job in (DRAW, DECIDE):
        run_job(ports, job)  # under its lock: the site may be at it
    return made


def _say(ports: Ports, consultation_id: str, texts: ConsultationData) -> None:
    with ports.database.writing() as session:
        found = session.get_one(Consultation, consultation_id)
        acts.save_consultation(session, ports, found.id, found.revision, texts, by="import")


def _make(host: Ports, example: Example) -> None:
    now = host.now()
    ports = replace(host, now=lambda: now - timedelta(days=example.begun), language=lambda: example.texts.language)
    closes = now + timedelta(days=example.days - example.begun)
    with host.database.writing() as session:
        made, phases = acts.begin_consultation(session, ports, example.texts, by=_BY), []
        for part in example.parts:
            data = PhaseData(part.kind, part.title, part.text, ports.now(), closes)
            phase = acts.save_phase(session, ports, made.id, made.revision, data, by=_BY)
            phases.append(phase)
            if part.kind is PhaseKind.SURVEY:
                set_questions(session, phase, part.seed.splitlines())
            if part.kind is PhaseKind.DOCUMENT:
                write_version(session, ports, phase, part.seed, "", replace=False)
        acts.publish(session, ports, made.id, made.revision, by=_BY)
        written = [
            number
            for part, phase in zip(example.parts, phases, strict=True)
            for number in _take_part(session, ports, phase, part)
        ]
        key = made.id
    if example.report:
        run_job(replace(host, now=lambda: closes), acts.REPORTS)
        reporting = replace(host, now=lambda: closes + timedelta(days=12))
        lines = [
            ReportData(said, outcome, did, [number])
            for (said, outcome, did), number in zip(example.lines, written, strict=True)
        ]
        with host.database.writing() as session:
            found = session.get_one(Consultation, key)
            acts.report(session, reporting, found.id, found.revision, example.report, lines, by=_BY)


def _take_part(session: Session, ports: Ports, phase: Phase, part: Part) -> list[int]:
    """Let people contribute; returns the numbers of what they wrote, without comments."""
    kinds: Mapping[PhaseKind, ContributionKind] = {PhaseKind.PROPOSALS: ContributionKind.PROPOSAL}
    found: list[Contribution] = []
    for one in part.written:
        new = NewContribution(kinds.get(part.kind, ContributionKind.COMMENT), one.text, one.title)
        found.append(contribute(session, ports, phase, _person(session, ports), new))
        for _ in range(one.behind):
            support(session, ports, found[-1].id, _person(session, ports), wanted=True)
        for comment in one.comments:
            reply = NewContribution(ContributionKind.COMMENT, comment, parent_id=found[-1].id)
            contribute(session, ports, phase, _person(session, ports), reply)
    questions = list_questions(session, phase.id) if part.answers else ()
    for chosen in part.answers:
        given = {
            str(question.id): [place] if question.kind == "many" else place
            for question, place in zip(questions, chosen, strict=True)
        }
        answer(session, ports, phase, _person(session, ports), given)
    return [one.id for one in found]


def _person(session: Session, ports: Ports) -> Person:
    """Return somebody who shows no name."""
    made = Person(method="import", key=ports.random_bytes(32).hex(), language=ports.language(), joined_at=ports.now())
    session.add(made)
    session.flush()
    return made
