from dataclasses import replace
from datetime import timedelta
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import Catalogue, load
from services.chassis.filtering import parse
from services.chassis.filtering.facets import mentions
from services.funding.domain.deal.states import DealState
from services.funding.domain.deal.waiver import Waiver
from services.funding.domain.firm.stages import Stage
from services.funding.domain.screening.screening import Standing, rank_key, screen
from services.funding.domain.screening.surroundings import InterestsView
from services.funding.store.deals.screening import schema as fields
from services.funding.store.deals.screening_facets import FACETS, passes
from tests.unit.funding.cases import AS_OF, AT, case


@cache
def catalogue() -> Catalogue:
    return load()


def test_a_case_in_good_order_is_eligible_with_reasons_and_names_what_it_rests_on() -> None:
    got = screen(case())
    assert got.eligible
    assert got.reasons_for
    assert (got.mandate, got.fund_version, got.firm_version) == ("fund-1/mandates/1", 1, 1)
    assert screen(case()) == got


def test_a_breach_is_ineligible_and_comes_first_among_the_reasons_against() -> None:
    got = screen(case(facts={"stage": Stage.GROWTH}, snapshot={"abnormal": None}))
    assert got.standing is Standing.INELIGIBLE
    assert "成长期" in got.reasons_against[0].zh


def test_unknown_is_not_eligible_and_not_refused() -> None:
    got = screen(case(snapshot={"abnormal": None}))
    assert got.standing is Standing.UNDETERMINED
    assert not got.eligible
    assert any("经营异常" in text.zh for text in got.reasons_against)


def test_what_two_checks_wait_for_is_said_once() -> None:
    unstaffed = replace(case(), state=DealState.DUE_DILIGENCE, interests=InterestsView(staffed=False))
    waiting = [each for each in screen(unstaffed).reasons_against if "项目组" in each.zh]
    assert len(waiting) == 1


def test_a_waived_breach_does_not_block() -> None:
    late = case(facts={"stage": Stage.GROWTH})
    waivers = tuple(Waiver(code, "文", "投委会", AS_OF) for code in ("STAGE_NOT_ELIGIBLE", "NOT_EARLY"))
    assert screen(replace(late, waivers=waivers)).eligible


def test_a_score_never_overrides_a_gate() -> None:
    refused = screen(case(terms={"fixed_return": True}))
    assert refused.scores == screen(case()).scores
    assert not refused.eligible


def test_ranking_by_score_then_coverage_then_submission_then_name() -> None:
    base = screen(case())
    scores = base.scores
    better = replace(base, scores=replace(scores, composite=(scores.composite or 0) + 1))
    thinner = replace(base, scores=replace(scores, coverage=0.5))
    none = replace(base, scores=replace(scores, composite=None))
    later = AT + timedelta(seconds=1)
    ranked = [
        (better, later, "z"),
        (base, AT, "a"),
        (base, AT, "b"),
        (base, later, "a"),
        (base, None, "a"),
        (thinner, AT, "a"),
        (none, AT, "a"),
    ]
    backwards = ranked[::-1]
    assert sorted(backwards, key=lambda row: rank_key(*row)) == ranked


@given(
    st.lists(st.sampled_from(FACETS), unique=True), st.sampled_from(["", "stage = SEED AND eligible = true"])
)
def test_dimensions_are_counted_together_unless_the_filter_names_them(names: list[str], filter_: str) -> None:
    expression = parse(filter_, fields(catalogue()))
    found = passes(expression, names)
    assert sorted(each for group in found for each in group) == sorted(names)
    assert all(len(group) == 1 for group in found if any(mentions(expression, each) for each in group))
    if not filter_ and {"state", "stage", "eligible"} <= set(names):
        assert len(found) < len(names)
