"""Counting a quarter for the statistical return of the funding service."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, or_, select
from sqlalchemy.orm import Session

from services.chassis.returns import Counted, Span
from services.chassis.storage.chunks import chunks
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.interest import InterestKind
from services.funding.domain.dossier.facts import Item
from services.funding.domain.firm.firm import FirmStatus
from services.funding.domain.investment.states import ENDED
from services.funding.domain.outcomes import Outcome
from services.funding.domain.returns import VERSION, Closing, Quarter, began_before, figures
from services.funding.service.dossier.assembling import dossier_of
from services.funding.service.dossier.cases import standing
from services.funding.store import repository, schema
from services.funding.store.deals import reports
from services.kernel.clock import Clock, civil_date

_GROWING = (
    schema.determination,
    schema.waiver,
    schema.interest,
    schema.compliance_report,
    schema.deal_document,
)

_ITEMS = "items of dossiers"


@dataclass(frozen=True)
class FundingReturns:
    """Counts deals, holdings and the cases of governance. Amounts are what was signed."""

    clock: Clock

    @property
    def version(self) -> str:
        """Of the method."""
        return VERSION

    def stamp(self, session: Session) -> tuple[int, ...]:
        """How much there is, and in how many versions."""
        versions = [
            session.scalar(select(func.coalesce(func.sum(table.c.version), 0))) or 0
            for table in (schema.deal, schema.investment, schema.firm)
        ]
        grown = [session.scalar(select(func.count()).select_from(table)) or 0 for table in _GROWING]
        return *(int(each) for each in versions), *grown

    def of(self, session: Session, span: Span) -> Counted:
        """The figures of one quarter."""
        items = partial(self._items, session)
        holdings, cases = _holdings(session, span), tuple(standing(session, span, items))
        ids = [each.id for each in holdings]
        industries = _industries(session, ids)
        others = _others(session, [each.firm_id for each in holdings])
        made = Quarter(
            submitted=_firms(session, _within(schema.deal.c.submitted_at, span)),
            approved=_firms(session, _within(schema.deal.c.approved_at, span)),
            closings=tuple(
                Closing(
                    firm=each.firm_id,
                    fen=each.signed_fen,
                    follow_on=began_before(each.closed, each.id, others[each.firm_id]),
                    outcomes=_outcomes(session, each.id, each.closed),
                    industries=industries.get(each.id, ()),
                    expected=each.expected_hires,
                    city=each.city,
                )
                for each in holdings
            ),
            waived=_waived(session, span),
            declared=_declared(session, span),
            determined=tuple(_determined(session, span, items)),
            firms=_on_record(session, span),
            industries=_by_industry(session, span),
            cities=_by_city(session, span),
            year_on=_year_on(session, span),
            cases=cases,
        )
        sample = any(_sample(each) for each in holdings) or _any_sample(
            session, [each.deal for each in cases]
        )
        return Counted(figures(made), sample or _synthetic(session, span))

    def _items(self, session: Session, deal_id: str) -> tuple[Item, ...]:
        """Those of the dossier of a deal, as they stand now: an open case is of every quarter since, and read once."""
        known: dict[str, tuple[Item, ...]] = session.info.setdefault(_ITEMS, {})
        if deal_id not in known:
            deal = session.get_one(Deal, deal_id)
            repository.load_transitions(session, [deal])
            known[deal_id] = tuple(dossier_of(session, deal, self.clock.now()).items)
        return known[deal_id]


def _within(column: ColumnElement[datetime], span: Span) -> ColumnElement[bool]:
    first, after = span.instants
    return (column >= first) & (column < after)


def _determined(
    session: Session, span: Span, items: Callable[[str], tuple[Item, ...]]
) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """Verdicts of the quarter with the items of their dossiers."""
    table = schema.determination.c
    query = select(table.deal_id, table.verdict).where(_within(table.at, span))
    for row in session.execute(query.order_by(table.deal_id, table.number)):
        yield row.verdict.value, items(row.deal_id)


def _firms(session: Session, condition: ColumnElement[bool]) -> tuple[str, ...]:
    """Whose deals these are, once for each deal."""
    return tuple(session.scalars(select(schema.deal.c.firm_id).where(condition)))


def _waived(session: Session, span: Span) -> tuple[tuple[str, str], ...]:
    table, deal = schema.waiver, schema.deal
    query = select(table.c.code, deal.c.firm_id).join(deal, deal.c.id == table.c.deal_id)
    return tuple((row.code, row.firm_id) for row in session.execute(query.where(_within(table.c.at, span))))


def _declared(session: Session, span: Span) -> tuple[tuple[str, bool], ...]:
    table = schema.interest.c
    found = session.execute(select(table.member, table.kinds).where(_within(table.at, span)))
    return tuple((row.member, row.kinds != (InterestKind.NONE,)) for row in found)


def _synthetic(session: Session, span: Span) -> bool:
    deal, firm = schema.deal.c, schema.firm.c
    dated = or_(_within(deal.submitted_at, span), _within(deal.approved_at, span))
    deals = select(deal.id).where(deal.origin == "SYNTHETIC", dated)
    firms = select(firm.id).where(firm.origin == "SYNTHETIC", firm.founded < span.ends)
    return any(session.scalar(query.limit(1)) is not None for query in (deals, firms))


def _any_sample(session: Session, deals: Sequence[str]) -> bool:
    table = schema.deal.c
    sample = select(table.id).where(table.origin == "SYNTHETIC").limit(1)
    return any(session.scalar(sample.where(table.id.in_(some))) is not None for some in chunks(deals))


def _sample(row: Row[Any]) -> bool:
    return bool(row.origin == "SYNTHETIC")


def _holdings(session: Session, span: Span) -> Sequence[Any]:
    """The holdings that began in the quarter."""
    held, deal, firm = schema.investment, schema.deal, schema.firm
    query = select(
        held.c.id,
        held.c.firm_id,
        held.c.signed_fen,
        held.c.closed,
        held.c.origin,
        deal.c.expected_hires,
        firm.c.city,
    )
    query = query.join(deal, deal.c.id == held.c.id).join(firm, firm.c.id == held.c.firm_id)
    dated = (held.c.closed >= span.starts) & (held.c.closed < span.ends)
    return session.execute(query.where(dated).order_by(held.c.id)).all()


def _on_record(session: Session, span: Span) -> dict[str, tuple[int, int]]:
    """Firms that take part and were founded before the quarter's end, and within it, by city."""
    table = schema.firm.c
    founded = func.sum(case((table.founded >= span.starts, 1), else_=0))
    query = select(table.city, func.count(), founded).where(table.status == FirmStatus.ACTIVE)
    found = session.execute(query.where(table.founded < span.ends).group_by(table.city))
    return {row[0]: (row[1], int(row[2])) for row in found}


