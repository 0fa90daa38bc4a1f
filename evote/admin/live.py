"""The live page: turnout, and whether sequencer and mail do their work. It refreshes by a header, without a script."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Response, make_response, render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evote.admin.blueprint import admin, needs
from evote.admin.conducting import election_head
from evote.admin.roles import Permission
from evote.board.models import SequencerBeat
from evote.casting.models import QUEUED, Submission
from evote.current import current_services
from evote.elections.queries import get_election
from evote.mail.models import Message
from evote.pages.queries import count_standing_voters, withdrawn_keys
from evote.pages.turnout import view_turnout

REFRESH_SECONDS = 30
_SILENT = timedelta(seconds=60)
_SLOW = timedelta(seconds=60)
_MAIL_SLOW = timedelta(minutes=2)


@dataclass(frozen=True)
class Health:
    """How the parts that work in the background are.

    Attributes:
        beat_at: When the sequencer last gave a sign of life.
        silent: That is too long ago, or it never did.
        waiting: What of this election is not on the log yet; `slow` since when, if that is too long.
        mails: Mails that somebody waits for; `mails_slow` since when, if that is too long.
        sends: Whether this site sends mails at all.
    """

    beat_at: datetime | None
    silent: bool
    waiting: int
    slow: datetime | None
    mails: int
    mails_slow: datetime | None
    sends: bool

    @property
    def well(self) -> bool:
        """Tell that nothing stalls."""
        return not self.silent and self.slow is None and self.mails_slow is None


@admin.get("/elections/<uuid:election_id>/live")
@needs(Permission.SEE)
def live(election_id: object) -> Response:
    """Show turnout and the server's health, again every half minute if the official wants."""
    services, head = current_services(), election_head(str(election_id))
    now, again = services.now(), request.args.get("again") == "1"
    with services.database.reading() as session:
        detail = get_election(session, head.id)
        voted = count_standing_voters(session, head.id, withdrawn_keys(session, head.id))
        chart = view_turnout(session, detail, now)
        health = read_health(session, head.id, now, sends=services.settings.smtp is not None)
    page = render_template(
        "admin/live.html",
        head=head,
        detail=detail,
        voted=voted,
        chart=chart,
        health=health,
        now=now,
        again=again,
        seconds=REFRESH_SECONDS,
    )
    response = make_response(page)
    if again:
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def read_health(session: Session, election_id: str, now: datetime, *, sends: bool) -> Health:
    """Say how sequencer and mail are.

    Args:
        session: Reading.
        election_id: Whose submissions are counted; mails are those of the whole site.
        now: The present moment.
        sends: Whether a mail server is set.
    """
    beat = session.get(SequencerBeat, 1)
    queued = (Submission.election_id == election_id, Submission.state == QUEUED)
    waiting, since = session.execute(select(func.count(), func.min(Submission.time)).where(*queued)).one()
    due = (Message.mailing_id.is_(None), Message.held.is_(False))
    mails, mails_since = session.execute(select(func.count(), func.min(Message.created_at)).where(*due)).one()
    return Health(
        beat_at=beat.beat_at if beat else None,
        silent=beat is None or now - beat.beat_at >= _SILENT,
        waiting=waiting,
        slow=since if since is not None and now - since >= _SLOW else None,
        mails=mails if sends else 0,
        mails_slow=mails_since if sends and mails_since is not None and now - mails_since >= _MAIL_SLOW else None,
        sends=sends,
    )
