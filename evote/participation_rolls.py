"""The rolls of elections, for petitions that voters sign with their credentials. Nothing of a vote is handed on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ballots import codec
from ballots.election import Election
from evote.board.models import LogEntry
from evote.elections.loaded import find_document
from evote.elections.models import ROLL
from evote.errors import Conflict, NotFound
from evote.services import Services

_CHANGES = ("strike", "replace")


@dataclass(frozen=True)
class FrozenRoll:
    """The roll of a frozen election."""

    fingerprint: str
    manifest: str
    registrar: str
    sha256: str
    _election: Election

    def has(self, voter: str) -> bool:
        """Tell whether a public key is on the roll as it was signed."""
        return voter in self._election.roll


@dataclass(frozen=True)
class ElectionRolls:
    """Reads the rolls of this site's elections."""

    services: Services

    def find(self, election_id: str) -> FrozenRoll | None:
        """Return a frozen election's roll; nothing if there is none."""
        try:
            election = self.services.elections.get(election_id)
        except (NotFound, Conflict):
            return None
        return FrozenRoll(
            fingerprint=election.fingerprint_text,
            manifest=codec.encode_bytes(election.manifest_hash),
            registrar=election.manifest.registrar_key,
            sha256=codec.encode_bytes(election.roll_sha256),
            _election=election,
        )

    def file(self, election_id: str) -> bytes:
        """Return the bytes of `roll.jsonl`.

        Raises:
            NotFound: There is no such roll.
        """
        with self.services.database.reading() as session:
            data = find_document(session, election_id, ROLL)
        if data is None:
            raise NotFound("There is no such roll.")
        return data

    def changes(self, election_id: str, since: int) -> Sequence[tuple[int, str, dict[str, Any]]]:
        """Return the entries that struck or replaced credentials, from an index of the election's log on."""
        query = select(LogEntry.index, LogEntry.type, LogEntry.data).where(LogEntry.election_id == election_id)
        query = query.where(LogEntry.index >= since, LogEntry.type.in_(_CHANGES)).order_by(LogEntry.index)
        with self.services.database.reading() as session:
            rows = session.execute(query).all()
        return [(index, kind, codec.parse_canonical(data)["body"]) for index, kind, data in rows]
