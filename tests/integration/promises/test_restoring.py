"""A short run of P10: three databases put back to one moment."""

from tests.promises import restoring


def test_what_is_put_back_is_as_it_was() -> None:
    assert restoring.violations(seed=1, steps=8) == []
