import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Availability, Item, ItemKind, Mandate, Purpose, Stage
from services.matcher.domain.kinds import KINDS, pair_kind
from services.matcher.score.features import FEATURES
from services.matcher.score.gate_reasons import GATE_REASONS
from services.matcher.score.gates import GATES
from services.matcher.score.reasons import REASONS
from tests.unit.matcher.examples import FIRMS, FUND, POSITIONS, SIC


def test_every_declared_gate_and_feature_exists_and_has_words() -> None:
    for kind in KINDS.values():
        assert set(kind.gates) <= GATES.keys() & GATE_REASONS.keys()
        assert {use.name for use in kind.features} <= FEATURES.keys() & REASONS.keys()


def test_unknown_kind_names_those_that_exist() -> None:
    with pytest.raises(InvalidArgument, match="person-position") as refusal:
        pair_kind("person-planet")
    assert refusal.value.reason == "UNKNOWN_PAIR_KIND"


@pytest.mark.parametrize("key", KINDS)
def test_explanation_of_a_pair_equals_its_score_in_a_block(
    space: MatchSpace, finder: Finder, key: str
) -> None:
    kind = KINDS[key]
    pairs = Pairs(space)
    anchors = sorted(item.id for item in space.anchors(kind).items)[:30]
    candidates = sorted(item.id for item in space.population(kind.candidate).items)
    block = pairs.scores(kind, anchors, candidates)
    for row, anchor in enumerate(anchors):
        for column, candidate in enumerate(candidates):
            explanation = finder.explain(key, space.item(kind.anchor, anchor), candidate)
            assert math.isclose(
                math.fsum(part.value for part in explanation.contributions),
                explanation.log_odds,
                abs_tol=1e-9,
            )
            itself = (kind.anchor, anchor) == (kind.candidate, candidate)
            expected = explanation.log_odds if explanation.admitted and not itself else -np.inf
            assert block[row, column] == expected
            assert pairs.scores(kind, [anchor], [candidate])[0, 0] == expected


def test_score_is_an_uncalibrated_probability(finder: Finder) -> None:
    explanation = finder.explain("person-position", "epitaxy", "sic")
    assert explanation.calibrated is False
    assert explanation.probability == pytest.approx(1 / (1 + math.exp(-explanation.log_odds)))


def test_matched_terms_are_readable_and_stand_in_both_texts(finder: Finder) -> None:
    terms = finder.explain("person-position", "epitaxy", "sic").terms
    assert "碳化硅外延" in terms.matched[0].text
    assert sum(term.share for term in terms.matched) <= 1.000001
    for term in terms.matched:
        assert term.text in "\n".join(SIC.texts).lower()
        assert POSITIONS[0].text.lower()[term.start : term.end] == term.text
    assert any("化学气相沉积" in term.text for term in terms.missing)


def test_reasons_name_the_facts_in_both_languages(finder: Finder) -> None:
    reasons = {
        part.name: part.reason for part in finder.explain("person-position", "epitaxy", "sic").contributions
    }
    assert "个共同的术语" in reasons["text"].zh
    assert reasons["city"].zh == "同在苏州市"
    assert "卓越工程师" in reasons["category"].zh
    assert "available now" in reasons["availability"].en


def test_missing_facts_add_nothing(finder: Finder) -> None:
    parts = {
        part.name: part.value for part in finder.explain("person-position", "epitaxy", "silent").contributions
    }
    assert parts["text"] == parts["directions"] == parts["category"] == parts["availability"] == 0.0


def test_nearer_directions_score_higher(finder: Finder) -> None:
    def overlap(leaf: str) -> float:
        person = replace(SIC, id="", leaves=((leaf, 1000),), texts=("海水直接电解制氢",))
        parts = finder.explain("person-position", "electrolyser", person).contributions
        return next(part.value for part in parts if part.name == "directions")

    same, sibling, industry, other = map(overlap, ("seawater-h2", "renewable-h2", "fcv", "sic"))
    assert same > sibling > industry > other


@pytest.mark.parametrize(
    ("kind", "anchor"),
    [("person-position", "epitaxy"), ("person-firm", "wafer"), ("person-direction", "sic")],
)
@pytest.mark.parametrize("text", ["海水直接电解制氢催化剂与膜电极", "明代江南市镇的社会史研究"])
def test_a_direction_that_the_text_does_not_bear_out_hardly_counts(
    finder: Finder, kind: str, anchor: str, text: str
) -> None:
    def score(leaf: str) -> float:
        person = replace(SIC, id="", texts=(text,), leaves=((leaf, 1000),))
        return finder.explain(kind, anchor, person).log_odds

    contradicted = "制氢" in text
    assert score("sic") - score("large-model") <= (0.0 if contradicted else 0.7)
    honest = replace(SIC, id="", leaves=(("sic", 1000),))
    assert finder.explain(kind, anchor, honest).log_odds > score("sic") + 1.0


