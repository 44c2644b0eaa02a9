from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.funding.domain.checks.check import CheckResult, Severity, blocks, fails
from services.funding.domain.checks.run import CHECKS, run_checks
from services.funding.domain.checks.waivers import apply_waivers
from services.funding.domain.deal.waiver import Waiver
from services.funding.domain.firm.stages import Stage
from services.funding.domain.fund.portfolio import Portfolio, Position
from services.funding.domain.outcomes import Outcome
from services.funding.domain.ratio import Ratio, percent
from services.funding.domain.screening.case import Case
from services.funding.domain.screening.rulesets import WAN, YI
from services.funding.store.deals.reports import recompute, report_of
from services.kernel.text import Text
from tests.unit.funding.cases import AS_OF, AT, case

P, F, U, N = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE


def check(code: str, of: Case) -> CheckResult:
    return next(result for result in run_checks(of) if result.code == code)


def held(*amounts: tuple[int, Outcome], firm: str = "other") -> Portfolio:
    return Portfolio(tuple(Position(firm, fen, early, "suzhou", True) for fen, early in amounts))


def test_a_case_in_good_order_passes_every_blocking_check() -> None:
    results = run_checks(case())
    assert not [r.code for r in results if blocks(r)]
    assert len({r.code for r in results}) == len(CHECKS) == 34
    assert all(r.text.zh and r.text.en and r.citation.zh for r in results)


BOUNDARIES: list[tuple[str, dict[str, Any], Outcome]] = [
    ("TICKET_TOO_LARGE", {"terms": {"ask_fen": 5000 * WAN}}, P),
    ("TICKET_TOO_LARGE", {"terms": {"ask_fen": 5000 * WAN + 1}}, F),
    ("TICKET_TOO_LARGE", {"mandate": {"ticket_max_fen": None}}, N),
    ("VALUATION_TOO_HIGH", {"terms": {"pre_money_fen": 5 * YI - 1}}, P),
    ("VALUATION_TOO_HIGH", {"terms": {"pre_money_fen": 5 * YI}}, F),
    ("VALUATION_TOO_HIGH", {"terms": {"pre_money_fen": None}}, U),
    ("SINGLE_PROJECT_CONCENTRATION", {"fund_values": {"paid_in_fen": 2500 * WAN}}, P),
    ("SINGLE_PROJECT_CONCENTRATION", {"fund_values": {"paid_in_fen": 2500 * WAN - 1}}, F),
    ("SINGLE_PROJECT_CONCENTRATION", {"fund_values": {"paid_in_fen": None}}, U),
    ("SINGLE_PROJECT_CONCENTRATION", {"portfolio": held((1500 * WAN, P), firm="firm-1")}, P),
    ("SINGLE_PROJECT_CONCENTRATION", {"portfolio": held((1500 * WAN + 1, P), firm="firm-1")}, F),
    ("INSUFFICIENT_FUND_CAPITAL", {"fund_values": {"committed_fen": 2 * YI - 500 * WAN}}, P),
    ("INSUFFICIENT_FUND_CAPITAL", {"fund_values": {"committed_fen": 2 * YI - 500 * WAN + 1}}, F),
    ("OWNERSHIP_CAP", {"terms": {"ask_fen": 30, "pre_money_fen": 70}}, F),
    ("OWNERSHIP_CAP", {"terms": {"ask_fen": 30, "pre_money_fen": 70, "round_total_fen": 31}}, P),
    ("FUND_TERM_TOO_SHORT", {"terms": {"holding_months": 150}}, P),
    ("FUND_TERM_TOO_SHORT", {"terms": {"holding_months": 151}}, F),
    ("FUND_TERM_TOO_SHORT", {"terms": {"holding_months": None}}, U),
    ("INVESTMENT_PERIOD_CLOSED", {"fund_values": {"established": date(2020, 7, 1)}}, P),
    ("INVESTMENT_PERIOD_CLOSED", {"fund_values": {"established": date(2020, 6, 30)}}, F),
    ("FIXED_RETURN_TERMS", {"terms": {"fixed_return": True}}, F),
    ("FIXED_RETURN_TERMS", {"terms": {"fixed_return": None}}, U),
    ("REDEMPTION_TOO_EARLY", {"terms": {"has_redemption": True, "redemption_months": 60}}, P),
    ("REDEMPTION_TOO_EARLY", {"terms": {"has_redemption": True, "redemption_months": 59}}, F),
    ("REDEMPTION_TOO_EARLY", {"terms": {"has_redemption": True}}, U),
    ("DUPLICATE_PUBLIC_FUNDING", {"terms": {"other_public_funds": ("南京基金",)}}, F),
    ("DUPLICATE_PUBLIC_FUNDING", {"terms": {"other_public_funds": None}}, U),
    ("DIRECTION_OUT_OF_SCOPE", {"facts": {"direction_shares": (("seawater-h2", 500), ("x", 500))}}, P),
    ("DIRECTION_OUT_OF_SCOPE", {"facts": {"direction_shares": (("seawater-h2", 499), ("x", 501))}}, F),
    ("CITY_OUT_OF_SCOPE", {"facts": {"city": "outside"}}, F),
    ("CITY_OUT_OF_SCOPE", {"facts": {"city": "outside"}, "mandate": {"cities": ()}}, N),
    ("STAGE_NOT_ELIGIBLE", {"facts": {"stage": Stage.GROWTH}}, F),
    ("STAGE_NOT_ELIGIBLE", {"facts": {"stage": None}}, U),
    ("FIRM_ABNORMAL", {"snapshot": {"abnormal": True}}, F),
    ("FIRM_ABNORMAL", {"snapshot": {"abnormal": None}}, U),
    ("NEGATIVE_LIST", {"snapshot": {"restricted": True}}, F),
    ("EVIDENCE_STALE", {"snapshot": {"as_of": date(2025, 6, 30)}}, P),
    ("EVIDENCE_STALE", {"snapshot": {"as_of": date(2025, 6, 29)}}, F),
    ("GOVERNMENT_SHARE", {"mandate": {"government_share_max": percent(50)}}, P),
    ("GOVERNMENT_SHARE", {"mandate": {"government_share_max": Ratio(4999, 10000)}}, F),
    ("SOCIAL_LEVERAGE_LOW", {"mandate": {"leverage_min": Ratio(1, 1)}}, P),
    ("SOCIAL_LEVERAGE_LOW", {"mandate": {"leverage_min": Ratio(1001, 1000)}}, F),
    ("LOCAL_REINVESTMENT", {"mandate": {"reinvestment_min": Ratio(5, 100)}}, P),
    ("LOCAL_REINVESTMENT", {"mandate": {"reinvestment_min": Ratio(51, 1000)}}, F),
    ("LOCAL_REINVESTMENT", {}, N),
    ("JIANGSU_DIRECT_SHARE", {"mandate": {"jiangsu_floor": percent(70)}}, P),
    ("JIANGSU_DIRECT_SHARE", {"mandate": {"jiangsu_floor": percent(70)}, "facts": {"city": "outside"}}, F),
    ("MIN_PORTFOLIO_COUNT", {"mandate": {"min_projects": 1}}, P),
    ("MIN_PORTFOLIO_COUNT", {"mandate": {"min_projects": 2}}, F),
    ("NOT_SMALL", {"terms": {"pre_money_fen": 5 * YI}}, F),
    ("NOT_EARLY", {"facts": {"stage": Stage.GROWTH}}, F),
    ("NOT_HARD_TECH", {"snapshot": {"rd_cost_fen": 0, "inventions": 0}}, U),
]


