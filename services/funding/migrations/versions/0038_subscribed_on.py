"""What funds subscribed to other funds is no longer free, as far as it was free."""

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "funding_0038"
down_revision = "funding_0037"
branch_labels = None
depends_on = None

_BIG, _TEXT = sa.BigInteger(), sa.String()
_FUND = sa.table(
    "fund",
    *(sa.column(name, _BIG) for name in ("size_fen", "fee_reserve_fen", "reserved_fen", "committed_fen")),
    *(sa.column(name, _BIG) for name in ("invested_fen", "journal_count", "version")),
    sa.column("id", _TEXT),
    sa.column("updated_at", sa.DateTime(timezone=True)),
)
_COMMITMENT = sa.table(
    "commitment",
    *(sa.column(name, _TEXT) for name in ("id", "fund_id", "investor_fund")),
    sa.column("fen", _BIG),
    sa.column("new_capital", sa.Boolean()),
)
_JOURNAL = sa.table(
    "journal",
    *(sa.column(name, _TEXT) for name in ("fund_id", "act", "reference", "document", "actor")),
    sa.column("sequence", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
)
_LINE = sa.table(
    "journal_line",
    *(sa.column(name, _TEXT) for name in ("fund_id", "account")),
    sa.column("sequence", sa.Integer()),
    sa.column("fen", _BIG),
)


def upgrade() -> None:
    bind = op.get_bind()
    new, earlier = defaultdict[str, int](int), defaultdict[str, int](int)
    for row in bind.execute(sa.select(_COMMITMENT).where(_COMMITMENT.c.investor_fund.is_not(None))):
        (new if row.new_capital else earlier)[row.investor_fund] += row.fen
    for fund in bind.execute(sa.select(_FUND).where(_FUND.c.id.in_({*new, *earlier}))).all():
        opened = _sum(bind, fund.id, _JOURNAL.c.act == "OPEN")
        posted = _sum(bind, fund.id, (_JOURNAL.c.act == "SIGN") & _JOURNAL.c.reference.like("funds/%"))
        free = (
            fund.size_fen - fund.fee_reserve_fen - fund.reserved_fen - fund.committed_fen - fund.invested_fen
        )
        taken = min(free, new[fund.id] + max(0, earlier[fund.id] - opened) - posted)
        if taken > 0:
            _post(bind, fund, taken)


def downgrade() -> None:
    """The ledger is never taken back."""


def _sum(bind: sa.Connection, fund: str, which: sa.ColumnElement[bool]) -> int:
    """What these journals of a fund signed and paid."""
    joined = (_JOURNAL.c.fund_id == _LINE.c.fund_id) & (_JOURNAL.c.sequence == _LINE.c.sequence)
    query = (
        sa.select(sa.func.sum(_LINE.c.fen))
        .join(_JOURNAL, joined)
        .where(_LINE.c.fund_id == fund, which, _LINE.c.account.in_(("COMMITTED_UNPAID", "DEPLOYED")))
    )
    return int(bind.scalar(query) or 0)


def _post(bind: sa.Connection, fund: sa.Row[Any], fen: int) -> None:
    now = datetime.now(UTC)
    key = {"fund_id": fund.id, "sequence": fund.journal_count + 1}
    facts = {"act": "SIGN", "reference": f"funds/{fund.id}", "document": "", "actor": "migration"}
    bind.execute(sa.insert(_JOURNAL).values(**key, **facts, at=now))
    for account, moved in (("FREE", -fen), ("COMMITTED_UNPAID", fen)):
        bind.execute(sa.insert(_LINE).values(**key, account=account, fen=moved))
    bind.execute(
        sa.update(_FUND)
        .where(_FUND.c.id == fund.id)
        .values(
            committed_fen=fund.committed_fen + fen,
            journal_count=fund.journal_count + 1,
            version=fund.version + 1,
            updated_at=now,
        )
    )
