"""Explanations hold of any pair, whatever its texts are written in: they add up, and what they tell stands there."""

import unicodedata
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bole.matcher.v1 import match_pb2
from services.catalogue import load
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of
from services.matcher.domain.item import Availability, Item, ItemKind, Mandate, Stage
from services.matcher.encode.grams import normalise
from services.matcher.rpc.explanation_wire import explanation_to_wire
from services.matcher.score.block import Pair
from tests.unit.matcher.examples import ALL_PURPOSES, FUND

CODES = codes_of(load())
WORDS = sorted(CODES.wording.senses)
NUMBERS = count()
"""Of the examples: what one puts into the space stays beside the next."""
KINDS = {
    "person-position": (ItemKind.POSITION, ItemKind.PERSON),
    "team-position": (ItemKind.POSITION, ItemKind.TEAM),
    "person-firm": (ItemKind.FIRM, ItemKind.PERSON),
    "person-direction": (ItemKind.DIRECTION, ItemKind.PERSON),
    "firm-fund": (ItemKind.FUND, ItemKind.FIRM),
    "similar-firms": (ItemKind.FIRM, ItemKind.FIRM),
}
ODD = (
    *(
        "\ufdfa",
        "\uff76\uff9e\uff7d",
        "\U00020bb7野",
        "😀",
        "İstanbul",
        "ß",
        "ﬁlm",
        "㎏",
        "\u1100\u1161\u11a8",
    ),
    *("x" * 300, "\t", "\u2028", "ΑΣ", "cm²", "e\u0301\u0301", "\ufe0f", "a-\r\nb", "工艺开发", "of the"),
)


def wide(word: str) -> str:
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in word)


def broken(word: str) -> str:
    return "\r\n".join(word[start : start + 3] for start in range(0, len(word), 3))


WAYS = (
    str,
    str.upper,
    wide,
    broken,
    " ".join,
    "\u200b".join,
    lambda word: unicodedata.normalize("NFD", word),
    lambda word: "".join(f"{each}\u0301" for each in word),
)
PIECES = st.builds(
    lambda word, way: way(word), st.sampled_from(WORDS) | st.sampled_from(ODD), st.sampled_from(WAYS)
)
TEXTS = st.builds(
    lambda between, pieces: between.join(pieces),
    st.sampled_from(["", " ", "，", "\r\n", "\n\n"]),
    st.lists(PIECES, min_size=1, max_size=6),
)


@st.composite
def items(draw: st.DrawFn, kind: ItemKind, id_: str, shared: str) -> Item:
    """One of a kind; its text holds what both sides of the pair say."""
    if kind is ItemKind.FUND:
        industries = draw(st.sets(st.sampled_from(CODES.industries), max_size=3))
        return replace(FUND, id=id_, mandate=Mandate(frozenset(industries)))
    people = kind in (ItemKind.PERSON, ItemKind.TEAM)
    leaves = draw(st.lists(st.sampled_from(CODES.leaves), max_size=3, unique=True))
    return Item(
        kind,
        id_,
        texts=(f"{draw(TEXTS)} {draw(st.sampled_from(WAYS))(shared)} {draw(TEXTS)}",),
        leaves=tuple((leaf.code, 1000 // len(leaves)) for leaf in leaves),
        city=draw(st.none() | st.sampled_from(CODES.cities)),
        category=draw(st.sampled_from(CODES.categories)) if kind is not ItemKind.FIRM else None,
        stage=draw(st.none() | st.sampled_from(Stage)) if kind is ItemKind.FIRM else None,
        availability=draw(st.none() | st.sampled_from(Availability)) if kind is ItemKind.PERSON else None,
        purposes=ALL_PURPOSES if people else frozenset(),
    )


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_explanation_holds_whatever_the_texts_are_written_in(
    finder: Finder, space: MatchSpace, directions: tuple[Item, ...], kind: str, data: st.DataObject
) -> None:
    one, other = KINDS[kind]
    shared = data.draw(st.sampled_from(WORDS))
    number = next(NUMBERS)
    if one is ItemKind.DIRECTION:
        anchor = data.draw(st.sampled_from(directions))
    else:
        anchor = data.draw(items(one, f"odd-anchor-{number}", shared))
        space.put(anchor)
    candidate = data.draw(items(other, f"odd-candidate-{number}", shared))
    space.put(candidate)
    why = finder.why_not(kind, anchor.id, candidate.id, 5)
    total = 0.0
    for part in why.explanation.contributions:
        total += part.value
    assert total == why.explanation.log_odds
    told = explanation_to_wire(why, Pair(anchor, candidate), match_pb2.Candidate())
    for term in told.matched_terms:
        assert term.candidate_places
    for term in (*told.matched_terms, *told.missing_terms):
        for item, places in ((anchor, term.anchor_places), (candidate, term.candidate_places)):
            for place in places:
                written = item.texts[place.passage][place.start : place.end]
                assert place.excerpt[place.excerpt_start :][: len(written)] == written
                assert folded(term.text) in folded(written) or folded(written) in folded(term.text)
    for version, change in enumerate(why.changes, start=2):
        space.put(replace(change.hypothesis.candidate, version=version))
        found = finder.explain(kind, anchor.id, candidate.id).log_odds
        rank = finder.rank(kind, anchor.id, space.item(other, candidate.id))
        assert (found, rank) == (change.log_odds, change.rank)


def folded(term: str) -> str:
    """The normal form; a sigma is written otherwise where a word ends."""
    return normalise(term).replace("ς", "σ")
