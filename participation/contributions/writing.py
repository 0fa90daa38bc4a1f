"""Contributing: write, edit, take back, support. What looks like spam waits for a moderator; nothing is thrown away."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from participation.consultations.models import Phase
from participation.contributions.kinds import ContributionKind, ContributionState
from participation.contributions.models import TITLE_LENGTH, Contribution, ContributionEvent, Support
from participation.errors import Missing, NotNow, NotPermitted, Stale, TooOften, Unacceptable
from participation.people.locking import lock_person
from participation.people.models import Person
from participation.ports import Ports
from participation.statements.models import StatementVote
from participation.text import is_blank, one_line, paragraphs, search_key

LENGTHS = {
    ContributionKind.STATEMENT: 200,
    ContributionKind.PROPOSAL: 5_000,
    ContributionKind.AMENDMENT: 5_000,
    ContributionKind.COMMENT: 3_000,
}
MOST_A_MINUTE, MOST_AN_HOUR = 5, 60
_MOST_LINKS = 2
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_LEAST_WORDS = 3
"""Shorter texts, like "I agree", are no copies of each other."""
_THERE = (ContributionState.SHOWN, ContributionState.WAITING)


@dataclass(frozen=True)
class NewContribution:
    """What somebody wrote."""

    kind: ContributionKind
    text: str
    title: str = ""
    parent_id: int | None = None
    anchor: Mapping[str, str | int] = field(default_factory=dict)


def contribute(
    session: Session, ports: Ports, phase: Phase, person: Person | None, new: NewContribution
) -> Contribution:
    """Take a contribution; the caller has checked that the phase is open for it.

    What repeats somebody else's words or what was taken down, holds many links, or comes while the phase is looked
    through before publication, waits for a moderator. The same text about the same by the same person again is the
    first one: a double click.

    Args:
        session: Of a writing transaction.
        ports: The ports.
        phase: Where it belongs.
        person: Who wrote it; none for what the organisers put in, which is public at once.
        new: What was written.

    Raises:
        Unacceptable: It is empty or too long.
        TooOften: The person wrote too much in a short time.
        Missing: What it answers does not exist, or is not public.
    """
    title, text = one_line(new.title), paragraphs(new.text)
    _check_texts(new.kind, title, text)
    if person is not None:
        person = lock_person(session, person)
    if new.parent_id is not None:
        _check_parent(session, phase, new.parent_id)
    made = Contribution(
        phase_id=phase.id,
        kind=new.kind,
        parent_id=new.parent_id,
        anchor=dict(new.anchor),
        person_id=None if person is None else person.id,
        name="" if person is None else person.name,
        title=title,
        text=text,
        words=search_key(f"{title} {text}"),
        state=ContributionState.SHOWN,
        at=ports.now(),
    )
    if person is not None:
        if (found := _find_own(session, made)) is not None:
            return found
        _check_pace(session, ports, person)
        if _must_wait(session, phase, made):
            made.state = ContributionState.WAITING
    session.add(made)
    session.flush()
    note_event(session, ports, made, "written")
    return made


def edit(
    session: Session, ports: Ports, contribution_id: int, revision: int, person: Person, title: str, text: str
) -> Contribution:
    """Change one's own contribution; everybody can see that and what was public before.

    The new text waits for a moderator where a new contribution would. Who stands behind a proposal goes on doing so:
    the page shows what it was, and support can be taken back.

    Raises:
        NotPermitted: It is somebody else's.
        NotNow: It was taken down or back, or is a statement that somebody answered.
        Stale, Missing, Unacceptable: As for `contribute`.
    """
    lock_person(session, person)
    found = get_own(session, contribution_id, person)
    if found.revision != revision:
        raise Stale("Somebody changed this in the meantime. Look at it as it is now, and decide again.")
    require_changeable(session, found)
    title, text = one_line(title), paragraphs(text)
    _check_texts(ContributionKind(found.kind), title, text)
    if (title, text) == (found.title, found.text):
        return found
    _check_pace(session, ports, person)
    # What nobody but the author has seen was never public: its history must not publish it.
    was_public = found.state == ContributionState.SHOWN
    before = {"title": found.title, "text": found.text} if was_public else {}
    note_event(session, ports, found, "edited", before=before)
    found.title, found.text, found.words = title, text, search_key(f"{title} {text}")
    found.revision += 1
    if _must_wait(session, session.get_one(Phase, found.phase_id), found):
        found.state = ContributionState.WAITING
    return found


def require_changeable(session: Session, found: Contribution) -> None:
    """Refuse to change what is gone, and statements that somebody answered: the answers are to those words.

    Raises:
        NotNow: It cannot be changed any more; the sentence says what can be done.
    """
    if found.state not in (ContributionState.SHOWN, ContributionState.WAITING):
        raise NotNow("This was taken down or taken back. It cannot be changed any more.")
    answered = select(StatementVote.person_id).where(StatementVote.statement_id == found.id).limit(1)
    if found.kind == ContributionKind.STATEMENT and session.scalar(answered) is not None:
        raise NotNow("Somebody has answered this statement: its words stay. Take it back and write another.")


def withdraw(session: Session, ports: Ports, contribution_id: int, person: Person) -> Contribution:
    """Take one's own contribution back; its place stays, so that answers to it keep theirs.

    Raises:
        NotPermitted: It is somebody else's.
    """
    found = get_own(session, contribution_id, person)
    if found.state in (ContributionState.SHOWN, ContributionState.WAITING):
        note_event(session, ports, found, "withdrawn")
        found.state, found.revision = ContributionState.WITHDRAWN, found.revision + 1
    return found


def support(session: Session, ports: Ports, contribution_id: int, person: Person, *, wanted: bool) -> int:
    """Stand behind a contribution, or no longer; twice is once. Returns how many stand behind it now.

    Raises:
        Missing: It does not exist, or is not public.
    """
    lock_person(session, person)
    found = session.get(Contribution, contribution_id, with_for_update=True)
    if found is None or found.state != ContributionState.SHOWN:
        raise Missing("There is no such contribution, or it is not public.")
    given = session.get(Support, (found.id, person.id))
    if wanted and given is None:
        session.add(Support(contribution_id=found.id, person_id=person.id, at=ports.now()))
    elif not wanted and given is not None:
        session.execute(delete(Support).where(Support.contribution_id == found.id, Support.person_id == person.id))
    session.flush()
    query = select(func.count()).select_from(Support).where(Support.contribution_id == found.id)
    return session.scalar(query) or 0


def get_own(session: Session, contribution_id: int, person: Person) -> Contribution:
    """Return somebody's own contribution, locked for this transaction.

    Raises:
        Missing: There is none of this number.
        NotPermitted: It is somebody else's.
    """
    found = session.get(Contribution, contribution_id, with_for_update=True)
    if found is None:
        raise Missing("There is no such contribution, or it is not public.")
    if found.person_id != person.id:
        raise NotPermitted("Only who wrote this can change it.")
    return found


def note_event(
    session: Session,
    ports: Ports,
    found: Contribution,
    what: str,
    *,
    by: str = "",
    reason: str = "",
    note: str = "",
    before: Mapping[str, str] | None = None,
) -> None:
    """Add a line to a contribution's history."""
    session.add(
        ContributionEvent(
            contribution_id=found.id,
            at=ports.now(),
            what=what,
            by=by,
            reason=reason,
            note=note,
            before=dict(before or {}),
        )
    )


