"""consultations and people

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("sealed_mail", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("joined_at", sa.String(length=20), nullable=False),
        sa.Column("erased_at", sa.String(length=20), nullable=True),
        sa.Column("barred_at", sa.String(length=20), nullable=True),
        sa.Column("barred_because", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("key", name=op.f("uq_people_key")),
    )
    op.create_table(
        "person_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("attempts_left", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_codes")),
    )
    with op.batch_alter_table("person_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_codes_created_at"), ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_codes_key"), ["key"], unique=False)

    op.create_table(
        "consultations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("authority_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.String(length=20), nullable=True),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.String(length=20), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["duty_authorities.id"], name=op.f("fk_consultations_authority_id_duty_authorities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultations")),
    )
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultations_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultations_state"), ["state"], unique=False)

    op.create_table(
        "person_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_sessions_person_id_people")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_person_sessions")),
    )
    with op.batch_alter_table("person_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_sessions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "consultation_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_events_consultation_id_consultations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_events")),
    )
    with op.batch_alter_table("consultation_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultation_events_consultation_id"), ["consultation_id"], unique=False)

    op.create_table(
        "consultation_phases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.String(length=20), nullable=False),
        sa.Column("closes_at", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("premoderated", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultations.id"], name=op.f("fk_consultation_phases_consultation_id_consultations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_phases")),
    )
    with op.batch_alter_table("consultation_phases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consultation_phases_closes_at"), ["closes_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultation_phases_consultation_id"), ["consultation_id"], unique=False)

    op.create_table(
        "consultation_report_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("contributions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultations.id"],
            name=op.f("fk_consultation_report_lines_consultation_id_consultations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation_report_lines")),
    )
    with op.batch_alter_table("consultation_report_lines", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_consultation_report_lines_consultation_id"), ["consultation_id"], unique=False
        )

    op.create_table(
        "contributions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("anchor", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.String(length=20), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["contributions.id"], name=op.f("fk_contributions_parent_id_contributions")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contributions_person_id_people")),
        sa.ForeignKeyConstraint(
            ["phase_id"], ["consultation_phases.id"], name=op.f("fk_contributions_phase_id_consultation_phases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contributions")),
    )
    with op.batch_alter_table("contributions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contributions_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_contributions_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contributions_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_contributions_phase_id_kind_state"), ["phase_id", "kind", "state"], unique=False
        )

    op.create_table(
        "statement_maps",
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.String(length=20), nullable=False),
        sa.Column("seen", sa.String(length=100), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["phase_id"], ["consultation_phases.id"], name=op.f("fk_statement_maps_phase_id_consultation_phases")
        ),
        sa.PrimaryKeyConstraint("phase_id", name=op.f("pk_statement_maps")),
    )
    op.create_table(
        "contribution_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"], ["contributions.id"], name=op.f("fk_contribution_events_contribution_id_contributions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contribution_events")),
    )
    with op.batch_alter_table("contribution_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contribution_events_contribution_id"), ["contribution_id"], unique=False)

    op.create_table(
        "contribution_supports",
        sa.Column("contribution_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["contribution_id"],
            ["contributions.id"],
            name=op.f("fk_contribution_supports_contribution_id_contributions"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_contribution_supports_person_id_people")),
        sa.PrimaryKeyConstraint("contribution_id", "person_id", name=op.f("pk_contribution_supports")),
    )
    with op.batch_alter_table("contribution_supports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contribution_supports_person_id"), ["person_id"], unique=False)

    op.create_table(
        "statement_votes",
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("vote", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_statement_votes_person_id_people")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["contributions.id"], name=op.f("fk_statement_votes_statement_id_contributions")
        ),
        sa.PrimaryKeyConstraint("statement_id", "person_id", name=op.f("pk_statement_votes")),
    )
    with op.batch_alter_table("statement_votes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_votes_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_statement_votes_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("statement_votes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_statement_votes_person_id"))
        batch_op.drop_index(batch_op.f("ix_statement_votes_at"))

    op.drop_table("statement_votes")
    with op.batch_alter_table("contribution_supports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contribution_supports_person_id"))

    op.drop_table("contribution_supports")
    with op.batch_alter_table("contribution_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contribution_events_contribution_id"))

    op.drop_table("contribution_events")
    op.drop_table("statement_maps")
    with op.batch_alter_table("contributions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contributions_phase_id_kind_state"))
        batch_op.drop_index(batch_op.f("ix_contributions_person_id"))
        batch_op.drop_index(batch_op.f("ix_contributions_parent_id"))
        batch_op.drop_index(batch_op.f("ix_contributions_at"))

    op.drop_table("contributions")
    with op.batch_alter_table("consultation_report_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consultation_report_lines_consultation_id"))

    op.drop_table("consultation_report_lines")
    with op.batch_alter_table("consultation_phases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consultation_phases_consultation_id"))
        batch_op.drop_index(batch_op.f("ix_consultation_phases_closes_at"))

    op.drop_table("consultation_phases")
    with op.batch_alter_table("consultation_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consultation_events_consultation_id"))

    op.drop_table("consultation_events")
    with op.batch_alter_table("person_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_sessions_person_id"))

    op.drop_table("person_sessions")
    with op.batch_alter_table("consultations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consultations_state"))
        batch_op.drop_index(batch_op.f("ix_consultations_authority_id"))

    op.drop_table("consultations")
    with op.batch_alter_table("person_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_codes_key"))
        batch_op.drop_index(batch_op.f("ix_person_codes_created_at"))

    op.drop_table("person_codes")
    op.drop_table("people")
