"""Where terms stand, and what would change an answer."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bole.matcher.v1 import match_pb2
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import Availability, Item, ItemKind, Mandate, Stage
from services.matcher.encode.grams import normalise
from services.matcher.encode.lexical import LexicalEncoder, LexicalSettings
from services.matcher.rpc.explanation_wire import explanation_to_wire
from services.matcher.score.block import Pair
from services.matcher.score.hypotheses import without
from services.matcher.score.places import Passages
from services.matcher.score.terms import shared_terms
from tests.unit.matcher.examples import FIRMS, FUND, PERSONS, SIC, TEAM


@pytest.mark.parametrize(
    ("term", "passages", "found"),
    [
        ("外延", ("碳化硅外延", "厚膜外延片与外延炉"), ["外延", "外延", "外延"]),
        ("sic", ("４Ｈ－ＳｉＣ 外延",), ["ＳｉＣ"]),
        ("mm2", ("面积 5 mm²",), ["mm²"]),
        ("caf\u00e9", ("un cafe\u0301 noir",), ["cafe\u0301"]),
        ("单晶", ("碳化硅",), []),
        ("电堆设计", ("氫燃料電池電堆設計",), ["電堆設計"]),
        ("外延", ("\u1112\u1161\u11ab\u1100\u116e\u11a8 외연 碳化硅外延",), ["外延"]),
        ("한국", ("\u1112\u1161\u11ab\u1100\u116e\u11a8",), ["\u1112\u1161\u11ab\u1100\u116e\u11a8"]),
        ("ガス", ("高压ｶﾞｽ瓶",), ["ｶﾞｽ"]),
        ("外延", ("ΩΣ 外延片 Σ",), ["外延"]),
        ("á氢", ("a\u200b\u0301氢",), ["a\u200b\u0301氢"]),
    ],
)
def test_a_term_is_found_as_it_is_written(term: str, passages: tuple[str, ...], found: list[str]) -> None:
    places = Passages(passages).places(term)
    assert [passages[place.passage][place.start : place.end] for place in places] == found
    assert [place.written for place in places] == found
    assert all(place.excerpt.startswith(place.written, place.excerpt_start) for place in places)


def test_a_word_that_would_lower_the_score_is_not_told_as_lacking(finder: Finder, space: MatchSpace) -> None:
    """Of a mandate of several industries a word of another than the text's may do that."""
    industries = frozenset({"third-gen-semiconductor", "hydrogen", "energy-storage"})
    fund = replace(FUND, id="wide", mandate=Mandate(industries=industries))
    space.put(fund)
    firm = replace(FIRMS[0], id="narrow", texts=("碳化硅单晶衬底与外延片",), leaves=(("sic", 1000),))
    space.put(firm)
    why = finder.why_not("firm-fund", "wide", "narrow", 5)
    assert why.explanation.terms.matched
    assert all(why.worths[term] >= 0 for term in why.explanation.terms.missing)
    added = [each for each in why.changes if each.hypothesis.code == "TERM_ADDED"]
    assert all(each.log_odds > why.explanation.log_odds for each in added)


def test_what_stands_within_a_longer_word_is_not_told_as_lacking(finder: Finder, space: MatchSpace) -> None:
    """移动通信 is a part of 新一代移动通信, and a word that is glued to another is no word of the text."""
    person = replace(SIC, id="long", texts=("新一代移动通信的协作通信",))
    space.put(person)
    why = finder.why_not("person-direction", "next-gen-mobile", "long", 1)
    assert why.explanation.terms.missing
    assert "移动通信" not in {term.text for term in why.explanation.terms.missing}
    anchor = Item(ItemKind.POSITION, "planner", texts=("planning of supply",))
    space.put(anchor)
    space.put(replace(SIC, id="glued", texts=("planningdesign",)))
    why = finder.why_not("person-position", "planner", "glued", 1)
    pair = Pair(anchor, space.item(ItemKind.PERSON, "glued"))
    missing = explanation_to_wire(why, pair, match_pb2.Candidate()).missing_terms
    assert "planning" in {term.text for term in missing}
    assert not any(term.candidate_places for term in missing)


