import pytest

from services.catalogue import load
from services.console.words import Words


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (3_5000_0000_00, "3.5亿元", "¥350\u00a0m"),
        (130_0000_00, "130万元", "¥1.3\u00a0m"),
        (5_6000_00, "5.6万元", "¥0.06\u00a0m"),
        (-2_0000_00, "-2万元", "-¥0.02\u00a0m"),
        (0, "0元", "¥0"),
    ],
)
def test_money_is_in_ten_thousands_and_hundred_millions(fen: int, zh: str, en: str) -> None:
    assert Words(load(), "zh").money(fen) == zh
    assert Words(load(), "en").money(fen) == en


def test_small_money_keeps_every_fen() -> None:
    assert Words(load(), "zh").money(9999_99) == "9,999.99元"
    assert Words(load(), "en").money(-5) == "-¥0.05"


def test_codes_have_names_in_both_languages_and_unknown_ones_stand_for_themselves() -> None:
    zh, en = Words(load(), "zh"), Words(load(), "en")
    assert (zh.city("suzhou"), en.city("suzhou")) == ("苏州", "Suzhou")
    assert zh.industry("hydrogen") == "氢能"
    assert zh.city("nowhere") == zh.industry("nowhere")
    assert en.deal_state("STATE_LEAD") == "Lead"
