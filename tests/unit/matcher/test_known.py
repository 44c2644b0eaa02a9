"""A text of which the library knows little speaks neither for nor against anybody, as far as it is not known."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.matcher.corpus.finding import Finder, Match
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.sides import Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.encode.encoder import Encoded
from services.matcher.encode.lexical import LexicalEncoder, LexicalFamily
from services.matcher.encode.sparse import COLUMNS, SparseModel, term_rows
from services.matcher.score import scoring
from services.matcher.score.features import TEXT_GAIN, WHOLLY_KNOWN
from services.matcher.score.sieve import Sieve
from tests.unit.matcher.examples import ORDINARY, PERSONS

ASKED = {
    "zh": "探讨城市社会发展的历史与现状",
    "half": "论述了明清时期市场的发展，archivist of parish registers and guild charters",
    "en": "Archivist of parish registers and guild charters, bookkeeping for charities",
    "de": "Buchhaltung für Wohlfahrtsverbände, Lohnabrechnung und Jahresabschluss",
    "ko": "교구 기록과 길드 문서를 다루는 사서, 회계 업무 경험",
    "word": "bookkeeping",
}


@pytest.fixture
def library(space: MatchSpace) -> MatchSpace:
    """Of Chinese texts alone, fitted on them."""
    people = [
        replace(PERSONS[at % 3], id=f"n{at:02d}", texts=(f"{text}，研究{at}年",), leaves=())
        for at, text in enumerate(ORDINARY * 4)
    ]
    space.put_all(people)
    space.adopt(LexicalFamily().fitted(space.texts()))
    return space


def _position(language: str) -> Item:
    return Item(ItemKind.POSITION, "", texts=(ASKED[language],))


def _found(space: MatchSpace, query: Item) -> list[Match]:
    return Finder(space, Pairs(space)).find("person-position", query, 100)


def _text(space: MatchSpace, query: Item, found: Item) -> tuple[float, str, str]:
    """What a pair's texts add, with the reasons, once the parts are seen to add up."""
    said = Finder(space, Pairs(space)).explain("person-position", query, found.id)
    assert sum(part.value for part in said.contributions) == pytest.approx(said.log_odds, abs=1e-12)
    (part,) = [each for each in said.contributions if each.name == "text"]
    return part.value, part.reason.zh, part.reason.en


def _all_known(encoder: LexicalEncoder, encoded: Encoded) -> NDArray[np.float64]:
    return np.ones(len(encoded.dense))