def test_a_term_is_told_as_the_anchor_writes_it(finder: Finder, space: MatchSpace) -> None:
    said = ("ＭＯＣＶＤ外延工艺，REBCO带材",)
    anchor = Item(ItemKind.POSITION, "written", texts=said, leaves=(("sic", 1000),))
    space.put(anchor)
    space.put(replace(SIC, id="writer", texts=("mocvd外延工艺",)))
    why = finder.why_not("person-position", "written", "writer", 1)
    pair = Pair(anchor, space.item(ItemKind.PERSON, "writer"))
    found = explanation_to_wire(why, pair, match_pb2.Candidate())
    told = [term.text for term in (*found.matched_terms, *found.missing_terms)]
    assert any("ＭＯＣＶＤ" in term for term in told)
    assert any("REBCO" in term for term in told)
    assert all(term in said[0] for term in told)
    assert {change.term for change in found.changes} <= {*told, ""}
    for term in found.matched_terms:
        for place in term.anchor_places:
            assert place.excerpt.startswith(term.text, place.excerpt_start)


ODD = "ab氢能電 \n\r-\xad\u200b\ufe0f\u0301\u0323ΑΣİßﬁ㎏ﷺｶﾞ\u1100\u1161\u11a8Ａ²𠮷😀"


@given(st.text(max_size=40) | st.text(st.sampled_from(ODD), max_size=40), st.data())
@settings(max_examples=300, deadline=None)
def test_what_is_said_to_stand_somewhere_stands_there(passage: str, data: st.DataObject) -> None:
    text = normalise(passage)
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    term = text[start : start + 3]
    if term:
        places = Passages((passage,)).places(term)
        assert places
        for place in places:
            there = normalise(passage[place.start : place.end])
            assert term.replace("ς", "σ") in there.replace("ς", "σ")


def test_changes_are_told_by_their_size_and_lead_where_they_say(finder: Finder, space: MatchSpace) -> None:
    away = replace(SIC, id="away", city="xuzhou", mobility=frozenset(), availability=Availability.SETTLED)
    space.put(away)
    why = finder.why_not("person-position", "epitaxy", "away", 1)
    sizes = [abs(change.log_odds - why.explanation.log_odds) for change in why.changes]
    assert sizes == sorted(sizes, reverse=True)
    by_code = {change.hypothesis.code: change for change in why.changes}
    assert {"MOBILITY", "AVAILABILITY", "TERM_ADDED", "TERM_REMOVED"} <= by_code.keys()
    space.put(replace(away, id="moved", mobility=frozenset({"suzhou"})))
    moved = finder.explain("person-position", "epitaxy", "moved")
    assert by_code["MOBILITY"].log_odds == moved.log_odds > why.explanation.log_odds
    assert by_code["TERM_ADDED"].log_odds > why.explanation.log_odds > by_code["TERM_REMOVED"].log_odds
    assert by_code["AVAILABILITY"].rank <= why.rank


@pytest.mark.parametrize(
    "texts",
    [
        ("功率半导体专家，4H-SiC碳化硅外延片",),
        ("明代江南市镇的社会史研究，兼论城市与教育的变迁，以及士绅与宗族的缺陷控制",),
    ],
)
def test_a_term_is_worth_what_its_text_without_it_would_lose_or_with_it_would_gain(
    finder: Finder, space: MatchSpace, texts: tuple[str, ...]
) -> None:
    person = replace(SIC, id="told", texts=texts)
    space.put(person)
    why = finder.why_not("person-position", "epitaxy", "told", 1)
    stands, terms = why.explanation.log_odds, why.explanation.terms

    def score(texts: tuple[str, ...]) -> float:
        return finder.explain("person-position", "epitaxy", replace(person, id="other", texts=texts)).log_odds

    assert terms.matched
    assert terms.missing
    for term in terms.matched:
        assert why.worths[term] == stands - score(without(texts, term.text)) > 0
    for term in terms.missing:
        assert why.worths[term] == score((*texts, term.text)) - stands > 0
    told = {change.hypothesis.term: change.log_odds - stands for change in why.changes}
    best = max(terms.missing, key=lambda term: why.worths[term])
    assert told[best.text] == why.worths[best]


