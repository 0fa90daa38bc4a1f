"""A copy of what the site knows of a person, and forgetting it: `HELD` says what stands where.

What somebody wrote, supported and answered stays when they leave, with nobody's name: of the person a row is left under
a random key, which no address leads to. Petitions know their signers otherwise, and erase them by themselves.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, inspect, select, update
from sqlalchemy.orm import Session

from ballots import codec
from participation.budgets.models import BudgetChoice
from participation.contributions.models import Contribution, ContributionEvent, Support
from participation.database import Base
from participation.digests.models import DigestSubscription
from participation.moderation.models import Appeal, Report
from participation.opinions.votes import AGREE, DISAGREE
from participation.people.locking import lock_person
from participation.people.models import Person, PersonAccount, PersonCode, PersonSession
from participation.people.sign_in import mail_of
from participation.ports import Ports
from participation.statements.models import StatementVote
from participation.surveys.models import SurveyAnswers

_ANSWERS = {AGREE: "agree", DISAGREE: "disagree"}


@dataclass(frozen=True)
class Held:
    """What one table holds of people.

    Attributes:
        word: Its name in the copy.
        belongs: Which rows are a person's.
        read: A row, for the copy.
        erased: Whether the rows go when the person leaves.
    """

    word: str
    model: type[Base]
    belongs: Callable[[Person], ColumnElement[bool]]
    read: Callable[[Any], dict[str, codec.Json]]
    erased: bool = False


def _written(person: Person) -> Any:
    return select(Contribution.id).where(Contribution.person_id == person.id)


HELD: Sequence[Held] = (
    Held(
        "contributions",
        Contribution,
        lambda person: Contribution.person_id == person.id,
        lambda row: {
            "id": row.id,
            "part": row.phase_id,
            "kind": row.kind,
            "answers": row.parent_id or 0,
            "passage": dict(row.anchor),
            "name": row.name,
            "title": row.title,
            "text": row.text,
            "state": row.state,
            "reason": row.reason,
            "at": _time(row.at),
        },
    ),
    Held(
        "history",
        ContributionEvent,
        lambda person: ContributionEvent.contribution_id.in_(_written(person)),
        lambda row: {
            "contribution": row.contribution_id,
            "at": _time(row.at),
            "what": row.what,
            "by": row.by,
            "reason": row.reason,
            "note": row.note,
            "before": dict(row.before),
        },
    ),
    Held(
        "appeals",
        Appeal,
        lambda person: Appeal.contribution_id.in_(_written(person)),
        lambda row: {
            "contribution": row.contribution_id,
            "text": row.text,
            "at": _time(row.at),
            "decided_at": _time(row.decided_at),
            "granted": row.granted,
        },
    ),
    Held(
        "supports",
        Support,
        lambda person: Support.person_id == person.id,
        lambda row: {"contribution": row.contribution_id, "at": _time(row.at)},
    ),
    Held(
        "reports",
        Report,
        lambda person: Report.person_id == person.id,
        lambda row: {"contribution": row.contribution_id, "reason": row.reason, "at": _time(row.at)},
    ),
    Held(
        "votes",
        StatementVote,
        lambda person: StatementVote.person_id == person.id,
        lambda row: {"statement": row.statement_id, "vote": _ANSWERS.get(row.vote, "pass"), "at": _time(row.at)},
    ),
    Held(
        "budgets",
        BudgetChoice,
        lambda person: BudgetChoice.person_id == person.id,
        lambda row: {"part": row.phase_id, "projects": list(row.projects), "at": _time(row.at)},
    ),
    Held(
        "surveys",
        SurveyAnswers,
        lambda person: SurveyAnswers.person_id == person.id,
        lambda row: {"part": row.phase_id, "answers": dict(row.answers), "at": _time(row.at)},
    ),
    Held(
        "digests",
        DigestSubscription,
        lambda person: DigestSubscription.person_id == person.id,
        lambda row: {
            "period": row.period,
            "kinds": list(row.kinds),
            "since": _time(row.since),
            "next_at": _time(row.next_at),
        },
        erased=True,
    ),
    Held(
        "sessions",
        PersonSession,
        lambda person: PersonSession.person_id == person.id,
        lambda row: {"ends_at": _time(row.expires_at)},
        erased=True,
    ),
    Held(
        "accounts",
        PersonAccount,
        lambda person: PersonAccount.person_id == person.id,
        lambda row: {"added_at": _time(row.added_at)},
        erased=True,
    ),
    Held(
        "codes",
        PersonCode,
        lambda person: PersonCode.key == person.key,
        lambda row: {"mailed_at": _time(row.created_at), "ends_at": _time(row.expires_at)},
        erased=True,
    ),
)
"""Every table that holds something of people who take part, beside `people`."""


def export_person(ports: Ports, person: Person) -> dict[str, codec.Json]:
    """Return everything the site keeps about a person, as JSON."""
    with ports.database.reading() as session:
        held = {one.word: [one.read(row) for row in _rows(session, one, person)] for one in HELD}
    return {
        "method": person.method,
        "mail": mail_of(ports, person),
        "name": person.name,
        "language": person.language,
        "joined_at": _time(person.joined_at),
        "barred_at": _time(person.barred_at),
        "barred_because": person.barred_because,
        **held,
    }


def rename_person(ports: Ports, person: Person, name: str) -> None:
    """Show another name beside what somebody writes from now on.

    Raises:
        NotPermitted: They erased their data meanwhile.
    """
    with ports.database.writing() as session:
        lock_person(session, person).name = name


def erase_person(ports: Ports, person: Person) -> None:
    """Forget who a person is: address, name, sessions. What was written and answered stays, with nobody's name.

    Who is barred stays barred: the keyed hashes of the address and of accounts elsewhere, the bar and its reason become
    rows of their own, which lead to nothing that was written.
    """
    with ports.database.writing() as session:
        row = session.get_one(Person, person.id, with_for_update=True)
        if row.erased_at is not None:  # the same click twice
            return
        links = select(PersonAccount.key, PersonAccount.added_at).where(PersonAccount.person_id == row.id)
        accounts = session.execute(links).all()
        for one in HELD:
            if one.erased:
                session.execute(delete(one.model).where(one.belongs(row)))
        session.execute(update(Contribution).where(Contribution.person_id == row.id).values(name=""))
        method, key, language, barred_at, because = row.method, row.key, row.language, row.barred_at, row.barred_because
        row.key, row.sealed_mail, row.name = ports.random_bytes(32).hex(), b"", ""
        row.erased_at, row.barred_at, row.barred_because = ports.now(), None, ""
        if barred_at is not None:
            session.flush()
            kept = Person(method=method, key=key, language=language, joined_at=barred_at)
            kept.barred_at, kept.barred_because = barred_at, because
            session.add(kept)
            session.flush()
            session.add_all(PersonAccount(key=key, person_id=kept.id, added_at=at) for key, at in accounts)


def _rows(session: Session, held: Held, person: Person) -> Sequence[Base]:
    query = select(held.model).where(held.belongs(person)).order_by(*inspect(held.model).primary_key)
    return session.scalars(query).all()


def _time(moment: datetime | None) -> str:
    return codec.encode_time(moment) if moment else ""
