"""Money on a screen and in an export."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.amounts import exact, rounded
from services.kernel.money import MAX_FEN, Money


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (19_910_000_001_00, "199.1亿元", "CNY 19,910m"),
        (1_991_000_000_1, "1.99亿元", "CNY 199.1m"),
        (260_000_000, "260万元", "CNY 2.6m"),
        (12_345, "123.45元", "CNY 123.45"),
        (0, "0元", "CNY 0"),
        (-260_000_000, "-260万元", "CNY -2.6m"),
    ],
)
def test_an_amount_is_rounded_for_reading(fen: int, zh: str, en: str) -> None:
    assert rounded(Money(fen), "zh") == zh
    assert rounded(Money(fen), "en") == en


@given(st.integers(-MAX_FEN, MAX_FEN))
def test_an_export_is_exact_to_the_fen(fen: int) -> None:
    yuan, _, cents = exact(Money(fen)).lstrip("-").partition(".")
    assert int(yuan) * 100 + int(cents) == abs(fen)
