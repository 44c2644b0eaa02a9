"""Rights of firms, pledges of them, bank loans and the first of them."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0012"
down_revision = "funding_0011"
branch_labels = None
depends_on = None

_HISTORIES = ("pledge_step", "loan", "credit_check", "first_loan")


def upgrade() -> None:
    _rights()
    _pledges()
    _loans()
    for table in _HISTORIES:
        create_append_only(op, table)


def _rights() -> None:
    op.create_table(
        "ip_right",
        sa.Column("id", sa.String(64), primary_key=True),
        _firm(),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("number", sa.String(64), nullable=False, unique=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("granted", sa.Date(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("lapse_reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_recorded(),
    )
    op.create_index("ix_ip_right_firm_id", "ip_right", ["firm_id"])


def _pledges() -> None:
    op.create_table(
        "pledge",
        sa.Column("id", sa.String(64), primary_key=True),
        _firm(),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("right_ids", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("pledgee", sa.Text(), nullable=False),
        sa.Column(
            "secured_fen",
            sa.BigInteger(),
            sa.CheckConstraint("secured_fen > 0", name="positive"),
            nullable=False,
        ),
        sa.Column("valuation_fen", sa.BigInteger(), nullable=True),
        sa.Column("valuation_basis", sa.Text(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("registration", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_pledge_firm_id", "pledge", ["firm_id"])
    op.create_table(
        "pledged_right",
        sa.Column("pledge_id", sa.String(64), sa.ForeignKey("pledge.id"), nullable=False),
        sa.Column("right_id", sa.String(64), sa.ForeignKey("ip_right.id"), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("pledge_id", "right_id"),
    )
    live = sa.text("live")
    op.create_index(
        "uq_pledged_right_live",
        "pledged_right",
        ["right_id", "rank"],
        unique=True,
        sqlite_where=live,
        postgresql_where=live,
    )
    op.create_table(
        "pledge_step",
        sa.Column("pledge_id", sa.String(64), sa.ForeignKey("pledge.id"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("pledge_id", "sequence"),
    )


def _loans() -> None:
    op.create_table(
        "loan",
        sa.Column("id", sa.String(64), primary_key=True),
        _firm(),
        sa.Column("lender", sa.Text(), nullable=False),
        sa.Column("fen", sa.BigInteger(), sa.CheckConstraint("fen > 0", name="positive"), nullable=False),
        sa.Column("disbursed", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("security", sa.String(32), nullable=False),
        sa.Column("pledge_id", sa.String(64), sa.ForeignKey("pledge.id"), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        *_recorded(),
    )
    op.create_index("ix_loan_firm_id", "loan", ["firm_id"])
    op.create_table(
        "credit_check",
        _firm(),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("earliest", sa.Date(), nullable=True),
        *_recorded(),
        sa.PrimaryKeyConstraint("firm_id", "sequence"),
    )
    op.create_table(
        "first_loan",
        _firm(),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.String(64), sa.ForeignKey("loan.id"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        *_recorded(),
        sa.PrimaryKeyConstraint("firm_id", "sequence"),
    )


def _firm() -> sa.Column[str]:
    return sa.Column("firm_id", sa.String(64), sa.ForeignKey("firm.id"), nullable=False)


def _recorded() -> tuple[sa.Column[str], sa.Column[object]]:
    return (
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    for table in reversed(_HISTORIES):
        drop_append_only(op, table)
        op.drop_table(table)
    for table in ("pledged_right", "pledge", "ip_right"):
        op.drop_table(table)
