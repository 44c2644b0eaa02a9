"""Hires expected of paid deals: settled when a deal is paid, and when its plan is stated anew."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.funding.domain.deal.deal import Deal, paid_on
from services.funding.domain.deal.states import DealState
from services.funding.domain.firm.firm import Firm
from services.funding.domain.pipeline.hiring import Employer, HiringMethod, HiringPlan, expect
from services.funding.store import schema

METHOD = HiringMethod()


def settle(session: Session, deal: Deal, firm: Firm) -> None:
    """Let a paid deal say what it is expected to bring; does nothing before it is paid."""
    paid = paid_on(deal)
    if paid is None:
        return
    earlier = [] if deal.hiring_plan else _earlier(session, deal, firm)
    employer = Employer(firm.city, firm.direction_shares)
    deal.expected_hires = expect(deal.hiring_plan, employer, earlier, paid, METHOD)


def _earlier(session: Session, deal: Deal, firm: Firm) -> list[HiringPlan]:
    """Plans of other paid deals of firms that are of the same stage; none for an unknown stage."""
    if firm.stage is None:
        return []
    table = schema.deal
    query = (
        select(table.c.hiring_plan)
        .join(schema.firm, schema.firm.c.id == table.c.firm_id)
        .where(
            table.c.state == DealState.INVESTED,
            table.c.hiring_plan.is_not(None),
            table.c.id != deal.id,
            schema.firm.c.stage == firm.stage,
        )
    )
    return list(session.scalars(query))
