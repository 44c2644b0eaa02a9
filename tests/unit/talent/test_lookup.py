"""Looks that are unusually many."""

from datetime import timedelta

from services.talent.domain.privacy.lookup import Limits, Look, anomalies
from tests.unit.talent.library import NOW

LIMITS = Limits(answer=10, day=15)


def look(actor: str, count: int, days: int = 0) -> Look:
    return Look(1, NOW - timedelta(days=days), actor, (), "reveal", "contact", ("phone",), count)


def test_one_large_answer_or_many_small_ones_are_listed() -> None:
    looks = [look("a", 12), *[look("b", 5)] * 3, *[look("c", 2)] * 3]
    found = anomalies(looks, LIMITS)
    assert [(each.actor, each.calls, each.records, each.largest) for each in found] == [
        ("b", 3, 15, 5),
        ("a", 1, 12, 12),
    ]
    assert [each.bulk(LIMITS) for each in looks[:2]] == [True, False]


def test_a_day_is_counted_for_itself_and_the_newest_comes_first() -> None:
    assert anomalies([look("a", 9), look("a", 9, days=1)], LIMITS) == []
    found = anomalies([look("a", 12, days=1), look("b", 12)], LIMITS)
    assert [each.actor for each in found] == ["b", "a"]
