"""What becomes due in the lives of petitions: closing, lapsing, thresholds, erasure. Run by the jobs' bell."""

from datetime import datetime, timedelta

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from participation.petitions import life as steps
from participation.petitions.counts import Count, counts_of
from participation.petitions.first_signers import sign_first
from participation.petitions.history import CLOCK, COUNT, change, lock_petition
from participation.petitions.letters import mail_creator
from participation.petitions.life import Debate, Life, Response, State
from participation.petitions.models import (
    Petition,
    PetitionLink,
    PetitionStep,
    PetitionSupporter,
)
from participation.petitions.owing import keep_duties, owe_missing
from participation.petitions.queries import life_of
from participation.petitions.search import forget_petition
from participation.petitions.wording import step_name
from participation.ports import Ports
from participation.rules import PetitionRules
from participation.signatures.keeping import erase as erase_signers

_AT_ONCE = 500
_FIRST_ERASURE = timedelta(days=27)


def keep_time(ports: Ports) -> int:
    """Do everything that is due; returns how many petitions changed."""
    tasks = (close_due, lapse_due, sign_first, notice_counts, owe_missing, erase_due, erase_drafts)
    return sum(task(ports) for task in tasks)


def close_due(ports: Ports) -> int:
    """Close the petitions whose deadline is past."""
    now, closed = ports.now(), 0
    for petition_id in _ids(ports, Petition.state == State.OPEN, Petition.closes_at <= now):
        with ports.database.writing() as session:
            row = lock_petition(session, petition_id)
            life = steps.keep_time(life_of(row), now)
            if life != life_of(row):
                change(session, row, life, CLOCK, "closed", now)
                closed += 1
    return closed


def lapse_due(ports: Ports) -> int:
    """Stop the petitions that did not find supporters in time."""
    now = ports.now()
    before, lapsed = now - timedelta(days=ports.rules.petitions.supporter_days), 0
    for petition_id in _ids(ports, Petition.state == State.COLLECTING, Petition.created_at <= before):
        with ports.database.writing() as session:
            row = lock_petition(session, petition_id)
            if row.state == State.COLLECTING:
                life = steps.stop(life_of(row), "supporters", now)
                change(session, row, life, CLOCK, "stopped", now, reason="supporters")
                lapsed += 1
    return lapsed


def notice_counts(ports: Ports) -> int:
    """Compare the counter's numbers with the thresholds: reached, or taken back."""
    with ports.database.reading() as session:
        states = (State.OPEN, State.CLOSED, State.STOPPED)
        query = select(Petition.id, Petition.counted, Petition.response, Petition.debate)
        known = session.execute(query.where(Petition.state.in_(states))).all()
        counts = counts_of(session, ports, [row.id for row in known])
    due = [row.id for row in known if _is_news(row, counts[row.id], ports.rules.petitions)]
    return sum(notice_count(ports, key, counts[key].confirmed, counts[key].towards) for key in due)


def _is_news(row: Row[str, int, str, str], count: Count, rules: PetitionRules) -> bool:
    """Tell whether a count is another than the one that was looked at, or makes something owed that is not."""
    owed = ((row.response, Response.AWAITING, rules.response_at), (row.debate, Debate.AWAITING, rules.debate_at))
    return count.confirmed != row.counted or any(
        now in ("none", awaiting) and (now == awaiting) != (count.towards >= at) for now, awaiting, at in owed
    )


def notice_count(ports: Ports, petition_id: str, confirmed: int, towards: int | None = None) -> bool:
    """Take notice of a petition's number of signatures; returns whether something is owed now that was not, or back.

    Args:
        ports: The ports.
        petition_id: Which.
        confirmed: All of them.
        towards: Those that count towards what is owed; left out, all.
    """
    now, rules = ports.now(), ports.rules.petitions
    enough = confirmed if towards is None else towards
    with ports.database.writing() as session:
        row = lock_petition(session, petition_id)
        row.counted, before = confirmed, life_of(row)
        life = steps.count(before, enough, rules.response_at, rules.debate_at, now)
        for done, one in _crossed(before, life):
            change(session, row, one, COUNT, done, now)
            _tell(session, ports, row, done)
        if life != before:
            keep_duties(session, ports, row)
        return life != before


def erase_due(ports: Ports) -> int:
    """Erase personal data of petitions that ended long enough ago; numbers, texts and decisions stay."""
    now, rules, erased = ports.now(), ports.rules.petitions, 0
    ended = (Petition.ended_at <= now - rules.anonymise_months * _FIRST_ERASURE, Petition.erased.is_(False))
    for petition_id in _ids(ports, *ended):
        with ports.database.writing() as session:
            row = lock_petition(session, petition_id)
            due = steps.erasure_time(life_of(row), rules.anonymise_months, ports.time_zone)
            if due is not None and due <= now:
                erase_people(session, row, now)
                erased += 1
    return erased


def erase_people(session: Session, row: Petition, now: datetime) -> None:
    """Erase who created, supported and signed a petition. The creator's name stays where it was published."""
    erase_signers(session, row.id)
    row.creator_mail = row.creator_mailbox = row.invitation = row.key_hash = ""
    session.execute(delete(PetitionSupporter).where(PetitionSupporter.petition_id == row.id))
    session.execute(delete(PetitionLink).where(PetitionLink.petition_id == row.id))
    life = life_of(row)
    if not life.shows_text:
        row.creator_name = ""
    change(session, row, Life(**{**life.__dict__, "erased": True}), CLOCK, "erased", now)


def erase_drafts(ports: Ports) -> int:
    """Erase drafts that nobody confirmed, and links that are too old to matter."""
    now = ports.now()
    before, erased = now - timedelta(days=ports.rules.petitions.draft_days), 0
    for petition_id in _ids(ports, Petition.state == State.DRAFT, Petition.changed_at <= before):
        with ports.database.writing() as session:
            row = lock_petition(session, petition_id)
            if row.state == State.DRAFT:
                forget_petition(session, row.id)
                for kind in (PetitionLink, PetitionStep, PetitionSupporter):
                    session.execute(delete(kind).where(kind.petition_id == row.id))
                session.delete(row)
                erased += 1
    with ports.database.writing() as session:
        session.execute(delete(PetitionLink).where(PetitionLink.expires_at <= now - timedelta(days=30)))
    return erased


def _ids(ports: Ports, *conditions: object) -> list[str]:
    with ports.database.reading() as session:
        query = select(Petition.id).where(*conditions).order_by(Petition.id).limit(_AT_ONCE)  # type: ignore[arg-type]
        return list(session.scalars(query))


def _crossed(before: Life, after: Life) -> list[tuple[str, Life]]:
    """Return what was crossed, each with the life after it, so that each has a line of history."""
    found: list[tuple[str, Life]] = []
    if before.response is not after.response:
        done = "response-owed" if after.response is Response.AWAITING else "response-taken-back"
        found.append((done, after))
    if before.debate is not after.debate:
        done = "debate-owed" if after.debate is Debate.AWAITING else "debate-taken-back"
        found.append((done, after))
    return found


def _tell(session: Session, ports: Ports, row: Petition, done: str) -> None:
    with ports.speaking(row.language):
        mail_creator(session, ports, row, step_name(done), f"{row.title}\n\n{step_name(done)}")
