"""Versions of a document, and the comments on each of its passages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from participation.consultations.models import Phase
from participation.contributions.kinds import VISIBLE, ContributionKind
from participation.contributions.models import Contribution
from participation.documents.models import DocumentVersion
from participation.documents.passages import Anchor, Block, locate, parse_blocks
from participation.errors import Missing, Unacceptable
from participation.ports import Ports
from participation.text import paragraphs

TEXT_LENGTH = 200_000
NOTE_LENGTH = 2_000


@dataclass(frozen=True)
class DocumentView:
    """A version of a document.

    Attributes:
        latest: The number of the newest version.
    """

    version: DocumentVersion
    latest: int
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Comments:
    """Where the comments on a document stand in one of its versions; ids, oldest first.

    Attributes:
        on: {paragraph: comments on it}.
        elsewhere: Comments on words that this version has not.
    """

    on: Mapping[int, Sequence[int]]
    elsewhere: Sequence[int]


def write_version(
    session: Session, ports: Ports, phase: Phase, text: str, note: str, *, replace: bool
) -> DocumentVersion:
    """Add a version; `replace` is for drafts, whose only version is written anew.

    Raises:
        Unacceptable: It is empty, too long, or the same as before.
    """
    text = paragraphs(text)
    if not any(one.number for one in parse_blocks(text)):
        raise Unacceptable("The document needs at least one paragraph.")
    if len(text) > TEXT_LENGTH or len(note) > NOTE_LENGTH:
        raise Unacceptable("This text is too long: at most %(most)s characters.", most=TEXT_LENGTH)
    session.get_one(Phase, phase.id, with_for_update=True)  # of two at once, one version comes after the other
    newest = session.scalar(_versions(phase.id).limit(1))
    if replace and newest is not None:
        newest.text, newest.at = text, ports.now()
        return newest
    if newest is not None and newest.text == text:
        raise Unacceptable("This is the same text as before. Nothing was changed.")
    number = 1 if newest is None else newest.number + 1
    made = DocumentVersion(phase_id=phase.id, number=number, text=text, note=note, at=ports.now())
    session.add(made)
    session.flush()
    return made


def list_versions(session: Session, phase_id: int) -> Sequence[DocumentVersion]:
    """Return all versions, the newest first."""
    return session.scalars(_versions(phase_id)).all()


def get_document(session: Session, phase_id: int, number: int | None = None) -> DocumentView:
    """Return a version, by default the newest.

    Raises:
        Missing: There is no such version.
    """
    latest = session.scalar(select(func.max(DocumentVersion.number)).where(DocumentVersion.phase_id == phase_id))
    query = select(DocumentVersion).where(
        DocumentVersion.phase_id == phase_id, DocumentVersion.number == (number or latest or 0)
    )
    version = session.scalar(query)
    if version is None or latest is None:
        raise Missing("There is no such version of the document.")
    return DocumentView(version, latest, parse_blocks(version.text))


def place_comments(session: Session, view: DocumentView) -> Comments:
    """Find the paragraph of a version to which each comment belongs; words on which many comment are searched once."""
    places: dict[Anchor, int | None] = {}
    on: dict[int, list[int]] = {}
    elsewhere: list[int] = []
    for contribution_id, anchor in _anchors(session, view.version.phase_id):
        if anchor not in places:
            places[anchor] = locate(anchor, view.blocks, view.version.number)
        place = places[anchor]
        (elsewhere if place is None else on.setdefault(place, [])).append(contribution_id)
    return Comments(on, elsewhere)


def _anchors(session: Session, phase_id: int) -> list[tuple[int, Anchor]]:
    query = select(Contribution.id, Contribution.anchor).where(
        Contribution.phase_id == phase_id,
        Contribution.kind == ContributionKind.COMMENT,
        Contribution.parent_id.is_(None),
        Contribution.state.in_(VISIBLE),
    )
    return [(number, Anchor.from_json(stored)) for number, stored in session.execute(query.order_by(Contribution.id))]


def _versions(phase_id: int) -> Select[DocumentVersion]:
    query = select(DocumentVersion).where(DocumentVersion.phase_id == phase_id)
    return query.order_by(DocumentVersion.number.desc())
