"""Note on the log that a ballot was opened for an audit, so that it can never be cast."""

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evote.accounts.sessions import LoggedIn
from evote.casting.models import Submission
from evote.casting.queue import accept_entry, find_submission
from evote.errors import Conflict
from evote.services import Services

MOST_AUDITS = 50
"""For one voter: enough for anybody's doubts, too few to flood the log."""


def announce_audit(services: Services, voter: LoggedIn, tracker: str) -> None:
    """Queue an `audited` entry.

    Raises:
        Conflict: The ballot was cast, the voter has audited too often, or the election is not open.
    """
    with services.database.writing() as session:
        if find_submission(session, voter.election_id, "ballot", tracker) is not None:
            raise Conflict(gettext("This ballot was cast: it can no longer be opened for an audit."))
        if find_submission(session, voter.election_id, "audited", tracker) is not None:
            return
        if _count_audits(session, voter) >= MOST_AUDITS:
            raise Conflict(gettext("You have audited %(count)s ballots, as many as one may.", count=MOST_AUDITS))
        accept_entry(session, voter.election_id, "audited", {"tracker": tracker}, services.now()).voter = voter.key


def _count_audits(session: Session, voter: LoggedIn) -> int:
    query = select(func.count()).select_from(Submission).where(Submission.election_id == voter.election_id)
    return session.scalar(query.where(Submission.voter == voter.key, Submission.kind == "audited")) or 0
