"""From a deal to the row that is kept of its screening."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.fund.portfolio import Portfolio
from services.funding.domain.pipeline.waiting import stands_since
from services.funding.domain.property.loan import FirstLoan
from services.funding.domain.screening.case import Case
from services.funding.domain.screening.standing import standing_row
from services.funding.service.deals.cases import case_of, early_when_held, held_fen, position_fen
from services.funding.service.deals.interests import views_of
from services.funding.service.deals.surroundings import rights_views
from services.funding.store import repository
from services.funding.store.deals import waivers
from services.funding.store.deals.screened import Day, Stamp
from services.funding.store.firms.property import first_loan_standings

_EMPTY = Portfolio()


@dataclass(frozen=True)
class RowMaker:
    """Makes rows as of the days at which the funds stand."""

    catalogue: Catalogue

    def rows(
        self, session: Session, deals: Iterable[tuple[Deal, Firm]], days: Mapping[str, Day]
    ) -> Iterator[dict[str, Any]]:
        """The rows of these deals, which are all deals of their firms; of funds with a day only."""
        rules = {fund_id: _rules(session, day) for fund_id, day in days.items()}
        held: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
        known = [(deal, firm) for deal, firm in deals if deal.fund_id in rules]
        of_funds = [deal for deal, _ in known]
        waived = waivers.of_deals(session, [deal.id for deal in of_funds])
        views = views_of(session, of_funds)
        firms = {firm.id for _, firm in known}
        loans = first_loan_standings(session, firms)
        rights = {day: rights_views(session, firms, day) for day in {each.day for each in days.values()}}
        repository.load_transitions(session, of_funds)
        for deal, firm in known:
            held[deal.fund_id, firm.id][deal.id] = position_fen(deal)
        for deal, firm in known:
            fund, mandate = rules[deal.fund_id]
            of_firm = held[deal.fund_id, firm.id]
            beside = of_firm.total() - of_firm[deal.id]
            day = days[fund.id].day
            case = case_of(fund, mandate, day, deal, firm, _EMPTY, {}, waived.get(deal.id, ()))
            case = replace(case, interests=views[deal.id], rights=rights[day][firm.id])
            first = loans.get(firm.id, FirstLoan.UNKNOWN)
            yield {**self._row(case, deal, beside), "first_loan": first, "ip_pledge": case.rights.pledge}

    def _row(self, case: Case, deal: Deal, beside_fen: int) -> dict[str, Any]:
        made, firm = standing_row(case), case.firm
        codes = [code for code, _ in firm.direction_shares]
        scores = made.scores
        return {
            "fund_id": deal.fund_id,
            "deal_id": deal.id,
            "firm_id": firm.id,
            "deal_version": deal.version,
            "firm_version": firm.version,
            "due": made.due,
            "state": deal.state,
            "city": firm.city,
            "stage": firm.stage,
            "industries": tuple(sorted({self.catalogue.industry_of(code) for code in codes})),
            "directions": tuple(sorted(codes)),
            "ask_fen": deal.terms.ask_fen,
            "pre_money_fen": deal.terms.pre_money_fen,
            "held_fen": held_fen(deal),
            "position_fen": position_fen(deal),
            "position_early": early_when_held(firm.stage),
            "firm_held_fen": beside_fen,
            "composite": scores.composite,
            "coverage": scores.coverage,
            "early": scores.early.value,
            "small": scores.small.value,
            "long": scores.long.value,
            "hard": scores.hard.value,
            "band": scores.band,
            "early_gate": made.gates["EARLY"],
            "small_gate": made.gates["SMALL"],
            "hard_gate": made.gates["HARD"],
            "blocking": made.blocking,
            "waived_live": made.waived_live,
            "submitted_at": deal.submitted_at,
            "since": stands_since(deal.created_at, deal.transitions),
            "owner": deal.owner,
            "firm_name": firm.name,
            "channel": deal.channel,
            "origin": deal.origin,
        }


def stamp_of(row: Mapping[str, Any]) -> Stamp:
    """What a row was made of."""
    return row["deal_version"], row["firm_version"], row["firm_held_fen"]


def _rules(session: Session, day: Day) -> tuple[Fund, Mandate]:
    fund = session.get_one(Fund, day.fund_id)
    mandates = repository.mandates_of(session, day.fund_id)
    return fund, next(each for each in mandates if each.revision == day.mandate_revision)