@pytest.mark.parametrize(("code", "varied", "outcome"), BOUNDARIES)
def test_boundaries(code: str, varied: dict[str, Any], outcome: Outcome) -> None:
    assert check(code, case(**varied)).outcome is outcome


def test_cities_are_called_by_their_names_and_by_their_codes_where_no_name_is_known() -> None:
    asked = case(
        facts={"city": "wuxi"}, mandate={"cities": ("suzhou",), "city_quotas": (("wuxi", percent(9)),)}
    )
    named = replace(asked, places=(("suzhou", Text("苏州市", "Suzhou")), ("wuxi", Text("无锡市", "Wuxi"))))
    place, quota = check("CITY_OUT_OF_SCOPE", named), check("CITY_QUOTA", named)
    assert (place.text.zh, place.text.en) == (
        "企业所在地 无锡市，授权范围 苏州市",
        "the firm is in Wuxi, the mandate covers Suzhou",
    )
    assert place.observed is not None
    assert (place.observed.text, place.observed.exact) == (Text("无锡市", "Wuxi"), "wuxi")
    assert "无锡市" in quota.text.zh
    assert "Wuxi" in quota.text.en
    assert check("CITY_OUT_OF_SCOPE", asked).text.en == "the firm is in wuxi, the mandate covers suzhou"


def test_headroom_is_exact() -> None:
    over = check("TICKET_TOO_LARGE", case(terms={"ask_fen": 5000 * WAN + 1}))
    assert over.headroom is not None
    assert over.headroom.exact == "-1 fen"
    assert "超出0.01元" in over.text.zh
    full = check("SINGLE_PROJECT_CONCENTRATION", case(fund_values={"paid_in_fen": 2500 * WAN}))
    assert full.observed is not None
    assert full.observed.exact == f"{500 * WAN}/{2500 * WAN}"
    assert full.observed.text.zh == "20%"


def test_what_this_deal_holds_already_is_not_asked_for_twice() -> None:
    full = case(fund_values={"committed_fen": 2 * YI})
    assert check("INSUFFICIENT_FUND_CAPITAL", full).outcome is F
    assert check("INSUFFICIENT_FUND_CAPITAL", replace(full, held_fen=500 * WAN)).outcome is P


