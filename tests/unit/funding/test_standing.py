from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.funding.domain.checks.check import blocks
from services.funding.domain.checks.run import CHECKS, run_checks
from services.funding.domain.civil import add_months
from services.funding.domain.deal.waiver import Waiver
from services.funding.domain.firm.monthly import MonthFigures
from services.funding.domain.firm.stages import Stage
from services.funding.domain.fund.portfolio import Portfolio, Position
from services.funding.domain.outcomes import Outcome
from services.funding.domain.ratio import percent
from services.funding.domain.screening.live import Held, live_limits
from services.funding.domain.screening.rulesets import RULESETS
from services.funding.domain.screening.standing import LIVE_CODES, next_change, standing_row
from services.funding.domain.screening.surroundings import CapitalView
from tests.unit.funding.cases import AS_OF, case, fund

_DAYS = st.dates(date(2021, 1, 1), date(2026, 6, 30))
_CASES = st.builds(
    lambda founded, as_of, held, years, snapshot, rules: replace(
        case(
            facts={"founded": founded},
            snapshot={"as_of": snapshot},
            mandate={"ruleset": rules},
            terms={"holding_months": held},
            fund_values={"established": date(2020, 1, 31), "life_years": years, "investment_years": 6},
        ),
        as_of=as_of,
    ),
    founded=st.one_of(st.none(), _DAYS),
    as_of=st.dates(date(2024, 1, 1), date(2031, 12, 31)),
    held=st.one_of(st.none(), st.integers(12, 120)),
    years=st.integers(7, 15),
    snapshot=_DAYS,
    rules=st.sampled_from(sorted(RULESETS)),
)


def _months(day: date, staff: list[int]) -> tuple[MonthFigures, ...]:
    """Month by month up to two months after the day."""
    first = add_months(day.replace(day=1), 2)
    return tuple(MonthFigures(add_months(first, -at), each, each, 1, 1) for at, each in enumerate(staff))


@given(_CASES, st.integers(0, 70), st.integers(0, 60), st.lists(st.integers(280, 320), max_size=30))
@settings(max_examples=200, deadline=None)
def test_a_row_reads_the_same_until_it_is_due(at: Any, later: int, waived_for: int, staff: list[int]) -> None:
    at.firm.snapshot = replace(at.firm.snapshot, months=_months(at.as_of, staff))
    waivers = (Waiver("FUND_TERM_TOO_SHORT", "文", "投委会", at.as_of + timedelta(days=waived_for)),)
    at = replace(at, waivers=waivers)
    due = next_change(at)
    assert due > at.as_of
    then = min(at.as_of + timedelta(days=later), due - timedelta(days=1))
    row, of_then = (standing_row(each) for each in (at, replace(at, as_of=then)))
    assert (row.gates, row.blocking, row.waived_live) == (
        of_then.gates,
        of_then.blocking,
        of_then.waived_live,
    )
    assert row.scores.composite == of_then.scores.composite
    assert row.scores.coverage == of_then.scores.coverage


def test_a_mean_of_the_year_before_is_of_other_months_from_the_first_of_the_next() -> None:
    at = case(mandate={"ruleset": "tax-2018-55"})
    assert at.firm.snapshot
    months = tuple(
        MonthFigures(add_months(date(2025, 6, 1), each), staff, staff, 1, 1)
        for each, staff in enumerate([300] * 12 + [301])
    )
    at.firm.snapshot = replace(at.firm.snapshot, months=months)
    assert next_change(at) == date(2026, 7, 1)
    gates = [standing_row(replace(at, as_of=day)).gates["SMALL"] for day in (AS_OF, date(2026, 7, 1))]
    assert gates == [Outcome.PASS, Outcome.FAIL]


def test_a_row_leaves_the_live_checks_out_and_names_their_waivers() -> None:
    broke = case(
        terms={"ask_fen": 3 * 10**10},
        fund_values={"size_fen": 10**10, "government_fen": None, "paid_in_fen": None},
    )
    waiver = Waiver("SINGLE_PROJECT_CONCENTRATION", "文", "投委会", AS_OF)
    row = standing_row(replace(broke, waivers=(waiver,)))
    assert not LIVE_CODES & set(row.blocking)
    assert row.waived_live == ("SINGLE_PROJECT_CONCENTRATION",)
    expired = (Waiver("SINGLE_PROJECT_CONCENTRATION", "文", "投委会", AS_OF - timedelta(days=1)),)
    assert standing_row(replace(broke, waivers=expired)).waived_live == ()


_POSITIONS = st.lists(
    st.tuples(st.integers(1, 10**10), st.sampled_from([Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN])),
    max_size=4,
)


@given(
    positions=_POSITIONS,
    ask=st.integers(1, 4 * 10**9),
    paid=st.one_of(st.none(), st.just(0), st.integers(10**9, 2 * 10**10)),
    government=st.one_of(st.none(), st.integers(0, 2 * 10**10)),
    stage=st.sampled_from([None, *Stage]),
    late=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_the_limits_of_a_fund_say_what_the_live_checks_say(
    positions: list[tuple[int, Outcome]],
    ask: int,
    paid: int | None,
    government: int | None,
    stage: Stage | None,
    late: bool,
) -> None:
    held = tuple(
        Position("firm-1" if at == 0 else f"other-{at}", fen, early, "suzhou", True)
        for at, (fen, early) in enumerate(positions)
    )
    judged = case(
        terms={"ask_fen": ask},
        facts={"stage": stage},
        mandate={
            "concentration_max": percent(20),
            "early_floor": percent(70),
            "government_share_max": percent(50),
        },
        fund_values={
            "paid_in_fen": paid,
            "government_fen": government,
            "established": date(2020, 1, 1) if late else date(2025, 1, 1),
            "investment_years": 7,
        },
        portfolio=Portfolio(held),
    )
    said = {each.code for each in run_checks(judged) if blocks(each)} & LIVE_CODES
    portfolio = judged.portfolio
    limits = live_limits(
        judged.fund,
        judged.mandate,
        Held(portfolio.total_fen, portfolio.early_fen(Outcome.PASS)),
        CapitalView(),
        judged.as_of,
    )
    found = set(limits.always)
    if ask > limits.headroom_fen:
        found.add("INSUFFICIENT_FUND_CAPITAL")
    if (
        limits.concentration_fen is not None
        and portfolio.in_firm_fen("firm-1") + ask > limits.concentration_fen
    ):
        found.add("SINGLE_PROJECT_CONCENTRATION")
    if limits.early is not None:
        early = stage in (Stage.SEED, Stage.STARTUP)
        sure = limits.early.held.early_fen + (ask if early else 0)
        if sure * 100 < 70 * (limits.early.held.total_fen + ask):
            found.add("EARLY_SHARE_BELOW_FLOOR")
    assert found == said


def test_what_is_live_is_declared() -> None:
    assert {check.code for check in CHECKS if check.live} == LIVE_CODES
    assert (
        fund().headroom_fen
        == live_limits(fund(), case().mandate, Held(0, 0), CapitalView(), AS_OF).headroom_fen
    )
