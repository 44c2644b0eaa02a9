"""Firms by words: tokens of their names with an index of each engine's own. The program fills it when it starts."""

import sqlite3

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "funding_0033"
down_revision = "funding_0032"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TOKENS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "firm_text",
        sa.Column("number", _BIG, autoincrement=True, nullable=False),
        sa.Column("firm_id", sa.String(length=64), nullable=False),
        sa.Column("personal", sa.Text(), nullable=False),
        sa.Column("tokens", _TOKENS, nullable=False),
        sa.ForeignKeyConstraint(
            ["firm_id"], ["firm.id"], name=op.f("fk_firm_text_firm_id_firm"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_firm_text")),
        sa.UniqueConstraint("firm_id", name=op.f("uq_firm_text_firm_id")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("gin_firm_text_tokens", "firm_text", ["tokens"], postgresql_using="gin")
        return
    op.execute(
        "CREATE VIRTUAL TABLE firm_text_fts USING fts5(tokens, content='firm_text', content_rowid='number', "
        "detail='none', columnsize=0, tokenize=\"ascii tokenchars '-_'\")"
    )
    if sqlite3.sqlite_version_info >= (3, 42, 0):
        op.execute("INSERT INTO firm_text_fts(firm_text_fts, rank) VALUES ('secure-delete', 1)")
    gone = (
        "INSERT INTO firm_text_fts(firm_text_fts, rowid, tokens) VALUES ('delete', old.number, old.tokens);"
    )
    come = "INSERT INTO firm_text_fts(rowid, tokens) VALUES (new.number, new.tokens);"
    op.execute(f"CREATE TRIGGER firm_text_come AFTER INSERT ON firm_text BEGIN {come} END")
    op.execute(f"CREATE TRIGGER firm_text_gone AFTER DELETE ON firm_text BEGIN {gone} END")
    op.execute(f"CREATE TRIGGER firm_text_changed AFTER UPDATE ON firm_text BEGIN {gone} {come} END")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE firm_text_fts")
    op.drop_table("firm_text")
