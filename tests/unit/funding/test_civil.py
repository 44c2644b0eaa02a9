from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.civil import add_months, completed_months

DAYS = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2021, 1, 31), date(2021, 2, 28), 1),
        (date(2021, 1, 31), date(2021, 2, 27), 0),
        (date(2020, 2, 29), date(2025, 2, 28), 60),
        (date(2020, 2, 29), date(2025, 2, 27), 59),
        (date(2021, 6, 30), date(2026, 6, 30), 60),
        (date(2021, 6, 30), date(2026, 7, 29), 60),
        (date(2021, 6, 30), date(2026, 7, 30), 61),
        (date(2026, 6, 30), date(2026, 6, 30), 0),
    ],
)
def test_completed_months(start: date, end: date, months: int) -> None:
    assert completed_months(start, end) == months


@given(DAYS, DAYS)
def test_is_the_largest_number_of_months_that_fits(start: date, end: date) -> None:
    months = completed_months(start, end)
    assert add_months(start, months) <= end < add_months(start, months + 1)


@given(DAYS, DAYS)
def test_never_falls_as_time_passes(start: date, end: date) -> None:
    assert completed_months(start, end) <= completed_months(start, end + timedelta(days=1))
