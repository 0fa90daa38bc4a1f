"""duties and promises

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty_authorities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("mail", sa.String(length=320), nullable=False),
        sa.Column("superior_mail", sa.String(length=320), nullable=False),
        sa.Column("calendar", sa.String(length=20), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_authorities")),
    )
    op.create_table(
        "duty_calendar_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("holiday", sa.Boolean(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_calendar_changes")),
    )
    with op.batch_alter_table("duty_calendar_changes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_calendar_changes_calendar"), ["calendar"], unique=False)

    op.create_table(
        "duties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("owed_since", sa.String(length=20), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("promised_for", sa.Date(), nullable=True),
        sa.Column("due_at", sa.String(length=20), nullable=True),
        sa.Column("answered_at", sa.String(length=20), nullable=True),
        sa.Column("lapsed_at", sa.String(length=20), nullable=True),
        sa.Column("escalations", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["duty_authorities.id"], name=op.f("fk_duties_authority_id_duty_authorities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duties")),
        sa.UniqueConstraint("kind", "subject", name=op.f("uq_duties_kind_subject")),
    )
    with op.batch_alter_table("duties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duties_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_duties_due_at"), ["due_at"], unique=False)

    op.create_table(
        "promises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("entered_at", sa.String(length=20), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["duty_authorities.id"], name=op.f("fk_promises_authority_id_duty_authorities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promises_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_promises_status"), ["status"], unique=False)

    op.create_table(
        "duty_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_duty_events_duty_id_duties")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_events")),
    )
    with op.batch_alter_table("duty_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duty_events_duty_id"), ["duty_id"], unique=False)

    op.create_table(
        "duty_notices",
        sa.Column("duty_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["duty_id"], ["duties.id"], name=op.f("fk_duty_notices_duty_id_duties")),
        sa.PrimaryKeyConstraint("duty_id", "key", name=op.f("pk_duty_notices")),
    )
    op.create_table(
        "promise_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["promise_id"], ["promises.id"], name=op.f("fk_promise_events_promise_id_promises")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_events")),
    )
    with op.batch_alter_table("promise_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promise_events_promise_id"), ["promise_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("promise_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promise_events_promise_id"))

    op.drop_table("promise_events")
    op.drop_table("duty_notices")
    with op.batch_alter_table("duty_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_events_duty_id"))

    op.drop_table("duty_events")
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_promises_status"))
        batch_op.drop_index(batch_op.f("ix_promises_authority_id"))

    op.drop_table("promises")
    with op.batch_alter_table("duties", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duties_due_at"))
        batch_op.drop_index(batch_op.f("ix_duties_authority_id"))

    op.drop_table("duties")
    with op.batch_alter_table("duty_calendar_changes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duty_calendar_changes_calendar"))

    op.drop_table("duty_calendar_changes")
    op.drop_table("duty_authorities")
