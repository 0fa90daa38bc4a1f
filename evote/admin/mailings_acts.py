"""What officials do with mails to voters, each act with its line in the officials' log, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext
from sqlalchemy import update
from sqlalchemy.orm import Session

from ballots import codec
from evote.admin.deeds import note
from evote.admin.sessions import SignedIn
from evote.elections.documents import hash_text
from evote.elections.models import Election
from evote.errors import Conflict, Malformed, NotFound
from evote.mail.composing import AddressError, one_address
from evote.mail.models import Message
from evote.mail.outbox import Mail, put_mail
from evote.mailings.facts import read_facts
from evote.mailings.job import hold, take_back
from evote.mailings.kinds import KINDS, check_moment, expiry, is_pointless
from evote.mailings.models import DRAFT, NOT_VOTED, PAUSED, RUNNING, STOPPED, Mailing
from evote.mailings.people import count_people, rounded
from evote.mailings.texts import (
    Part,
    Texts,
    Writer,
    encode_texts,
    find_problems,
    languages_of,
    parse_texts,
    subject_of,
    text_of,
)
from evote.services import Services

EXAMPLE_ID = "A-1234"
"""The voter id in previews and test mails: nobody's."""
PAUSE, RESUME, STOP, DISCARD = "pause", "resume", "stop", "discard"
_TEST_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True)
class Place:
    """Which mailing of which election."""

    election_id: str
    mailing_id: int


def begin_mailing(services: Services, official: SignedIn, election_id: str, kind: str, texts: Texts) -> Place:
    """Start to write a mail of a kind.

    Raises:
        Malformed: There is no such kind.
        NotFound: There is no such election.
    """
    if kind not in KINDS:
        raise Malformed("There is no mail of this kind.")
    with services.database.writing() as session:
        if session.get(Election, election_id) is None:
            raise NotFound("There is no such election.")
        mailing = Mailing(election_id=election_id, kind=kind, audience=KINDS[kind][0], texts=encode_texts(texts))
        mailing.changed_at = services.now()
        session.add(mailing)
        session.flush()
        details: codec.Json = {"mail": mailing.id, "kind": kind}
        note(session, services.now(), official.name, "mail-begun", election_id, details)
        return Place(election_id, mailing.id)


def save_mailing(
    services: Services, official: SignedIn, place: Place, revision: int, audience: str, texts: Texts
) -> None:
    """Replace audience and texts of a mail that is being written.

    Raises:
        NotFound: There is no such mail.
        Conflict: It has gone out, or somebody saved it meanwhile.
    """
    with services.database.writing() as session:
        mailing = _lock_draft(session, place)
        if mailing.revision != revision:
            raise Conflict(
                "Somebody saved this mail while you wrote. What you typed still stands here, but is not saved: save "
                "again to put it in the place of theirs, or open the page anew to see what they wrote."
            )
        if audience not in KINDS[mailing.kind]:
            raise Malformed("A mail of this kind does not go to these people.")
        mailing.audience, mailing.texts = audience, encode_texts(texts)
        mailing.revision += 1
        mailing.changed_at = services.now()
        details: codec.Json = {"mail": mailing.id, "revision": mailing.revision}
        note(session, services.now(), official.name, "mail-saved", place.election_id, details)


def preview(services: Services, election_id: str, texts: Texts) -> list[Part]:
    """Return a mail as a voter will get it, with a voter id that is nobody's; nothing of a text that is wrong."""
    with services.database.reading() as session:
        facts = read_facts(session, election_id, services.settings)
    wrong = {problem.language for problem in find_problems(texts)}
    return Writer({one: text for one, text in texts.items() if one not in wrong}, facts).write(EXAMPLE_ID)


def send_test(services: Services, official: SignedIn, place: Place, address: str) -> None:
    """Send a mail that is being written to one address, with a voter id that is nobody's.

    Raises:
        Malformed: The address is none, or the texts are wrong.
        NotFound: There is no such mail.
    """
    try:
        to = one_address(address).addr_spec
    except AddressError:
        raise Malformed("This is no mail address. Write one like ada@example.org.") from None
    with services.database.writing() as session:
        mailing = _require(session, place)
        texts = _good_texts(mailing)
        parts = Writer(texts, read_facts(session, place.election_id, services.settings)).write(EXAMPLE_ID)
        subject = gettext("Test: %(subject)s", subject=subject_of(parts))
        put_mail(session, services, Mail(to, subject, text_of(parts), services.now()), _TEST_LIFETIME)
        note(session, services.now(), official.name, "mail-tested", place.election_id, {"mail": mailing.id})


