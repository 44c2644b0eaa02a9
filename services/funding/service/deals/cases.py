"""Cases for screening: everything of one fund, read once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.terms import DealTerms
from services.funding.domain.deal.waiver import Waiver
from services.funding.domain.firm.firm import Firm
from services.funding.domain.firm.stages import Stage
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate, in_force
from services.funding.domain.fund.portfolio import Portfolio, Position
from services.funding.domain.ledger.holding import Holding
from services.funding.domain.outcomes import Outcome
from services.funding.domain.property.loan import FirstLoan
from services.funding.domain.screening.case import OUTSIDE, Case, TechnicalView
from services.funding.service.deals.interests import views_of
from services.funding.service.deals.surroundings import capital_view, credited_to, rights_views
from services.funding.store import repository, schema
from services.funding.store.deals import screened, waivers
from services.funding.store.firms.property import first_loan_standings
from services.kernel.errors import FailedPrecondition, NotFound
from services.kernel.text import Text

_FEW = 500
Others = Mapping[tuple[str, str], tuple[str, ...]]
"""Names of other public funds, by firm and round."""
GIVEN_UP = (DealState.DECLINED, DealState.WITHDRAWN, DealState.LAPSED)


class Held(Protocol):
    """A deal, or a row of it, as far as its capital goes."""

    @property
    def state(self) -> DealState:
        """Where it stands."""
        ...

    @property
    def approved_fen(self) -> int | None:
        """What was approved."""
        ...

    @property
    def signed_fen(self) -> int | None:
        """What was signed."""
        ...

    @property
    def paid_fen(self) -> int | None:
        """What was paid at closing."""
        ...

    @property
    def cancelled_fen(self) -> int:
        """What of the amount signed will not be paid."""
        ...


@dataclass(frozen=True, slots=True)
class Opened:
    """A deal with its firm and the case to judge; whether a bank loan would be the firm's first."""

    deal: Deal
    firm: Firm
    case: Case
    first_loan: FirstLoan = FirstLoan.UNKNOWN


def fund_with_mandate(
    session: Session, fund_id: str, on: date | None = None, *, revision: int | None = None
) -> tuple[Fund, Mandate]:
    """A fund and its rules: those in force on a day, a revision by its number, or the newest.

    Raises NotFound; FailedPrecondition for a fund without rules (FUND_WITHOUT_MANDATE) or with none in force
    on the day (NO_MANDATE_IN_FORCE).
    """
    fund = session.get(Fund, fund_id)
    if fund is None:
        raise NotFound.resource(f"funds/{fund_id}")
    mandates = repository.mandates_of(session, fund_id)
    if not mandates:
        raise FailedPrecondition(
            Text("该基金没有投资规则", "the fund has no mandate"), reason="FUND_WITHOUT_MANDATE"
        )
    if revision is not None:
        mandate = next((each for each in mandates if each.revision == revision), None)
        if mandate is None:
            raise NotFound.resource(f"funds/{fund_id}/mandates/{revision}")
        return fund, mandate
    if on is None:
        return fund, mandates[-1]
    mandate = in_force(mandates, on)
    if mandate is None:
        raise FailedPrecondition(
            Text(f"该基金在 {on} 没有生效的投资规则", f"no mandate of the fund is in force on {on}"),
            reason="NO_MANDATE_IN_FORCE",
        )
    return fund, mandate


def standing_mandate(session: Session, fund_id: str, today: date) -> Mandate | None:
    """The revision in force today, else the newest: nothing can be decided by that. None without rules."""
    mandates = repository.mandates_of(session, fund_id)
    return (in_force(mandates, today) or mandates[-1]) if mandates else None


def open_cases(
    session: Session,
    catalogue: Catalogue,
    fund: Fund,
    mandate: Mandate,
    as_of: date,
    deal_id: str | None = None,
) -> Iterator[Opened]:
    """The deals of a fund (or one of them) as cases."""
    query = screened.deals_judged().where(schema.deal.c.fund_id == fund.id)
    if deal_id is not None:
        query = query.where(schema.deal.c.id == deal_id)
    yield from opened(session, catalogue, fund, mandate, as_of, session.execute(query).all())


def cases_of(
    session: Session, catalogue: Catalogue, fund: Fund, mandate: Mandate, as_of: date, ids: Sequence[str]
) -> list[Opened]:
    """These deals of a fund as cases, in the order of `ids`."""
    rows = session.execute(screened.deals_judged().where(schema.deal.c.id.in_(ids))).all()
    found = {each.deal.id: each for each in opened(session, catalogue, fund, mandate, as_of, rows)}
    return [found[id_] for id_ in ids]


