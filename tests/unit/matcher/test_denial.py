"""What texts deny, and what only looks like it: sentences written before the rules were."""

import numpy as np
import pytest

from services.catalogue import load
from services.matcher.corpus.said import said
from services.matcher.domain.catalogue_items import codes_of, direction_items
from services.matcher.domain.degrees import degrees
from services.matcher.domain.placement import place
from services.matcher.domain.texts.windows import normal
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.encode.sparse import term_rows
from services.matcher.score.terms import shared_terms

CODES = codes_of(load())
H, Q, E, S = "hydrogen", "quantum", "energy-storage", "third-gen-semiconductor"
DENIED = {
    "不要氢能，要碳化硅": {S},
    "不要氢能，要碳化硅的人才": {S},
    "不想做氢能，想做量子计算": {Q},
    "我们不想要燃料电池的，只要固态电池": {E},
    "不找燃料电池方向的，找固态电池": {E},
    "不考虑氢能岗位，量子计算优先": {Q},
    "不招燃料电池，只招固态电池工程师": {E},
    "无意氢能，有意量子计算": {Q},
    "除了氢能之外的都可以": set(),
    "除氢能外，其他方向均可": set(),
    "排除氢能，量子计算方向": {Q},
    "氢能除外，量子计算优先": {Q},
    "不接受燃料电池背景，需固态电池背景": {E},
    "不需要氢能方向，需要碳化硅": {S},
    "放弃氢能，转做量子计算": {Q},
    "已退出氢能领域，转做量子计算": {Q},
    "谢绝燃料电池项目，欢迎固态电池项目": {E},
    "不投氢能，只投量子计算": {Q},
    "不是做氢能的，是做量子计算的": {Q},
    "不是氢能，是碳化硅": {S},
    "并非燃料电池，而是固态电池": {E},
    "与氢能无关，做量子计算": {Q},
    "not interested in hydrogen energy, looking for quantum computing": {Q},
    "anything other than fuel cells; quantum computing preferred": {Q},
    "all except hydrogen energy": set(),
    "quantum computing, excluding fuel cells": {Q},
    "no longer in hydrogen energy; now quantum computing": {Q},
    "I want to avoid fuel cells and work on quantum computing": {Q},
    "quantum computing rather than fuel cells": {Q},
    "quantum computing instead of fuel cells": {Q},
    "no fuel cells, please: solid-state batteries": {E},
    "We don’t work on hydrogen energy. Quantum computing only.": {Q},
    "does not want fuel cells but solid-state batteries": {E},
    "quantum computing, not hydrogen energy": {Q},
}
LATER_DENIED = {
    "除了氢能都可以，量子优先": {Q},
    "氢能不考虑，量子计算可以": {Q},
    "别给我推氢能，推量子计算": {Q},
    "对氢能不感兴趣，想做量子计算": {Q},
    "不看氢能项目，只看量子计算": {Q},
    "未涉足氢能，主营固态电池": {E},
    "已经离开氢能行业，现在做量子计算": {Q},
    "没兴趣做燃料电池，想做量子计算": {Q},
    "Please no hydrogen energy. Quantum computing.": {Q},
    "everything but hydrogen energy": set(),
    "apart from fuel cells, any field": set(),
    "we stopped working on fuel cells and now do quantum computing": {Q},
    "never worked on fuel cells; quantum computing only": {Q},
}
NOT_DENIED = {
    "不仅做氢能，还做量子计算": {H, Q},
    "方向包括但不限于燃料电池、固态电池": {H, E},
    "不得不做燃料电池降本": {H},
    "不可不做燃料电池": {H},
    "不少燃料电池企业需要我们的膜电极": {H},
    "不要求燃料电池经验，但需了解燃料电池堆结构": {H},
    "不断改进燃料电池催化剂": {H},
    "不锈钢燃料电池双极板": {H},
    "非晶合金氢燃料电池双极板": {H},
    "无机固态电解质固态电池": {E},
    "除氢能外，还做量子计算": {H, Q},
    "除了燃料电池，还做固态电池": {H, E},
    "非燃料电池不做": {H},
    "不考虑成本的燃料电池研究": {H},
    "不需要加湿的燃料电池": {H},
    "找不到燃料电池工程师": {H},
    "要不要做燃料电池": {H},
    "避免燃料电池水淹": {H},
    "排除燃料电池故障": {H},
    "只招燃料电池工程师，非诚勿扰": {H},
    "不招应届生的燃料电池岗位": {H},
    "不要让燃料电池过热": {H},
    "not only fuel cells but solid-state batteries": {H, E},
    "nothing but fuel cells": {H},
    "none other than fuel cells": {H},
    "fuel cells, including but not limited to solid-state batteries": {H, E},
    "avoiding flooding in fuel cells": {H},
    "exceptional fuel cells": {H},
    "except for the noise, a good fuel cell": {H},
    "fuel cells without platinum": {H},
    "no less than ten years of fuel cells": {H},
    "the fuel cell does not need a humidifier": {H},
    "in addition to hydrogen energy, quantum computing": {H, Q},
    "不会因为价格放弃燃料电池": {H},
    "从未放弃氢能": {H},
    "没有做过燃料电池以外的工作": {H},
    "除了氢能什么都不投": {H},
    "除了氢能，我们不投别的": {H},
    "非氢能不投": {H},
    "不想只做理论，想做燃料电池产业化": {H},
    "不论氢能还是量子计算": {H, Q},
    "not just hydrogen energy but also quantum computing": {H, Q},
    "last but not least, fuel cells": {H},
    "cannot do without fuel cells": {H},
    "fuel cells are no longer expensive": {H},
}


