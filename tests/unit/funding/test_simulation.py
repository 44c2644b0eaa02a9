from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.funding.domain.checks.run import run_checks
from services.funding.domain.deal.actions import Action, DeclineCode
from services.funding.domain.deal.deal import Transition
from services.funding.domain.deal.states import DealState
from services.funding.domain.fund.portfolio import Portfolio, Position
from services.funding.domain.fund.quotas import quotas
from services.funding.domain.outcomes import Outcome
from services.funding.domain.pipeline.funnel import Path, funnel
from services.funding.domain.ratio import percent
from services.funding.domain.scores.composite import score_case
from services.funding.domain.screening.case import OUTSIDE
from services.funding.domain.screening.method import sections
from services.funding.domain.screening.ranking import composite_if_verified, differences
from services.funding.domain.screening.rulesets import WAN, YI
from services.funding.domain.screening.simulation import (
    BY_TICKET,
    at_ticket,
    blocking,
    largest_ticket,
    with_deal,
)
from services.funding.domain.screening.surroundings import CapitalView
from services.kernel.text import Text
from tests.unit.funding.cases import MANDATE, case

START = datetime(2025, 3, 1, 1, tzinfo=UTC)


@given(
    ask=st.integers(1, 30_000 * WAN),
    committed=st.integers(0, 2 * YI),
    paid=st.integers(1, 2 * YI),
    held=st.integers(0, YI),
    pre_money=st.integers(1, 6 * YI),
    limit=st.integers(100 * WAN, 6000 * WAN),
)
@settings(max_examples=200, deadline=None)
def test_the_largest_ticket_is_legal_in_size_and_a_fen_more_is_not(
    ask: int, committed: int, paid: int, held: int, pre_money: int, limit: int
) -> None:
    asked = case(
        terms={"ask_fen": ask, "pre_money_fen": pre_money},
        fund_values={"committed_fen": committed, "paid_in_fen": paid},
        mandate={"ticket_max_fen": limit},
        portfolio=Portfolio((Position("firm-1", held, Outcome.PASS, "suzhou", True),)),
    )
    most = largest_ticket(asked)
    sizes = BY_TICKET - {"NOT_SMALL"} if pre_money >= 5 * YI else BY_TICKET
    if most is None:
        assert sizes & set(blocking(at_ticket(asked, 1))) or pre_money >= 5 * YI
        return
    assert most <= ask
    assert not BY_TICKET & set(blocking(at_ticket(asked, most)))
    if most < ask:
        assert BY_TICKET & set(blocking(at_ticket(asked, most + 1)))


def test_quotas_before_and_after_are_exact_and_say_when_a_floor_bites() -> None:
    mandate = replace(
        MANDATE,
        jiangsu_floor=percent(70),
        direct_share_max=percent(100),
        city_quotas=(("suzhou", percent(60)),),
    )
    asked = replace(case(terms={"ask_fen": 300 * WAN}), mandate=mandate)
    held = Portfolio(
        (
            Position("a", 700 * WAN, Outcome.FAIL, "nantong", True),
            Position("b", 300 * WAN, Outcome.PASS, "outside", False),
        )
    )
    after = with_deal(held, asked, Outcome.PASS, OUTSIDE)
    places = {"suzhou": Text("苏州市", "Suzhou")}
    measured = quotas(asked.fund, mandate, held, after, asked.capital, places)
    found = {each.check.code: each for each in measured}
    early = found["EARLY_SHARE_BELOW_FLOOR"]
    assert early.before.exact == f"{300 * WAN}/{1000 * WAN}"
    assert early.after.exact == f"{600 * WAN}/{1300 * WAN}"
    assert early.headroom_after_fen == 600 * WAN - 910 * WAN
    assert early.outcome is Outcome.FAIL
    assert early.bites is not None
    inside = found["JIANGSU_DIRECT_SHARE"]
    assert (inside.before.exact, inside.outcome) == (f"{700 * WAN}/{1000 * WAN}", Outcome.PASS)
    assert found["SINGLE_PROJECT_CONCENTRATION"].after.exact == f"{700 * WAN}/{YI}"
    assert {each.check.code: each.firm for each in measured if each.firm} == {
        "SINGLE_PROJECT_CONCENTRATION": "a"
    }
    assert found["CITY_QUOTA"].name == Text("城市占比（苏州市）", "share of the city (Suzhou)")
    assert found["CITY_QUOTA"].headroom_after_fen == 1300 * WAN * 60 // 100 - 300 * WAN
    nothing = quotas(asked.fund, mandate, Portfolio(), Portfolio(), asked.capital, {})
    assert {each.outcome for each in nothing} >= {Outcome.NOT_APPLICABLE}
    assert {each.firm for each in nothing} == {""}


