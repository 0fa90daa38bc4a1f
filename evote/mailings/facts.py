"""What the placeholders of an election's mails say, read from the database."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from ballots import codec
from ballots.credentials import short_code
from evote.elections.loaded import find_document
from evote.elections.models import MANIFEST, Election
from evote.errors import NotFound
from evote.mailings.texts import Facts
from evote.settings import Settings


def read_facts(session: Session, election_id: str, settings: Settings) -> Facts:
    """Return what fills the placeholders of an election.

    Raises:
        NotFound: There is no such election.
    """
    election, manifest = session.get(Election, election_id), find_document(session, election_id, MANIFEST)
    if election is None or manifest is None:
        raise NotFound("There is no such election.")
    fingerprint = short_code(codec.decode_bytes(election.fingerprint, 32)) if election.fingerprint else ""
    return Facts(
        election_id=election_id,
        title=codec.parse_canonical(manifest)["title"],
        opens_at=election.opens_at,
        closes_at=election.closes_at,
        address=settings.base_url,
        fingerprint=fingerprint,
        zone=ZoneInfo(settings.time_zone),
    )
