"""Recycling as the fund's rules and its ledger stand: the fund stays locked, so that the cap holds in any race."""

from sqlalchemy.orm import Session

from services.funding.domain.fund.mandate import in_force
from services.funding.domain.investment.actions import InvestmentAction
from services.funding.domain.investment.investment import InvestmentStep
from services.funding.domain.ledger.acts import Lines, return_capital
from services.funding.domain.ledger.recycling import recalled, recyclable
from services.funding.store import repository
from services.funding.store.funds import ledger
from services.kernel.clock import civil_date


def recycled_by(session: Session, fund_id: str, step: InvestmentStep) -> int:
    """Fen of what a step brings in that may be invested again; 0 for a step that is no sale."""
    if step.action is not InvestmentAction.RECORD_EXIT or not step.cost_fen:
        return 0
    on = civil_date(step.at)
    mandate = in_force(repository.mandates_of(session, fund_id), on)
    return recyclable(ledger.lock_fund(session, fund_id), mandate, step.fen or 0, step.cost_fen, on)


def returned(session: Session, fund_id: str, fen: int) -> Lines:
    """The lines of a return of capital to the investors. Raises InvalidArgument, NotFound."""
    fund = ledger.lock_fund(session, fund_id)
    return return_capital(fen, recycled_fen=recalled(fund.balances, fen))