@pytest.mark.parametrize(
    ("text", "industries"), [*DENIED.items(), *LATER_DENIED.items(), *NOT_DENIED.items()]
)
def test_a_text_is_in_the_industries_that_it_wants_and_in_none_that_it_denies(
    text: str, industries: set[str]
) -> None:
    assert {CODES.industry_of(share.code) for share in place(CODES.wording, text).shares} == industries
    (row,) = degrees(CODES, [normal(text)])
    spoken = {leaf.industry for leaf, degree in zip(CODES.leaves, row, strict=True) if degree > 0}
    assert spoken == industries


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("氢燃料", "hydrogen"),
        ("氢车", "hydrogen"),
        ("电池材料", "battery-materials"),
        ("量子人才", "quantum"),
        ("找碳化硅工程师", "sic"),
        ("looking for SiC engineers", "sic"),
        ("正极人才", "battery-materials"),
        ("低空", "aerospace"),
        ("智算", "computing-network"),
    ],
)
def test_a_short_name_places_a_text_that_only_asks_for_it(text: str, code: str) -> None:
    assert [share.code for share in place(CODES.wording, text).shares] == [code]


@pytest.mark.parametrize(
    "text", ["碳化硅砂轮", "氢键", "正极板", "招聘工程师", "looking for engineers", "三元桥"]
)
def test_a_short_name_within_another_word_and_asking_for_nothing_place_nothing(text: str) -> None:
    assert place(CODES.wording, text).shares == ()


def test_a_line_is_joined_to_the_next_unless_what_it_denies_goes_on_to_its_end() -> None:
    assert normal("不考虑成本，研究固态\n电池") == "不考虑成本,研究固态电池"
    assert normal("不考虑氢能\n储能") == "不考虑氢能\n储能"


LIKENESS = (
    ("不要氢能燃料电池，要碳化硅外延", "氢能燃料电池研发", "碳化硅外延生长"),
    ("不考虑量子计算岗位，储氢与电堆均可", "量子计算整机", "储氢瓶与电堆"),
    ("请勿推荐大模型训练方向，需要量子芯片人才", "大模型训练方向", "超导量子芯片"),
    ("不再从事无人机整机研发，希望加入机器人团队", "无人机整机研发", "人形机器人"),
    (
        "we are not hiring for language model training, but for reducers",
        "language model training",
        "reducers",
    ),
    ("应聘网络安全，防御拒绝服务攻击", "光伏组件", "拒绝服务攻击防御"),
    ("抑制或消除界面波动，其他均为次要", "光伏组件", "界面波动"),
)


@pytest.mark.parametrize(("asked", "denied", "wanted"), LIKENESS)
def test_what_a_text_denies_is_neither_alike_nor_told(asked: str, denied: str, wanted: str) -> None:
    encoder = LexicalEncoder.fitted([*(item.text for item in direction_items(load())), denied, wanted])
    rows = encoder.encode([asked, denied, wanted]).sparse
    alike = (rows[[0]] @ rows[1:].T).toarray()[0].tolist()
    assert alike[0] < 0.12 < alike[1]
    terms = shared_terms(encoder, asked, denied)
    assert not terms.matched
    assert not any(term.text in denied for term in terms.missing)
    assert shared_terms(encoder, asked, wanted).matched


def test_a_text_says_alike_of_grams_and_fields_whoever_counts_them() -> None:
    texts = [asked for asked, *_ in LIKENESS]
    found = said(CODES, texts)
    assert (found.counts != term_rows(texts)).nnz == 0
    assert np.array_equal(found.placed, degrees(CODES, texts))