def test_terms_begin_and_end_where_words_do() -> None:
    """What a text lacks, or shares, is told in words: not 向车载电驱 of 面向车载电驱, nor 充电桩完 of 充电桩完成."""
    plain = ["表面与成本"] * 40 + ["面向市场", "完成任务", "面向城市", "完成验收"] * 4
    asked = "面向车载电驱与充电桩完成研制"
    told = ("熟悉车载电驱与充电桩完善方案", "材料研究")
    encoder = LexicalEncoder.fitted([*plain, asked, *told], LexicalSettings(dimensions=2))
    lacking = [term.text for term in shared_terms(encoder, asked, told[1]).missing]
    assert set(lacking) == {"车载电驱", "充电桩", "研制"}
    assert [term.text for term in shared_terms(encoder, asked, told[0]).matched] == ["车载电驱", "充电桩"]


@pytest.mark.parametrize(
    ("asked", "has", "matched", "missing"),
    [
        (
            "面向车规AEC-Q101认证，谐波减速器的研发",
            "供应链",
            set(),
            {"车规aec-q101认证", "谐波减速器", "研发"},
        ),
        ("了解高温可靠性测试，碳化硅", "光学性测试，碳化硅", {"碳化硅"}, {"高温可靠性"}),
        ("行星滚柱丝杠精密磨削", "行星滚柱丝杠直线执行", {"行星滚柱丝杠"}, {"精密磨削"}),
        (
            "带领课题组完成检索增强引擎样机，有矿物碳酸化经历",
            "供应链",
            set(),
            {"带领课题组", "检索增强引擎样机", "矿物碳酸化"},
        ),
        ("以相控阵跟踪为核心，GNSS拒止环境下的定位", "供应链", set(), {"相控阵跟踪", "gnss拒止环境", "定位"}),
        (
            "Wir suchen Membran-Elektroden-Einheiten für PEM",
            "供应链",
            set(),
            {"membran-elektroden-einheiten", "pem"},
        ),
        (
            "황화물계 전해질을 개발 책임연구원을 찾고 있습니다",
            "供应链",
            set(),
            {"황화물계", "전해질", "개발", "책임연구원"},
        ),
        ("耐久性評価を担当する研究者を募集", "供应链", set(), {"耐久性", "评価"}),
    ],
)
def test_words_are_told_whole_and_without_what_joins_them(
    asked: str, has: str, matched: set[str], missing: set[str]
) -> None:
    plain = [f"容器第{number}号，光学性测试" for number in range(40)]
    encoder = LexicalEncoder.fitted([*plain, "相控阵，环境", asked, has], LexicalSettings(dimensions=2))
    terms = shared_terms(encoder, asked, has)
    assert {term.text for term in terms.matched} == matched
    assert {term.text for term in terms.missing} == missing


def test_a_shut_gate_stays_shut_in_what_would_not_open_it(finder: Finder, space: MatchSpace) -> None:
    why = finder.why_not("person-position", "epitaxy", "refused", 3)
    assert why.rank == 0
    assert all(change.rank == 0 for change in why.changes)
    space.put(replace(FIRMS[0], id="greedy", ask=2_000_000_001))
    asks = [
        change
        for change in finder.why_not("firm-fund", "angel", "greedy", 3).changes
        if change.hypothesis.code == "ASK"
    ]
    assert asks[0].rank > 0


def test_words_of_people_stand_in_no_reason(finder: Finder) -> None:
    explanation = finder.explain("person-position", "epitaxy", "sic")
    told = [part.reason.zh for part in explanation.contributions if part.name == "text"]
    assert not any(term.text in reason for term in explanation.terms.matched for reason in told)


def test_a_single_term_that_is_missing_is_told_of_as_one(finder: Finder) -> None:
    asked = Item(ItemKind.POSITION, "", texts=("碳化硅外延，zebra",))
    explanation = finder.explain("person-position", asked, "sic")
    assert [term.text for term in explanation.terms.missing] == ["zebra"]
    (part,) = [each for each in explanation.contributions if each.name == "text"]
    assert "; 1 of the other side's is not found" in part.reason.en


