"""wrong tries in officials' sessions

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("official_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("official_sessions", schema=None) as batch_op:
        batch_op.alter_column("failures", existing_type=sa.Integer(), server_default=None, existing_nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("official_sessions", schema=None) as batch_op:
        batch_op.drop_column("failures")
