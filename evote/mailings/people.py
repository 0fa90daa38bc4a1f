"""Whom a mailing goes to. Every function takes a session of `Database.reading()`.

Those who have not voted are looked for among the next few of the roll each time some mails are put into the outbox, and
nowhere else: no list of them is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ballots.credentials import voter_number
from evote.accounts.models import Voter
from evote.board.models import LogEntry
from evote.casting.models import REFUSED, Submission
from evote.mailings.models import EVERYBODY

_LOOK_AT = 500
FEW = 10
"""Counts of people who have not voted are said in steps of this, and below it not at all."""


@dataclass(frozen=True)
class Recipient:
    """Somebody on the roll; `row` is the place in the table, `mail` may be empty."""

    row: int
    login: str
    mail: str
    key: str


@dataclass(frozen=True)
class Turn:
    """The next people of the roll.

    Attributes:
        people: Those of them whom the mailing goes to.
        cursor: The row of the last one looked at.
        finished: Nobody is left after them.
    """

    people: Sequence[Recipient]
    cursor: int
    finished: bool


def next_turn(session: Session, election_id: str, audience: str, cursor: int, most: int = _LOOK_AT) -> Turn:
    """Look at up to `most` people after the cursor."""
    columns = (Voter.id, Voter.login, Voter.mail, Voter.key)
    query = select(*columns).where(Voter.election_id == election_id, Voter.id > cursor, Voter.struck.is_(False))
    rows = [Recipient(*row) for row in session.execute(query.order_by(Voter.id).limit(most))]
    last = rows[-1].row if rows else cursor
    people = rows if audience == EVERYBODY else _without_ballot(session, election_id, rows)
    return Turn(people, last, len(rows) < most)


def count_people(session: Session, election_id: str, audience: str) -> int:
    """Return how many people a mailing goes to as things stand."""
    if audience == EVERYBODY:
        query = select(func.count()).select_from(Voter)
        return session.scalar(query.where(Voter.election_id == election_id, Voter.struck.is_(False))) or 0
    count, cursor, finished = 0, 0, False
    while not finished:
        turn = next_turn(session, election_id, audience, cursor)
        count, cursor, finished = count + len(turn.people), turn.cursor, turn.finished
    return count


def rounded(count: int) -> int:
    """Return a count of people who have not voted as it may be shown: down to tens, 0 for fewer than ten."""
    return count // FEW * FEW


def _without_ballot(session: Session, election_id: str, people: Sequence[Recipient]) -> list[Recipient]:
    """Leave out whoever has a ballot on the log or in the queue."""
    keys = [one.key for one in people]
    codes = [voter_number(key).replace("-", "") for key in keys]
    queued = select(Submission.voter).where(Submission.election_id == election_id, Submission.voter.in_(keys))
    queued = queued.where(Submission.kind == "ballot", Submission.state != REFUSED)
    logged = select(LogEntry.voter).where(LogEntry.election_id == election_id, LogEntry.voter_code.in_(codes))
    voted = {*session.scalars(queued), *session.scalars(logged.where(LogEntry.type == "ballot"))}
    return [one for one in people if one.key not in voted]
