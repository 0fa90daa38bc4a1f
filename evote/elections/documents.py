"""Store a document of the record."""

import hashlib

from sqlalchemy.orm import Session

from ballots import codec
from evote.elections.models import Document


def hash_text(data: bytes) -> str:
    """Return SHA-256 as base64url."""
    return codec.encode_bytes(hashlib.sha256(data).digest())


def store_document(session: Session, election_id: str, name: str, data: bytes) -> None:
    """Add a document, or replace one of the same name."""
    session.merge(Document(election_id=election_id, name=name, sha256=hash_text(data), size=len(data), data=data))
