"""Which quarters are reported of."""

import itertools
from datetime import date

import pytest

from services.chassis.returns import QUARTERS, Span, ended


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 1, 1), Span("2025Q4", date(2025, 10, 1), date(2026, 1, 1))),
        (date(2026, 3, 31), Span("2025Q4", date(2025, 10, 1), date(2026, 1, 1))),
        (date(2026, 4, 1), Span("2026Q1", date(2026, 1, 1), date(2026, 4, 1))),
        (date(2026, 12, 31), Span("2026Q3", date(2026, 7, 1), date(2026, 10, 1))),
    ],
)
def test_quarters_that_have_ended_follow_each_other_to_the_last(today: date, last: Span) -> None:
    found = list(ended(today))
    assert (len(found), found[-1]) == (QUARTERS, last)
    assert all(one.ends == two.starts and one.code < two.code for one, two in itertools.pairwise(found))
