"""A fund and firms: how much of a firm lies in the mandate, by what it declares and by the words of its text."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bole.events.v1 import fund_event_pb2
from services.catalogue import load
from services.chassis.feed.received import Received
from services.kernel.text import Text
from services.matcher import events
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import DataLevel, Item, ItemKind, Mandate, Stage
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.score.explaining import Explanation
from tests.unit.matcher.examples import FUND

HYDROGEN = replace(FUND, id="hydrogen", city="nantong", mandate=Mandate(frozenset({"hydrogen"})))
WHOLLY = Item(
    ItemKind.FIRM,
    "a-wholly",
    texts=("海水直接电解制氢的催化剂与膜电极", "电解槽与制氢系统"),
    leaves=(("seawater-h2", 700), ("renewable-h2", 300)),
    city="suzhou",
    stage=Stage.STARTUP,
)
MOSTLY = replace(
    WHOLLY,
    id="b-mostly",
    texts=("海水制氢膜电极，兼做碳化硅外延片",),
    leaves=(("seawater-h2", 700), ("sic", 300)),
)
SILENT = replace(WHOLLY, id="c-silent", texts=("精密加工与检测服务",))
BARELY = replace(
    WHOLLY,
    id="d-barely",
    texts=("六英寸碳化硅衬底与外延片",),
    leaves=(("sic", 900), ("seawater-h2", 100)),
)
CLAIMED = replace(BARELY, id="e-claimed", leaves=(("seawater-h2", 1000),))
BEST_FIRST = (WHOLLY, MOSTLY, SILENT, BARELY, CLAIMED)

CODES = codes_of(load())
_SPACE = MatchSpace(CODES, LexicalEncoder.fitted([*WHOLLY.texts, *SILENT.texts]))
ALONE = Finder(_SPACE, Pairs(_SPACE))


@pytest.fixture
def mandated(codes: Codes, directions: tuple[Item, ...], encoder: LexicalEncoder) -> Finder:
    space = MatchSpace(codes, encoder, (*directions, *BEST_FIRST, HYDROGEN))
    return Finder(space, Pairs(space))


def _explained(finder: Finder, firm: Item, fund: Item = HYDROGEN) -> Explanation:
    return finder.explain("firm-fund", replace(fund, id=""), replace(firm, id=""))


def _said(explanation: Explanation, name: str) -> tuple[float, Text]:
    return next((part.value, part.reason) for part in explanation.contributions if part.name == name)


def test_firms_stand_by_how_much_of_them_is_of_the_mandate_whatever_the_fund_is_called(
    mandated: Finder,
) -> None:
    found = [match.item.id for match in mandated.find("firm-fund", (ItemKind.FUND, "hydrogen"), 5)]
    assert found[:3] == [firm.id for firm in BEST_FIRST[:3]]
    named = replace(HYDROGEN, id="", texts=("碳化硅外延片与精密加工基金",))
    scores = [mandated.explain("firm-fund", named, firm.id).log_odds for firm in BEST_FIRST]
    assert scores == [mandated.explain("firm-fund", "hydrogen", firm.id).log_odds for firm in BEST_FIRST]
    assert scores[0] > scores[1] > scores[2] > max(scores[3:])
    assert scores[0] - max(scores[3:]) > 2


def test_the_reasons_tell_the_share_and_the_words(mandated: Finder) -> None:
    share, words = (_said(_explained(mandated, MOSTLY), name)[1] for name in ("in_scope", "scope_words"))
    assert share.zh == "申报业务的70%属于投资范围内的产业"
    assert share.en == "70% of what it declares lies in the mandate's industries"
    assert "海水制氢" in words.zh
    assert "碳化硅" not in words.zh
    assert "不计" in _said(_explained(mandated, CLAIMED), "in_scope")[1].zh
    assert "does not bear it out" in _said(_explained(mandated, SILENT), "in_scope")[1].en
    assert "碳化硅单晶" in _said(_explained(mandated, BARELY), "scope_words")[1].zh


def test_of_a_mandate_of_several_industries_only_the_words_that_count_are_told(mandated: Finder) -> None:
    both = replace(HYDROGEN, mandate=Mandate(frozenset({"hydrogen", "third-gen-semiconductor"})))
    value, words = _said(_explained(mandated, MOSTLY, both), "scope_words")
    assert value == _said(_explained(mandated, MOSTLY), "scope_words")[0]
    assert (
        words.zh == "文中属于投资范围内氢能的词：海水制氢、膜电极；另有第三代半导体的词，只计最符合的一个方向"
    )
    assert words.en.endswith(
        "there are words of Third-generation semiconductors too, but only the direction that fits best counts"
    )


@given(st.data())
def test_the_industry_that_is_told_would_count_as_much_by_itself(data: st.DataObject) -> None:
    known = sorted(CODES.wording.senses)
    texts = tuple(data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=9)))
    scope = data.draw(st.lists(st.sampled_from(CODES.industries), min_size=2, max_size=6, unique=True))
    firm, fund = replace(WHOLLY, texts=texts), replace(HYDROGEN, mandate=Mandate(frozenset(scope)))
    value, reason = _said(_explained(ALONE, firm, fund), "scope_words")
    named = reason.zh.removeprefix("文中属于投资范围内").partition("的词：")[0]
    told = [code for code in scope if CODES.label(code).zh == named]
    assert bool(told) is (value > 0)
    for code in told:
        alone = _explained(ALONE, firm, replace(fund, mandate=Mandate(frozenset({code}))))
        assert _said(alone, "scope_words")[0] == value


def test_the_terms_of_a_pair_are_the_words_of_the_mandate(mandated: Finder) -> None:
    terms = _explained(mandated, MOSTLY).terms
    assert {each.text for each in terms.matched} >= {"海水制氢"}
    assert not {each.text for each in terms.matched} & {"碳化硅", "外延片"}
    assert terms.missing


def test_a_mandate_without_industries_and_a_firm_without_facts_add_nothing(mandated: Finder) -> None:
    everything, nothing = replace(HYDROGEN, mandate=Mandate()), replace(WHOLLY, texts=(), leaves=())
    for explanation in (_explained(mandated, WHOLLY, everything), _explained(mandated, nothing)):
        for name in ("in_scope", "scope_words"):
            value, reason = _said(explanation, name)
            assert value == 0.0
            assert reason.zh.endswith("不计")


@pytest.mark.parametrize(("least", "passes"), [(1, True), (100, True), (101, False), (500, False)])
def test_the_gate_asks_for_as_much_as_the_mandate_wants(mandated: Finder, least: int, passes: bool) -> None:
    fund = replace(HYDROGEN, mandate=Mandate(frozenset({"hydrogen"}), least_share=least))
    gate = next(gate for gate in _explained(mandated, BARELY, fund).gates if gate.name == "industry_scope")
    assert gate.passed is passes
    assert ("不足" in gate.reason.zh) is not passes


def test_it_is_told_what_declaring_all_of_it_within_the_mandate_would_change(mandated: Finder) -> None:
    changes = {
        each.hypothesis.code: each
        for each in mandated.why_not("firm-fund", "hydrogen", "b-mostly", 1).changes
    }
    supposed = changes["DIRECTION"].hypothesis.candidate
    assert supposed.leaves == (("seawater-h2", 1000),)
    assert changes["DIRECTION"].log_odds == _explained(mandated, supposed).log_odds
    assert changes["DIRECTION"].log_odds > _explained(mandated, MOSTLY).log_odds
    whole = mandated.why_not("firm-fund", "hydrogen", "a-wholly", 1)
    assert "DIRECTION" not in {each.hypothesis.code for each in whole.changes}


@given(st.data())
def test_a_share_is_that_of_the_leaves_and_what_moves_into_the_mandate_never_costs(
    data: st.DataObject,
) -> None:
    leaves = data.draw(st.lists(st.sampled_from(CODES.leaves), min_size=1, max_size=5, unique=True))
    cuts = data.draw(st.lists(st.integers(1, 200), min_size=len(leaves), max_size=len(leaves)))
    scope = frozenset(data.draw(st.lists(st.sampled_from(CODES.industries), min_size=1, max_size=4)))
    declared = dict(zip((leaf.code for leaf in leaves), cuts, strict=True))
    texts = data.draw(st.sampled_from([WHOLLY.texts, SILENT.texts, ()]))
    firm = replace(WHOLLY, texts=texts, leaves=tuple(declared.items()))
    fund = replace(HYDROGEN, mandate=Mandate(scope))
    value, reason = _said(_explained(ALONE, firm, fund), "in_scope")
    within = sum(share for code, share in declared.items() if CODES.industry_of(code) in scope)
    assert reason.en.startswith(f"{within / 10:g}% of")
    inside = next(leaf.code for leaf in CODES.leaves if leaf.industry in scope)
    declared[inside] = declared.get(inside, 0) + 1000 - sum(cuts)
    moved = replace(firm, leaves=tuple(declared.items()))
    assert _said(_explained(ALONE, moved, fund), "in_scope")[0] >= value


def test_a_fund_is_its_mandate_and_has_no_text() -> None:
    state = fund_event_pb2.FundState(
        id="f", version=3, display_name="氢能基金", industry_codes=["hydrogen"], scope_permille_min=500
    )
    received = Received("bole.funds.v1", 0, "f", b"", "", 3, datetime(2026, 1, 1, tzinfo=UTC), {})
    known = events.fund(state, received)
    assert known.item is not None
    assert known.item.texts == ()
    assert known.item.mandate == Mandate(frozenset({"hydrogen"}), least_share=500)
    assert known.item.level is DataLevel.INTERNAL
    before = events.fund(fund_event_pb2.FundState(id="f", version=2), received).item
    assert before is not None
    assert before.mandate == Mandate()
    assert before.level is DataLevel.PUBLIC


def test_gates_that_shut_out_all_funds_only_together_are_named_the_widest_first(
    codes: Codes, encoder: LexicalEncoder
) -> None:
    def shut(*mandates: Mandate) -> list[str]:
        funds = [replace(HYDROGEN, id=f"f{at}", mandate=each) for at, each in enumerate(mandates)]
        space = MatchSpace(codes, encoder, (WHOLLY, *funds))
        finder = Finder(space, Pairs(space))
        return [gate.name for gate in finder.shut("firm-fund", (ItemKind.FIRM, WHOLLY.id))]

    away = Mandate(frozenset({"hydrogen"}), frozenset({"nantong"}))
    early = Mandate(frozenset({"hydrogen"}), stages=frozenset({Stage.SEED}))
    other = Mandate(frozenset({"third-gen-semiconductor"}), frozenset({"nantong"}))
    assert shut(early, away, other) == ["city_scope", "stage_scope"]
    assert shut(away, other) == ["city_scope"]
    assert shut(early, away, HYDROGEN.mandate or Mandate()) == []
