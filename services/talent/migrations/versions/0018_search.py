"""People and positions by words: tokens with an index of each engine's own."""

import sqlite3

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "talent_0018"
down_revision = "talent_0017"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TOKENS = sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql")


def upgrade() -> None:
    """The program fills the tables when it starts."""
    op.drop_table("person_text")
    for entity in ("person", "position"):
        _create(entity)
    op.drop_index("ix_person_direction_code", "person_direction")
    op.create_index("ix_person_direction_found", "person_direction", ["is_industry", "code", "person_id"])
    op.drop_index("ix_position_direction_code", "position_direction")
    op.create_index(
        "ix_position_direction_found", "position_direction", ["is_industry", "code", "position_id"]
    )
    op.drop_index("ix_person_city_category", "person")
    op.create_index("ix_person_faceted", "person", ["city", "category", "availability", "status"])
    op.create_index("ix_position_faceted", "position", ["city", "category", "status"])


def downgrade() -> None:
    """What the older program searches is filled by its next change of a record."""
    op.drop_index("ix_position_faceted", "position")
    op.drop_index("ix_person_faceted", "person")
    op.create_index("ix_person_city_category", "person", ["city", "category"])
    op.drop_index("ix_position_direction_found", "position_direction")
    op.create_index("ix_position_direction_code", "position_direction", ["code", "position_id"])
    op.drop_index("ix_person_direction_found", "person_direction")
    op.create_index("ix_person_direction_code", "person_direction", ["code", "person_id"])
    for entity in ("position", "person"):
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TABLE {entity}_text_fts")
        op.drop_table(f"{entity}_text")
    op.create_table(
        "person_text",
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("public", sa.Text(), nullable=False),
        sa.Column("personal", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_text_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_person_text")),
    )


def _create(entity: str) -> None:
    name, owner = f"{entity}_text", f"{entity}_id"
    op.create_table(
        name,
        sa.Column("number", _BIG, autoincrement=True, nullable=False),
        sa.Column(owner, sa.String(length=64), nullable=False),
        sa.Column("personal", sa.Text(), nullable=False),
        sa.Column("tokens", _TOKENS, nullable=False),
        sa.ForeignKeyConstraint(
            [owner], [f"{entity}.id"], name=op.f(f"fk_{name}_{owner}"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(owner, name=op.f(f"uq_{name}_{owner}")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_index(f"gin_{name}_tokens", name, ["tokens"], postgresql_using="gin")
        return
    fts = f"{name}_fts"
    op.execute(
        f"CREATE VIRTUAL TABLE {fts} USING fts5(tokens, content='{name}', content_rowid='number', "
        "detail='none', columnsize=0, tokenize=\"ascii tokenchars '-_'\")"
    )
    if sqlite3.sqlite_version_info >= (3, 42, 0):
        op.execute(f"INSERT INTO {fts}({fts}, rank) VALUES ('secure-delete', 1)")  # noqa: S608
    gone = f"INSERT INTO {fts}({fts}, rowid, tokens) VALUES ('delete', old.number, old.tokens);"  # noqa: S608
    come = f"INSERT INTO {fts}(rowid, tokens) VALUES (new.number, new.tokens);"  # noqa: S608
    op.execute(f"CREATE TRIGGER {name}_come AFTER INSERT ON {name} BEGIN {come} END")
    op.execute(f"CREATE TRIGGER {name}_gone AFTER DELETE ON {name} BEGIN {gone} END")
    op.execute(f"CREATE TRIGGER {name}_changed AFTER UPDATE ON {name} BEGIN {gone} {come} END")