def test_what_governments_and_the_province_have_stands_among_the_quotas() -> None:
    asked = case(
        mandate={"government_share_max": percent(50), "province_share_max": percent(25)},
        fund_values={"size_fen": 4 * YI, "government_fen": 3 * YI},
    )

    def found(capital: CapitalView) -> dict[str, tuple[str, int | None, Outcome]]:
        measured = quotas(asked.fund, asked.mandate, Portfolio(), Portfolio(), capital, {})
        return {
            each.check.code: (each.after.exact, each.headroom_after_fen, each.outcome) for each in measured
        }

    within = found(CapitalView(province_fen=YI, unattributed_fen=0))
    assert within["GOVERNMENT_SHARE"] == (f"{3 * YI}/{4 * YI}", -YI, Outcome.FAIL)
    assert within["PROVINCE_SHARE"] == (f"{YI}/{4 * YI}", 0, Outcome.PASS)
    unsure = found(CapitalView(province_fen=YI, unattributed_fen=1))
    assert unsure["PROVINCE_SHARE"] == ("", None, Outcome.NOT_APPLICABLE)
    beyond = found(CapitalView(province_fen=YI + 1, unattributed_fen=1))
    assert beyond["PROVINCE_SHARE"] == (f"{YI + 1}/{4 * YI}", -1, Outcome.FAIL)


def test_the_headroom_of_a_quota_is_that_of_its_check() -> None:
    asked = case(mandate={"jiangsu_floor": percent(70)})
    after = with_deal(asked.portfolio, asked, Outcome.PASS, OUTSIDE)
    checks = {each.code: each for each in run_checks(asked)}
    for quota in quotas(asked.fund, asked.mandate, asked.portfolio, after, asked.capital, {}):
        headroom = checks[quota.check.code].headroom
        assert headroom is not None
        assert headroom.exact == f"{quota.headroom_after_fen} fen"


def test_a_rank_is_explained_input_by_input_and_proof_never_lowers_it() -> None:
    declared = case(snapshot={"verified": False, "staff": 90}, terms={"verified": False})
    mine, other = score_case(declared), score_case(case())
    found = differences(mine, other)
    assert len(found) == sum(len(score.dims) for score in (mine.early, mine.small, mine.long, mine.hard))
    apart = [abs(each.mine.points - each.other.points) for each in found]
    assert apart == sorted(apart, reverse=True)
    proved = composite_if_verified(declared)
    assert proved is not None
    assert mine.composite is not None
    assert proved > mine.composite
    gained = sum(each.gain for each in found if each.score == "EARLY")
    assert (mine.early.value or 0) + gained == pytest.approx(
        score_case(case(snapshot={"staff": 90})).early.value
    )
    assert all(each.gain == 0 for each in differences(other, mine))


def path(*states: DealState, ask: int = 100, action: Action = Action.SUBMIT) -> Path:
    steps = [
        Transition(at + 1, action, source, target, "x", START + timedelta(days=10 * at), "")
        for at, (source, target) in enumerate(pairwise(states))
    ]
    return Path(START, states[-1], ask, steps)


def test_a_funnel_counts_what_a_cohort_ever_reached() -> None:
    lead, submitted, screening, initiated = list(DealState)[:4]
    declined = path(lead, submitted, screening, initiated, DealState.DECLINED)
    last = replace(declined.transitions[-1], codes=(DeclineCode.TEAM,))
    found = funnel(
        [
            path(lead, submitted, screening),
            replace(declined, transitions=[*declined.transitions[:-1], last]),
            path(lead, DealState.INVESTED, ask=50, action=Action.IMPORT),
            path(lead, submitted, DealState.WITHDRAWN),
        ]
    )
    counts = {each.state: (each.deals, each.ask_fen, each.median_days) for each in found.steps}
    assert counts[submitted] == (4, 350, 0.0)
    assert counts[screening] == (3, 250, 10.0)
    assert counts[initiated] == (2, 150, 20.0)
    assert counts[DealState.INVESTED] == (1, 50, None)
    assert found.declined == {DeclineCode.TEAM: 1}
    assert (found.withdrawn, found.lapsed, found.open) == (1, 0, 1)
    assert [each.deals for each in found.steps] == sorted((each.deals for each in found.steps), reverse=True)


def test_the_method_says_what_is_applied_in_both_languages() -> None:
    found = sections(MANDATE)
    assert all(title.zh and title.en and text.zh and text.en for title, text in found)
    said = " ".join(text.zh for _, text in found)
    for formula in ("0.6", "clamp((60−m)/60)", "ln11", "几何平均", "财税〔2018〕55号"):
        assert formula in said
    assert len(sections(None)) == len(found) - 1
