"""A fund has at most one open deal for a firm's round."""

import sqlalchemy as sa
from alembic import op

from services.chassis.configuration import ConfigurationError

revision = "funding_0002"
down_revision = "funding_0001"
branch_labels = None
depends_on = None

_OPEN = sa.text("state NOT IN ('DECLINED', 'INVESTED', 'LAPSED', 'WITHDRAWN')")


_SHOWN = 5


def upgrade() -> None:
    _require_one_each()
    op.create_index(
        "uq_deal_open",
        "deal",
        ["fund_id", "firm_id", "round_name"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )


def _require_one_each() -> None:
    """Raise ConfigurationError naming the rounds with several open deals: which one stands is for people to say."""
    columns: list[sa.ColumnClause[str]] = [sa.column(name) for name in ("fund_id", "firm_id", "round_name")]
    deal: sa.ColumnClause[str] = sa.column("id")
    rounds = sa.select(*columns, sa.func.min(deal), sa.func.max(deal), sa.func.count()).select_from(
        sa.table("deal")
    )
    rounds = rounds.where(_OPEN).group_by(*columns).having(sa.func.count() > 1).order_by(*columns)
    found = op.get_bind().execute(rounds).all()
    if not found:
        return
    named = [
        f"funds/{r[0]} firms/{r[1]} {r[2]} ({r[5]}: deals/{r[3]} … deals/{r[4]})" for r in found[:_SHOWN]
    ]
    told = "; ".join(named)
    raise ConfigurationError(
        "BOLE_FUNDING_DATABASE_URL",
        f"有 {len(found)} 个企业轮次在同一基金下存在多个进行中的项目，升级前每轮只能保留一个："
        f"请用原版本程序撤回（bole deal move deals/… withdraw）其余项目，再升级；数据未改动。{told}",
        f"{len(found)} rounds have several open deals in one fund; only one of each may stay: withdraw the others "
        f"with the program's former version (bole deal move deals/… withdraw), then upgrade; nothing was changed. "
        f"{told}",
    )


def downgrade() -> None:
    op.drop_index("uq_deal_open", "deal")
