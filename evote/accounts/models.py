"""Voters, one-time codes, sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evote.database.base import Base, Moment

LOGIN_LENGTH = 100
MAIL_LENGTH = 320


class Voter(Base):
    """Somebody on the roll of one election.

    Attributes:
        login: The voter id by which the person logs in.
        key: The credential's public key; a replaced credential's new one takes its place.
        style, weight: As on the roll; a new credential takes them over.
        struck: Has voted on paper.
    """

    __tablename__ = "voters"
    __table_args__ = (UniqueConstraint("election_id", "login"), UniqueConstraint("election_id", "key"))

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"))
    login: Mapped[str] = mapped_column(String(LOGIN_LENGTH))
    mail: Mapped[str] = mapped_column(String(MAIL_LENGTH))
    key: Mapped[str] = mapped_column(String(43))
    style: Mapped[str]
    weight: Mapped[int]
    struck: Mapped[bool] = mapped_column(default=False)


class LoginCode(Base):
    """A one-time code asked for under a voter id, whether or not there is such a voter."""

    __tablename__ = "login_codes"
    __table_args__ = (Index(None, "election_id", "login", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    election_id: Mapped[str] = mapped_column(ForeignKey("elections.id"))
    login: Mapped[str] = mapped_column(String(LOGIN_LENGTH))
    code_hash: Mapped[str] = mapped_column(String(64))
    attempts_left: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class LoginSession(Base):
    """One voter logged in to one election; the cookie holds the token, this row its hash."""

    __tablename__ = "login_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    voter_id: Mapped[int] = mapped_column(ForeignKey("voters.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class UsedSignIn(Base):
    """A sign-in with the identity provider that came back: its state is taken once only."""

    __tablename__ = "used_sign_ins"

    state_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
