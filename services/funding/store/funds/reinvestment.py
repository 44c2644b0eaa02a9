"""Reading and writing credits of local reinvestment."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from services.funding.domain.capital.cities import Placed
from services.funding.domain.capital.reinvestment import ReinvestmentCredit
from services.funding.store import schema


def credits_of(session: Session, investment_id: str | None = None) -> list[ReinvestmentCredit]:
    """Credits of one investment or of all, oldest first."""
    table = schema.reinvestment_credit
    query = select(table).order_by(table.c.investment_id, table.c.sequence)
    if investment_id is not None:
        query = query.where(table.c.investment_id == investment_id)
    return [ReinvestmentCredit(**row) for row in session.execute(query).mappings()]


def credits_of_fund(session: Session, fund_id: str) -> list[ReinvestmentCredit]:
    """Credits that count for one fund, oldest first."""
    table = schema.reinvestment_credit
    query = select(table).where(table.c.fund_id == fund_id)
    rows = session.execute(query.order_by(table.c.investment_id, table.c.sequence)).mappings()
    return [ReinvestmentCredit(**row) for row in rows]


def save(session: Session, made: ReinvestmentCredit) -> None:
    """Add a credit."""
    session.execute(insert(schema.reinvestment_credit).values(**asdict(made)))


def placed(session: Session, fund_ids: Sequence[str]) -> list[Placed]:
    """What these funds have paid, holding by holding, and where the firms are."""
    table, firm = schema.investment, schema.firm
    query = (
        select(firm.c.id, firm.c.city, table.c.paid_fen)
        .join(firm, firm.c.id == table.c.firm_id)
        .where(table.c.fund_id.in_(fund_ids))
    )
    return [Placed(*row) for row in session.execute(query)]
