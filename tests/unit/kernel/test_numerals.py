"""Sums in Chinese numerals are read exactly or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import InvalidArgument
from services.kernel.money import MAX_FEN, parse_amount
from services.kernel.numerals import fen_of

_PLAIN, _FORMAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("五百万", "5000000"),
        ("五百万元", "5000000"),
        ("壹佰万", "1000000"),
        ("壹佰万元整", "1000000"),
        ("人民币壹佰萬圓整", "1000000"),
        ("一千零五十万", "10500000"),
        ("十五万", "150000"),
        ("一百一十五万元", "1150000"),
        ("二十", "20"),
        ("两千万", "20000000"),
        ("三千五百万", "35000000"),
        ("一亿二千万", "120000000"),
        ("一亿零三千", "100003000"),
        ("一万零三", "10003"),
        ("一万三千", "13000"),
        ("五百零五", "505"),
        ("三万亿", "3000000000000"),
        ("一点五亿", "150000000"),
        ("零点五万元", "5000"),
        ("壹仟贰佰叁拾肆元伍角陆分", "1234.56"),
        ("壹拾元零伍分", "10.05"),
        ("零", "0"),
    ],
)
def test_a_sum_is_read_to_the_fen(text: str, yuan: str) -> None:
    assert parse_amount(text, field="amount").fen == Decimal(yuan) * 100


@pytest.mark.parametrize(
    "text",
    [
        "一万三",
        "一亿二",
        "一亿三千",
        "五百五",
        "两万五",
        "三千五",
        "一百五万",
        "零五百",
        "五百零",
        "一二三",
        "百万",
        "十百",
        "一百二百",
        "一万二万",
        "五万万",
        "一亿二亿",
        "万",
        "亿",
        "元",
        "约五百万",
        "五百万美元",
        "五百万左右",
        "3百万",
        "五角",
        "一元五分六角",
        "一点五元五角",
        "一点",
        "负五百万",
    ],
)
def test_what_may_mean_two_sums_or_none_is_refused_with_what_to_write(text: str) -> None:
    assert fen_of(text) is None
    with pytest.raises(InvalidArgument, match="500万元") as refused:
        parse_amount(text, field="amount")
    assert refused.value.reason == "AMOUNT_NOT_UNDERSTOOD"


@pytest.mark.parametrize(
    "text",
    ["零点一二三元", f"一点{'零' * 40}一万", f"1.{'0' * 40}1万元"],
    ids=["short", "numerals", "digits"],
)
def test_a_part_of_a_fen_is_refused_however_small(text: str) -> None:
    with pytest.raises(InvalidArgument) as refused:
        parse_amount(text, field="amount")
    assert refused.value.reason == "AMOUNT_NOT_WHOLE_FEN"


@given(st.integers(0, MAX_FEN // 100), st.sampled_from([_PLAIN, _FORMAL]))
def test_every_sum_that_is_written_out_is_read_again(yuan: int, digits: str) -> None:
    assert parse_amount(_written(yuan, digits) + "元", field="amount").fen == yuan * 100


@given(st.text("零一二三四五六七八九十百千万亿元角分点整", max_size=12))
def test_nothing_is_read_that_is_not_written_so(text: str) -> None:
    fen = fen_of(text)
    assert fen is None or fen >= 0


def _written(number: int, digits: str) -> str:
    """A number in full, as a bank writes it."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            between = digits[0] if 0 < low < unit // 10 else ""
            return _written(high, digits) + name + between + (_written(low, digits) if low else "")
    return _part(number, digits) or digits[0]


def _part(number: int, digits: str) -> str:
    places = zip((1_000, 100, 10, 1), ("千百十" if digits == _PLAIN else "仟佰拾") + " ", strict=True)
    said, skipped = "", False
    for place, name in places:
        digit, number = divmod(number, place)
        if digit:
            said += (digits[0] if skipped and said else "") + digits[digit] + name.strip()
            skipped = False
        else:
            skipped = True
    return said