def _by_industry(session: Session, span: Span) -> dict[str, tuple[int, int]]:
    """How many of the deals that were submitted and approved in the quarter are of firms of an industry."""
    deal, found = schema.deal.c, defaultdict[str, list[int]](lambda: [0, 0])
    for place, at in enumerate((deal.submitted_at, deal.approved_at)):
        ids = session.scalars(select(deal.id).where(_within(at, span))).all()
        for industries in _industries(session, ids).values():
            for industry in industries:
                found[industry][place] += 1
    return {industry: (submitted, approved) for industry, (submitted, approved) in found.items()}


def _by_city(session: Session, span: Span) -> dict[str, tuple[int, int]]:
    """How many deals of firms of a city were submitted and approved in the quarter."""
    deal, firm, found = schema.deal.c, schema.firm.c, defaultdict[str, list[int]](lambda: [0, 0])
    for place, at in enumerate((deal.submitted_at, deal.approved_at)):
        query = select(firm.city, func.count()).join(schema.deal, deal.firm_id == firm.id)
        for city, number in session.execute(query.where(_within(at, span)).group_by(firm.city)):
            found[city][place] = number
    return {city: (submitted, approved) for city, (submitted, approved) in found.items()}


def _year_on(session: Session, span: Span) -> tuple[tuple[str, bool], ...]:
    """Of the holdings that began a year before the quarter fund and firm, and whether they are still held."""
    table = schema.investment.c
    first, after = (day.replace(year=day.year - 1) for day in (span.starts, span.ends))
    query = select(table.fund_id, table.firm_id, table.state).where(
        table.closed >= first, table.closed < after
    )
    rows = session.execute(query.order_by(table.id))
    return tuple((f"{row.fund_id}/{row.firm_id}", row.state not in ENDED) for row in rows)


def _industries(session: Session, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Of the firms of these deals, by deal."""
    table, found = schema.screened.c, dict[str, tuple[str, ...]]()
    for some in chunks(ids):
        query = select(table.deal_id, table.industries).where(table.deal_id.in_(some))
        found.update({row.deal_id: row.industries for row in session.execute(query)})
    return found


def _others(session: Session, firms: Sequence[str]) -> dict[str, list[tuple[date, str]]]:
    """When the holdings in these firms began, by firm."""
    table, found = schema.investment.c, defaultdict[str, list[tuple[date, str]]](list)
    for row in session.execute(select(table.firm_id, table.closed, table.id).where(table.firm_id.in_(firms))):
        found[row.firm_id].append((row.closed, row.id))
    return found


def _outcomes(session: Session, deal_id: str, closed: date) -> dict[str, Outcome]:
    """What the newest kept run of a deal said, of those made on or before the day of closing."""
    kept = (each for each in reports.of_deal(session, deal_id) if civil_date(each.at) <= closed)
    run = next(kept, None)
    return {each.code: each.outcome for each in run.checks} if run else {}
