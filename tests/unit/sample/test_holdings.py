"""What the sample knows of holdings: the same every time, marked as sample, and all of it can be true."""

from datetime import date

import pytest

from services.funding.domain.indicators.metrics import Metric
from services.funding.domain.indicators.periods import parse_period
from services.funding.domain.indicators.report import examine_report
from services.sample.holdings import MARKED, holding

TODAY = date(2026, 6, 30)


@pytest.mark.parametrize("quarterly", [False, True])
def test_reports_are_of_periods_that_have_ended_and_can_be_true(quarterly: bool) -> None:
    for index in range(30):
        made = holding(index, TODAY, quarterly=quarterly)
        for report in made.reports:
            values = {Metric[code]: value for code, value in report.values.items()}
            examine_report(parse_period(report.period), values, "月报", TODAY)
        assert len(made.reports) == (2 if index % 5 == 4 else 3)
        assert [each.period for each in made.reports] == sorted(each.period for each in made.reports)


def test_it_is_the_same_every_time_and_marked() -> None:
    assert holding(7, TODAY, quarterly=False) == holding(7, TODAY, quarterly=False)
    rights = [each for index in range(20) for each in holding(index, TODAY, quarterly=False).rights]
    assert all(each.title.endswith(MARKED) and each.granted < TODAY < each.expires for each in rights)
    assert len({each.number for each in rights}) == len(rights)


def test_who_borrows_does_so_on_a_right() -> None:
    for index in range(20):
        made = holding(index, TODAY, quarterly=False)
        assert bool(made.loan_fen) == any(each.pledged for each in made.rights)
