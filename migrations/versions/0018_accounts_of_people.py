"""accounts of people

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_accounts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_accounts_person_id_people")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_person_accounts")),
    )
    op.create_index(op.f("ix_person_accounts_person_id"), "person_accounts", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_person_accounts_person_id"), table_name="person_accounts")
    op.drop_table("person_accounts")
