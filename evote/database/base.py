"""What all tables of votes share: a root of their own, and the type of short codes; names and times as elsewhere."""

from sqlalchemy import MetaData, String
from sqlalchemy.orm import DeclarativeBase

from participation.database import NAMING, Moment

__all__ = ["CODE_LENGTH", "Base", "Moment", "code_column"]

CODE_LENGTH = 25
"""Characters of a tracker's or voter's short code without its hyphens."""


class Base(DeclarativeBase):
    """The root of all models outside participation."""

    metadata = MetaData(naming_convention=NAMING)


def code_column() -> String:
    """Return the type of a short code: on PostgreSQL compared byte by byte, so that prefixes are ranges."""
    return String(CODE_LENGTH).with_variant(String(CODE_LENGTH, collation="C"), "postgresql")