def test_an_unknown_negative_list_warns_and_a_known_one_blocks_without_waiver() -> None:
    unknown = check("NEGATIVE_LIST", case(snapshot={"restricted": None}))
    assert (unknown.outcome, unknown.severity) == (U, Severity.WARN)
    listed = check("NEGATIVE_LIST", case(snapshot={"restricted": True}))
    assert fails(listed)
    assert not listed.waivable


@pytest.mark.parametrize(
    ("positions", "outcome"),
    [
        ([(500 * WAN, P)], P),
        ([(500 * WAN * 3 // 7, F)], P),  # exactly 70 % or a hair above
        ([(500 * WAN * 3 // 7 + 1, F)], F),
        ([(1 * WAN, U)], P),  # whatever it is, the floor holds
        ([(500 * WAN, U)], U),
        ([(500 * WAN, U), (5000 * WAN, F)], F),
    ],
)
def test_early_floor_is_judged_with_unknown_positions_either_way(
    positions: list[tuple[int, Outcome]], outcome: Outcome
) -> None:
    assert check("EARLY_SHARE_BELOW_FLOOR", case(portfolio=held(*positions))).outcome is outcome


@pytest.mark.parametrize(
    ("established", "severity"), [(date(2022, 6, 30), Severity.BLOCK), (date(2022, 7, 1), Severity.WARN)]
)
def test_early_floor_blocks_in_the_last_third(established: date, severity: Severity) -> None:
    varied = case(fund_values={"established": established}, portfolio=held((YI, F)))
    assert check("EARLY_SHARE_BELOW_FLOOR", varied).severity is severity


@given(st.integers(1, 10**13), st.integers(1, 10**13))
def test_concentration_agrees_with_exact_arithmetic(ask: int, paid_in: int) -> None:
    paid_in = min(paid_in, 2 * YI)
    got = check(
        "SINGLE_PROJECT_CONCENTRATION", case(terms={"ask_fen": ask}, fund_values={"paid_in_fen": paid_in})
    )
    assert (got.outcome is P) == (ask * 100 <= 20 * paid_in)
    assert got.headroom is not None
    left = int(got.headroom.exact.removesuffix(" fen"))
    assert (left >= 0) == (got.outcome is P)


def test_waivers_cover_waivable_breaches_until_their_day() -> None:
    results = run_checks(case(terms={"ask_fen": 5001 * WAN, "fixed_return": True}))
    waivers = [
        Waiver(code, "苏天使投决〔2026〕3号", "投委会", AS_OF)
        for code in ("TICKET_TOO_LARGE", "FIXED_RETURN_TERMS")
    ]
    by_code = {r.code: r for r in apply_waivers(results, waivers, AS_OF)}
    assert by_code["TICKET_TOO_LARGE"].outcome is Outcome.WAIVED
    assert "3号" in by_code["TICKET_TOO_LARGE"].text.zh
    assert by_code["FIXED_RETURN_TERMS"].outcome is F
    assert apply_waivers(results, waivers, date(2026, 7, 1)) == results


@given(
    st.lists(st.sampled_from(["staff", "abnormal", "restricted", "inventions", "rd_cost_fen"]), max_size=5)
)
def test_taking_knowledge_away_never_makes_a_check_pass(names: list[str]) -> None:
    facts: dict[str, Any] = dict.fromkeys(names)
    before = {r.code: r.outcome for r in run_checks(case(snapshot={"inventions": 0}))}
    after = {r.code: r.outcome for r in run_checks(case(snapshot={"inventions": 0} | facts))}
    assert not [code for code in before if before[code] is F and after[code] is P]


def test_recomputing_gives_the_identical_report() -> None:
    assert run_checks(case()) == run_checks(case())


@settings(max_examples=15, deadline=None)
@given(
    ask=st.integers(1, 10 * YI),
    staff=st.none() | st.integers(20, 2000),
    held=st.lists(st.integers(1, YI), max_size=4),
    recycling=st.none() | st.builds(Ratio, st.integers(0, 5), st.just(5)),
)
def test_a_report_is_made_again_from_its_inputs_bit_for_bit(
    ask: int, staff: int | None, held: list[int], recycling: Ratio | None
) -> None:
    positions = tuple(Position(f"firm-{n}", fen, Outcome.PASS, "suzhou", True) for n, fen in enumerate(held))
    of = case(
        snapshot={"staff": staff},
        terms={"ask_fen": ask},
        mandate={"recycling_max": recycling},
        portfolio=Portfolio(positions),
    )
    made = report_of(of, "deal-1", 3, "REQUESTED", AT, "analyst")
    again = recompute(made)
    assert (again.same, again.digest, again.differing) == (True, made.digest, ())
    assert (made.mandate_revision, made.fund_version, made.firm_version) == (
        1,
        of.fund.version,
        of.firm.version,
    )
    forged = replace(made, inputs=made.inputs.replace(f'"ask_fen":{ask}', f'"ask_fen":{ask + 1}', 1))
    assert not recompute(forged).same
