"""What past deals say of a board: shares, days and the amount, and their silence on too few."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Transition
from services.funding.domain.deal.states import DealState as S
from services.funding.domain.intervals import FEWEST_FOR_MEDIAN, median_of, wilson
from services.funding.domain.pipeline.forecast import (
    FEWEST,
    Forecast,
    History,
    OnBoard,
    StageForecast,
    forecast,
)

NOW = datetime(2026, 12, 2, tzinfo=UTC)
UNTIL = NOW + timedelta(days=30)
LONG_AGO = NOW - timedelta(days=400)


def history(state: S, *steps: tuple[S, float], imported: bool = False) -> History:
    """A way through states, each reached so many days after `LONG_AGO`."""
    found, before = list[Transition](), S.LEAD
    for number, (target, day) in enumerate(steps, 1):
        action = Action.IMPORT if imported and number == 1 else Action.SUBMIT
        found.append(
            Transition(number, action, before, target, "somebody", LONG_AGO + timedelta(days=day), "")
        )
        before = target
    return History(state, found)


def screened(days: float) -> History:
    """A deal that stood so many days before it was screened, and was declined."""
    return history(S.DECLINED, (S.SUBMITTED, 0), (S.SCREENING, days), (S.DECLINED, days + 1))


DECLINED_AT_ONCE = history(S.DECLINED, (S.SUBMITTED, 0), (S.DECLINED, 1))


def signed(paid_after: float | None) -> History:
    """A deal whose contract was signed, and paid so many days later."""
    ended = [(S.INVESTED, paid_after)] if paid_after is not None else [(S.DECLINED, 50.0)]
    return history(S.INVESTED if paid_after is not None else S.DECLINED, (S.SIGNED, 0), *ended)


def of(found: Forecast, state: S) -> StageForecast:
    return next(each for each in found.stages if each.state is state)


def told(histories: Sequence[History], board: Sequence[OnBoard] = ()) -> Forecast:
    return forecast(histories, board, NOW, UNTIL)


def test_the_share_that_went_on_and_the_days_it_took() -> None:
    found = of(told([*map(screened, range(1, 13)), *[DECLINED_AT_ONCE] * 4]), S.SUBMITTED)
    assert (found.settled, found.onward, found.timed) == (16, 12, 12)
    assert found.share == wilson(12, 16)
    assert found.days is not None
    assert (found.days.value, found.days.low, found.days.high) == (6.5, 3, 10)


def test_what_still_stands_there_says_nothing() -> None:
    waiting = history(S.SUBMITTED, (S.SUBMITTED, 0))
    held = history(S.ON_HOLD, (S.SUBMITTED, 0), (S.ON_HOLD, 3))
    found = of(told([*[waiting] * 20, *[held] * 20]), S.SUBMITTED)
    assert (found.settled, found.onward, found.share, found.days) == (0, 0, None, None)


def test_parked_deals_count_in_their_stage_and_apart() -> None:
    found = told([], [OnBoard(S.SCREENING, 5), OnBoard(S.SCREENING, 7, parked=True), OnBoard(S.SIGNED, 1)])
    assert (of(found, S.SCREENING).deals, of(found, S.SCREENING).parked, of(found, S.SCREENING).fen) == (
        2,
        1,
        12,
    )
    assert of(found, S.SIGNED).parked == 0


def test_on_too_few_no_share_is_said() -> None:
    few = of(told([screened(2)] * (FEWEST - 1)), S.SUBMITTED)
    assert (few.settled, few.share, few.days) == (FEWEST - 1, None, None)
    enough = of(told([screened(2)] * FEWEST), S.SUBMITTED)
    assert enough.share is not None
    assert enough.days is not None


def test_an_imported_deal_counts_from_its_stage_without_days() -> None:
    bought = history(S.INVESTED, (S.INVESTED, 0), imported=True)
    walked = history(S.SCREENING, (S.SUBMITTED, 0), (S.SCREENING, 9), imported=True)
    found = told([bought] * 20 + [walked] * 20)
    assert (of(found, S.SUBMITTED).settled, of(found, S.SUBMITTED).timed) == (20, 0)
    assert all(each.settled == 0 for each in found.stages if each.state is not S.SUBMITTED)


def test_a_deal_sent_back_counts_once_from_its_first_coming() -> None:
    back = history(
        S.DECLINED,
        (S.DUE_DILIGENCE, 0),
        (S.IC_INTERNAL, 20),
        (S.DUE_DILIGENCE, 30),
        (S.IC_INTERNAL, 60),
        (S.DECLINED, 61),
    )
    found = told([back] * FEWEST)
    stage = of(found, S.DUE_DILIGENCE)
    assert (stage.settled, stage.onward) == (FEWEST, FEWEST)
    assert stage.days is not None
    assert stage.days.value == 20
    assert of(found, S.IC_INTERNAL).onward == 0


def test_the_amount_is_what_was_paid_in_as_many_days_as_the_year_has_left() -> None:
    past = [*[signed(10)] * 6, *[signed(31)] * 3, signed(None)]
    found = told(past, [OnBoard(S.SIGNED, 1_000), OnBoard(S.SIGNED, 500), OnBoard(S.SCREENING, 700)])
    stage = of(found, S.SIGNED)
    assert (stage.followed, stage.paid, stage.deals, stage.fen) == (10, 6, 2, 1_500)
    amount = found.amount
    assert amount is not None
    assert (amount.expected, amount.deals, amount.fen) == (900, 2, 1_500)
    assert 0 <= amount.low < 900 < amount.high <= 1_500


def test_who_came_too_lately_to_tell_is_not_counted() -> None:
    fresh = History(
        S.INVESTED,
        [
            Transition(1, Action.SIGN, S.APPROVED, S.SIGNED, "a", NOW - timedelta(days=29), ""),
            Transition(2, Action.CLOSE, S.SIGNED, S.INVESTED, "a", NOW - timedelta(days=20), ""),
        ],
    )
    found = told([fresh] * 20, [OnBoard(S.SIGNED, 1_000)])
    assert of(found, S.SIGNED).followed == 0
    assert of(found, S.SIGNED).share is not None
    assert found.amount is None


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_lies_within_its_bounds(counts: tuple[int, int]) -> None:
    hits, of_all = counts
    found = wilson(hits, of_all)
    assert 0 <= found.low <= found.value <= found.high <= 1
    other = wilson(of_all - hits, of_all)
    assert found.low == pytest.approx(1 - other.high)


def test_the_wilson_interval_of_a_known_case() -> None:
    """By hand: (0.7 + 1.9208/10 ± 1.96·√(0.021 + 0.0096)) / 1.38415."""
    found = wilson(7, 10)
    assert (found.low, found.high) == (pytest.approx(0.3968, abs=1e-4), pytest.approx(0.8922, abs=1e-4))
    with pytest.raises(ValueError, match="no share"):
        wilson(0, 0)


@given(st.lists(st.floats(0, 1_000), min_size=FEWEST_FOR_MEDIAN, max_size=80))
def test_the_bounds_of_a_median_cover_it_and_are_the_narrowest(values: list[float]) -> None:
    found, ordered = median_of(values), sorted(values)
    assert found.low <= found.value <= found.high
    count = len(values)

    def outside(cut: int) -> float:
        """Chance that the median lies outside the values that are left when `cut` go at either end."""
        return 2 * sum(comb(count, each) for each in range(cut + 1)) / 2**count

    cut = next(each for each in range(count) if outside(each + 1) > 0.05)
    assert outside(cut) <= 0.05
    assert (found.low, found.high) == (ordered[cut], ordered[count - 1 - cut])


def test_the_median_of_thousands_is_bounded_like_that_of_few() -> None:
    """In whole numbers: the chance of so few heads among 5,000 coins, of which 2⁵⁰⁰⁰ ways are equally likely."""
    count = 5_000
    cut = round(median_of(range(count)).low)
    ways = sum(comb(count, each) for each in range(cut + 1))
    assert 40 * ways <= 2**count < 40 * (ways + comb(count, cut + 1))


def test_too_few_values_bound_no_median() -> None:
    with pytest.raises(ValueError, match="bound no median"):
        median_of([1.0] * (FEWEST_FOR_MEDIAN - 1))


_STATES = st.sampled_from([S.SUBMITTED, S.SCREENING, S.DUE_DILIGENCE, S.APPROVED, S.SIGNED])
_BOARD = st.lists(st.builds(OnBoard, _STATES, st.integers(0, 10**12)), max_size=30)
_PAST = st.lists(st.builds(signed, st.none() | st.floats(0, 90)), max_size=40)


@given(_PAST, _BOARD)
def test_the_amount_lies_within_its_bounds_and_what_it_rests_on(
    past: list[History], board: list[OnBoard]
) -> None:
    found = told(past, board)
    if found.amount is None:
        assert len(past) < FEWEST or not any(each.state is S.SIGNED for each in board)
    else:
        assert 0 <= found.amount.low <= found.amount.expected <= found.amount.high <= found.amount.fen
        assert found.amount.fen == sum(each.fen for each in board if each.state is S.SIGNED)
