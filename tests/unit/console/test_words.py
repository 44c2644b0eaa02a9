from services.catalogue import load
from services.console.words import Words


def test_money_is_rounded_and_says_exactly_what_in_a_title() -> None:
    zh, en = Words(load(), "zh"), Words(load(), "en")
    assert (zh.money(3_5000_0000_00), en.money(3_5000_0000_00)) == ("3.5亿元", "CNY\u00a0350m")
    assert zh.money(2_000_0000_01) == '<span title="2,000.000001万元">2,000万元</span>'
    assert en.money(2_000_0000_01) == '<span title="CNY 20.00000001m">CNY\u00a020m</span>'


def test_codes_have_names_in_both_languages_and_unknown_ones_stand_for_themselves() -> None:
    zh, en = Words(load(), "zh"), Words(load(), "en")
    assert (zh.city("suzhou"), en.city("suzhou")) == ("苏州", "Suzhou")
    assert zh.industry("hydrogen") == "氢能"
    assert zh.city("nowhere") == zh.industry("nowhere")
    assert en.deal_state("STATE_LEAD") == "Lead"


def test_only_what_somebody_may_accept_has_a_probability_of_acceptance() -> None:
    words = Words(load(), "zh")
    for calibrated in (True, False):
        assert "接受" in words.chance_note(calibrated)
        assert "接受" not in words.chance_note(calibrated, accepted=False)
    assert "未经真实结果校准" in words.chance_note(False, accepted=False)
