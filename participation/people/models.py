"""People, their accounts elsewhere, the codes that are mailed to them, and their sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from participation.database import HASH_LENGTH, NAME_LENGTH, Base, Moment


class Person(Base):
    """Somebody who takes part.

    Attributes:
        method: `mail` or `oidc`: how the site knows that this is one person; `import` for those of another site's data.
        key: Keyed hash of the canonical address, or of issuer and subject; random once erased.
        sealed_mail: The address, encrypted; empty where none is known.
        name: Shown to everybody; empty where the person shows none.
        erased_at: When the personal data was erased; contributions stay, without a name.
        barred_at: Since when this person may not contribute, by a moderator's decision. Of who erased their data, this
            and the key stay in a row of their own.
        barred_because: The reason, which the person is told.
    """

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    method: Mapped[str] = mapped_column(String(10))
    key: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    sealed_mail: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    language: Mapped[str] = mapped_column(String(10))
    joined_at: Mapped[datetime] = mapped_column(Moment)
    erased_at: Mapped[datetime | None] = mapped_column(Moment)
    barred_at: Mapped[datetime | None] = mapped_column(Moment)
    barred_because: Mapped[str] = mapped_column(String(500), default="")


class PersonAccount(Base):
    """An account of the identity provider with which somebody has signed in.

    Attributes:
        key: Keyed hash of issuer and subject.
        added_at: When it came for the first time.
    """

    __tablename__ = "person_accounts"

    key: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(Moment)


class PersonCode(Base):
    """A one-time code that was mailed; it is stored as a keyed hash."""

    __tablename__ = "person_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(HASH_LENGTH), index=True)
    code_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    attempts_left: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class PersonSession(Base):
    """Somebody signed in; the cookie holds the token, this row its hash."""

    __tablename__ = "person_sessions"

    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(Moment)
