"""Short runs of P18: two of the shortages, that of memory and one of names, a second or two each."""

from tests.promises import scarcity


def test_what_ran_short_goes_on_by_itself() -> None:
    assert scarcity.violations(seed=2, scarce_seconds=1.0, most=2) == []


def test_what_got_no_memory_goes_on_by_itself() -> None:
    assert scarcity.violations(seed=1, scarce_seconds=1.0, memory=True) == []


def test_what_found_nobody_by_name_goes_on_by_itself() -> None:
    assert scarcity.without_names(seed=2, seconds=2.0, most=1) == []
