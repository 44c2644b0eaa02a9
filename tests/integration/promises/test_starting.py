"""A short run of P19: one of the orders of starting."""

from tests.promises import starting


def test_the_services_wait_for_what_they_need() -> None:
    assert starting.violations(seed=77, apart_seconds=0.2) == []