def start_mailing(services: Services, official: SignedIn, place: Place, revision: int) -> None:
    """Let a mail go out to the voters; the job takes it from here.

    Raises:
        NotFound: There is no such mail.
        Malformed: Its texts are wrong.
        Conflict: It has gone out, somebody saved it meanwhile, or the election's state does not fit.
    """
    with services.database.reading() as session:
        audience = _require(session, place).audience
        people = count_people(session, place.election_id, audience)
    with services.database.writing() as session:
        mailing = _lock_draft(session, place)
        if mailing.revision != revision:
            raise Conflict("Somebody changed this mail since you looked. Read it again before you send it.")
        texts, election = _good_texts(mailing), session.get_one(Election, place.election_id)
        check_moment(mailing.kind, mailing.audience, election, services.now())
        mailing.state, mailing.addressed = RUNNING, people
        mailing.started_at = mailing.changed_at = services.now()
        mailing.revision += 1
        note(session, services.now(), official.name, "mail-started", place.election_id, _described(mailing, texts))


def conduct_mailing(services: Services, official: SignedIn, place: Place, what: str) -> None:
    """Pause, resume or stop a mailing, or discard a draft.

    Raises:
        NotFound: There is no such mail.
        Conflict: It does not stand so that this can be done.
        Malformed: There is no such act.
    """
    acts = {PAUSE: _pause, RESUME: _resume, STOP: _stop, DISCARD: _discard}
    if what not in acts:
        raise Malformed("This cannot be done with a mail.")
    with services.database.writing() as session:
        mailing = _require(session, place, lock=True)
        details: codec.Json = {"mail": mailing.id}
        acts[what](session, services, mailing)
        note(session, services.now(), official.name, _DEEDS[what], place.election_id, details)


_DEEDS: Mapping[str, str] = {
    PAUSE: "mail-paused",
    RESUME: "mail-resumed",
    STOP: "mail-stopped",
    DISCARD: "mail-discarded",
}


def _pause(session: Session, services: Services, mailing: Mailing) -> None:
    _demand(mailing, RUNNING)
    mailing.state, mailing.changed_at = PAUSED, services.now()
    hold(session, mailing.id, held=True)


def _resume(session: Session, services: Services, mailing: Mailing) -> None:
    _demand(mailing, PAUSED)
    now, election = services.now(), session.get_one(Election, mailing.election_id)
    if is_pointless(mailing.kind, mailing.audience, election, now):
        raise Conflict("The voting is over, so this mail would not be true any more. Stop it instead.")
    mailing.state, mailing.why, mailing.refused_in_a_row, mailing.changed_at = RUNNING, "", 0, now
    hold(session, mailing.id, held=False)
    until = expiry(mailing.kind, mailing.audience, election, now)
    session.execute(update(Message).where(Message.mailing_id == mailing.id).values(expires_at=until))


def _stop(session: Session, services: Services, mailing: Mailing) -> None:
    _demand(mailing, RUNNING, PAUSED)
    take_back(session, mailing)
    mailing.state, mailing.cursor = STOPPED, 0
    mailing.ended_at = mailing.changed_at = services.now()


def _discard(session: Session, _services: Services, mailing: Mailing) -> None:
    _demand(mailing, DRAFT)
    session.delete(mailing)


def _demand(mailing: Mailing, *states: str) -> None:
    if mailing.state not in states:
        raise Conflict("This mail does not stand any more as the page showed it. Look again, then decide.")


def _described(mailing: Mailing, texts: Texts) -> codec.Json:
    """Return what the public log says of a mail that goes out: all but the texts, which their hash stands for."""
    people = rounded(mailing.addressed) if mailing.audience == NOT_VOTED else mailing.addressed
    languages: codec.Json = languages_of(texts, [])
    details: dict[str, codec.Json] = {
        "mail": mailing.id,
        "kind": mailing.kind,
        "audience": mailing.audience,
        "languages": languages,
        "sha256": hash_text(mailing.texts),
    }
    return {**details, "people": people} if people or mailing.audience != NOT_VOTED else details


def _good_texts(mailing: Mailing) -> Texts:
    texts = parse_texts(mailing.texts)
    problems = find_problems(texts)
    if problems:
        raise problems[0].error
    return texts


def _require(session: Session, place: Place, *, lock: bool = False) -> Mailing:
    mailing = session.get(Mailing, place.mailing_id, with_for_update=lock or None)
    if mailing is None or mailing.election_id != place.election_id:
        raise NotFound("There is no such mail.")
    return mailing


def _lock_draft(session: Session, place: Place) -> Mailing:
    mailing = _require(session, place, lock=True)
    if mailing.state != DRAFT:
        raise Conflict("This mail has gone out already; it can no longer change.")
    return mailing
