"""Petitions, their history, supporters, answers, debates, updates and mailings."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import HASH_LENGTH, MAIL_LENGTH, NAME_LENGTH, Base, Moment
from participation.petitions.life import CODE_LENGTH

ID_LENGTH = 36
LANGUAGE_LENGTH = 12
DAY_LENGTH = 10


class Petition(Base):
    """A petition: its text, its creator, and where it stands.

    Attributes:
        id: Its public UUID.
        key_hash: Of the secret in the cookie with which the draft is written, before a mail address is confirmed.
        revision: Raised by every act, so that two moderators do not overwrite each other unseen.
        creator_mail: Empty once personal data is erased.
        invitation: The code in the link that the creator gives to supporters.
        words: The text as it is searched.
        compared: The title's key, by which similar ones are found.
        signing: How people sign: `mail`, `roll`, `oidc`, with a space between them.
        roll_election: The election whose roll may sign, where `roll` is among them.
        authority_id: Who owes the answer, as moderators chose; none: the first authority of the list.
        state … debate_on: `participation.petitions.life.Life`.
        counted: The number of signatures when thresholds were last looked at; pages ask the counter.
    """

    __tablename__ = "petitions"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), index=True)
    revision: Mapped[int] = mapped_column(default=0)
    language: Mapped[str] = mapped_column(String(LANGUAGE_LENGTH))
    title: Mapped[str] = mapped_column(String(200), default="")
    background: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    compared: Mapped[str] = mapped_column(String(800), default="")
    creator_name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    creator_mail: Mapped[str] = mapped_column(String(MAIL_LENGTH), default="")
    creator_mailbox: Mapped[str] = mapped_column(String(MAIL_LENGTH), default="", index=True)
    invitation: Mapped[str] = mapped_column(String(32), default="")
    signing: Mapped[str] = mapped_column(String(30), default="mail")
    roll_election: Mapped[str] = mapped_column(String(ID_LENGTH), default="")
    authority_id: Mapped[int | None] = mapped_column(ForeignKey("duty_authorities.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(CODE_LENGTH), index=True)
    checked_since: Mapped[datetime | None] = mapped_column(Moment)
    opened_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment, index=True)
    reason: Mapped[str] = mapped_column(String(CODE_LENGTH), default="")
    response: Mapped[str] = mapped_column(String(CODE_LENGTH), default="none")
    response_since: Mapped[datetime | None] = mapped_column(Moment)
    debate: Mapped[str] = mapped_column(String(CODE_LENGTH), default="none")
    debate_since: Mapped[datetime | None] = mapped_column(Moment)
    debate_on: Mapped[str | None] = mapped_column(String(DAY_LENGTH))
    counted: Mapped[int] = mapped_column(default=0)
    erased: Mapped[bool] = mapped_column(default=False)


class PetitionStep(Base):
    """One line of a petition's history; lines are only ever added.

    Attributes:
        who: `creator`, `clock`, `count`, or an official's name after `official:`.
        what: A word for programs, like `approved`.
        before, after: States.
        reason: A code of the list, where there is one.
        note: What was said about it, for everybody.
        public: False for what happened before moderators saw the text.
    """

    __tablename__ = "petition_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), index=True)
    time: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(String(NAME_LENGTH))
    what: Mapped[str] = mapped_column(String(30))
    before: Mapped[str] = mapped_column(String(CODE_LENGTH))
    after: Mapped[str] = mapped_column(String(CODE_LENGTH))
    reason: Mapped[str] = mapped_column(String(CODE_LENGTH), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    public: Mapped[bool] = mapped_column(default=True)


class PetitionSupporter(Base):
    """Somebody who was asked to support a petition before it opens.

    Attributes:
        mailbox: The canonical address: one supporter each.
        confirmed_at: Nothing until the mailed link's button is pressed.
        signed: Handed over to the signatures when the petition opened.
    """

    __tablename__ = "petition_supporters"
    __table_args__ = (UniqueConstraint("petition_id", "mailbox"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    mail: Mapped[str] = mapped_column(String(MAIL_LENGTH))
    mailbox: Mapped[str] = mapped_column(String(MAIL_LENGTH))
    language: Mapped[str] = mapped_column(String(LANGUAGE_LENGTH))
    mails: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    signed: Mapped[bool] = mapped_column(default=False)


class PetitionLink(Base):
    """A secret link that was mailed; the row holds its hash.

    Attributes:
        purpose: `confirm` (the creator's address), `support`, `manage`, or `session` for the creator's cookie.
        subject_id: The supporter, where it is about one.
    """

    __tablename__ = "petition_links"

    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class PetitionAnswer(Base):
    """An official response. A later one stands before the earlier, which stay."""

    __tablename__ = "petition_answers"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), index=True)
    time: Mapped[datetime] = mapped_column(Moment)
    official: Mapped[str] = mapped_column(String(NAME_LENGTH))
    office: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)


class PetitionDebate(Base):
    """What officials said about a debate: the day set, what was said there, or why there is none.

    Attributes:
        outcome: `scheduled`, `debated`, `not-debated`.
        day: Of the debate.
        transcript, video: Web addresses, or empty.
    """

    __tablename__ = "petition_debates"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), index=True)
    time: Mapped[datetime] = mapped_column(Moment)
    official: Mapped[str] = mapped_column(String(NAME_LENGTH))
    outcome: Mapped[str] = mapped_column(String(CODE_LENGTH))
    day: Mapped[str | None] = mapped_column(String(DAY_LENGTH))
    text: Mapped[str] = mapped_column(Text)
    transcript: Mapped[str] = mapped_column(String(500), default="")
    video: Mapped[str] = mapped_column(String(500), default="")


class PetitionUpdate(Base):
    """News of a petition, for its page and for signers who want them.

    Attributes:
        who: `creator`, or an official's name after `official:`.
        state: `waiting` for the moderators (what the creator writes), `published`, `refused`.
    """

    __tablename__ = "petition_updates"

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), index=True)
    time: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str] = mapped_column(String(NAME_LENGTH))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(CODE_LENGTH), default="published", server_default="published", index=True)


class PetitionMailing(Base):
    """A mail to all signers of a petition who want news; of two requests that wait, the newer alone is sent.

    Attributes:
        kind: `update`, `answer`, `debate`: each replaces only its own kind.
        starts_at: A random moment of a night.
        done_to: The last recipient served: the mailing goes on behind it after an interruption.
        state: `waiting`, `replaced`, `sending`, `sent`, or `dropped` since the petition's text is no longer shown.
    """

    __tablename__ = "petition_mailings"
    __table_args__ = (Index(None, "state", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    petition_id: Mapped[str] = mapped_column(ForeignKey("petitions.id"), index=True)
    kind: Mapped[str] = mapped_column(String(CODE_LENGTH))
    subject_id: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(Moment)
    starts_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(CODE_LENGTH), default="waiting")
    done_to: Mapped[int] = mapped_column(default=0)
    sent: Mapped[int] = mapped_column(default=0)


class PetitionOutage(Base):
    """A day of the site on which signatures could not be given: every deadline that spans it moves by a day."""

    __tablename__ = "petition_outages"

    day: Mapped[str] = mapped_column(String(DAY_LENGTH), primary_key=True)
    noted_at: Mapped[datetime] = mapped_column(Moment)
    official: Mapped[str] = mapped_column(String(NAME_LENGTH))
    note: Mapped[str] = mapped_column(Text)
