"""Identifiers: never twice, and in the order in which they were made."""

from datetime import UTC, datetime, timedelta

from services.kernel.clock import ManualClock
from services.kernel.ids import TimeOrderedIds, is_id


def test_ids_of_one_moment_are_different_and_in_order() -> None:
    ids = TimeOrderedIds(ManualClock(datetime(2026, 7, 1, tzinfo=UTC)))
    made = [ids.new() for _ in range(1000)]
    assert made == sorted(set(made))
    assert {each[:10] for each in made} == {made[0][:10]}
    assert all(is_id(each) for each in made)


def test_a_later_id_sorts_after_an_earlier_one() -> None:
    clock = ManualClock(datetime(2026, 7, 1, tzinfo=UTC))
    ids = TimeOrderedIds(clock)
    made = []
    for _ in range(100):
        made.append(ids.new())
        clock.advance(timedelta(milliseconds=1))
    assert made == sorted(made)


def test_two_makers_of_one_moment_do_not_meet() -> None:
    clock = ManualClock(datetime(2026, 7, 1, tzinfo=UTC))
    one, other = TimeOrderedIds(clock), TimeOrderedIds(clock)
    assert not {one.new() for _ in range(1000)} & {other.new() for _ in range(1000)}
