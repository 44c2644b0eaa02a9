"""Cases for screening: everything of one fund, read once."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.funding.domain.case import OUTSIDE, Case, TechnicalView
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.states import DealState
from services.funding.domain.firm import Firm
from services.funding.domain.fund import Fund
from services.funding.domain.ledger.holding import Holding
from services.funding.domain.mandate import Mandate
from services.funding.domain.outcomes import Outcome
from services.funding.domain.portfolio import Portfolio, Position
from services.funding.domain.stages import Stage
from services.funding.domain.terms import DealTerms
from services.funding.store import repository, schema
from services.kernel.errors import FailedPrecondition, NotFound
from services.kernel.text import Text

GIVEN_UP = (DealState.DECLINED, DealState.WITHDRAWN, DealState.LAPSED)


@dataclass(frozen=True, slots=True)
class Opened:
    """A deal with its firm and the case to judge."""

    deal: Deal
    firm: Firm
    case: Case


def fund_with_mandate(session: Session, fund_id: str) -> tuple[Fund, Mandate]:
    """A fund and its rules. Raises NotFound; FailedPrecondition for a fund without rules."""
    fund = session.get(Fund, fund_id)
    if fund is None:
        raise NotFound.resource(f"funds/{fund_id}")
    mandate = repository.mandate_of(session, fund_id)
    if mandate is None:
        raise FailedPrecondition(
            Text("该基金没有投资规则", "the fund has no mandate"), reason="FUND_WITHOUT_MANDATE"
        )
    return fund, mandate


def open_cases(
    session: Session, fund: Fund, mandate: Mandate, as_of: date, deal_id: str | None = None
) -> Iterator[Opened]:
    """The deals of a fund (or one of them) as cases."""
    query = select(Deal, Firm).join(Firm, schema.firm.c.id == schema.deal.c.firm_id)
    rows = session.execute(query.where(schema.deal.c.fund_id == fund.id)).all()
    positions = {deal.id: _position(deal, firm) for deal, firm in rows if any(holding_of(deal)[1:])}
    others = _other_funds(session, fund)
    for deal, firm in rows:
        if deal_id not in (None, deal.id):
            continue
        held = tuple(position for id_, position in positions.items() if id_ != deal.id)
        yield Opened(
            deal,
            firm,
            Case(
                mandate,
                fund,
                firm,
                _with_others(deal, others),
                Portfolio(held),
                as_of,
                TechnicalView(expert_rating=deal.expert_rating),
                held_fen=held_fen(deal),
            ),
        )


def held_fen(deal: Deal) -> int:
    """What the fund has set aside or paid for a deal."""
    return sum(holding_of(deal))


def holding_of(deal: Deal) -> Holding:
    """What a deal takes of its fund's capital."""
    if deal.state in GIVEN_UP:
        return Holding()
    if deal.paid_fen is not None:
        return Holding(paid=deal.paid_fen)
    if deal.signed_fen is not None:
        return Holding(committed=deal.signed_fen)
    return Holding(reserved=deal.approved_fen or 0)


def _position(deal: Deal, firm: Firm) -> Position:
    outcomes = {Stage.SEED: Outcome.PASS, Stage.STARTUP: Outcome.PASS, None: Outcome.UNKNOWN}
    held = holding_of(deal)
    early = outcomes.get(firm.stage, Outcome.FAIL)
    return Position(firm.id, held.committed + held.paid, early, firm.city, firm.city != OUTSIDE)


def _other_funds(session: Session, fund: Fund) -> dict[tuple[str, str], tuple[str, ...]]:
    """Names of the other funds that have approved a deal of a firm's round and not given it up."""
    table = schema.deal
    query = (
        select(table.c.firm_id, table.c.round_name, schema.fund.c.name)
        .join(schema.fund, schema.fund.c.id == table.c.fund_id)
        .where(table.c.fund_id != fund.id, table.c.approved_fen.is_not(None), table.c.state.not_in(GIVEN_UP))
    )
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for firm_id, round_name, name in session.execute(query):
        found[firm_id, round_name].add(name)
    return {key: tuple(sorted(funds)) for key, funds in found.items()}


def _with_others(deal: Deal, others: dict[tuple[str, str], tuple[str, ...]]) -> DealTerms:
    return replace(deal.terms, other_public_funds=others.get((deal.firm_id, deal.round_name), ()))
