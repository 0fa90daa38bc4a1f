"""What the public pages and the API ask about elections. Every function takes a session of `Database.reading()`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ballots.codec import decode_bytes
from ballots.credentials import short_code
from ballots.manifest import Manifest, parse_manifest
from ballots.result import Elected, Tally, parse_tally
from evote.board.models import LogEntry
from evote.elections.loaded import find_document
from evote.elections.models import DRAFT, MANIFEST, TALLY, Document, Election
from evote.errors import NotFound


@dataclass(frozen=True)
class ElectionSummary:
    """A line of the list of elections.

    Attributes:
        title: {language: text}.
        state: draft, frozen, open, closed, tallied or annulled.
        manifest_hash, fingerprint: M and F, base64url; F is empty before the freeze.
        closes_at: As extended.
        ballots: Ballots on the log, revotes too.
        voters: Lines of the roll.
    """

    id: str
    title: dict[str, str]
    state: str
    manifest_hash: str
    fingerprint: str
    opens_at: datetime
    closes_at: datetime
    closing: str
    ballots: int
    voters: int

    @property
    def short_fingerprint(self) -> str:
        """The fingerprint as people compare it; empty before the freeze."""
        return short_code(decode_bytes(self.fingerprint, 32)) if self.fingerprint else ""


@dataclass(frozen=True)
class ElectionDetail:
    """One election with its whole manifest.

    Attributes:
        voted: How many voters have a ballot on the log.
        log_size: Entries on the log.
    """

    summary: ElectionSummary
    manifest: Manifest
    voted: int
    log_size: int

    @property
    def turnout_percent(self) -> float:
        """Voters with a ballot among those on the roll; 0 for an empty roll."""
        return 100 * self.voted / self.summary.voters if self.summary.voters else 0.0


def list_elections(session: Session, *, with_drafts: bool = False) -> list[ElectionSummary]:
    """Return all elections, the one that closes last first."""
    query = select(Election, Document.data).join(Document, (Document.election_id == Election.id))
    query = query.where(Document.name == MANIFEST).order_by(Election.closes_at.desc(), Election.id)
    if not with_drafts:
        query = query.where(Election.state != DRAFT)
    return [_summary(election, parse_manifest(data, allow_test_keys=True)) for election, data in session.execute(query)]


def get_election(session: Session, election_id: str) -> ElectionDetail:
    """Return one election.

    Raises:
        NotFound: There is no such election.
    """
    row = session.get(Election, election_id)
    data = find_document(session, election_id, MANIFEST)
    if row is None or data is None:
        raise NotFound("There is no such election.")
    manifest = parse_manifest(data, allow_test_keys=True)
    return ElectionDetail(_summary(row, manifest), manifest, count_voted(session, election_id), row.log_size)


def count_voted(session: Session, election_id: str) -> int:
    """Return how many different voters have a ballot on the log."""
    query = select(func.count(LogEntry.voter.distinct()))
    return session.scalar(query.where(LogEntry.election_id == election_id, LogEntry.type == "ballot")) or 0


def ballots_by_hour(session: Session, election_id: str) -> Sequence[tuple[str, int]]:
    """Return how many ballots were accepted in each hour that had any: ("YYYY-MM-DDTHH", count), ascending."""
    hour = func.substr(LogEntry.time, 1, 13)
    query = select(hour, func.count()).where(LogEntry.election_id == election_id, LogEntry.type == "ballot")
    return [(str(at), count) for at, count in session.execute(query.group_by(hour).order_by(hour))]


def get_tally(session: Session, election_id: str) -> Tally | None:
    """Return the published tally, or nothing before it is on the log."""
    data = find_document(session, election_id, TALLY)
    return None if data is None else parse_tally(data)


def get_outcomes(session: Session, election_id: str) -> dict[str, Elected]:
    """Return {contest id: outcome} of the published tally; empty before it is on the log."""
    tally = get_tally(session, election_id)
    return {} if tally is None else {contest.id: contest.outcome for contest in tally.contests}


def _summary(row: Election, manifest: Manifest) -> ElectionSummary:
    return ElectionSummary(
        id=row.id,
        title=manifest.title,
        state=row.state,
        manifest_hash=row.manifest_hash,
        fingerprint=row.fingerprint,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        closing=row.closing,
        ballots=row.ballot_count,
        voters=row.voters,
    )