def test_scattered_characters_that_count_are_told_though_they_are_no_term(finder: Finder) -> None:
    for text, said in (("硅", "只有零散的字词相同"), ("zebra", "文本没有共同的术语")):
        asked = Item(ItemKind.POSITION, "", texts=(text,))
        explanation = finder.explain("person-position", asked, "sic")
        (part,) = [each for each in explanation.contributions if each.name == "text"]
        assert not explanation.terms.matched
        assert (part.value > 0) == ("零散" in said)
        assert said in part.reason.zh


@pytest.mark.parametrize(
    ("kind", "anchor", "candidate", "told"),
    [
        ("person-direction", "sic", replace(PERSONS[1], leaves=()), {"DIRECTION", "TERM_ADDED"}),
        ("firm-direction", "sic", FIRMS[1], {"TERM_ADDED"}),
        ("firm-direction", "large-model", replace(FIRMS[1], leaves=FIRMS[0].leaves), {"DIRECTION"}),
        ("team-direction", "sic", replace(TEAM, leaves=()), {"DIRECTION", "TERM_REMOVED"}),
        ("similar-firms", "wafer", FIRMS[1], {"STAGE", "TERM_ADDED"}),
        ("firm-fund", "angel", replace(FIRMS[0], leaves=FIRMS[1].leaves), {"DIRECTION"}),
        ("firm-fund", "angel", replace(FIRMS[0], city="xuzhou"), {"CITY"}),
        ("firm-fund", "angel", replace(FIRMS[0], stage=Stage.GROWTH), {"STAGE"}),
        ("firm-fund", "angel", replace(FIRMS[0], valuation=50_000_000_000), {"VALUATION"}),
    ],
)
def test_every_change_is_what_would_be_found_if_it_were_so(
    finder: Finder, space: MatchSpace, kind: str, anchor: str, candidate: Item, told: set[str]
) -> None:
    away = replace(candidate, id="m-away")
    space.put(away)
    why = finder.why_not(kind, anchor, away.id, 1)
    assert told <= {change.hypothesis.code for change in why.changes}
    if not why.explanation.admitted:
        assert {change.hypothesis.code for change in why.changes if change.rank} == told
        assert why.changes[0].rank > 0
    for version, change in enumerate(why.changes, start=2):
        assert change.hypothesis.text.zh
        assert change.hypothesis.text.en
        space.put(replace(change.hypothesis.candidate, version=version))
        found = finder.explain(kind, anchor, away.id)
        rank = finder.rank(kind, anchor, space.item(away.kind, away.id))
        assert (found.log_odds, rank) == (change.log_odds, change.rank)
        assert change.log_odds != why.explanation.log_odds or not why.explanation.admitted


@pytest.mark.parametrize(
    ("asked", "has", "matched", "missing"),
    [
        (
            "岗位职责：负责高温超导带材的涂层工艺开发；任职要求：硕士及以上学历，8年以上REBCO带材经验，有团队管理经验者优先，英语流利。",
            "第二代高温超导带材（REBCO），十年产线经验",
            {"高温超导带材", "rebco", "带材"},
            {"涂层工艺开发"},
        ),
        (
            "Responsible for scale-up of solid electrolyte; 5+ years of experience required, fluent English.",
            "Solid electrolyte synthesis, ten years of experience, fluent English",
            {"solid electrolyte"},
            {"scale-up"},
        ),
        ("优先级调度，经验模态分解", "供应链", set(), {"优先级调度", "经验模态分解"}),
        ("自适应控制，智能力控", "供应链", set(), {"自适应控制", "智能力控"}),
    ],
)
def test_what_every_posting_says_is_told_neither_as_shared_nor_as_lacking(
    asked: str, has: str, matched: set[str], missing: set[str]
) -> None:
    encoder = LexicalEncoder.fitted([asked, has, *(f"其他事项第{number}号" for number in range(40))])
    terms = shared_terms(encoder, asked, has)
    assert {term.text for term in terms.matched} == matched
    assert {term.text for term in terms.missing} == missing
