"""Every version of a firm and every set of its figures are kept; what is on record becomes the first of them."""

import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0010"
down_revision = "funding_0009"
branch_labels = None
depends_on = None

_IMAGE = (
    "uscc",
    "name",
    "city",
    "direction_shares",
    "stage",
    "founded",
    "technology",
    "product",
    "origin",
    "snapshot",
    "status",
    "withdrawal_reason",
    "created_at",
)


def upgrade() -> None:
    op.create_table(
        "firm_version",
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(128), nullable=False),
        sa.Column("image", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("firm_id", "version", name=op.f("pk_firm_version")),
    )
    op.create_table(
        "firm_snapshot",
        sa.Column("firm_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("firm_id", "number", name=op.f("pk_firm_snapshot")),
    )
    op.create_index("ix_firm_snapshot_as_of", "firm_snapshot", ["firm_id", "as_of"])
    _keep_what_is_there()
    create_append_only(op, "firm_version")
    create_append_only(op, "firm_snapshot")


def downgrade() -> None:
    for table in ("firm_snapshot", "firm_version"):
        drop_append_only(op, table)
        op.drop_table(table)


def _keep_what_is_there() -> None:
    instant = sa.DateTime(timezone=True)
    types: dict[str, Any] = {
        "founded": sa.Date(),
        "created_at": instant,
        "updated_at": instant,
        "version": sa.Integer(),
    }
    firm = sa.table("firm", *(sa.column(n, types.get(n)) for n in ("id", "version", "updated_at", *_IMAGE)))
    versions = sa.table(
        "firm_version",
        *(sa.column(name) for name in ("firm_id", "version", "recorded_by", "image")),
        sa.column("recorded_at", instant),
    )
    figures = sa.table(
        "firm_snapshot",
        *(sa.column(name) for name in ("firm_id", "number", "verified", "figures", "source", "recorded_by")),
        sa.column("as_of", sa.Date()),
        sa.column("recorded_at", instant),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(firm)).mappings().all():
        common = {"firm_id": row["id"], "recorded_at": row["updated_at"], "recorded_by": "migration"}
        image = json.dumps({name: _plain(row[name]) for name in _IMAGE}, ensure_ascii=False).encode()
        connection.execute(sa.insert(versions).values(version=row["version"], image=image, **common))
        if row["snapshot"]:
            said = json.loads(row["snapshot"])
            day = datetime.fromisoformat(said["as_of"]).date()
            verified = bool(said.get("verified"))
            connection.execute(
                sa.insert(figures).values(
                    number=1, as_of=day, verified=verified, figures=row["snapshot"], source="", **common
                )
            )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value
