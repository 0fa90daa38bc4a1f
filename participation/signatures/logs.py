"""A petition's log from its beginning: its document, its key of nullifiers, and what requests need to know of it."""

import time
from dataclasses import dataclass, field
from datetime import timedelta

from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ballots import codec
from participation.errors import Missing
from participation.petitions.life import Life, State
from participation.petitions.models import Petition
from participation.ports import Ports
from participation.signatures.models import PetitionLog, Waiting
from participation.signatures.sealing import seal, unseal
from participation.signatures.statements import (
    METHODS,
    ROLL,
    PetitionDocument,
    Roll,
    key_commitment,
    petition_hash,
    text_hash,
)

_FRESH_SECONDS = 2.0
_LARGEST = 4096


@dataclass(frozen=True)
class Signing:
    """What signing a petition needs to know; a few seconds old at most.

    Attributes:
        hash: P.
        key: Of the nullifiers; empty once it is erased.
        life: State and times.
    """

    petition_id: str
    hash: str
    written_title: str
    language: str
    document: PetitionDocument
    key: bytes = field(repr=False)
    life: Life
    election_id: str
    per_mailbox: int

    @property
    def is_shown(self) -> bool:
        """Whether everybody may read the petition's text."""
        return self.life.shows_text

    @property
    def title(self) -> str:
        """The title, or words in the page's language for one that was taken down."""
        return self.written_title if self.is_shown else gettext("A petition that was taken down")


def begin_log(session: Session, ports: Ports, petition: Petition) -> PetitionLog:
    """Begin the log of a petition that has just opened: its document is fixed, entry 0 is queued."""
    assert petition.opened_at is not None
    assert petition.closes_at is not None
    key = ports.random_bytes(32)
    text = text_of(petition)
    roll = _roll_of(ports, petition)
    methods = tuple(method for method in METHODS if method in petition.signing.split() and (method != ROLL or roll))
    document = PetitionDocument(
        id=petition.id,
        text=text_hash(text),
        methods=methods,
        opens_at=petition.opened_at,
        closes_at=petition.closes_at,
        grace=timedelta(hours=ports.rules.petitions.grace_hours),
        per_mailbox=ports.rules.signatures.per_mailbox,
        nullifier_key=key_commitment(key),
        log_origin=f"{ports.site}/petitions/{petition.id}",
        board_key=ports.log_key.public,
        roll=roll,
    ).encode()
    log = PetitionLog(
        petition_id=petition.id,
        document=document,
        text=text,
        sealed_key=seal(ports, codec.encode_bytes(key)),
        election_id=petition.roll_election or "",
        closes_at=petition.closes_at,
        last_time=petition.opened_at,
    )
    session.add(log)
    body = codec.encode_canonical({"petition": petition_hash(document)})
    session.add(Waiting(petition_id=petition.id, kind="petition", body=body, at=ports.now()))
    session.flush()
    return log


def text_of(petition: Petition) -> bytes:
    """Return the bytes of `text.json`."""
    return codec.encode_canonical(
        {
            "title": petition.title,
            "action": petition.background,
            "details": petition.details,
            "language": petition.language,
        }
    )


def _roll_of(ports: Ports, petition: Petition) -> Roll | None:
    if ROLL not in petition.signing.split() or not petition.roll_election:
        return None
    found = ports.rolls.find(petition.roll_election)
    return None if found is None else Roll(found.fingerprint, found.manifest, found.registrar, found.sha256)


def load_signing(ports: Ports, petition_id: str) -> Signing:
    """Return what signing needs; begins the log of an open petition that has none yet.

    Raises:
        Missing: There is no such petition, or it was never open.
    """
    cache = ports.memory.setdefault("signings", {})
    known = cache.get(petition_id)
    if known is not None and known[0] > time.monotonic():
        found: Signing = known[1]
        return found
    signing = _read(ports, petition_id)
    if signing is None:
        try:
            with ports.database.writing() as session:
                petition = session.get(Petition, petition_id)
                if petition is None or petition.state != State.OPEN:
                    raise Missing("There is no such petition to sign.")
                begin_log(session, ports, petition)
        except IntegrityError:
            pass  # another request began it in the same moment
        signing = _read(ports, petition_id)
        assert signing is not None
    if len(cache) > _LARGEST:
        cache.clear()
    cache[petition_id] = time.monotonic() + _FRESH_SECONDS, signing
    return signing


def forget_signing(ports: Ports, petition_id: str) -> None:
    """Read a petition anew for the next request of this process."""
    ports.memory.setdefault("signings", {}).pop(petition_id, None)


def _read(ports: Ports, petition_id: str) -> Signing | None:
    with ports.database.reading() as session:
        query = select(Petition, PetitionLog).join(PetitionLog, PetitionLog.petition_id == Petition.id)
        row = session.execute(query.where(Petition.id == petition_id)).one_or_none()
        if row is None:
            return None
        petition, log = row
        key = codec.decode_bytes(unseal(ports, log.sealed_key), 32) if log.sealed_key else b""
        document = PetitionDocument.from_bytes(log.document)
        life = Life(
            State(petition.state),
            opened_at=petition.opened_at,
            closes_at=petition.closes_at,
            ended_at=petition.ended_at,
            reason=petition.reason,
            erased=petition.erased,
        )
        return Signing(
            petition_id,
            petition_hash(log.document),
            petition.title,
            petition.language,
            document,
            key,
            life,
            log.election_id,
            document.per_mailbox,
        )
