from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.talent.domain.position import (
    OutcomeKind,
    OutcomeStated,
    Position,
    PositionFacts,
    PositionStatus,
    fills,
)
from services.talent.domain.position.posting import repeats
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


def test_the_same_demand_advertised_twice_within_60_days_counts_once() -> None:
    first = register(position_facts(opened=TODAY - days(60)))
    again = register(
        position_facts(ref="J-2", employer="南通 海氢科技", title="电解槽 工程师", opened=TODAY), "j2"
    )
    assert repeats([again, first]) == {"j2": "j1"}
    assert first.same_key == again.same_key
    assert repeats([register(position_facts(opened=TODAY - days(61))), again]) == {}
    again.duplicate_of = first.id
    assert (again.posting, again.open_headcount(TODAY)) == (None, 0)


def test_an_advertisement_after_the_search_had_ended_is_new_demand() -> None:
    ended = register(position_facts(opened=TODAY - days(30), closed=TODAY - days(10)))
    again = register(position_facts(ref="J-2", opened=TODAY - days(5)), "j2")
    assert repeats([ended, again]) == {}
    overlapping = register(position_facts(ref="J-3", opened=TODAY - days(20)), "j3")
    assert repeats([ended, overlapping]) == {"j3": "j1"}


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 90)), min_size=1, max_size=8), st.randoms())
def test_what_repeats_what_does_not_depend_on_the_order(spans: list[tuple[int, int]], random: Random) -> None:
    positions = [
        register(
            position_facts(
                ref=f"J-{at}",
                opened=TODAY - days(age),
                closed=TODAY - days(age - life) if life < age else None,
            ),
            f"j{at}",
        )
        for at, (age, life) in enumerate(spans)
    ]
    found = repeats(positions)
    random.shuffle(positions)
    assert repeats(positions) == found
    counting = {each.id for each in positions} - set(found)
    assert counting
    assert set(found.values()) <= counting


def test_an_outcome_is_recorded_attributed_and_taken_back() -> None:
    position = register()
    position.record_fill(1, TODAY - days(3), NOW, outcome=OutcomeKind.FILLED_FROM_LIBRARY)
    position.record_fill(2, TODAY, NOW, outcome=OutcomeKind.FILLED_ELSEWHERE)
    assert (position.status, position.outcome, position.attributed) == (
        PositionStatus.CLOSED,
        OutcomeKind.FILLED_ELSEWHERE,
        3,
    )
    position.undo_fill(2, TODAY, NOW)
    assert (position.status, position.outcome, position.attributed, position.closed) == (
        PositionStatus.OPEN,
        None,
        1,
        None,
    )
    assert position.fills == ((TODAY - days(3), 1),)
    with pytest.raises(InvalidArgument) as caught:
        position.revise(replace(position.facts, filled=0), axes=AXES, now=NOW)
    assert [each.reason for each in caught.value.violations] == ["FILLED_BELOW_OUTCOMES"]


def test_a_closed_or_withdrawn_position_is_reopened_for_what_is_left() -> None:
    position = register(position_facts(filled=1))
    with pytest.raises(FailedPrecondition):
        position.reopen(NOW)
    position.withdraw("项目取消", NOW)
    assert position.outcome is OutcomeKind.WITHDRAWN
    position.reopen(NOW)
    assert (position.status, position.outcome, position.open_headcount(TODAY)) == (
        PositionStatus.OPEN,
        None,
        2,
    )
    position.record_fill(2, TODAY, NOW)
    with pytest.raises(FailedPrecondition) as caught:
        position.reopen(NOW)
    assert caught.value.reason == "POSITION_NOTHING_LEFT"


@pytest.mark.parametrize(
    ("stated", "reason"),
    [
        (OutcomeStated(kind=OutcomeKind.FILLED_FROM_LIBRARY), "PERSON_REQUIRED"),
        (OutcomeStated(kind=OutcomeKind.FILLED_FROM_LIBRARY, heads=2, person_id="p"), "ONE_PERSON_ONE_HEAD"),
        (OutcomeStated(kind=OutcomeKind.FILLED_ELSEWHERE, person_id="p"), "PERSON_NOT_EXPECTED"),
        (OutcomeStated(kind=OutcomeKind.WITHDRAWN), "OUTCOME_NOT_A_FILL"),
        (OutcomeStated(kind=OutcomeKind.FILLED_ELSEWHERE, note="备\u202e注"), "INVISIBLE_CHARACTERS"),
    ],
)
def test_a_stated_outcome_that_cannot_be_true_is_refused(stated: OutcomeStated, reason: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        stated.checked()
    assert reason in {each.reason for each in caught.value.violations}


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 4)), max_size=6), st.integers(0, 30))
def test_fills_taken_back_leave_exactly_the_others(pairs: list[tuple[int, int]], taken: int) -> None:
    before = tuple((TODAY - days(age), heads) for age, heads in pairs)
    total = sum(heads for _, heads in before)
    left = fills.without(before, min(taken, total), TODAY)
    assert sum(heads for _, heads in left) == total - min(taken, total)
    assert all(heads > 0 for _, heads in left)
