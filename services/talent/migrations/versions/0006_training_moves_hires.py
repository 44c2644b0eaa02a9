"""Training places, moves, and what funded deals are expected to hire."""

import sqlalchemy as sa
from alembic import op

revision = "talent_0006"
down_revision = "talent_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_training_places()
    _create_moves()
    _create_hires()


def downgrade() -> None:
    for name in ("funded_hire", "funded_firm", "funded_deal", "move", "training_place"):
        op.drop_table(name)


def _create_training_places() -> None:
    op.create_table(
        "training_place",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("provider_code", sa.String(length=18), nullable=False),
        sa.Column("programme", sa.Text(), nullable=False),
        sa.Column("city", sa.String(length=63), nullable=False),
        sa.Column("leaf", sa.String(length=63), nullable=False),
        sa.Column("category", sa.String(length=63), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("completes", sa.Date(), nullable=False),
        sa.Column("completion", sa.Integer(), nullable=False),
        sa.Column("retention", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_place")),
        sa.UniqueConstraint("ref", name=op.f("uq_training_place_ref")),
    )
    op.create_index(op.f("ix_training_place_completes"), "training_place", ["completes"])


def _create_moves() -> None:
    op.create_table(
        "move",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("category", sa.String(length=63), nullable=False),
        sa.Column("shares", sa.Text(), nullable=False),
        sa.Column("from_city", sa.String(length=63), nullable=False),
        sa.Column("to_city", sa.String(length=63), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("derived", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=128), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_move")),
        sa.UniqueConstraint("ref", name=op.f("uq_move_ref")),
    )
    op.create_index(op.f("ix_move_day"), "move", ["day"])
    op.create_index(op.f("ix_move_person_id"), "move", ["person_id"])


def _create_hires() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "funded_deal",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", big, nullable=False),
        sa.Column("firm_id", sa.String(length=64), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("basis", sa.String(length=32), nullable=False),
        sa.Column("basis_deals", sa.Integer(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funded_deal")),
    )
    op.create_index(op.f("ix_funded_deal_firm_id"), "funded_deal", ["firm_id"])
    op.create_table(
        "funded_firm",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("version", big, nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funded_firm")),
    )
    op.create_table(
        "funded_hire",
        sa.Column("deal_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.String(length=63), nullable=False),
        sa.Column("city", sa.String(length=63), nullable=False),
        sa.Column("category", sa.String(length=63), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("micro", big, nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deal_id"], ["funded_deal.id"], name=op.f("fk_funded_hire_deal_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("deal_id", "number", name=op.f("pk_funded_hire")),
    )
    op.create_index("ix_funded_hire_ends", "funded_hire", ["ends"])
