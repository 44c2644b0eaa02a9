"""Local reinvestment: credits of investments, and what cities put in and got."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.funding.domain.capital.cities import CityFigures, by_city, total
from services.funding.domain.capital.graph import Elimination, look_through
from services.funding.domain.capital.reinvestment import (
    ReinvestmentCredit,
    examine_credit,
    in_force,
    investors_of,
    require_creditable,
)
from services.funding.domain.findings import normal
from services.funding.domain.fund.fund import Fund
from services.funding.domain.investment.investment import Investment
from services.funding.domain.ledger.accounts import Account
from services.funding.store import schema
from services.funding.store.funds import capital, investments, ledger
from services.funding.store.funds import reinvestment as store
from services.kernel.errors import NotFound
from services.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Tie:
    """A total of the report beside the ledgers', in fen."""

    title: Text
    ledger_fen: int
    explained_fen: int


@dataclass(frozen=True)
class CityReport:
    """The figures of the cities, what is counted twice and left out, the credits, and the totals on the ledger."""

    funds: Sequence[Fund]
    cities: dict[str, CityFigures]
    eliminations: Sequence[Elimination]
    credits: Sequence[ReinvestmentCredit]
    ties: Sequence[Tie]
    agrees: bool

    @property
    def total(self) -> CityFigures:
        """All cities together."""
        return total(self.cities)


def credit(session: Session, new: ReinvestmentCredit) -> ReinvestmentCredit:
    """Let an investment count for a city, under the next number.

    Raises InvalidArgument, NotFound for investment or fund, and FailedPrecondition: FUND_NOT_INVESTED,
    CREDIT_EXCEEDS_INVESTED.
    """
    examine_credit(new)
    investment = session.get(Investment, new.investment_id, with_for_update=True, populate_existing=True)
    if investment is None:
        raise NotFound.resource(f"investments/{new.investment_id}")
    if session.get(Fund, new.fund_id) is None:
        raise NotFound.resource(f"funds/{new.fund_id}")
    known = store.credits_of(session, new.investment_id)
    investors = investors_of(investment.fund_id, capital.commitments(session))
    require_creditable(new, known, investment.fund_id, investment.paid_fen, investors)
    made = replace(new, sequence=len(known) + 1, document=normal(new.document))
    store.save(session, made)
    return made


def city_report(session: Session, ids: Sequence[str]) -> CityReport:
    """What the cities put into these funds, and what was invested with them. Raises NotFound."""
    query = select(Fund).where(schema.fund.c.id.in_(ids)).order_by(schema.fund.c.id)
    funds = list(session.scalars(query))
    chosen = [fund.id for fund in funds]
    for id_ in ids:
        if id_ not in chosen:
            raise NotFound.resource(f"funds/{id_}")
    everything = capital.commitments(session)
    commitments = [each for each in everything if each.fund_id in chosen]
    calls = [call for id_ in chosen for call in capital.calls(session, id_)]
    received = capital.received(session, [call.id for call in calls])
    placed = store.placed(session, chosen)
    counted = [each for each in in_force(store.credits_of(session)) if each.fund_id in chosen]
    places = {fund.id: fund.city for fund in funds}
    eliminations = look_through({fund.id: fund.size_fen for fund in funds}, everything).eliminations
    ties = (
        Tie(
            Text("认缴资本", "subscribed capital"),
            _on_ledger(funds, Account.SUBSCRIBED),
            sum(each.fen for each in commitments),
        ),
        Tie(
            Text("实缴到账", "capital received"),
            _on_ledger(funds, Account.SUBSCRIBED) - _on_ledger(funds, Account.UNCALLED),
            sum(received.values()),
        ),
        Tie(
            Text("累计已投", "invested to date"),
            sum(fund.ever_invested_fen for fund in funds),
            sum(each.paid_fen for each in placed),
        ),
    )
    agrees = not any(
        True
        for id_ in chosen
        for _ in (*ledger.differences(session, id_), *investments.differences(session, id_))
    )
    cities = by_city(commitments, calls, received, places, placed, counted)
    return CityReport(funds, cities, eliminations, counted, ties, agrees)


def _on_ledger(funds: Sequence[Fund], account: Account) -> int:
    return sum(abs(fund.balances[account]) for fund in funds)
