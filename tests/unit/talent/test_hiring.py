from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.talent.domain.flows.hiring import FundedHire
from tests.unit.talent.library import TODAY


def hire(micro: int, length: int) -> FundedHire:
    return FundedHire(
        "seawater-h2", "nantong", "outstanding-engineer", TODAY, TODAY + timedelta(days=length), micro
    )


@given(st.integers(0, 10**9), st.integers(0, 2000), st.lists(st.integers(-100, 2200), max_size=6))
def test_every_head_is_expected_exactly_once_however_time_is_cut(
    micro: int, length: int, cuts: list[int]
) -> None:
    days = [date.min, *sorted(TODAY + timedelta(days=cut) for cut in cuts), date.max]
    found = [hire(micro, length).expected(after, until) for after, until in pairwise(days)]
    assert sum(found) == micro
    assert min(found) >= 0


def test_heads_are_expected_evenly_over_the_window() -> None:
    assert hire(600, 60).expected(TODAY + timedelta(days=20), date.max) == 400
    assert hire(600, 60).expected(TODAY + timedelta(days=60), date.max) == 0
