from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.fund.mandate import Citation, in_force
from services.funding.domain.fund.mandate_revision import Decision, Revision, RevisionState, decide, propose
from services.funding.domain.ratio import Ratio, parse_ratio, percent
from services.kernel.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from tests.unit.funding.cases import AS_OF, AT, MANDATE

RULES = replace(MANDATE, revision=2, effective_from=AS_OF)


def proposed(**changes: object) -> Revision:
    rules = replace(RULES, **changes)  # type: ignore[arg-type]
    return propose(rules, proposer="manager", at=AT, reason="提高集中度上限", today=AS_OF)


def test_somebody_else_decides_and_only_once() -> None:
    revision = proposed()
    assert revision.state is RevisionState.PROPOSED
    with pytest.raises(PermissionDenied) as own:
        decide(revision, Decision(True, "manager", AT, "文"))
    assert own.value.reason == "FOUR_EYES"
    approved = replace(
        revision, decision=decide(revision, Decision(True, "supervisor", AT, "苏财〔2026〕1号"))
    )
    assert approved.state is RevisionState.APPROVED
    with pytest.raises(FailedPrecondition) as again:
        decide(approved, Decision(False, "another", AT, "文"))
    assert again.value.reason == "REVISION_DECIDED"
    with pytest.raises(InvalidArgument):
        decide(revision, Decision(True, "supervisor", AT, " "))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"effective_from": AS_OF - timedelta(days=1)}, "BEGINS_IN_PAST"),
        ({"effective_to": AS_OF}, "EMPTY_PERIOD"),
        ({"concentration_max": Ratio(6, 5)}, "RATIO_OUT_OF_BOUNDS"),
        ({"citations": (Citation("luck", "文"),)}, "UNKNOWN_PARAMETER"),
        ({"citations": (Citation("ticket_max", "文"), Citation("ticket_max", "文"))}, "PARAMETER_REPEATED"),
        ({"city_quotas": (("suzhou", percent(20)), ("suzhou", percent(30)))}, "CITY_REPEATED"),
        ({"min_projects": 0}, "OUT_OF_BOUNDS"),
        ({"ruleset": "none"}, "UNKNOWN_RULESET"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        proposed(**changes)
    assert reason in {each.reason for each in refused.value.violations}


def test_a_limit_says_where_it_stands() -> None:
    cited = replace(RULES, citations=(Citation("ticket_max", "章程第8条"),))
    assert cited.citation("ticket_max") == cited.citations[0].text
    assert cited.citation("early_floor") is None


def test_the_newest_revision_that_has_begun_is_in_force_until_it_ends() -> None:
    first = replace(MANDATE, revision=1, effective_from=date(2025, 1, 1))
    second = replace(MANDATE, revision=2, effective_from=date(2026, 1, 1), effective_to=date(2026, 7, 1))
    both = [first, second]
    assert in_force(both, date(2024, 12, 31)) is None
    assert in_force(both, date(2025, 12, 31)) is first
    assert in_force(both, date(2026, 1, 1)) is second
    assert in_force(both, date(2026, 7, 1)) is None


@given(st.integers(0, 9999), st.integers(1, 9999))
def test_ratios_are_read_exactly(num: int, den: int) -> None:
    read = parse_ratio(f"{num}/{den}")
    assert read.num * den == num * read.den
    assert parse_ratio(f"{num}%").num * 100 == num * parse_ratio(f"{num}%").den
    assert parse_ratio(f"{num // 100}.{num % 100:02d}%") == parse_ratio(f"{num}/10000")


@pytest.mark.parametrize("text", ["", "20", "0.2", "1/0", "-1%", "1/3000000", "20％", "1.234%", "1/10001"])
def test_other_ways_to_write_a_ratio_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_ratio(text)
