"""Forecasts and plans of an earlier catalogue under today's directions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.talent.domain.axes import Axes
from services.talent.domain.shortage.outlook.allocation import Line
from services.talent.domain.shortage.outlook.records import ForecastTarget, PlanLine
from services.talent.domain.shortage.outlook.renewing import Succeeded
from services.talent.domain.shortage.table import Address
from tests.unit.catalogue.earlier import MERGED, OTHER, RENAMED, SPLIT, TODAY, earlier

THEN, NOW = Axes.of_catalogue(earlier()), Axes.of_catalogue(TODAY)
SUCCEEDED = Succeeded(THEN, NOW)
DUE, LATER = date(2026, 12, 31), date(2027, 3, 31)


def target(node: str, mean: float = 10.0, due: date = DUE) -> ForecastTarget:
    return ForecastTarget(Address(node, "nantong"), due, round(mean) + 1, mean, mean * 0.6, mean * 1.7)


def line(node: str, recruits: int = 5, closed: float = 4.0) -> PlanLine:
    address = Address(node, "nantong")
    return PlanLine(Line(address, recruits, 3, closed + 2, closed, closed - 1, closed + 1), supply=7.0)


def by_node(made: list[ForecastTarget]) -> dict[str, ForecastTarget]:
    return {each.address.node: each for each in SUCCEEDED.targets(made)}


def test_a_renamed_direction_takes_its_forecast_along() -> None:
    made = target("marine-h2")
    found = by_node([made])[RENAMED]
    assert (found.start, found.mean, found.recast, found.whole) == (made.start, made.mean, True, True)
    assert (found.low, found.high) == pytest.approx((made.low, made.high))


def test_what_is_merged_adds_up_and_is_scored_only_if_it_is_whole() -> None:
    both = by_node([target("merged-a", 10), target("merged-b", 20)])[MERGED]
    assert (both.start, both.mean, both.whole) == (32, 30, True)
    assert both.low == pytest.approx(30 - (4**2 + 8**2) ** 0.5)
    assert both.high == pytest.approx(30 + (7**2 + 14**2) ** 0.5)
    half = by_node([target("merged-a")])[MERGED]
    assert half.recast
    assert not half.whole


def test_what_is_split_is_divided_and_its_parts_are_surer_of_less() -> None:
    made = target("broad-h2", 10)
    found = by_node([made])
    parts = found[SPLIT], found[OTHER]
    assert [each.mean for each in parts] == pytest.approx([6, 4])
    assert sum(each.start for each in parts) == made.start
    assert all(each.whole for each in parts)
    for each in parts:
        assert (each.high - each.mean) / each.mean > (made.high - made.mean) / made.mean


def test_what_stayed_is_the_very_same_and_days_are_kept_apart() -> None:
    others = [target("hydrogen"), target("hydrogen", due=LATER), target("all")]
    assert SUCCEEDED.targets(others) == others
    assert len(SUCCEEDED.targets([target("merged-a"), target("merged-b", due=LATER)])) == 2


def test_without_the_directions_of_then_nothing_carried_over_is_scored() -> None:
    unknown = Succeeded(None, NOW)
    stayed, carried = unknown.targets([target("hydrogen"), target("marine-h2")])
    assert (stayed.recast, stayed.whole) == (False, True)
    assert (carried.recast, carried.whole) == (True, False)


CODES = st.sampled_from(["marine-h2", "merged-a", "merged-b", "broad-h2", "hydrogen", "quantum"])


@given(st.dictionaries(CODES, st.tuples(st.integers(0, 40), st.floats(0.5, 30)), max_size=6))
def test_no_head_of_a_plan_is_lost_or_made(drawn: dict[str, tuple[int, float]]) -> None:
    made = [line(code, recruits, closed) for code, (recruits, closed) in drawn.items()]
    found = SUCCEEDED.lines(made)
    for name in ("recruits", "places"):
        assert sum(getattr(each.line, name) for each in found) == sum(getattr(e.line, name) for e in made)
    for name in ("gap", "closed"):
        assert sum(getattr(each.line, name) for each in found) == pytest.approx(
            sum(getattr(each.line, name) for each in made)
        )
    assert sum(each.supply for each in found) == pytest.approx(sum(each.supply for each in made))
    assert [each.line.closed for each in found] == sorted((e.line.closed for e in found), reverse=True)