def _check_texts(kind: ContributionKind, title: str, text: str) -> None:
    if kind is ContributionKind.PROPOSAL and is_blank(title):
        raise Unacceptable("Give your proposal a title.")
    if len(title) > TITLE_LENGTH:
        raise Unacceptable("The title is too long: at most %(most)s characters.", most=TITLE_LENGTH)
    if is_blank(text):
        raise Unacceptable("Write something first.")
    if len(text) > LENGTHS[kind]:
        raise Unacceptable("This text is too long: at most %(most)s characters.", most=LENGTHS[kind])


def _check_parent(session: Session, phase: Phase, parent_id: int) -> None:
    parent = session.get(Contribution, parent_id)
    if parent is None or parent.phase_id != phase.id or parent.state != ContributionState.SHOWN:
        raise Missing("What you answer does not exist, or is not public any more.")


def _check_pace(session: Session, ports: Ports, person: Person) -> None:
    for span, most in ((timedelta(minutes=1), MOST_A_MINUTE), (timedelta(hours=1), MOST_AN_HOUR)):
        recent = select(func.count()).select_from(Contribution)
        recent = recent.where(Contribution.person_id == person.id, Contribution.at > ports.now() - span)
        if (session.scalar(recent) or 0) >= most:
            raise TooOften("You wrote a lot in a short time. Wait a little, then send it again; your text is kept.")


def _must_wait(session: Session, phase: Phase, new: Contribution) -> bool:
    """Tell whether a moderator looks at a text before it is public."""
    return phase.premoderated or len(_LINK.findall(new.text)) > _MOST_LINKS or _is_copied(session, new)


def _is_copied(session: Session, new: Contribution) -> bool:
    """Tell whether a text repeats somebody else's, or one of anybody's that was taken down."""
    if len(new.words.split()) < _LEAST_WORDS:
        return False
    theirs = Contribution.person_id.is_distinct_from(new.person_id)
    query = _beside(new).where(
        Contribution.words == new.words,
        (theirs & Contribution.state.in_(_THERE)) | (Contribution.state == ContributionState.HIDDEN),
    )
    return session.scalar(query.limit(1)) is not None


def _find_own(session: Session, new: Contribution) -> Contribution | None:
    """Return what the same person wrote about the same in the same words, if it still stands."""
    same = Contribution.words == new.words
    if not new.words:  # signs only, which are no words
        same = (Contribution.title == new.title) & (Contribution.text == new.text)
    query = _beside(new).where(same, Contribution.person_id == new.person_id, Contribution.state.in_(_THERE))
    return next((one for one in session.scalars(query) if one.anchor == new.anchor), None)


def _beside(new: Contribution) -> Select[Contribution]:
    """Return a query for what is of the same kind at the same place."""
    query = select(Contribution).where(Contribution.phase_id == new.phase_id, Contribution.kind == new.kind)
    return query.where(Contribution.parent_id.is_not_distinct_from(new.parent_id))
