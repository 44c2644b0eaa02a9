"""Questions about deals that change nothing: what if, why this rank, how far they came."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from statistics import median

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.filtering import parse
from services.chassis.storage.keyset import after
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.states import TERMINAL, DealState
from services.funding.domain.deal.terms import examine_terms
from services.funding.domain.findings import Findings
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.fund.portfolio import Portfolio
from services.funding.domain.fund.quotas import Quota, quotas
from services.funding.domain.ledger.recycling import recycling_cap
from services.funding.domain.pipeline.funnel import Funnel, Path, funnel
from services.funding.domain.pipeline.stage_times import StageTimes
from services.funding.domain.screening.case import OUTSIDE, Case
from services.funding.domain.screening.simulation import at_ticket, blocking, largest_ticket, with_deal
from services.funding.domain.screening.surroundings import CapitalView
from services.funding.service.deals.cases import (
    Opened,
    cases_of,
    early_when_held,
    fund_with_mandate,
    open_cases,
    portfolio_of,
    standing_mandate,
)
from services.funding.service.deals.screening.asking import Question, Screens
from services.funding.service.deals.surroundings import capital_view
from services.funding.store import repository, schema
from services.funding.store.deals import screened
from services.funding.store.deals.screening import schema as fields
from services.kernel.clock import civil_date, midnight
from services.kernel.errors import BoleError, FailedPrecondition, InvalidArgument, NotFound
from services.kernel.repetition import repetition
from services.kernel.text import Text

MOST_ALTERNATIVES = 5
LEAST_TICKET_FEN = 1_000_000
"""A proposal, and so configuration: a smaller ticket (1 万元) is no other way to do a deal."""


@dataclass(frozen=True)
class Alternative:
    """Another way to do a deal: a fund and the most that it could put in; `blocking`: what would still stop it."""

    fund: Fund
    fen: int
    blocking: tuple[str, ...]
    own: bool


@dataclass(frozen=True)
class Simulation:
    """A deal at other terms, what it leaves of the fund, and what else would be legal."""

    opened: Opened
    quotas: list[Quota]
    headroom_before: int
    headroom_after: int
    alternatives: list[Alternative]
    mandate: Mandate


@dataclass(frozen=True)
class Headroom:
    """What is left of a fund, before and after deals that are only thought of."""

    before: int
    after: int
    quotas: list[Quota]
    mandate: Mandate
    recycled: int
    recycling_max: int | None
    counted: int


@dataclass(frozen=True)
class Stalled:
    """A deal that is over the time of its stage: the days it stands there, and the median of those that stand there."""

    deal_id: str
    firm_name: str
    owner: str
    state: DealState
    days: int
    allowed: int
    median_days: float


@dataclass(frozen=True)
class Analysis:
    """The questions."""

    catalogue: Catalogue
    screens: Screens

    def simulate(
        self, session: Session, deal: Deal, ask_fen: int | None, pre_money_fen: int | None, as_of: date
    ) -> Simulation:
        """A deal at another ticket or valuation. Raises InvalidArgument for terms that cannot be."""
        fund, mandate = fund_with_mandate(session, deal.fund_id, as_of)
        opened = next(open_cases(session, self.catalogue, fund, mandate, as_of, deal.id))
        case = at_ticket(opened.case, ask_fen or opened.case.terms.ask_fen)
        if pre_money_fen is not None:
            case = replace(case, terms=replace(case.terms, pre_money_fen=pre_money_fen))
        findings = Findings()
        examine_terms(case.terms, findings)
        findings.finish()
        free = fund.headroom_fen + case.held_fen
        stops = blocking(case)
        return Simulation(
            opened=Opened(opened.deal, opened.firm, case),
            quotas=self._quotas(fund, mandate, case.portfolio, _added(case.portfolio, case), case.capital),
            headroom_before=free,
            headroom_after=free - case.terms.ask_fen,
            alternatives=self._alternatives(session, case) if stops else [],
            mandate=mandate,
        )

    def headroom(
        self, session: Session, fund_id: str, what_if: Sequence[tuple[str, int | None]], as_of: date
    ) -> Headroom:
        """What deals that are only thought of would leave of a fund. Raises NotFound; InvalidArgument for a deal of
        another fund (OTHER_FUND) or one named twice (DEAL_REPEATED).
        """
        fund, mandate = fund_with_mandate(session, fund_id, as_of)
        ids = [id_ for id_, _ in what_if]
        self._require_own(session, fund, ids)
        held = portfolio_of(session, fund, but=ids)
        now, then = portfolio_of(session, fund), held
        after = fund.headroom_fen
        cases = cases_of(session, self.catalogue, fund, mandate, as_of, ids)
        for opened, (_, ask_fen) in zip(cases, what_if, strict=True):
            case = at_ticket(opened.case, ask_fen or opened.case.terms.ask_fen)
            then = _added(then, case)
            after += case.held_fen - case.terms.ask_fen
        capital = capital_view(session, fund)
        return Headroom(
            before=fund.headroom_fen,
            after=after,
            quotas=self._quotas(fund, mandate, now, then, capital),
            mandate=mandate,
            recycled=fund.recycled_fen,
            recycling_max=recycling_cap(fund, mandate),
            counted=now.total_fen,
        )

    def ranks(self, session: Session, first: Deal, second: Deal) -> tuple[int, int, int]:
        """The ranks of two deals of a fund in the order of its screening, and how many deals it has."""
        stands = screened.day_of(session, first.fund_id)
        if stands is None:
            raise FailedPrecondition(
                Text("该基金尚未完成筛选，请稍后再试", "the fund is being screened; retry in a moment"),
                reason="NOT_SCREENED_YET",
            )
        fund, mandate = fund_with_mandate(session, first.fund_id, revision=stands.mandate_revision)
        everything = Question(fund_id=fund.id, expression=parse("", fields(self.catalogue)))
        rows = self.screens.rows(session, fund, mandate, stands.day, everything)
        keys, table = rows.keys(()), schema.screened
        every = rows.where(everything.expression)
        total = session.scalar(select(func.count()).select_from(table).where(every)) or 0
        places = []
        for deal in (first, second):
            query = select(*(key.column.label(f"key_{at}") for at, key in enumerate(keys)))
            cursor = session.execute(query.where(every, table.c.deal_id == deal.id)).one()
            behind = select(func.count()).select_from(table).where(every, after(keys, tuple(cursor)))
            places.append(total - (session.scalar(behind) or 0))
        return places[0], places[1], total

    def funnel(
        self,
        session: Session,
        fund_id: str | None,
        begins: date,
        ends: date,
        seen: ColumnElement[bool],
    ) -> Funnel:
        """How far the deals submitted within [begins, ends) have come, of those that the caller may see.

        Raises NotFound for the fund.
        """
        if fund_id is not None and session.get(Fund, fund_id) is None:
            raise NotFound.resource(f"funds/{fund_id}")
        if ends <= begins:
            raise InvalidArgument.field(
                "until_date", "EMPTY_PERIOD", "截止日期须晚于起始日期", "the period ends before it begins"
            )
        table = schema.deal.c
        query = select(Deal).where(
            table.submitted_at >= midnight(begins), table.submitted_at < midnight(ends), seen
        )
        if fund_id is not None:
            query = query.where(table.fund_id == fund_id)
        deals = list(session.scalars(query))
        repository.load_transitions(session, deals)
        return funnel(
            Path(each.submitted_at, each.state, each.terms.ask_fen, each.transitions)
            for each in deals
            if each.submitted_at is not None
        )

    def stalled(
        self, session: Session, fund_id: str, seen: ColumnElement[bool], now: datetime
    ) -> list[Stalled]:
        """The deals of a fund that the caller may see and that are over the time of their stage, the longest first.

        Raises NotFound for the fund.
        """
        if session.get(Fund, fund_id) is None:
            raise NotFound.resource(f"funds/{fund_id}")
        mandate = standing_mandate(session, fund_id, civil_date(now))
        allowed = (mandate.times if mandate else StageTimes()).days
        row = schema.screened.c
        limited = [state.name for state in allowed]
        query = select(row.deal_id, row.firm_name, row.owner, row.state, row.since)
        query = query.join(schema.deal, schema.deal.c.id == row.deal_id)
        rows = session.execute(query.where(row.fund_id == fund_id, row.state.in_(limited), seen)).all()
        days = defaultdict[DealState, list[int]](list)
        for each in rows:
            days[each.state].append((now - each.since).days)
        found = [
            Stalled(
                each.deal_id,
                each.firm_name,
                each.owner,
                each.state,
                spent,
                allowed[each.state],
                median(days[each.state]),
            )
            for each in rows
            if (spent := (now - each.since).days) >= allowed[each.state]
        ]
        return sorted(found, key=lambda each: (each.allowed - each.days, each.deal_id))

    def _alternatives(self, session: Session, case: Case) -> list[Alternative]:
        """A smaller ticket of the same fund, then the other funds that would take the deal, freest first."""
        found = []
        most = largest_ticket(case)
        if most is not None and LEAST_TICKET_FEN <= most < case.terms.ask_fen:
            found.append(Alternative(case.fund, most, blocking(at_ticket(case, most)), own=True))
        others = []
        for fund_id in repository.fund_ids(session):
            if fund_id == case.fund.id:
                continue
            other = self._in(session, fund_id, case)
            most = largest_ticket(other) if other is not None else None
            if other is None or most is None or most < LEAST_TICKET_FEN:
                continue
            if not (stops := blocking(at_ticket(other, most))):
                others.append(Alternative(other.fund, most, stops, own=False))
        others.sort(key=lambda each: (-each.fen, each.fund.id))
        return (found + others)[:MOST_ALTERNATIVES]

    def _in(self, session: Session, fund_id: str, case: Case) -> Case | None:
        """The deal as a case of another fund; None where no rules are in force."""
        try:
            fund, mandate = fund_with_mandate(session, fund_id, case.as_of)
        except BoleError:
            return None
        return replace(
            case,
            fund=fund,
            mandate=mandate,
            portfolio=portfolio_of(session, fund),
            capital=capital_view(session, fund),
            held_fen=0,
            waivers=(),
        )

    def _quotas(
        self, fund: Fund, mandate: Mandate, before: Portfolio, after: Portfolio, capital: CapitalView
    ) -> list[Quota]:
        return quotas(fund, mandate, before, after, capital, self.catalogue.places)

    def _require_own(self, session: Session, fund: Fund, ids: Sequence[str]) -> None:
        if twice := repetition("what_if", ids):
            raise InvalidArgument.field(
                "what_if",
                "DEAL_REPEATED",
                f"同一项目只能出现一次：{twice.zh}",
                f"a deal is named twice: {twice.en}",
            )
        for id_ in ids:
            deal = session.get(Deal, id_)
            if deal is None:
                raise NotFound.resource(f"deals/{id_}")
            if deal.fund_id != fund.id or deal.state in TERMINAL:
                raise InvalidArgument.field(
                    "what_if",
                    "OTHER_FUND",
                    f"项目 deals/{id_} 不属于该基金，或已结束",
                    f"deals/{id_} is not an open deal of this fund",
                )


def _added(portfolio: Portfolio, case: Case) -> Portfolio:
    return with_deal(portfolio, case, early_when_held(case.firm.stage), OUTSIDE)
