"""How positions end: outcomes by head; and a key that finds repeated advertisements."""

import hashlib
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "talent_0002"
down_revision = "talent_0001"
branch_labels = None
depends_on = None

_NOISE = re.compile(r"[\W_]+")
_BATCH = 1000


def upgrade() -> None:
    op.add_column("position", sa.Column("attributed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("position", sa.Column("outcome", sa.String(length=32), nullable=True))
    op.add_column("position", sa.Column("same_key", sa.String(length=32), nullable=False, server_default=""))
    _fill_keys()
    op.execute("UPDATE position SET outcome = status WHERE status IN ('WITHDRAWN', 'EXPIRED')")
    op.drop_index("ix_position_same", "position")
    op.create_index("ix_position_same_key", "position", ["same_key"])
    op.create_index("ix_position_duplicate_of", "position", ["duplicate_of"])
    op.create_index("ix_position_status_renewed", "position", ["status", "renewed"])
    op.create_index("ix_position_employer_code", "position", ["employer_code"])
    op.create_table(
        "position_outcome",
        sa.Column("position_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["position_id"],
            ["position.id"],
            name=op.f("fk_position_outcome_position_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position_id", "number", name=op.f("pk_position_outcome")),
    )
    op.create_index(op.f("ix_position_outcome_person_id"), "position_outcome", ["person_id"])


def downgrade() -> None:
    op.drop_table("position_outcome")
    op.drop_index("ix_position_employer_code", "position")
    op.drop_index("ix_position_status_renewed", "position")
    op.drop_index("ix_position_duplicate_of", "position")
    op.drop_index("ix_position_same_key", "position")
    op.create_index("ix_position_same", "position", ["city", "leaf"])
    for column in ("same_key", "outcome", "attributed"):
        op.drop_column("position", column)


def _fill_keys() -> None:
    connection = op.get_bind()
    position = sa.table(
        "position",
        *(sa.column(name) for name in ("id", "employer", "employer_code", "title", "city", "leaf")),
    )
    update = sa.text("UPDATE position SET same_key = :key WHERE id = :id")
    last = ""
    while True:
        query = sa.select(position).where(position.c.id > last).order_by(position.c.id).limit(_BATCH)
        rows = connection.execute(query).all()
        if not rows:
            return
        connection.execute(update, [{"id": row.id, "key": _key(row)} for row in rows])
        last = rows[-1].id


def _key(row: sa.Row[tuple[str, ...]]) -> str:
    parts = (_plain(row.employer_code or row.employer), _plain(row.title), row.city, row.leaf)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def _plain(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())
