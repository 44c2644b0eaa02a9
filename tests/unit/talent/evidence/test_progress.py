from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.talent.domain.evidence.counting import Library
from services.talent.domain.evidence.kinds import EvidenceKind
from services.talent.domain.evidence.progress import Light, Outlook, Progress, progress, reach_probability
from services.talent.domain.evidence.record import Evidence
from tests.unit.talent.evidence.register import TARGETS, confirmed

NOBODY = Library()


def scenarios(count: int, last: date = date(2026, 3, 1), every: int = 30) -> list[Evidence]:
    days = [last - timedelta(days=every * back) for back in range(count)]
    return [confirmed(approved=day, opened=day) for day in days]


def stands(target: str, records: list[Evidence], day: date) -> Progress:
    return progress(TARGETS[target], records, day, NOBODY)


def test_a_goal_ahead_has_paces_a_probability_and_a_light() -> None:
    found = stands("T2030-scenarios", scenarios(22), date(2026, 3, 31))
    assert (found.counted.amount, found.shortfall, found.due) == (22, 28, date(2030, 12, 31))
    assert found.needed == pytest.approx(28 / 4.755, rel=0.01)
    assert found.seen == pytest.approx(22 / 3, rel=0.01)
    assert found.probability is not None
    assert 0.4 < found.probability < 0.8
    assert found.light is Light.YELLOW


@pytest.mark.parametrize(
    ("day", "told"), [(date(2030, 9, 1), True), (date(2030, 11, 1), False), (date(2030, 12, 31), False)]
)
def test_near_its_deadline_a_goal_has_no_pace_per_year(day: date, told: bool) -> None:
    found = stands("T2030-scenarios", scenarios(22), day)
    assert (found.needed is not None) is told
    assert found.shortfall == 28
    assert found.probability is not None


@pytest.mark.parametrize(("count", "light"), [(1, Light.RED), (35, Light.GREEN), (50, Light.GREEN)])
def test_lights_follow_the_probability(count: int, light: Light) -> None:
    assert stands("T2030-scenarios", scenarios(count), date(2026, 3, 31)).light is light


def test_a_reached_goal_says_since_when() -> None:
    records = scenarios(51, every=10)
    found = stands("T2030-scenarios", records, date(2026, 3, 31))
    assert (found.probability, found.shortfall, found.light) == (None, 0, Light.GREEN)
    assert found.reached == date(2026, 3, 1) - timedelta(days=10)


def test_a_goal_whose_year_has_passed_shows_how_it_stood_then() -> None:
    early = [
        confirmed(
            kind=EvidenceKind.PLATFORM,
            type_code="fi-park",
            approved=date(2025, 1, n),
            opened=date(2025, 1, n),
        )
        for n in range(1, 10)
    ]
    late = confirmed(
        kind=EvidenceKind.PLATFORM, type_code="fi-park", approved=date(2026, 2, 1), opened=date(2026, 2, 1)
    )
    missed = stands("T2025-carriers", [*early, late], date(2026, 6, 30))
    assert (missed.counted.amount, missed.shortfall, missed.light) == (9, 1, Light.GREY)
    assert missed.probability is None
    last = confirmed(
        kind=EvidenceKind.PLATFORM, type_code="fi-park", approved=date(2025, 12, 1), opened=date(2025, 12, 1)
    )
    made = stands("T2025-carriers", [*early, last], date(2026, 6, 30))
    assert (made.light, made.reached) == (Light.GREEN, date(2025, 12, 1))


def test_a_yearly_goal_begins_anew_on_1_january() -> None:
    projects = [
        confirmed(kind=EvidenceKind.RD_PROJECT, approved=date(2025, 3, 1), opened=date(2025, 3, 1))
        for _ in range(15)
    ]
    assert stands("T-yearly-rd", projects, date(2025, 12, 31)).light is Light.GREEN
    anew = stands("T-yearly-rd", projects, date(2026, 1, 1))
    assert (anew.counted.amount, anew.due, anew.reached) == (0, date(2026, 12, 31), None)


def test_a_capability_without_a_year_has_no_probability() -> None:
    found = stands(
        "T-ccus-capacity", [confirmed(kind=EvidenceKind.CCUS_CAPACITY, quantity=300_000)], date(2026, 6, 30)
    )
    assert (found.due, found.probability, found.light, found.shortfall) == (None, None, Light.NONE, 700_000)


@given(st.integers(1, 80), st.integers(0, 60), st.floats(0.1, 8), st.floats(0.2, 5))
def test_more_seen_and_more_time_make_a_goal_likelier(
    missing: int, news: int, ahead: float, years: float
) -> None:
    chance = reach_probability(missing, ahead, news, years, Outlook())
    assert 0 <= chance <= 1
    assert reach_probability(missing, ahead, news + 1, years, Outlook()) >= chance
    assert reach_probability(missing, ahead * 1.5, news, years, Outlook()) >= chance - 1e-12
    assert reach_probability(missing + 1, ahead, news, years, Outlook()) <= chance
