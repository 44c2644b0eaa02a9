"""What rounds are called."""

import pytest

from services.sample import deals
from services.wording.rounds import round_name


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("天使轮", "angel"),
        ("Pre-A轮", "pre-A"),
        ("pre-b+轮", "pre-B+"),
        ("A轮", "series A"),
        ("A++轮", "series A++"),
        ("B2轮", "series B2"),
        ("过桥轮", "过桥轮"),
        ("Series A", "Series A"),
    ],
)
def test_a_round_is_said_in_english_where_it_has_a_name(written: str, said: str) -> None:
    assert round_name(written, "en") == said
    assert round_name(written, "zh") == written


def test_every_round_of_the_sample_has_an_english_name() -> None:
    assert all(round_name(name, "en").isascii() for name in deals._VALUATION)
