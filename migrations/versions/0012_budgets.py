"""budgets

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget_choices",
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("projects", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_budget_choices_person_id_people")),
        sa.ForeignKeyConstraint(
            ["phase_id"], ["consultation_phases.id"], name=op.f("fk_budget_choices_phase_id_consultation_phases")
        ),
        sa.PrimaryKeyConstraint("phase_id", "person_id", name=op.f("pk_budget_choices")),
    )
    with op.batch_alter_table("budget_choices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_choices_person_id"), ["person_id"], unique=False)

    op.create_table(
        "budget_outcomes",
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("computed_at", sa.String(length=20), nullable=False),
        sa.Column("seen", sa.String(length=100), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["phase_id"], ["consultation_phases.id"], name=op.f("fk_budget_outcomes_phase_id_consultation_phases")
        ),
        sa.PrimaryKeyConstraint("phase_id", name=op.f("pk_budget_outcomes")),
    )
    op.create_table(
        "budget_projects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("phase_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["phase_id"], ["consultation_phases.id"], name=op.f("fk_budget_projects_phase_id_consultation_phases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_projects")),
    )
    with op.batch_alter_table("budget_projects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_projects_phase_id"), ["phase_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("budget_projects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_projects_phase_id"))

    op.drop_table("budget_projects")
    op.drop_table("budget_outcomes")
    with op.batch_alter_table("budget_choices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_choices_person_id"))

    op.drop_table("budget_choices")
