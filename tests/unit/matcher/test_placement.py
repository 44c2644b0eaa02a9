import unicodedata
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.catalogue import load
from services.catalogue.terms import load_terms
from services.kernel.names.script import simplified
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.placing import read
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.codes import Codes
from services.matcher.domain.degrees import degrees
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.placement import Placement, place
from services.matcher.domain.texts.denial import affirmed
from services.matcher.domain.texts.windows import normal
from services.matcher.domain.texts.word_search import WordSearch
from tests.unit.matcher.examples import SIC

WORDING = codes_of(load()).wording
WORDS = [word for industry in load_terms() for leaf in industry.leaves for word in (*leaf.terms, *leaf.near)]


def _codes(placement: Placement) -> list[str]:
    return [share.code for share in placement.shares]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("4H-SiC 碳化硅外延片缺陷控制与单晶生长", "sic"),
        ("电解水制氢催化剂与碱性电解槽", "renewable-h2"),
        ("海水直接电解制氢用电极", "seawater-h2"),
        ("质子交换膜氢燃料电池汽车动力系统", "fcv"),
        ("面向托卡马克聚变装置的包层中子学分析", "advanced-nuclear"),
        ("Proton exchange membrane fuel cells: durability of the membrane", "fcv"),
        ("虚拟现实技术在博物馆文物展示与旅游中的应用", "app-culture-tourism"),
        ("ＬｉＦｅＰＯ４ 正极材料的倍率性能", "battery-materials"),
        ("合成生物农业应用", "agri-app"),
        ("Synthetic biology in food", "food-app"),
        ("虚拟现实关键器件", "key-components"),
        ("新型储能商业模式", "business-model"),
    ],
)
def test_the_direction_is_named_with_the_words_that_speak_for_it(text: str, code: str) -> None:
    placement = place(WORDING, text)
    assert _codes(placement)[0] == code
    assert placement.shares[0].share > placement.none
    assert placement.shares[0].words


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("质子交换膜氢燃料电池汽车动力系统", "質子交換膜氫燃料電池汽車動力系統"),
        ("海水直接电解制氢用电极", "海水直接電解製氫用電極"),
        ("碳化硅单晶生长与厚膜外延", "碳化硅單晶生長與厚膜外延"),
    ],
)
def test_traditional_characters_are_read_as_simplified_ones(text: str, traditional: str) -> None:
    assert place(WORDING, traditional) == place(WORDING, text) != Placement((), 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "今天天气很好",
        "明代江南市镇的社会史研究",
        "",
        "！！！",
        "中西医结合治疗脑卒中后吞咽障碍的临床疗效观察，治疗组疗效优于对照组",
        "高校体育课程改革与学生健康教育，培训体育教师",
        "城市旅游产业化水平的评价体系，以及城市融合发展",
        "传统媒体的新闻编辑与网络传播内容生产",
        "刑事诉讼中讯问录音录像的证据效力",
        "水产养殖场的饲料配方与网箱管理",
    ],
)
def test_plain_words_of_other_fields_are_none_of_them(text: str) -> None:
    assert place(WORDING, text) == Placement((), 1.0)


ALONE = [
    *(word for industry in load_terms() for word in industry.alone),
    *(word for industry in load_terms() for leaf in industry.leaves for word in leaf.alone),
]


def test_a_plain_word_counts_beside_a_word_of_its_industry_only() -> None:
    assert _codes(place(WORDING, "城市规划与文物保护")) == []
    assert _codes(place(WORDING, "元宇宙中的城市规划")) == ["app-smart-city"]


def test_an_industry_as_a_whole_is_an_answer_of_its_own() -> None:
    assert _codes(place(WORDING, "氢能产业政策")) == ["hydrogen"]


def test_the_words_of_the_industry_stand_behind_those_of_the_leaf_that_they_speak_for() -> None:
    (leaf,) = place(WORDING, "电解水制氢工程师").shares
    assert (leaf.code, leaf.words) == ("renewable-h2", ("电解水", "制氢"))
    (industry,) = place(WORDING, "制氢工程师").shares
    assert (industry.code, industry.words) == ("hydrogen", ("制氢",))


