"""Parts as they are shown add up to the sum as it is shown."""

import math

from hypothesis import given
from hypothesis import strategies as st

from services.kernel.sums import that_add_up

VALUES = st.lists(st.floats(-50, 50), max_size=12)


@given(VALUES, st.integers(0, 4))
def test_what_is_shown_adds_up_and_is_nearly_what_it_was(values: list[float], digits: int) -> None:
    found = [round(each * 10**digits) for each in that_add_up(values, digits)]
    assert sum(found) == round(math.fsum(value * 10**digits for value in values))
    assert all(abs(one - value * 10**digits) <= 1 for one, value in zip(found, values, strict=True))


def test_values_that_are_exact_stay_what_they_are() -> None:
    assert that_add_up([0.2, -3.5, 1.125], 3) == [0.2, -3.5, 1.125]
    assert that_add_up([], 3) == []


def test_thirds_are_rounded_apart() -> None:
    assert that_add_up([1 / 3, 1 / 3, 1 / 3], 2) == [0.34, 0.33, 0.33]
