from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.talent.domain.position import Position, PositionFacts, PositionStatus
from services.talent.domain.posting import find_duplicate
from tests.unit.talent.library import AXES, NOW, TODAY, position_facts, posting


def days(count: int) -> timedelta:
    return timedelta(days=count)


def register(facts: PositionFacts | None = None, id_: str = "j1") -> Position:
    return Position.register(facts or position_facts(), id_=id_, origin="REAL", axes=AXES, now=NOW)


def test_every_broken_rule_is_named_at_once() -> None:
    bad = position_facts(
        title="",
        employer="海\u202e氢",
        city="outside",
        leaf="hydrogen",
        category="wizard",
        headcount=2,
        filled=3,
        opened=TODAY - days(2),
        closed=TODAY - days(3),
    )
    with pytest.raises(InvalidArgument) as caught:
        register(bad)
    assert {violation.reason for violation in caught.value.violations} == {
        "REQUIRED",
        "INVISIBLE_CHARACTERS",
        "UNKNOWN_CITY",
        "UNKNOWN_LEAF",
        "UNKNOWN_CATEGORY",
        "FILLED_OUT_OF_RANGE",
        "CLOSED_BEFORE_OPENED",
    }


@pytest.mark.parametrize("headcount", [0, -1, 10_000_000])
def test_a_headcount_out_of_range_is_refused(headcount: int) -> None:
    with pytest.raises(InvalidArgument) as caught:
        register(position_facts(headcount=headcount))
    assert "HEADCOUNT_OUT_OF_RANGE" in {violation.reason for violation in caught.value.violations}


def test_a_posting_expires_after_180_days_unless_renewed() -> None:
    position = register(position_facts(opened=TODAY))
    assert position.open_headcount(TODAY + days(180)) == 3
    assert position.open_headcount(TODAY + days(181)) == 0
    assert not position.expire(NOW + days(180))
    assert position.expire(NOW + days(181))
    assert position.status is PositionStatus.EXPIRED
    position.renew(NOW + days(190))
    assert position.status is PositionStatus.OPEN
    assert position.open_headcount(TODAY + days(370)) == 3


def test_an_old_posting_is_expired_from_the_start() -> None:
    assert register(position_facts(opened=TODAY - days(400))).status is PositionStatus.EXPIRED


def test_fills_are_dated_and_the_last_one_closes() -> None:
    position = register()
    position.record_fill(1, TODAY - days(10), NOW)
    assert (position.filled, position.open_headcount(TODAY)) == (1, 2)
    position.record_fill(2, TODAY, NOW)
    assert (position.status, position.closed, position.open_headcount(TODAY)) == (
        PositionStatus.CLOSED,
        TODAY,
        0,
    )
    with pytest.raises(FailedPrecondition):
        position.record_fill(1, TODAY, NOW)


@pytest.mark.parametrize(
    ("heads", "on"), [(0, TODAY), (4, TODAY), (1, TODAY + days(1)), (1, date(2026, 4, 1))]
)
def test_a_fill_out_of_range_is_refused(heads: int, on: date) -> None:
    with pytest.raises(InvalidArgument):
        register().record_fill(heads, on, NOW)


def test_a_revised_fill_count_adds_or_corrects_dated_fills() -> None:
    position = register(position_facts(filled=1))
    position.revise(replace(position.facts, filled=3), axes=AXES, now=NOW + days(5))
    assert position.fills == ((TODAY, 1), (TODAY + days(5), 2))
    position.revise(replace(position.facts, filled=2), axes=AXES, now=NOW + days(6))
    assert position.fills == ((TODAY, 1), (TODAY + days(5), 1))


def test_withdrawal_stops_demand_and_keeps_exposure() -> None:
    position = register(position_facts(opened=TODAY - days(30), headcount=2))
    position.withdraw("项目取消", NOW)
    counted = position.posting
    assert counted is not None
    assert counted.open_headcount(TODAY) == 0
    assert counted.exposure(TODAY - days(730), TODAY) == 60
    with pytest.raises(FailedPrecondition):
        position.renew(NOW)


def test_exposure_ends_with_the_fill_the_closing_the_expiry_or_the_window() -> None:
    since = TODAY - days(730)
    opened = TODAY - days(100)
    assert posting(2, opened=opened, fills=((opened + days(40), 1),)).exposure(since, TODAY) == 40 + 100
    assert posting(1, opened=opened, closed=opened + days(7)).exposure(since, TODAY) == 7
    assert posting(1, opened=TODAY - days(400)).exposure(since, TODAY) == 180
    assert posting(1, opened=opened).exposure(TODAY - days(10), TODAY) == 10
    assert posting(1, opened=TODAY).exposure(since, TODAY) == 0


@given(st.integers(1, 50), st.integers(0, 900), st.integers(0, 400), st.integers(1, 20))
def test_counts_are_never_negative(heads: int, age: int, life: int, filled: int) -> None:
    opened = TODAY - days(age)
    closed = opened + days(life)
    fill = ((opened + days(min(life, 30)), min(filled, heads)),)
    found = posting(heads, opened=opened, closed=closed, fills=fill)
    assert 0 <= found.open_headcount(TODAY) <= heads
    assert 0 <= found.exposure(TODAY - days(730), TODAY) <= heads * min(life, 180)
    assert 0 <= found.fills_between(TODAY - days(730), TODAY) <= heads


def test_the_same_demand_advertised_twice_within_60_days_is_a_duplicate() -> None:
    first = register(position_facts(opened=TODAY - days(60)))
    again = register(
        position_facts(ref="J-2", employer="南通 海氢科技", title="电解槽 工程师", opened=TODAY), "j2"
    )
    later = register(position_facts(ref="J-3", opened=TODAY), "j3")
    assert find_duplicate(again, [first]) is first
    assert find_duplicate(later, [register(position_facts(opened=TODAY - days(61)))]) is None
    assert find_duplicate(again, [again]) is None
    again.duplicate_of = first.id
    assert (again.posting, again.open_headcount(TODAY)) == (None, 0)