def test_the_longest_word_counts_and_parts_of_foreign_words_do_not() -> None:
    assert _codes(place(WORDING, "石墨烯储氢")) == ["graphene-storage"]
    assert place(WORDING, "the filter of a vrml amplifier").none == 1.0


def test_a_word_in_passing_weighs_less_in_a_longer_text() -> None:
    short, long = (place(WORDING, "机载设备的石墨烯" + "，说明其他事情" * times) for times in (1, 60))
    assert short.shares[0].share > long.shares[0].share
    assert long.none > 0.5


SOME = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(ALONE),
    st.sampled_from(["s", "x", "lng", " "]),
    st.text(max_size=20),
)
TEXTS = st.lists(SOME, max_size=20).flatmap(
    lambda some: st.sampled_from(["，", ""]).map(lambda by: by.join(some))
)


@settings(max_examples=40)
@given(st.lists(TEXTS, max_size=4))
def test_many_texts_are_placed_at_once_as_each_by_itself(texts: list[str]) -> None:
    codes = codes_of(load())
    rows = degrees(codes, texts)
    assert rows.shape == (len(texts), len(codes.leaves))
    known = [*WORDING.senses, *WORDING.alone]
    numbers, words = codes.senses.occurrences([affirmed(normal(text)) for text in texts])
    for number, text in enumerate(texts):
        found = Counter(known[word] for word in words[numbers == number].tolist())
        assert found == {normal(each.word): each.count for each in WORDING.find(text)}
        assert np.array_equal(degrees(codes, [text])[0], rows[number])
        expected = degrees_of(place(WORDING, text), codes)
        assert np.abs(rows[number] - expected).max() <= 1  # sums in another order may round another way


def degrees_of(placement: Placement, codes: Codes) -> NDArray[np.float64]:
    """By the definition: the leaf's own share and a quarter of its industry's rest, or what the others have."""
    shares = {each.code: each.share for each in placement.shares}
    industries = Counter[str]()
    for code, share in shares.items():
        industries[codes.industry_of(code)] += share  # type: ignore[assignment]  # counts of shares
    rest = sum(industries.values())
    return np.array(
        [
            100
            * (
                0.75 * shares.get(leaf.code, 0.0) + 0.25 * whole
                if (whole := industries[leaf.industry])
                else -rest
            )
            for leaf in codes.leaves
        ]
    )


TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("，：；！？（）e\u0301ａﬁ氫燃後薴㈶\uf941-\n \u3000不做\xad\u200b"),
        st.characters(exclude_categories=["Cs"]),
    )
)


@given(TEXTS)
def test_texts_are_compared_in_their_normal_form(text: str) -> None:
    seen = "".join(
        each for each in text if not (unicodedata.category(each) == "Cf" or "\ufe00" <= each <= "\ufe0f")
    )
    narrow = unicodedata.normalize("NFKC", seen).lower()
    plain = "".join(simplified(simplified(character)) for character in narrow)
    assert _black(normal(text)) in (_black(plain), _black(plain.replace("-", "")))
    assert normal(normal(text)) == normal(text)


def _black(text: str) -> str:
    return "".join(text.split())


def test_without_a_vocabulary_nothing_is_found() -> None:
    assert [each.tolist() for each in WordSearch([]).occurrences(["氢能"])] == [[], []]


@given(st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=20)), max_size=30).map("，".join))
def test_shares_and_none_sum_to_one(text: str) -> None:
    placement = place(WORDING, text)
    assert sum(share.share for share in placement.shares) + placement.none == pytest.approx(1)
    assert all(0 < share.share <= 1 for share in placement.shares)
    assert 0 <= placement.none <= 1


def test_degrees_reach_siblings_in_part_and_count_against_other_industries(codes: Codes) -> None:
    found = dict(
        zip(codes.leaf_number, degrees(codes, ["质子交换膜燃料电池双极板与膜电极"])[0].tolist(), strict=True)
    )
    assert found["fcv"] > found["renewable-h2"] > 0 > found["sic"]
    assert not degrees(codes, ["明代江南市镇的社会史研究"]).any()