def test_the_reason_says_that_a_declaration_is_not_borne_out(finder: Finder) -> None:
    def reason(text: str) -> Text:
        person = replace(SIC, id="", texts=(text,), leaves=(("sic", 1000),))
        parts = finder.explain("person-position", "epitaxy", person).contributions
        return next(part.reason for part in parts if part.name == "directions")

    assert "不计" in reason("海水直接电解制氢催化剂").zh
    assert "does not bear it out" in reason("明代江南市镇的社会史研究").en
    assert reason("碳化硅外延生长").zh.startswith("申报方向一致：")
    assert "不" not in reason("碳化硅外延生长").zh


def test_city_category_and_availability_move_the_score_the_right_way(finder: Finder) -> None:
    def score(**changes: Any) -> float:
        return finder.explain("person-position", "epitaxy", replace(SIC, id="", **changes)).log_odds

    best = score()
    assert best > score(city="nanjing", mobility=frozenset({"suzhou"})) > score(city="nanjing")
    assert best > score(category="highly-skilled") > score(category="strategic-scientist")
    assert best > score(availability=Availability.HALF_YEAR) > score(availability=Availability.SETTLED)


def test_a_person_who_refused_the_purpose_is_never_proposed(finder: Finder) -> None:
    found = finder.find("person-position", (ItemKind.POSITION, "epitaxy"), 10)
    assert "refused" not in {match.item.id for match in found}
    assert "refused" in {m.item.id for m in finder.find("person-direction", (ItemKind.DIRECTION, "sic"), 10)}
    assert finder.find("person-position", (ItemKind.PERSON, "refused"), 10) == []
    why = finder.why_not("person-position", "epitaxy", "refused", 3)
    assert not why.listed
    assert "未同意" in why.reason.zh


_WITHIN = FIRMS[0]


@pytest.mark.parametrize(
    ("gate", "firm"),
    [
        ("industry_scope", replace(_WITHIN, leaves=(("large-model", 1000),))),
        ("industry_scope", replace(_WITHIN, leaves=())),
        ("city_scope", replace(_WITHIN, city="xuzhou")),
        ("city_scope", replace(_WITHIN, city=None)),
        ("stage_scope", replace(_WITHIN, stage=Stage.GROWTH)),
        ("stage_scope", replace(_WITHIN, stage=None)),
        ("valuation_limit", replace(_WITHIN, valuation=50_000_000_000)),
        ("ticket_limit", replace(_WITHIN, ask=2_000_000_001)),
        ("open", replace(_WITHIN, open=False)),
    ],
)
def test_mandate_gates_shut_whatever_the_score(finder: Finder, gate: str, firm: Item) -> None:
    shut = [
        outcome.name
        for outcome in finder.explain("firm-fund", "angel", replace(firm, id="")).gates
        if not outcome.passed
    ]
    assert shut == [gate]


def test_limits_include_the_limit_and_unknown_amounts_pass(finder: Finder) -> None:
    for firm in (replace(_WITHIN, ask=2_000_000_000), replace(_WITHIN, ask=None, valuation=None)):
        assert finder.explain("firm-fund", "angel", replace(firm, id="")).admitted
    assert [m.item.id for m in finder.find("firm-fund", (ItemKind.FUND, "angel"), 5)] == ["wafer"]


def test_a_fund_without_limits_admits_every_open_firm_whose_facts_are_known(space: MatchSpace) -> None:
    space.put(replace(FUND, id="open-fund", mandate=Mandate()))
    found = Finder(space, Pairs(space)).find("firm-fund", (ItemKind.FUND, "open-fund"), 5)
    assert {match.item.id for match in found} == {"wafer", "models"}


def test_codes_outside_the_catalogue_are_refused(codes: Codes) -> None:
    for item, reason in (
        (replace(SIC, city="paris"), "UNKNOWN_CITY"),
        (replace(SIC, leaves=(("alchemy", 1000),)), "UNKNOWN_DIRECTION"),
        (replace(SIC, category="wizard"), "UNKNOWN_CATEGORY"),
        (replace(SIC, leaves=(("sic", 700), ("gan", 400))), "SHARES_EXCEED_WHOLE"),
    ):
        with pytest.raises(InvalidArgument) as refusal:
            Columns.of([item], codes)
        assert refusal.value.reason == reason


def test_every_kind_with_a_person_asks_for_a_purpose() -> None:
    for kind in KINDS.values():
        asked = {ItemKind.PERSON, ItemKind.TEAM}.intersection((kind.anchor, kind.candidate))
        assert bool(kind.purposes) == bool(asked)
        assert ("consent" in kind.gates) == bool(kind.purposes)


def test_consent_to_statistics_alone_is_no_consent_to_matching(finder: Finder) -> None:
    person = replace(SIC, id="", purposes=frozenset({Purpose.STATISTICS}))
    for kind, anchor in (
        ("person-position", "epitaxy"),
        ("person-firm", "wafer"),
        ("person-direction", "sic"),
    ):
        assert not finder.explain(kind, anchor, person).admitted


def test_an_explanation_without_terms_has_the_same_numbers(finder: Finder) -> None:
    full = finder.explain("person-position", "epitaxy", "sic")
    cheap = finder.explain("person-position", "epitaxy", "sic", terms=False)
    assert cheap.log_odds == full.log_odds
    assert [part.value for part in cheap.contributions] == [part.value for part in full.contributions]
    assert cheap.terms.matched == ()
