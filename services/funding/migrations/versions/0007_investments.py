"""Holdings of paid deals, their steps, and plans of payment."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import sqlalchemy as sa
from alembic import op

from services.chassis.storage.append_only import create_append_only, drop_append_only

revision = "funding_0007"
down_revision = "funding_0006"
branch_labels = None
depends_on = None

_FIGURES = (
    "signed_fen",
    "paid_fen",
    "unpaid_fen",
    "cost_fen",
    "proceeds_fen",
    "written_off_fen",
    "value_fen",
)
_HISTORIES = ("tranche_plan", "investment_step")
_CHINA = timezone(timedelta(hours=8))


def upgrade() -> None:
    op.execute("ALTER TABLE deal ADD COLUMN cancelled_fen BIGINT NOT NULL DEFAULT 0")
    op.create_table(
        "investment",
        sa.Column("id", sa.String(64), sa.ForeignKey("deal.id"), primary_key=True),
        sa.Column("fund_id", sa.String(64), sa.ForeignKey("fund.id"), nullable=False),
        sa.Column("firm_id", sa.String(64), sa.ForeignKey("firm.id"), nullable=False),
        sa.Column("round_name", sa.String(60), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("closed", sa.Date(), nullable=False),
        sa.Column("tranches", sa.Text(), nullable=False),
        *(
            sa.Column(
                name,
                sa.BigInteger(),
                sa.CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative"),
                nullable=False,
            )
            for name in _FIGURES
        ),
        sa.Column("gain_fen", sa.BigInteger(), nullable=False),
        sa.Column("marked", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_investment_fund_state", "investment", ["fund_id", "state"])
    op.create_index("ix_investment_firm", "investment", ["firm_id"])
    op.create_table(
        "investment_step",
        sa.Column("investment_id", sa.String(64), sa.ForeignKey("investment.id"), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("investment_id", "sequence"),
    )
    op.create_table(
        "tranche_plan",
        sa.Column("deal_id", sa.String(64), sa.ForeignKey("deal.id"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("tranches", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("deal_id", "revision"),
    )
    _open()
    for table in _HISTORIES:
        create_append_only(op, table)


def _open() -> None:
    """A holding, paid in one, for every deal that is paid."""
    deal = sa.table(
        "deal",
        *(sa.column(name) for name in ("id", "fund_id", "firm_id", "round_name", "origin", "state")),
        sa.column("paid_fen", sa.BigInteger()),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("submitted_at", "updated_at")),
    )
    investment = sa.table(
        "investment",
        *(
            sa.column(name)
            for name in ("id", "fund_id", "firm_id", "round_name", "origin", "state", "tranches", *_FIGURES)
        ),
        *(sa.column(name) for name in ("gain_fen", "version")),
        sa.column("closed", sa.Date()),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "updated_at")),
    )
    step = sa.table("investment_step", *(sa.column(name) for name in ("investment_id", "sequence", "step")))
    paid = sa.select(deal).where(deal.c.state == "INVESTED", deal.c.paid_fen.is_not(None))
    for row in op.get_bind().execute(paid).all():
        at = row.updated_at if row.updated_at.tzinfo else row.updated_at.replace(tzinfo=UTC)
        figures = dict.fromkeys(_FIGURES, 0) | dict.fromkeys(
            ("signed_fen", "paid_fen", "cost_fen", "value_fen"), row.paid_fen
        )
        tranche = {"due": None, "fen": row.paid_fen, "milestone": "", "number": 1}
        op.execute(
            investment.insert().values(
                **{name: getattr(row, name) for name in ("id", "fund_id", "firm_id", "round_name", "origin")},
                **figures,
                state="ACTIVE",
                tranches=_json([tranche]),
                gain_fen=0,
                version=1,
                closed=_closed(row.id, row.submitted_at, at),
                created_at=at,
                updated_at=at,
            )
        )
        op.execute(
            step.insert().values(investment_id=row.id, sequence=1, step=_json(_first(row.paid_fen, at)))
        )


def _closed(deal_id: str, submitted_at: datetime | None, at: datetime) -> date:
    """The day of the payment; of an imported deal, which does not say, the day of submission."""
    transition = sa.table("deal_transition", *(sa.column(n) for n in ("deal_id", "sequence", "transition")))
    last = sa.select(transition.c.transition).where(transition.c.deal_id == deal_id)
    text = op.get_bind().execute(last.order_by(transition.c.sequence.desc()).limit(1)).scalar_one()
    if json.loads(text)["action"] == "IMPORT" and submitted_at is not None:
        at = submitted_at if submitted_at.tzinfo else submitted_at.replace(tzinfo=UTC)
    return at.astimezone(_CHINA).date()


def _first(fen: int, at: datetime) -> dict[str, object]:
    return {
        "action": "OPEN",
        "actor": "migration",
        "at": at.astimezone(UTC).isoformat(),
        "fen": fen,
        "sequence": 1,
        "source": None,
        "target": "ACTIVE",
        "tranche": 1,
    }


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def downgrade() -> None:
    for table in reversed(_HISTORIES):
        drop_append_only(op, table)
        op.drop_table(table)
    op.drop_table("investment")
    op.drop_column("deal", "cancelled_fen")