def opened(
    session: Session,
    catalogue: Catalogue,
    fund: Fund,
    mandate: Mandate,
    as_of: date,
    rows: Sequence[tuple[Deal, Firm]],
) -> Iterator[Opened]:
    """Deals of one fund, with their firms, as cases."""
    positions, capital = _positions(session, fund), capital_view(session, fund)
    firms = {firm.id for _, firm in rows}
    rights, loans = rights_views(session, firms, as_of), first_loan_standings(session, firms)
    credited = credited_to(session, fund)
    deals = [deal for deal, _ in rows]
    waived, views = waivers.of_deals(session, [deal.id for deal in deals]), views_of(session, deals)
    others = _other_funds(session, fund, firms)
    everything = Portfolio(tuple(positions.values()))
    for deal, firm in rows:
        rest = (
            Portfolio(tuple(position for id_, position in positions.items() if id_ != deal.id))
            if deal.id in positions
            else everything
        )
        case = case_of(fund, mandate, as_of, deal, firm, rest, others, waived.get(deal.id, ()))
        around = replace(
            case,
            capital=replace(capital, credited_fen=sum(credited.values()) - credited.get(deal.id, 0)),
            interests=views.get(deal.id, case.interests),
            rights=rights.get(firm.id, case.rights),
            places=_called(catalogue, (*mandate.cities, firm.city)),
        )
        yield Opened(deal, firm, around, loans.get(firm.id, FirstLoan.UNKNOWN))


def case_of(
    fund: Fund,
    mandate: Mandate,
    as_of: date,
    deal: Deal,
    firm: Firm,
    portfolio: Portfolio,
    others: Others,
    waived: tuple[Waiver, ...],
) -> Case:
    """One deal as a case. `portfolio`: what the fund holds beside it."""
    return Case(
        mandate,
        fund,
        firm,
        _with_others(deal, others),
        portfolio,
        as_of,
        TechnicalView(expert_rating=deal.expert_rating),
        held_fen=held_fen(deal),
        state=deal.state,
        waivers=waived,
    )


def standing_firm(session: Session, firm_id: str) -> Firm:
    """The firm, or the record that stands for it since they were merged."""
    firm = session.get_one(Firm, firm_id)
    return session.get_one(Firm, firm.merged_into) if firm.merged_into else firm


def held_fen(deal: Held) -> int:
    """What the fund has set aside or paid for a deal."""
    return sum(holding_of(deal))


def holding_of(deal: Held) -> Holding:
    """What a deal takes of its fund's capital up to its payment; what is left of it then, its holding tells."""
    if deal.state in GIVEN_UP:
        return Holding()
    if deal.paid_fen is not None:
        signed = (deal.signed_fen or deal.paid_fen) - deal.cancelled_fen
        return Holding(committed=signed - deal.paid_fen, paid=deal.paid_fen)
    if deal.signed_fen is not None:
        return Holding(committed=deal.signed_fen)
    return Holding(reserved=deal.approved_fen or 0)


def position_fen(deal: Held) -> int:
    """What of the fund's money is in a deal, as its limits look at it: all that is approved, signed or paid. Two
    approvals for one firm would else each be looked at without the other.
    """
    return held_fen(deal)


def early_when_held(stage: Stage | None) -> Outcome:
    """Whether a firm of this stage counts as early among what a fund holds."""
    outcomes = {Stage.SEED: Outcome.PASS, Stage.STARTUP: Outcome.PASS, None: Outcome.UNKNOWN}
    return outcomes.get(stage, Outcome.FAIL)


def portfolio_of(session: Session, fund: Fund, but: Collection[str] = ()) -> Portfolio:
    """What a fund holds, these deals left out."""
    return Portfolio(tuple(each for id_, each in _positions(session, fund).items() if id_ not in but))


def _positions(session: Session, fund: Fund) -> dict[str, Position]:
    """What the fund holds, by deal; of merged firms in the one that stands for them."""
    deal, firm, home = schema.deal.c, schema.firm.c, schema.firm.alias("home")
    query = (
        select(
            deal.id,
            firm.id.label("firm_id"),
            deal.state,
            deal.approved_fen,
            deal.signed_fen,
            deal.paid_fen,
            deal.cancelled_fen,
            firm.stage,
            firm.city,
        )
        .join(home, home.c.id == deal.firm_id)
        .join(schema.firm, firm.id == func.coalesce(home.c.merged_into, home.c.id))
        .where(
            deal.fund_id == fund.id,
            deal.approved_fen.is_not(None) | deal.signed_fen.is_not(None) | deal.paid_fen.is_not(None),
        )
    )
    return {
        each.id: Position(each.firm_id, money, early_when_held(each.stage), each.city, each.city != OUTSIDE)
        for each in session.execute(query)
        if (money := position_fen(each))
    }


def _other_funds(session: Session, fund: Fund, firms: Collection[str]) -> Others:
    """Names of the other funds that have approved a deal of a round of these firms and not given it up."""
    table = schema.deal
    query = (
        select(table.c.firm_id, table.c.round_name, schema.fund.c.name)
        .join(schema.fund, schema.fund.c.id == table.c.fund_id)
        .where(table.c.fund_id != fund.id, table.c.approved_fen.is_not(None), table.c.state.not_in(GIVEN_UP))
    )
    if len(firms) <= _FEW:
        query = query.where(table.c.firm_id.in_(firms))
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for firm_id, round_name, name in session.execute(query):
        found[firm_id, round_name].add(name)
    return {key: tuple(sorted(funds)) for key, funds in found.items()}


def _called(catalogue: Catalogue, codes: Iterable[str]) -> tuple[tuple[str, Text], ...]:
    names = catalogue.places
    return tuple((code, names[code]) for code in dict.fromkeys(codes) if code in names)


def _with_others(deal: Deal, others: Others) -> DealTerms:
    return replace(deal.terms, other_public_funds=others.get((deal.firm_id, deal.round_name), ()))
