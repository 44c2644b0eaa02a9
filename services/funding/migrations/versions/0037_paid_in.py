"""What funds received and what governments subscribed anew since they were entered is part of their figures."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "funding_0037"
down_revision = "funding_0036"
branch_labels = None
depends_on = None

_GOVERNMENT = ("PROVINCE", "CITY", "DISTRICT")
_BIG, _TEXT = sa.BigInteger(), sa.String()
_FUND = sa.table(
    "fund",
    *(sa.column(name, _BIG) for name in ("size_fen", "paid_in_fen", "government_fen", "uncalled_fen")),
    sa.column("id", _TEXT),
)
_COMMITMENT = sa.table(
    "commitment",
    *(sa.column(name, _TEXT) for name in ("fund_id", "investor_fund", "kind")),
    sa.column("fen", _BIG),
    sa.column("new_capital", sa.Boolean()),
)


def upgrade() -> None:
    table = _FUND
    is_moved = table.c.id.in_(_paid()) & table.c.paid_in_fen.is_not(None)
    is_called = table.c.id.in_(_called())
    statement = sa.update(table).where(is_moved | is_called)
    op.execute(statement.values(paid_in_fen=table.c.size_fen - table.c.uncalled_fen))
    _add(1)


def downgrade() -> None:
    """What is paid in stays as the ledger has it."""
    _add(-1)


def _paid() -> sa.Select[Any]:
    """The funds whose subscribed capital was paid in by an act of its own."""
    journal = sa.table("journal", *(sa.column(name) for name in ("fund_id", "sequence", "act")))
    line = sa.table("journal_line", *(sa.column(name) for name in ("fund_id", "sequence", "account", "fen")))
    of_journal = (journal.c.fund_id == line.c.fund_id) & (journal.c.sequence == line.c.sequence)
    return (
        sa.select(line.c.fund_id)
        .join(journal, of_journal)
        .where(journal.c.act != "OPEN", line.c.account == "UNCALLED", line.c.fen < 0)
    )


def _called() -> sa.Select[Any]:
    """The funds with a receipt of a capital call."""
    call = sa.table("capital_call", sa.column("id"), sa.column("fund_id"))
    receipt = sa.table("capital_receipt", sa.column("call_id"))
    return sa.select(call.c.fund_id).join(receipt, receipt.c.call_id == call.c.id)


def _add(sign: int) -> None:
    """Add to the governments' part of funds what they subscribed since, or take it off."""
    bind = op.get_bind()
    funds = {row.id: row for row in bind.execute(sa.select(_FUND))}
    public = dict.fromkeys(funds, 0)
    for row in bind.execute(sa.select(_COMMITMENT).where(_COMMITMENT.c.new_capital)):
        public[row.fund_id] += _of_governments(row, funds)
    for id_, fen in public.items():
        if fen and funds[id_].government_fen is not None:
            statement = sa.update(_FUND).where(_FUND.c.id == id_)
            bind.execute(statement.values(government_fen=funds[id_].government_fen + sign * fen))


def _of_governments(made: sa.Row[Any], funds: dict[str, sa.Row[Any]]) -> int:
    """What of a commitment is governments' money, of a fund's by what that fund states."""
    if made.kind in _GOVERNMENT:
        return int(made.fen)
    investor = funds.get(made.investor_fund)
    return 0 if investor is None else made.fen * (investor.government_fen or 0) // investor.size_fen
