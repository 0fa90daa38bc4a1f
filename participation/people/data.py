"""A copy of what the site knows of a person, and forgetting it."""

from sqlalchemy import delete, select

from ballots import codec
from participation.budgets.models import BudgetChoice
from participation.contributions.models import Contribution, Support
from participation.digests.models import DigestSubscription
from participation.people.models import Person, PersonCode, PersonSession
from participation.people.sign_in import mail_of
from participation.ports import Ports
from participation.statements.models import StatementVote
from participation.surveys.models import SurveyAnswers


def export_person(ports: Ports, person: Person) -> dict[str, codec.Json]:
    """Return everything the site keeps about a person, as JSON."""
    with ports.database.reading() as session:
        written = session.scalars(
            select(Contribution).where(Contribution.person_id == person.id).order_by(Contribution.id)
        ).all()
        supports = session.scalars(select(Support.contribution_id).where(Support.person_id == person.id)).all()
        votes = session.scalars(select(StatementVote).where(StatementVote.person_id == person.id)).all()
        budgets = session.scalars(select(BudgetChoice).where(BudgetChoice.person_id == person.id)).all()
        surveys = session.scalars(select(SurveyAnswers).where(SurveyAnswers.person_id == person.id)).all()
        digest = session.get(DigestSubscription, person.id)
        return {
            "method": person.method,
            "mail": mail_of(ports, person),
            "name": person.name,
            "language": person.language,
            "joined_at": codec.encode_time(person.joined_at),
            "contributions": [
                {
                    "id": one.id,
                    "kind": one.kind,
                    "title": one.title,
                    "text": one.text,
                    "state": one.state,
                    "at": codec.encode_time(one.at),
                }
                for one in written
            ],
            "digest": {"period": digest.period, "kinds": list(digest.kinds)} if digest else {},
            "supports": sorted(supports),
            "budgets": [{"part": one.phase_id, "projects": list(one.projects)} for one in budgets],
            "surveys": [{"part": one.phase_id, "answers": dict(one.answers)} for one in surveys],
            "votes": [{"statement": one.statement_id, "vote": one.vote} for one in votes],
        }


def erase_person(ports: Ports, person: Person) -> None:
    """Forget who a person is: address, name, sessions. What was written and voted stays."""
    with ports.database.writing() as session:
        row = session.get_one(Person, person.id, with_for_update=True)
        session.execute(delete(PersonCode).where(PersonCode.key == row.key))
        session.execute(delete(DigestSubscription).where(DigestSubscription.person_id == row.id))
        session.execute(delete(PersonSession).where(PersonSession.person_id == row.id))
        row.key, row.sealed_mail, row.name = ports.random_bytes(32).hex(), b"", ""
        row.erased_at = ports.now()
