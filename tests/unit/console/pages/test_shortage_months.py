"""The months of the slider end on the last day of each, whatever day today is."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.console.pages.shortage.months import month_end

DAYS = st.dates(date(2001, 1, 1), date(2100, 12, 31))


def test_today_is_today_and_a_month_back_is_the_end_of_the_last() -> None:
    today = date(2026, 3, 31)
    assert [month_end(today, back) for back in (0, 1, 3)] == [today, date(2026, 2, 28), date(2025, 12, 31)]


@given(DAYS, st.integers(1, 24))
def test_months_back_follow_each_other_and_lie_before_today(today: date, back: int) -> None:
    end, next_end = month_end(today, back), month_end(today, back - 1)
    assert end < today
    assert end < next_end
    assert (today.year - end.year) * 12 + today.month - end.month == back
