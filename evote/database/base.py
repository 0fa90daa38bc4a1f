"""What all tables share: names of constraints, and times as the protocol writes them."""

from datetime import datetime

from sqlalchemy import Dialect, MetaData, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from ballots import codec

CODE_LENGTH = 25
"""Characters of a tracker's or voter's short code without its hyphens."""


class Base(DeclarativeBase):
    """The root of all models."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


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


def code_column() -> String:
    """Return the type of a short code: on PostgreSQL compared byte by byte, so that prefixes are ranges."""
    return String(CODE_LENGTH).with_variant(String(CODE_LENGTH, collation="C"), "postgresql")
