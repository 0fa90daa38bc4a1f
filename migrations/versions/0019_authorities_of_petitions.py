"""the authority that owes a petition's answer

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("petitions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("authority_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_petitions_authority_id_duty_authorities"), "duty_authorities", ["authority_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("petitions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_petitions_authority_id_duty_authorities"), type_="foreignkey")
        batch_op.drop_column("authority_id")
