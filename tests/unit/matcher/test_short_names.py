"""Texts that are nothing but a short name."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import load
from services.catalogue.terms import load_terms
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.degrees import degrees
from services.matcher.domain.placement import Placement, place
from services.matcher.domain.texts.wording import Wording

WORDING = Wording(load_terms())
ALONE = [
    *(word for industry in load_terms() for word in industry.alone),
    *(word for industry in load_terms() for leaf in industry.leaves for word in leaf.alone),
]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("氢", "hydrogen"),
        ("「氫」。", "hydrogen"),
        ("Hydrogen", "hydrogen"),
        ("碳化硅", "sic"),
        ("金刚石", "diamond"),
        ("量子", "quantum"),
        ("基因", "cell-gene"),
        ("ＡＲ", "virtual-reality"),
    ],
)
def test_a_short_name_that_is_all_a_text_says_places_it(text: str, code: str) -> None:
    placement = place(WORDING, text)
    assert [each.code for each in placement.shares] == [code]
    assert placement.shares[0].share > placement.none
    codes = codes_of(load())
    (row,) = degrees(codes, [text])
    best = max(row)
    places = {leaf.code for leaf, degree in zip(codes.leaves, row, strict=True) if degree == best > 0}
    assert code in places or places == {leaf.code for leaf in codes.leaves if leaf.industry == code}


@pytest.mark.parametrize(
    ("text", "industries"),
    [
        ("半导体", {"third-gen-semiconductor"}),
        ("Semiconductors", {"third-gen-semiconductor"}),
        ("LED", {"third-gen-semiconductor"}),
        ("锂", {"energy-storage"}),
        ("鈉", {"energy-storage"}),
        ("lithium", {"energy-storage"}),
        ("电池", {"energy-storage", "hydrogen"}),
        ("卫星", {"future-network", "deep-sea-earth-aerospace"}),
        ("satellites", {"future-network", "deep-sea-earth-aerospace"}),
        ("电解槽", {"hydrogen"}),
        ("核", {"advanced-nuclear"}),
        ("双碳", {"ccus"}),
        ("芯片", set()),
        ("碳", set()),
        ("海洋", set()),
    ],
)
def test_a_short_name_that_the_policy_has_in_several_places_is_shared_among_them(
    text: str, industries: set[str]
) -> None:
    placement = place(WORDING, text)
    codes = codes_of(load())
    assert {codes.industry_of(each.code) for each in placement.shares} == industries
    assert len({each.share for each in placement.shares}) <= 1
    assert math.isclose(sum(each.share for each in placement.shares) + placement.none, 1.0)
    assert not industries or placement.shares[0].share > placement.none


@pytest.mark.parametrize(
    "text",
    [
        "氢键",
        "基因多态性",
        "不做氢",
        "金刚石画",
        "氢氧",
        "量子\n物理",
        "AR模型",
        "细胞 生物",
        "半导体收音机",
        "卫星城",
        "锂盐",
        "核桃",
    ],
)
def test_a_short_name_among_other_words_says_nothing(text: str) -> None:
    assert place(WORDING, text) == Placement((), 1.0)


@given(st.sampled_from(ALONE), st.sampled_from(["。", " ", "!", "", "\n"]), st.sampled_from(["", "（", "“"]))
def test_marks_around_a_short_name_change_nothing_but_the_length(word: str, behind: str, before: str) -> None:
    assert [each.word for each in WORDING.find(f"{before}{word}{behind}")] == [
        each.word for each in WORDING.find(word)
    ]
