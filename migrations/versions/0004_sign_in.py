"""passkeys, roles for single elections, sign-in with an identity provider

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM official_sessions")  # nobody knows when they showed their second factor
    with op.batch_alter_table("official_sessions") as batch:
        batch.add_column(sa.Column("began_at", sa.String(length=20), nullable=False))
        batch.add_column(sa.Column("confirmed_at", sa.String(length=20), nullable=False))
        batch.add_column(sa.Column("browser", sa.String(length=60), nullable=False))
        batch.add_column(sa.Column("passkey", sa.Boolean(), nullable=False))
    op.create_table(
        "passkey_challenges",
        sa.Column("challenge_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("bound_to", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("challenge_hash", name=op.f("pk_passkey_challenges")),
    )
    op.create_table(
        "used_sign_ins",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_used_sign_ins")),
    )
    op.create_index(op.f("ix_used_sign_ins_expires_at"), "used_sign_ins", ["expires_at"])
    op.create_table(
        "official_assignments",
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("election_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["official_id"], ["officials.id"], name=op.f("fk_official_assignments_official_id_officials")
        ),
        sa.PrimaryKeyConstraint("official_id", "election_id", "role", name=op.f("pk_official_assignments")),
    )
    op.create_index(op.f("ix_official_assignments_election_id"), "official_assignments", ["election_id"])
    op.create_table(
        "official_passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("official_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("synced", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.String(length=20), nullable=False),
        sa.Column("used_at", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["official_id"], ["officials.id"], name=op.f("fk_official_passkeys_official_id_officials")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_official_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_official_passkeys_credential_id")),
    )
    op.create_index(op.f("ix_official_passkeys_official_id"), "official_passkeys", ["official_id"])


def downgrade() -> None:
    op.drop_table("official_passkeys")
    op.drop_table("official_assignments")
    op.drop_table("used_sign_ins")
    op.drop_table("passkey_challenges")
    op.execute("DELETE FROM official_sessions")
    with op.batch_alter_table("official_sessions") as batch:
        for name in ("passkey", "browser", "confirmed_at", "began_at"):
            batch.drop_column(name)