def test_a_text_of_which_the_library_knows_nothing_speaks_against_nobody(library: MatchSpace) -> None:
    found = [match for match in _found(library, _position("ko")) if match.item.text]
    assert len(found) > 20
    for match in found:
        value, zh, en = _text(library, _position("ko"), match.item)
        assert value == 0.0
        assert "<1%" in zh
        assert "only <1% of the words" in en


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_text_in_another_language_is_not_held_against_everybody(
    library: MatchSpace, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    query = _position(language)
    values = [_text(library, query, match.item)[0] for match in _found(library, query)]
    assert min(values) >= -0.4
    monkeypatch.setattr(LexicalEncoder, "known", _all_known)
    held_against = [_text(library, query, match.item)[0] for match in _found(library, query)]
    assert min(held_against) == -TEXT_GAIN * WHOLLY_KNOWN


def test_a_list_tells_words_in_common_from_scraps_of_a_text_that_is_hardly_known(library: MatchSpace) -> None:
    """Whatever is positive for want of knowledge alone is no text that is alike."""
    for language, said in (("zh", "有相同的用词"), ("half", "零星的字词相同")):
        query = _position(language)
        finder, found = Finder(library, Pairs(library)), _found(library, query)
        reasons = [
            part.reason.zh
            for each in finder.explain_found("person-position", query, [match.item for match in found])
            for part in each.contributions
            if part.name == "text" and part.value > 0
        ]
        assert any(said in reason for reason in reasons)


def test_what_the_library_knows_is_held_against_those_who_lack_it(library: MatchSpace) -> None:
    query = _position("zh")
    values = [_text(library, query, match.item) for match in _found(library, query)]
    assert min(value for value, _, _ in values) < -1.2
    assert max(value for value, _, _ in values) > 2.0
    assert not any("见于库中" in zh for _, zh, _ in values)


@pytest.mark.parametrize("language", ASKED)
@pytest.mark.parametrize("side", [ItemKind.POSITION, ItemKind.PERSON])
def test_within_one_request_the_order_of_texts_does_not_change_by_how_much_is_known(
    library: MatchSpace, monkeypatch: pytest.MonkeyPatch, language: str, side: ItemKind
) -> None:
    query = replace(_position(language), kind=side, purposes=PERSONS[0].purposes)
    now = [match for match in _found(library, query) if match.item.text]
    monkeypatch.setattr(LexicalEncoder, "known", _all_known)
    before = [match for match in _found(library, query) if match.item.text]
    assert [match.item.id for match in now] == [match.item.id for match in before]
    lifted = {round(one.log_odds - other.log_odds, 9) for one, other in zip(now, before, strict=True)}
    assert len(lifted) == 1
    assert min(lifted) >= 0


@pytest.mark.parametrize("language", ASKED)
@pytest.mark.parametrize("key", [key for key, kind in KINDS.items() if scoring.reads_texts(kind)])
def test_a_search_with_limits_finds_what_scoring_everybody_finds(
    library: MatchSpace, language: str, key: str
) -> None:
    kind = KINDS[key]
    whole, sought = Pairs(library, exact_limit=10**6), Pairs(library, exact_limit=1, seeds=1)
    for sort, forward in ((kind.anchor, True), (kind.candidate, False)):
        query = Item(sort, "", texts=(ASKED[language],), purposes=PERSONS[0].purposes)
        one = Side.given([query], library)
        for k in (1, 5):
            expected = whole.search(kind, one, k, forward=forward)
            assert sought.search(kind, one, k, forward=forward) == expected


@pytest.mark.parametrize("key", [key for key, kind in KINDS.items() if scoring.reads_texts(kind)])
def test_near_scores_of_requests_are_near_and_exact_ones_exact(library: MatchSpace, key: str) -> None:
    kind, pairs = KINDS[key], Pairs(library)
    others = library.population(kind.candidate)
    side = Side.given([Item(kind.anchor, "", texts=(text,)) for text in (*ASKED.values(), "")], library)
    block, (sparse, dense) = pairs.block(kind, side, None), others.similarity(side.encoded, None)
    sieve = Sieve(kind, block, sparse, dense, library.encoder.mix)
    expected, near = scoring.score_block(kind, block).ranked(), sieve.near()
    passed = np.nonzero(expected > -np.inf)
    assert np.array_equal(sieve.exact(*passed), expected[passed])
    assert np.all(np.abs(near[passed] - expected[passed]) < sieve.margin / 2)


def test_texts_that_are_stored_are_part_of_what_is_known(library: MatchSpace) -> None:
    library.put(Item(ItemKind.POSITION, "stored", texts=(ASKED["ko"],)))
    population = library.population(ItemKind.POSITION)
    assert population.columns.known is None
    assert Side.stored(population, population.rows(["stored"])).columns.known is None


@given(st.lists(st.sampled_from(list(ASKED.values())), min_size=1, max_size=5))
def test_how_much_is_known_of_a_text_does_not_depend_on_the_texts_beside_it(texts: Sequence[str]) -> None:
    model = SparseModel.fitted(term_rows(ORDINARY))
    together = model.known(model.rows(term_rows(texts)))
    alone = [model.known(model.rows(term_rows([text])))[0] for text in texts]
    assert together.tolist() == alone
    assert all(0.0 <= share <= 1.0 for share in together)


def test_of_a_library_that_fills_all_columns_foreign_words_are_still_not_known() -> None:
    rng = np.random.default_rng(7)
    common = np.unique(term_rows(ORDINARY).indices)
    frequency = rng.integers(1, 6, COLUMNS)
    frequency[common] = 5_000
    idf = (np.log(1_000_001 / (1 + frequency)) + 1).astype(np.float32)
    model = SparseModel(idf, np.inf)
    known = model.known(model.rows(term_rows([ORDINARY[0], ASKED["en"], ASKED["ko"]])))
    assert known[0] == 1.0
    assert known[1:].max() < 0.35
    empty = model.known(model.rows(term_rows([""])))
    assert empty.tolist() == [0.0]
