"""Answering statements: which comes next, and what somebody answers."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from participation.contributions.kinds import ContributionKind, ContributionState
from participation.contributions.models import Contribution
from participation.errors import Missing, Unacceptable
from participation.opinions.votes import VOTES
from participation.people.locking import lock_person
from participation.people.models import Person
from participation.ports import Ports
from participation.remembered import remembered
from participation.statements.models import StatementVote


@dataclass(frozen=True)
class Progress:
    """How far somebody has come: statements answered, of all that are public."""

    answered: int
    total: int


def next_statement(session: Session, ports: Ports, phase_id: int, person: Person | None) -> Contribution | None:
    """Return a statement that somebody has not answered: the one with the fewest answers, so that all are heard."""
    query = select(Contribution.id).where(*_public(phase_id))
    if person is not None:
        mine = select(StatementVote.statement_id).where(StatementVote.person_id == person.id)
        query = query.where(Contribution.id.not_in(mine))
    unanswered = session.scalars(query).all()
    if not unanswered:
        return None
    answers = remembered(ports, ("statements", phase_id), lambda: _count_answers(session, phase_id))
    return session.get(Contribution, min(unanswered, key=lambda one: (answers.get(one, 0), one)))


def progress(session: Session, phase_id: int, person: Person | None) -> Progress:
    """Count what somebody answered."""
    total = session.scalar(select(func.count()).select_from(Contribution).where(*_public(phase_id))) or 0
    if person is None:
        return Progress(0, total)
    query = select(func.count()).select_from(StatementVote).join(Contribution)
    answered = session.scalar(query.where(StatementVote.person_id == person.id, *_public(phase_id))) or 0
    return Progress(answered, total)


def vote(session: Session, ports: Ports, phase_id: int, statement_id: int, person: Person, answer: int) -> None:
    """Take somebody's answer to a statement; a later one replaces it.

    Raises:
        Missing: There is no such statement, or it is not public.
        Unacceptable: The answer is none of 1, 0 and −1.
    """
    if answer not in VOTES:
        raise Unacceptable("Choose one of the three answers.")
    lock_person(session, person)
    found = session.scalar(select(Contribution).where(Contribution.id == statement_id, *_public(phase_id)))
    if found is None:
        raise Missing("This statement is not public any more. Go on with the next.")
    given = session.get(StatementVote, (statement_id, person.id))
    if given is None:
        session.add(StatementVote(statement_id=statement_id, person_id=person.id, vote=answer, at=ports.now()))
    else:
        given.vote, given.at = answer, ports.now()


def _count_answers(session: Session, phase_id: int) -> dict[int, int]:
    """Return {statement: people who answered it}, of one part."""
    query = select(StatementVote.statement_id, func.count()).join(Contribution).where(*_public(phase_id))
    return dict(session.execute(query.group_by(StatementVote.statement_id)).all())


def _public(phase_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Contribution.phase_id == phase_id,
        Contribution.kind == ContributionKind.STATEMENT,
        Contribution.state == ContributionState.SHOWN,
    )
