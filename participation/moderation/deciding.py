"""What moderators decide. Nothing is deleted: what is taken down keeps its place, its reason and its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from participation.answers.duties import check_reason
from participation.contributions.kinds import ContributionState, Reason
from participation.contributions.models import Contribution, ContributionEvent
from participation.contributions.writing import get_own, note_event
from participation.errors import Missing, NotNow, NotPermitted, Stale, Unacceptable
from participation.moderation.letters import tell_barred, tell_looked_again, tell_taken_down
from participation.moderation.models import NOTE_LENGTH, Appeal, Report, TakedownOrder
from participation.people.models import Person
from participation.ports import Ports
from participation.text import is_blank, one_line, paragraphs


@dataclass(frozen=True)
class Target:
    """A contribution as the moderator saw it."""

    id: int
    revision: int


@dataclass(frozen=True)
class Decided:
    """What came of a decision about several at once.

    Attributes:
        done: Ids that were decided.
        stale: Ids that somebody else changed or decided meanwhile: they are as they were.
    """

    done: tuple[int, ...]
    stale: tuple[int, ...]


def decide(
    session: Session, ports: Ports, targets: Sequence[Target], *, show: bool, reason: Reason | None, note: str, by: str
) -> Decided:
    """Make contributions public, or take them down for a reason, which their authors are told; each by itself.

    Raises:
        Unacceptable: Nothing was chosen, or something is to be taken down without a reason.
    """
    if not targets:
        raise Unacceptable("Choose at least one contribution.")
    if not show and reason is None:
        raise Unacceptable("Choose the reason: the public reads it in place of the text.")
    note = paragraphs(note)
    if len(note) > NOTE_LENGTH:
        raise Unacceptable("This text is too long: at most %(most)s characters.", most=NOTE_LENGTH)
    done, stale = [], []
    for target in targets:
        try:
            _decide(session, ports, target, show=show, reason=reason, note=note, by=by)
        except (Stale, Missing):
            stale.append(target.id)
        else:
            done.append(target.id)
    if not show and reason is not None:
        tell_taken_down(session, ports, [session.get_one(Contribution, one) for one in done], reason, note)
    return Decided(tuple(done), tuple(stale))


def _decide(
    session: Session, ports: Ports, target: Target, *, show: bool, reason: Reason | None, note: str, by: str
) -> None:
    found = session.get(Contribution, target.id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing("There is no such contribution, or it is not public.")
    if found.revision != target.revision or found.state == ContributionState.WITHDRAWN:
        raise Stale("Somebody changed this in the meantime. Look at it as it is now, and decide again.")
    found.state = ContributionState.SHOWN if show else ContributionState.HIDDEN
    found.reason = "" if show or reason is None else reason.value
    found.decided_at, found.revision = ports.now(), found.revision + 1
    note_event(session, ports, found, "shown" if show else "hidden", by=by, reason=found.reason, note=note)
    settled = update(Report).where(Report.contribution_id == found.id, Report.settled_at.is_(None))
    session.execute(settled.values(settled_at=ports.now()))


def report(session: Session, ports: Ports, contribution_id: int, person: Person, reason: Reason) -> None:
    """Say that a contribution breaks the rules; twice by one reader is once, until a moderator has looked at it.

    Raises:
        Missing: It does not exist, or is not public.
    """
    found = session.get(Contribution, contribution_id)
    if found is None or found.state != ContributionState.SHOWN:
        raise Missing("There is no such contribution, or it is not public.")
    before = select(Report).where(Report.contribution_id == found.id, Report.person_id == person.id).with_for_update()
    if (given := session.scalar(before)) is not None:
        if given.settled_at is not None:  # it was looked at, and may have changed since: it is looked at again
            given.reason, given.at, given.settled_at = reason, ports.now(), None
        return
    try:
        with session.begin_nested():
            session.add(Report(contribution_id=found.id, person_id=person.id, reason=reason, at=ports.now()))
    except IntegrityError:  # the same click twice at once
        return


def appeal(session: Session, ports: Ports, contribution_id: int, person: Person, text: str) -> None:
    """Ask for another look at one's own contribution that was taken down.

    Raises:
        NotPermitted: It is somebody else's.
        NotNow: It was not taken down, or was appealed against before.
        Unacceptable: The text is missing or too long.
    """
    found, text = get_own(session, contribution_id, person), paragraphs(text)
    if found.state != ContributionState.HIDDEN:
        raise NotNow("Only what was taken down can be looked at again.")
    if session.scalar(select(Appeal).where(Appeal.contribution_id == found.id)) is not None:
        raise NotNow("You asked for another look before. Each contribution gets one.")
    if is_blank(text) or len(text) > NOTE_LENGTH:
        raise Unacceptable("Say why it should be public, in at most %(most)s characters.", most=NOTE_LENGTH)
    query = select(ContributionEvent.by).where(
        ContributionEvent.contribution_id == found.id, ContributionEvent.what == "hidden"
    )
    against = session.scalars(query.order_by(ContributionEvent.id.desc())).first() or ""
    session.add(Appeal(contribution_id=found.id, text=text, at=ports.now(), against=against))
    note_event(session, ports, found, "appealed")


def decide_appeal(session: Session, ports: Ports, appeal_id: int, *, grant: bool, note: str, by: str) -> Appeal:
    """Look again at what was taken down; another moderator than the one who did it.

    Raises:
        Missing: There is no such appeal.
        NotNow: It was decided before.
        NotPermitted: The same official took it down.
    """
    found = session.get(Appeal, appeal_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Missing("There is no such appeal.")
    if found.decided_at is not None:
        raise NotNow("This appeal was decided already.")
    if found.against == by:
        raise NotPermitted("You took this down yourself. Another moderator must look at it again.")
    said = check_reason(paragraphs(note))
    row = session.get_one(Contribution, found.contribution_id, with_for_update=True)
    found.by, found.decided_at, found.granted = by, ports.now(), grant
    if grant:
        row.state, row.reason = ContributionState.SHOWN, ""
    row.revision, row.decided_at = row.revision + 1, ports.now()
    note_event(session, ports, row, "shown" if grant else "appeal-refused", by=by, note=said)
    tell_looked_again(session, ports, row, granted=grant, note=said)
    return found


def bar(session: Session, ports: Ports, person_id: int, *, because: str, by: str) -> None:
    """Let somebody contribute no more. The person is told the reason; what was contributed stays.

    Raises:
        Missing: There is nobody of this number.
        NotNow: They erased their data: no address leads to them any more.
    """
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise Missing("There is nobody of this number.")
    if person.erased_at is not None:
        raise NotNow("This person erased their data. Nobody can sign in as them any more, and no address is known.")
    person.barred_at, person.barred_because = ports.now(), check_reason(one_line(because))[:500]
    tell_barred(session, ports, person)


def enter_order(
    session: Session,
    ports: Ports,
    *,
    received_on: date,
    sender: str,
    basis: str,
    target: str,
    outcome: str,
    by: str,
) -> TakedownOrder:
    """Enter an order from outside in the public log.

    Raises:
        Unacceptable: A field is missing or too long, or the day lies in the future.
    """
    texts = [one_line(sender), paragraphs(basis), one_line(target), paragraphs(outcome)]
    if any(is_blank(text) for text in texts) or len(texts[0]) > 200 or max(map(len, texts)) > NOTE_LENGTH:
        raise Unacceptable("Say who ordered it, on what basis, what it is about, and what was done.")
    if not texts[2].startswith("/") or len(texts[2]) > 500:
        raise Unacceptable("What it is about is an address of this site, like /contributions/12.")
    if received_on > ports.now().astimezone(ports.time_zone).date():
        raise Unacceptable("The day on which the order came lies in the future.")
    made = TakedownOrder(received_on=received_on, entered_at=ports.now(), by=by)
    made.sender, made.basis, made.target, made.outcome = texts
    session.add(made)
    session.flush()
    return made
