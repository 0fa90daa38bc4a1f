"""Officials, their sessions, and the log of what they do."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from evote.database.base import Base, Moment

NAME_LENGTH = 60
CREDENTIAL_LENGTH = 1400
"""A passkey's id has at most 1,023 bytes (WebAuthn, 4), base64url."""


class Official(Base):
    """Somebody who works on elections.

    Attributes:
        roles: Names of the roles held on the whole site, with a space between them; `Assignment` has the others.
        password_hash: Argon2id; empty until enrolment.
        sealed_totp: The secret of the authenticator, encrypted; empty for somebody who has passkeys only.
        totp_step: The latest 30-second step whose code was used: none is taken twice.
        enrolment_hash: Hash of the one-time enrolment code; empty once used.
        failures: Wrong tries at the sign-in page since the last right one.
        locked_until: No sign-in with the password succeeds before.
    """

    __tablename__ = "officials"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), unique=True)
    roles: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    sealed_totp: Mapped[bytes] = mapped_column(LargeBinary)
    totp_step: Mapped[int] = mapped_column(default=0)
    enrolment_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    enrolment_until: Mapped[datetime] = mapped_column(Moment)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime] = mapped_column(Moment)
    removed: Mapped[bool] = mapped_column(default=False)


class Assignment(Base):
    """A role that an official has for one election, or one draft: they share their id."""

    __tablename__ = "official_assignments"

    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"), primary_key=True)
    election_id: Mapped[str] = mapped_column(String(36), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class Passkey(Base):
    """An official's passkey: a key in a telephone, computer or security key, whose public half stands here.

    Attributes:
        credential_id: The passkey's own id, base64url.
        public_key: COSE, as the browser gave it.
        sign_count: The counter of its last signature; 0 for passkeys that do not count.
        synced: Whether its maker copies it to other devices of the same person.
    """

    __tablename__ = "official_passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"), index=True)
    credential_id: Mapped[str] = mapped_column(String(CREDENTIAL_LENGTH), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    synced: Mapped[bool]
    added_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class PasskeyChallenge(Base):
    """What a passkey is asked to sign: once, soon, for one purpose, by the browser that asked.

    Attributes:
        purpose: `add`, `sign-in`, `second` or `confirm`.
        bound_to: Hash of what only that browser has.
    """

    __tablename__ = "passkey_challenges"

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    bound_to: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(Moment)


class OfficialSession(Base):
    """An official signed in; the cookie holds the token, this row its hash.

    Attributes:
        began_at: When the official signed in.
        confirmed_at: When a second factor was last shown.
        browser: Program and system as the browser names itself, for people to recognise.
        passkey: Whether it began with a passkey.
        failures: Wrong passwords and codes in it; too many end it.
    """

    __tablename__ = "official_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime] = mapped_column(Moment)
    browser: Mapped[str] = mapped_column(String(60))
    passkey: Mapped[bool]
    failures: Mapped[int] = mapped_column(default=0)
    idle_until: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)


class Deed(Base):
    """One line of the officials' log. Lines are only ever added: triggers of the database refuse anything else.

    Attributes:
        scope: The election it concerns, or empty for what concerns none: each has a chain of its own.
        index: Place in its chain, from 0.
        data: The line, canonical JSON; it names the hash of the line before.
        hash: Over `data`.
    """

    __tablename__ = "deeds"

    scope: Mapped[str] = mapped_column(String(36), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(String(43))


class DeedHead(Base):
    """Where a chain ends; its row is the lock under which lines are added."""

    __tablename__ = "deed_heads"

    scope: Mapped[str] = mapped_column(String(36), primary_key=True)
    size: Mapped[int]
    hash: Mapped[str] = mapped_column(String(43))


class Draft(Base):
    """An election that is being written: the definition so far, as JSON.

    Attributes:
        id: The id that the election will have.
        revision: Raised by each save, so that two officials do not overwrite each other unseen.
        created: Whether its manifest was made: from then on nothing here changes.
    """

    __tablename__ = "drafts"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    definition: Mapped[bytes] = mapped_column(LargeBinary)
    revision: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    created: Mapped[bool] = mapped_column(default=False)
