"""Run the migrations over the connection that `evote.database.migrations` hands in."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from evote.database.base import Moment
from evote.database.models import Base
from participation.database import Moment as ParticipationMoment
from participation.models import Base as ParticipationBase

_SPARED = ("petition_words", "huey_")
"""Tables and indexes that no model describes: of the full-text search, and of the jobs' bells on PostgreSQL."""


def _include_name(name: str | None, kind: str, _parents: object) -> bool:
    return kind not in ("table", "index") or not (name or "").startswith(_SPARED)


def _render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own types as what they are in the database, so that old migrations never import new code."""
    ours = kind == "type" and isinstance(item, Moment | ParticipationMoment)
    return f"sa.String(length={item.impl.length})" if ours else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[Base.metadata, ParticipationBase.metadata],
    include_name=_include_name,
    render_as_batch=True,
    compare_type=True,
    render_item=_render_item,
)
with context.begin_transaction():
    context.run_migrations()
