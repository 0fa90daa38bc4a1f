"""What all tables of participation share: a root of their own, names of constraints, and times as text."""

from datetime import datetime

from sqlalchemy import Dialect, MetaData, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from ballots import codec

NAME_LENGTH = 100
"""Characters of a person's name."""
MAIL_LENGTH = 320
HASH_LENGTH = 64
"""Characters of a SHA-256 in hexadecimal."""
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""How constraints are named, in the whole database: migrations rely on it."""


class Base(DeclarativeBase):
    """The root of all models of participation; none of them refers to a table of a vote."""

    metadata = MetaData(naming_convention=NAMING)


class Moment(TypeDecorator[datetime]):
    """An aware UTC time in whole seconds, stored as the protocol's text, so that it sorts as text."""

    impl = String(20)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Encode on the way in."""
        return None if value is None else codec.encode_time(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """Parse on the way out."""
        return None if value is None else codec.parse_time(value)
