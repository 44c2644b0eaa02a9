"""A short run of P18: two of the shortages, one second each."""

from tests.promises import scarcity


def test_what_ran_short_goes_on_by_itself() -> None:
    assert scarcity.violations(seed=2, scarce_seconds=1.0, most=2) == []
