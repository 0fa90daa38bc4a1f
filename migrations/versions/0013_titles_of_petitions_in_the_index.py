"""titles of petitions in the index

Revision ID: 0013
Revises: 0012
"""

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.execute("CREATE INDEX petition_words_title ON petitions USING gin (to_tsvector('simple', compared))")
        return
    op.execute("DROP TABLE petition_words")
    op.execute("CREATE VIRTUAL TABLE petition_words USING fts5(petition_id UNINDEXED, title, words, prefix='2 3')")
    insert = sa.text("INSERT INTO petition_words (rowid, petition_id, title, words) VALUES (:row, :id, :title, :words)")
    rows = connection.execute(sa.text("SELECT id, compared, words FROM petitions WHERE words != ''")).all()
    for row in rows:
        number = int.from_bytes(hashlib.sha256(row.id.encode()).digest()[:8], "big") >> 1
        connection.execute(insert, {"row": number, "id": row.id, "title": row.compared, "words": row.words})


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP INDEX petition_words_title")
        return
    op.execute("DROP TABLE petition_words")
    op.execute("CREATE VIRTUAL TABLE petition_words USING fts5(petition_id UNINDEXED, words, prefix='2 3')")
    op.execute("INSERT INTO petition_words (petition_id, words) SELECT id, words FROM petitions WHERE words != ''")
