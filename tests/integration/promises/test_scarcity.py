"""Short runs of P18: two of the shortages, and that of memory, one second each."""

from tests.promises import scarcity


def test_what_ran_short_goes_on_by_itself() -> None:
    assert scarcity.violations(seed=2, scarce_seconds=1.0, most=2) == []


def test_what_got_no_memory_goes_on_by_itself() -> None:
    assert scarcity.violations(seed=1, scarce_seconds=1.0, memory=True) == []
