"""Money: whole fen, one currency at a time, and no float anywhere near it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import InvalidArgument
from services.kernel.money import MAX_FEN, Money, parse_amount

FEN = st.integers(-MAX_FEN // 2, MAX_FEN // 2)
CURRENCIES = st.sampled_from(["CNY", "USD", "EUR"])


@given(FEN, FEN, CURRENCIES, CURRENCIES)
def test_sums_are_exact_within_a_currency_and_refused_across(
    one: int, other: int, first: str, second: str
) -> None:
    left, right = Money(one, first), Money(other, second)
    if first == second:
        assert (left + right, left - right) == (Money(one + other, first), Money(one - other, first))
        assert ((left < right), (left <= right)) == (one < other, one <= other)
        return
    for act in (Money.__add__, Money.__sub__, Money.__lt__, Money.__le__):
        with pytest.raises(InvalidArgument) as caught:
            act(left, right)
        assert caught.value.violations[0].reason == "CURRENCY_MISMATCH"


@given(st.floats() | st.booleans() | st.text(max_size=3) | st.decimals(allow_nan=False))
def test_nothing_but_whole_fen_is_money(value: object) -> None:
    with pytest.raises(TypeError):
        Money(value)  # type: ignore[arg-type]


@given(st.integers(0, MAX_FEN))
def test_what_is_shown_is_read_again_to_the_fen(fen: int) -> None:
    assert parse_amount(Money(fen).display_zh(), field="amount").fen == fen


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (19_910_000_001_00, "199.1亿元", "CNY 19,910m"),
        (1_991_000_000_1, "1.99亿元", "CNY 199.1m"),
        (260_000_000, "260万元", "CNY 2.6m"),
        (12_345, "123.45元", "CNY 123.45"),
        (5_6000_00, "5.6万元", "CNY 56,000"),
        (-5, "-0.05元", "CNY -0.05"),
        (0, "0元", "CNY 0"),
        (-260_000_000, "-260万元", "CNY -2.6m"),
    ],
)
def test_an_amount_is_rounded_for_reading(fen: int, zh: str, en: str) -> None:
    assert Money(fen).rounded("zh") == zh
    assert Money(fen).rounded("en") == en


@pytest.mark.parametrize(
    ("fen", "en"),
    [
        (2_000_0000_00, "CNY 20m"),
        (2_000_0000_01, "CNY 20.00000001m"),
        (99_9999_99, "CNY 999,999.99"),
        (-1_234_500_00, "CNY -1.2345m"),
    ],
)
def test_the_exact_amount_in_english_is_in_millions(fen: int, en: str) -> None:
    assert Money(fen).display_en() == en