def test_what_the_text_says_moves_a_pair_with_a_direction(finder: Finder) -> None:
    def score(text: str) -> float:
        return finder.explain("person-direction", "sic", replace(SIC, id="", texts=(text,))).log_odds

    assert (
        score("4H-SiC 碳化硅外延片") > score("明代江南市镇的社会史研究") > score("质子交换膜燃料电池双极板")
    )


def test_the_reason_names_the_words(finder: Finder) -> None:
    def reason(direction: str) -> str:
        parts = finder.explain("person-direction", direction, "h2").contributions
        return next(part.reason.zh for part in parts if part.name == "placed")

    assert reason("renewable-h2").startswith("文中属于该方向的词：")
    assert reason("liquid-h2").startswith("文中只有同产业的词：")
    assert reason("sic").startswith("文中的词属于")


def test_a_text_that_states_no_direction_is_of_those_that_its_words_speak_for() -> None:
    codes = codes_of(load())
    hydrogen = {leaf.code for leaf in codes.leaves if leaf.industry == "hydrogen"}

    def of(text: str, stated: tuple[tuple[str, int], ...] = ()) -> dict[str, int]:
        return dict(read(Item(ItemKind.POSITION, "", texts=(text,), leaves=stated), codes).leaves)

    leaf = of("proton exchange membrane")
    assert leaf.keys() == {"fcv"}
    assert leaf["fcv"] == int(place(WORDING, "proton exchange membrane").shares[0].share * 1000)
    industry = of("fuel cell engineer")
    assert industry.keys() == hydrogen
    assert len(set(industry.values())) == 1
    assert of("明代江南市镇的社会史研究") == {}
    assert of("proton exchange membrane", (("sic", 1000),)) == {"sic": 1000}


@given(st.lists(st.sampled_from(WORDS), max_size=30))
@settings(max_examples=30, deadline=None)
def test_a_text_is_never_of_more_than_the_whole(words: list[str]) -> None:
    text = "，".join(words)
    leaves = read(Item(ItemKind.FIRM, "", texts=(text,)), codes_of(load())).leaves
    assert sum(share for _, share in leaves) <= 1000 - int(place(WORDING, text).none * 1000)
    assert all(share > 0 for _, share in leaves)
    assert len(dict(leaves)) == len(leaves)


@pytest.mark.parametrize(
    ("text", "industries"),
    [
        ("不从事氢能，只做量子计算", {"quantum"}),
        ("我们不做氢能而是做固态电池", {"energy-storage"}),
        ("未从事过燃料电池、储能电池研究；从事量子计算", {"quantum"}),
        ("不再從事燃料電池。量子计算", {"quantum"}),
        ("Not in hydrogen energy but in quantum computing", {"quantum"}),
        ("no experience with fuel cells, ten years of quantum computing", {"quantum"}),
        ("not working on fuel cells", set()),
        ("不含铂的燃料电池催化剂", {"hydrogen"}),
        ("燃料电池：不做任何外部增湿", {"hydrogen"}),
        ("the fuel cell is not only cheap", {"hydrogen"}),
    ],
)
def test_a_field_that_a_text_says_it_is_not_in_is_none_of_its(text: str, industries: set[str]) -> None:
    codes = codes_of(load())
    assert {codes.industry_of(code) for code in _codes(place(WORDING, text))} == industries
    (row,) = degrees(codes, [text])
    assert {leaf.industry for leaf, degree in zip(codes.leaves, row, strict=True) if degree > 0} == industries


@given(
    st.lists(
        st.sampled_from(["不从事", "not in ", "没有研究过", "而是", "，", "。", " but ", *WORDS[:40]]),
        max_size=20,
    )
)
@settings(deadline=None)
def test_denials_are_the_same_in_one_text_and_in_many_and_leave_every_place_where_it_is(
    parts: list[str],
) -> None:
    codes, text = codes_of(load()), "".join(parts)
    said = affirmed(normal(text))
    assert len(said) == len(normal(text))
    assert affirmed(said) == said
    assert all(now in (before, " ") for now, before in zip(said, normal(text), strict=True))
    assert degrees(codes, [text, "碳化硅"])[0].tolist() == degrees(codes, [text])[0].tolist()
    words = [each.word for each in WORDING.find(text)]
    assert (degrees(codes, [text]) > 0).any() == bool(place(WORDING, text).shares) or not words
