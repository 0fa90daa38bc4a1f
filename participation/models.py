"""All models of participation in one place, for Alembic. Each feature imports its own here."""

from participation.database import Base

__all__ = ["Base"]
