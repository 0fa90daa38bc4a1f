"""What a mailing can be for, whom it goes to, and when an election's state lets it go out."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from evote.elections.models import ANNULLED, DRAFT, FROZEN, OPEN, TALLIED, Election
from evote.errors import Conflict
from evote.mailings.models import EVERYBODY, NOT_VOTED

SOON, OPENED, REMINDER, LAST_DAY, RESULT, FREE = "soon", "opened", "reminder", "last-day", "result", "free"
KINDS: Mapping[str, Sequence[str]] = {
    SOON: (EVERYBODY,),
    OPENED: (EVERYBODY,),
    REMINDER: (NOT_VOTED,),
    LAST_DAY: (NOT_VOTED, EVERYBODY),
    RESULT: (EVERYBODY,),
    FREE: (EVERYBODY, NOT_VOTED),
}
"""{kind: whom it may go to}, the usual ones first."""
_LIFETIME = timedelta(days=3)


def check_moment(kind: str, audience: str, election: Election, now: datetime) -> None:
    """Check that a mailing says something true if it goes out now.

    Raises:
        Conflict: The election's state does not fit; the text says what to do.
    """
    if election.state == DRAFT:
        raise Conflict("There are no voters yet: the roll comes with the freeze. Send this after it.")
    if election.state == ANNULLED and kind != FREE:
        raise Conflict("The election was annulled. Only a free text can still be sent to its voters.")
    if kind == SOON and (election.state not in (FROZEN, OPEN) or now >= election.opens_at):
        raise Conflict("The voting has begun already. Write a mail of another kind.")
    if kind in (OPENED, LAST_DAY) and not is_voting(election, now):
        raise Conflict("Nobody can vote now, so this mail would not be true. Send it while the voting is open.")
    if audience == NOT_VOTED and not is_voting(election, now):
        raise Conflict("Nobody can vote now, so nobody can be reminded. Send this while the voting is open.")
    if kind == RESULT and election.state != TALLIED:
        raise Conflict("There is no result yet. Send this when the tally is published.")


def is_voting(election: Election, now: datetime) -> bool:
    """Tell whether ballots are taken now."""
    return election.state == OPEN and election.door_open and election.opens_at <= now <= election.closes_at


def is_pointless(kind: str, audience: str, election: Election, now: datetime) -> bool:
    """Tell whether a mailing that has begun is of no use any more: a call to vote ends with the voting."""
    if election.state == ANNULLED:
        return kind != FREE
    over = election.state not in (FROZEN, OPEN) or now > election.closes_at
    return _calls(kind, audience) and (over or (election.state == OPEN and not election.door_open))


def expiry(kind: str, audience: str, election: Election, now: datetime) -> datetime:
    """Return until when a mail is worth delivering: three days, and what calls to vote no longer than the voting."""
    longest = now + _LIFETIME
    return min(longest, election.closes_at) if _calls(kind, audience) else longest


def _calls(kind: str, audience: str) -> bool:
    return kind in (SOON, OPENED, LAST_DAY) or audience == NOT_VOTED
