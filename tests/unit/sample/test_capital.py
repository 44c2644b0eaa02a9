"""Subscriptions of the sample add up to the funds' sizes, and public ones to what governments have in them."""

from hypothesis import given
from hypothesis import strategies as st

from services.sample.capital import subscriptions


@given(st.integers(1, 10**13), st.integers(0, 100), st.booleans())
def test_parts_add_up(size: int, percent: int, mother: bool) -> None:
    government = size * percent // 100
    parts = subscriptions(size, government, "苏州", mother=mother)
    assert sum(each.fen for each in parts) == size
    assert all(each.fen > 0 for each in parts)
    if not mother:
        assert sum(each.fen for each in parts if each.kind in ("FUND", "CITY")) == government
