"""The ledger of a fund: journals, their lines, and a balance for every account."""

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0004"
down_revision = "funding_0003"
branch_labels = None
depends_on = None

_BALANCES = (
    "uncalled_fen",
    "cash_fen",
    "cost_fen",
    "fees_fen",
    "written_off_fen",
    "distributed_fen",
    "returned_fen",
)
_FUND = (
    "id",
    "size_fen",
    "paid_in_fen",
    "fee_reserve_fen",
    "reserved_fen",
    "committed_fen",
    "invested_fen",
    "uncalled_fen",
    "cash_fen",
    "cost_fen",
    "journal_count",
    "updated_at",
)
_JOURNAL = ("fund_id", "sequence", "act", "reference", "document", "at", "actor")
_LINE = ("fund_id", "sequence", "account", "fen")


def upgrade() -> None:
    for name in _BALANCES:
        constraint = f"CONSTRAINT ck_fund_{name}_not_negative CHECK ({name} >= 0)"
        op.execute(f"ALTER TABLE fund ADD COLUMN {name} BIGINT NOT NULL DEFAULT 0 {constraint}")
    for name, kind in (("gain_fen", "BIGINT"), ("journal_count", "INTEGER")):
        op.execute(f"ALTER TABLE fund ADD COLUMN {name} {kind} NOT NULL DEFAULT 0")
    op.create_table(
        "journal",
        sa.Column("fund_id", sa.String(64), sa.ForeignKey("fund.id"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fund_id", "sequence"),
    )
    op.create_index("ix_journal_reference", "journal", ["reference"])
    op.create_table(
        "journal_line",
        sa.Column("fund_id", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(32), nullable=False),
        sa.Column("fen", sa.BigInteger(), sa.CheckConstraint("fen <> 0", name="moves"), nullable=False),
        sa.PrimaryKeyConstraint("fund_id", "sequence", "account"),
        sa.ForeignKeyConstraint(["fund_id", "sequence"], ["journal.fund_id", "journal.sequence"]),
    )
    _open()
    for table in ("journal", "journal_line"):
        create_append_only(op, table)


def _open() -> None:
    """An opening journal for every fund that is there: what was invested was paid in, whatever is stated."""
    fund = sa.table("fund", *(sa.column(name) for name in _FUND))
    paid_in, invested = sa.func.coalesce(fund.c.paid_in_fen, 0), fund.c.invested_fen
    received = sa.case((paid_in > invested, paid_in), else_=invested)
    op.execute(
        fund.update().values(
            uncalled_fen=fund.c.size_fen - received,
            cash_fen=received - invested,
            cost_fen=invested,
            journal_count=1,
        )
    )
    journal = sa.table("journal", *(sa.column(name) for name in _JOURNAL))
    reference = sa.literal("funds/").concat(fund.c.id)
    opened = sa.select(
        fund.c.id, sa.literal(1), sa.literal("OPEN"), reference, sa.literal(""), fund.c.updated_at
    )
    op.execute(journal.insert().from_select(_JOURNAL, opened.add_columns(sa.literal("migration"))))
    line = sa.table("journal_line", *(sa.column(name) for name in _LINE))
    investable = fund.c.size_fen - fund.c.fee_reserve_fen
    used = fund.c.reserved_fen + fund.c.committed_fen + invested
    balances = {
        "SUBSCRIBED": -fund.c.size_fen,
        "UNCALLED": fund.c.uncalled_fen,
        "CASH": fund.c.cash_fen,
        "COST": fund.c.cost_fen,
        "INVESTABLE": -investable,
        "FREE": investable - used,
        "RESERVED": fund.c.reserved_fen,
        "COMMITTED_UNPAID": fund.c.committed_fen,
        "DEPLOYED": invested,
    }
    for account, balance in balances.items():
        rows = sa.select(fund.c.id, sa.literal(1), sa.literal(account), balance).where(balance != 0)
        op.execute(line.insert().from_select(_LINE, rows))


def downgrade() -> None:
    for table in ("journal_line", "journal"):
        drop_append_only(op, table)
        op.drop_table(table)
    for name in (*_BALANCES, "gain_fen", "journal_count"):
        op.drop_column("fund", name)
