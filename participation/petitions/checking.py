"""What moderators do: the queue of petitions with its ages, and each decision with its line in both public logs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from participation.answers.duties import get_standing_authority
from participation.errors import Unacceptable
from participation.petitions import life as steps
from participation.petitions.history import OFFICIAL, change, lock_petition
from participation.petitions.letters import mail_creator
from participation.petitions.life import Life, State
from participation.petitions.models import Petition, PetitionUpdate
from participation.petitions.owing import keep_duties
from participation.petitions.queries import PetitionView, down_days, life_of, view_of
from participation.petitions.search import forget_petition, index_petition
from participation.petitions.wording import reason_name
from participation.ports import Official, Ports
from participation.rules import PetitionRules, SiteRules
from participation.signatures.keeping import follow_petition
from participation.signatures.logs import text_of
from participation.signatures.models import PetitionLog

MOST_NOTE = 2000
METHODS = ("mail", "oidc", "roll")


class Act(StrEnum):
    """What a moderator can decide."""

    APPROVE = "approve"
    REJECT = "reject"
    STOP = "stop"
    HIDE = "hide"
    REMOVE = "remove"
    CHECK_AGAIN = "check-again"


class Age(StrEnum):
    """How long something has waited."""

    FRESH = "fresh"
    NEAR = "near-overdue"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Decision:
    """A decision, as a moderator hands it in.

    Attributes:
        revision: Of the petition as it was looked at.
        reason: A code of the list; for approving, none.
        note: For everybody; in the normal form.
        signing: How people may sign, for approving.
        roll_election: The election whose roll may sign, where `roll` is among them.
        authority_id: Who owes the answer once enough people sign, for approving; none: the first authority of the list.
    """

    act: Act
    revision: int
    reason: str = ""
    note: str = ""
    signing: tuple[str, ...] = ("mail",)
    roll_election: str = ""
    authority_id: int | None = None


@dataclass(frozen=True)
class Waiting:
    """A petition in the queue."""

    petition: PetitionView
    since: datetime
    age: Age


_DONE = {
    Act.APPROVE: "approved",
    Act.REJECT: "rejected",
    Act.STOP: "stopped",
    Act.HIDE: "hidden",
    Act.REMOVE: "removed",
    Act.CHECK_AGAIN: "check-again",
}
POSSIBLE: dict[State, tuple[Act, ...]] = {
    State.COLLECTING: (Act.STOP,),
    State.MODERATION: (Act.APPROVE, Act.REJECT, Act.STOP),
    State.OPEN: (Act.STOP, Act.HIDE, Act.REMOVE),
    State.CLOSED: (Act.HIDE, Act.REMOVE),
    State.STOPPED: (Act.HIDE, Act.REMOVE, Act.CHECK_AGAIN),
    State.REJECTED: (Act.HIDE, Act.REMOVE, Act.CHECK_AGAIN),
    State.HIDDEN: (Act.REMOVE, Act.CHECK_AGAIN),
    State.REMOVED: (),
}
"""What can be decided in each state; a removed petition has no text any more that could be checked again."""


def age_of(since: datetime, now: datetime, rules: PetitionRules) -> Age:
    """Return how long something has waited, as the queue marks it."""
    if now >= since + timedelta(days=rules.overdue_days):
        return Age.OVERDUE
    return Age.NEAR if now >= since + timedelta(days=rules.near_overdue_days) else Age.FRESH


def list_queue(session: Session, ports: Ports) -> Sequence[Waiting]:
    """Return the petitions that wait for a check, the longest waiting first."""
    query = select(Petition).where(Petition.state == State.MODERATION).order_by(Petition.checked_since, Petition.id)
    now, rules = ports.now(), ports.rules.petitions
    found = []
    for row in session.scalars(query):
        since = row.checked_since or row.changed_at
        found.append(Waiting(view_of(row), since, age_of(since, now, rules)))
    return found


def count_waiting(session: Session) -> int:
    """Return how many petitions and updates wait for moderators."""
    petitions = select(func.count()).select_from(Petition).where(Petition.state == State.MODERATION)
    updates = select(func.count()).select_from(PetitionUpdate).where(PetitionUpdate.state == "waiting")
    return (session.scalar(petitions) or 0) + (session.scalar(updates) or 0)


def decide(ports: Ports, official: Official, petition_id: str, decision: Decision) -> PetitionView:
    """Do what a moderator decided; it stands in the petition's history and in the officials' public log.

    Raises:
        Missing: There is no such petition.
        Stale: Another moderator acted since the page was opened.
        NotNow, Unacceptable: The decision does not fit; nothing was changed.
    """
    now = ports.now()
    if len(decision.note) > MOST_NOTE:
        raise Unacceptable("This note is too long.")
    with ports.database.writing() as session:
        row = lock_petition(session, petition_id, decision.revision)
        life = _next_life(session, ports, row, decision, now)
        done, who = _DONE[decision.act], f"{OFFICIAL}{official.name}"
        change(session, row, life, who, done, now, reason=decision.reason, note=decision.note, public=True)
        _after(session, row, decision)
        if decision.act is Act.APPROVE:
            follow_petition(session, row, now)  # after a granted appeal its log may be closed
        keep_duties(session, ports, row)
        details = {"petition": row.id, **({"reason": decision.reason} if decision.reason else {})}
        ports.record_deed(session, official.name, f"petition-{done}", details)
        _tell_creator(session, ports, row, decision)
        view = view_of(row)
    ports.ring("petitions.clock")
    return view


def _next_life(session: Session, ports: Ports, row: Petition, decision: Decision, now: datetime) -> Life:
    life = life_of(row)
    if decision.act is Act.APPROVE:
        _set_signing(ports.rules, row, decision)
        if decision.authority_id is not None:
            row.authority_id = get_standing_authority(session, decision.authority_id).id
        closes = steps.closing_time(
            life.opened_at or now, ports.rules.petitions.open_months, ports.time_zone, down_days(session)
        )
        return steps.approve(life, closes, now)
    if decision.act is Act.CHECK_AGAIN:
        return steps.check_again(life, now)
    act: Callable[[Life, str, datetime], Life] = {
        Act.REJECT: steps.reject,
        Act.STOP: steps.stop,
        Act.HIDE: steps.hide,
        Act.REMOVE: steps.remove,
    }[decision.act]
    return act(life, decision.reason, now)


def ways_to_sign(rules: SiteRules) -> list[str]:
    """Return how petitions may be signed on this site."""
    return [method for method in METHODS if method in rules.signatures.ways]


def _set_signing(rules: SiteRules, row: Petition, decision: Decision) -> None:
    chosen = [method for method in ways_to_sign(rules) if method in decision.signing]
    if not chosen:
        raise Unacceptable("Choose at least one way to sign.")
    if len(chosen) > rules.signatures.most_ways:
        most = rules.signatures.most_ways
        raise Unacceptable("Choose fewer ways to sign: a petition of this site may take %(most)s.", most=most)
    if not set(chosen) & set(rules.petitions.counted_ways):
        raise Unacceptable("Signatures given in these ways count towards no answer on this site. Choose another way.")
    if ("roll" in chosen) != bool(decision.roll_election):
        raise Unacceptable("To let a voter roll sign, choose both “voter roll” and the election whose roll it is.")
    if row.opened_at is None:
        row.signing, row.roll_election = " ".join(chosen), decision.roll_election


def _after(session: Session, row: Petition, decision: Decision) -> None:
    """Keep search index and public record in step: a hidden text is found nowhere."""
    log = session.get(PetitionLog, row.id)
    if log is not None:
        log.text = text_of(row) if life_of(row).shows_text else None
    if decision.act is Act.REMOVE:
        row.title = row.background = row.details = row.words = row.compared = ""
        forget_petition(session, row.id)
    elif decision.act is Act.HIDE:
        forget_petition(session, row.id)
    elif decision.act is Act.CHECK_AGAIN:
        index_petition(session, row)


def _tell_creator(session: Session, ports: Ports, row: Petition, decision: Decision) -> None:
    with ports.speaking(row.language):
        reason = reason_name(decision.reason) if decision.reason else ""
        texts = {
            Act.APPROVE: (
                gettext("Your petition is open"),
                gettext(
                    "Your petition “%(title)s” is open for signatures:\n\n%(link)s",
                    title=row.title,
                    link=ports.link("petitions.petition", row.language, petition_id=row.id),
                ),
            ),
            Act.REJECT: (
                gettext("Your petition was not accepted"),
                gettext("Your petition “%(title)s” was not accepted. %(reason)s", title=row.title, reason=reason),
            ),
            Act.STOP: (
                gettext("Your petition was stopped"),
                gettext(
                    "Your petition “%(title)s” takes no signatures any more. %(reason)s", title=row.title, reason=reason
                ),
            ),
            Act.HIDE: (
                gettext("Your petition was hidden"),
                gettext("The text of your petition is no longer shown. %(reason)s", reason=reason),
            ),
            Act.REMOVE: (
                gettext("Your petition was removed"),
                gettext("The text of your petition was taken away. %(reason)s", reason=reason),
            ),
            Act.CHECK_AGAIN: (
                gettext("Your petition is being checked again"),
                gettext("Your petition is before the moderators again."),
            ),
        }
        subject, text = texts[decision.act]
        if decision.note:
            text += f"\n\n{decision.note}"
        mail_creator(session, ports, row, subject, text)
