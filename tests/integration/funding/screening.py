"""The kept rows of screenings against deals judged one by one: the same deals, order, counts and sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from services.catalogue import load
from services.chassis.filtering import parse, parse_order
from services.funding.service.deals.cases import fund_with_mandate, open_cases
from services.funding.service.deals.screening.asking import Question, Screens
from services.funding.service.deals.screening.judging import Judged, chosen, counts, judge, ordered
from services.funding.service.deals.screening.keeping import Keeper
from services.funding.service.deals.screening.rows import RowMaker
from services.funding.service.deals.screening.turning import Turner
from services.funding.store import repository, schema
from services.funding.store.deals import screened
from services.funding.store.deals.screening import SORTABLE
from services.funding.store.deals.screening import schema as fields
from services.funding.store.deals.screening_facets import FACETS
from services.kernel.clock import civil_date, midnight
from tests.integration.funding.installed import Funding

CATALOGUE = load()


FILTERS = (
    "",
    "eligible = true",
    "eligible = false",
    "blocking:INSUFFICIENT_FUND_CAPITAL OR blocking:NEGATIVE_LIST",
    "NOT blocking:NOT_SMALL AND stage = SEED",
    "blocking:*",
    'city_code = "苏州" OR city_code = nanjing',
    "industry_code:hydrogen AND hard >= 20",
    "ticket <= 2000万 AND pre_money < 3亿 AND NOT state = DECLINED",
    "composite > 30 AND early_gate = PASS AND band != LOW",
    'submitted_date >= "2026-01-01" AND owner:"王"',
    "small >= 40 AND NOT early >= 50",
    "sla != OVER AND NOT first_loan = HAD_LOAN",
    "ip_pledge = PLEDGED OR sla = OVER",
    'firm_words:"kj" AND NOT firm_words:"苏州 科技"',
    'firm_words:"zdh" OR firm_words:hydrogen OR firm_words:"！"',
)


ORDERS = ("", "hard desc", "ticket, composite desc", "submitted_date desc, early")


@dataclass(frozen=True)
class Kept:
    """The use cases with their rows kept."""

    funding: Funding
    screens: Screens
    turner: Turner

    @classmethod
    def over(cls, funding: Funding) -> "Kept":
        turner = Turner(
            funding.database,
            Keeper(RowMaker(CATALOGUE), funding.clock),
            funding.deals.journal,
            funding.clock,
        )
        return cls(funding, Screens(CATALOGUE), turner)

    @property
    def today(self) -> date:
        return civil_date(self.funding.clock.now())


def funds(kept: Kept) -> list[str]:
    with kept.funding.database.read() as session:
        return list(session.scalars(select(schema.fund.c.id)))


def level(kept: Kept, filters: tuple[str, ...] = FILTERS) -> int:
    """Compare every question on every fund, each with a third of the facets; how many deals were found in all."""
    found, words = 0, kept.screens.words
    with kept.funding.database.read() as session:
        for fund_id in session.scalars(select(schema.fund.c.id)).all():
            fund, mandate = fund_with_mandate(session, fund_id)
            stands = screened.day_of(session, fund_id)
            day = stands.day if stands else kept.today
            opened = list(open_cases(session, CATALOGUE, fund, mandate, day))
            repository.load_transitions(session, [each.deal for each in opened])
            judged = [judge(each, CATALOGUE, midnight(day + timedelta(days=1)), words) for each in opened]
            for number, filter_ in enumerate(filters):
                expression = parse(filter_, fields(CATALOGUE))
                order = parse_order(ORDERS[number % len(ORDERS)], SORTABLE)
                facets = FACETS[number % 3 :: 3]
                question = Question(
                    fund_id=fund_id, expression=expression, order=order, facets=facets, size=10_000
                )
                answer = kept.screens.ask(session, question, kept.today)
                expected = ordered(chosen(judged, expression), order)
                assert names(answer.judged) == names(expected), (fund_id, filter_)
                assert answer.total == len(expected)
                assert answer.ask_fen == sum(each.opened.deal.terms.ask_fen for each in expected)
                for name, counted in counts(judged, expression, facets).items():
                    shown = {value: pair for value, pair in answer.facets[name].items() if pair[0]}
                    assert shown == counted, (fund_id, filter_, name)
                found += answer.total
    return found


def names(judged: Sequence[Judged]) -> list[str]:
    return [each.opened.deal.id for each in judged]
