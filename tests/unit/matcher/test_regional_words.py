"""Texts of Taiwan and Hong Kong are of the directions of which they would be in the words of the mainland; German ones
by compounds as well as by simple words.
"""

import pytest

from services.catalogue import load
from services.catalogue.regional import MOST, regional_forms
from services.catalogue.terms import load_terms
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.placement import Placement, place
from services.matcher.domain.texts.windows import normal
from services.matcher.score.terms import placed_terms

CODES = codes_of(load())
WORDING = CODES.wording
SENTENCES = {
    "third-gen-semiconductor": ("具備碳化矽功率元件封裝經驗", "寬能隙半導體晶圓長晶爐溫場模擬"),
    "quantum": ("研究超導量子位元之退相干", "量子電腦低溫控制電路工程師"),
    "virtual-reality": ("開發擴增實境頭戴裝置之光學模組", "虛擬實境教育訓練內容設計師"),
    "general-intelligence": ("以深度學習進行語音辨識之研究", "腦機介面之腦波訊號解碼演算法"),
    "humanoid-robot": ("人形機械人關節模組設計",),
    "future-network": ("低軌衛星通訊酬載與地面終端設計", "感測器節點之邊緣運算平台"),
    "advanced-nuclear": ("托卡馬克核融合電漿加熱系統",),
    "cell-gene": ("單細胞定序資料分析", "嵌合抗原受體免疫細胞療法之製程開發"),
    "synthetic-biology": ("酵素定向演化與蛋白質工程",),
    "ccus": ("電廠煙氣二氧化碳捕捉與再利用製程",),
    "frontier-materials": ("二維奈米材料與散熱膜",),
}
"""Written when the words were settled."""
OTHERS = (
    "中學國文教師，負責高中部課程",
    "資料融合之統計方法與市場調查",
    "軟體動物分類與貝類養殖",
    "会计师事务所查帐员，熟悉作业流程与资料整理",
)


@pytest.mark.parametrize(
    ("mainland", "there"),
    [
        ("碳化硅单晶衬底", "碳化矽單晶基板"),
        ("氮化镓外延片", "氮化鎵磊晶片"),
        ("工业软件", "工業軟體"),
        ("纳米材料", "奈米材料"),
        ("卫星互联网", "衛星網際網路"),
        ("量子计算机", "量子電腦"),
        ("硅碳负极", "矽碳負極"),
        ("可控核聚变", "可控核融合"),
        ("类器官芯片", "類器官晶片"),
        ("DNA存储", "DNA儲存"),
        ("碳捕集利用与封存", "碳捕捉再利用與封存"),
        ("人形机器人", "人形機械人"),
        ("第六代移动通信", "第六代行動通訊"),
        ("云计算", "雲端運算"),
    ],
)
def test_a_word_is_known_as_it_is_said_there(mainland: str, there: str) -> None:
    ours, theirs = place(WORDING, mainland), place(WORDING, there)
    assert ours.shares
    assert [share.code for share in theirs.shares] == [share.code for share in ours.shares]


@pytest.mark.parametrize(
    ("industry", "text"), [(industry, text) for industry, texts in SENTENCES.items() for text in texts]
)
def test_a_sentence_is_placed(industry: str, text: str) -> None:
    assert CODES.industry_of(place(WORDING, text).shares[0].code) == industry


@pytest.mark.parametrize("text", OTHERS)
def test_other_fields_are_none_of_them(text: str) -> None:
    assert place(WORDING, text) == Placement((), 1.0)


def test_a_word_of_the_mainland_keeps_its_meaning() -> None:
    """晶片 is a chip there and a wafer here: 碳化硅晶片 stays what the vocabulary says of it, if it does."""
    for industry in load_terms():
        for leaf in industry.leaves:
            for word in (*leaf.terms, *leaf.abroad):
                assert leaf.code in {sense.code for sense in WORDING.senses[normal(word)]}


def test_what_a_text_lacks_is_told_in_words_of_the_mainland() -> None:
    told = placed_terms(WORDING, [leaf.code for leaf in CODES.leaves], "").missing
    own = {normal(word) for each in load_terms() for leaf in each.leaves for word in leaf.terms}
    assert told
    assert {normal(term.text) for term in told} <= own


def test_who_says_a_word_in_a_regional_form_does_not_lack_it() -> None:
    told = placed_terms(WORDING, ["sic"], "碳化矽單晶")
    assert [term.text for term in told.matched] == ["碳化硅单晶"]
    assert "碳化硅单晶" in {normal(word) for word in WORDING.terms_of("sic")}
    assert "碳化硅单晶" not in {term.text for term in told.missing}


def test_a_word_has_few_forms_of_its_own() -> None:
    assert regional_forms("软件") == ("软体",)
    assert regional_forms("氢燃料电池") == ()
    assert set(regional_forms("人工智能芯片")) == {"人工智能晶片", "人工智慧芯片", "人工智慧晶片"}
    assert len(regional_forms("数字孪生数据数字孪生数据头显头显")) < MOST


@pytest.mark.parametrize(
    ("text", "industry"),
    [
        ("Auslegung von Brennstoffzellensystemen", "hydrogen"),
        ("Prüfstand für Wasserstoffspeichersysteme", "hydrogen"),
        ("Fehlerkorrektur im Quantencomputing", "quantum"),
        ("Grenzflächen in Festkörperelektrolyten", "energy-storage"),
    ],
)
def test_german_compounds_are_placed(text: str, industry: str) -> None:
    assert CODES.industry_of(place(WORDING, text).shares[0].code) == industry
