import unicodedata
from collections import defaultdict

import pytest

from services.catalogue import Catalogue
from services.catalogue.terms import load_terms, parse_terms


def test_every_industry_and_leaf_has_words(catalogue: Catalogue) -> None:
    found = load_terms()
    assert [each.code for each in found] == [industry.id for industry in catalogue.industries]
    for industry, known in zip(found, catalogue.industries, strict=True):
        assert [leaf.code for leaf in industry.leaves] == [direction.id for direction in known.directions]
        assert industry.context
        assert all(leaf.terms or leaf.near for leaf in industry.leaves)


def test_a_word_of_an_industry_has_one_place_in_it() -> None:
    for industry in load_terms():
        places = defaultdict(set)
        for code, words in (
            (industry.code, industry.context),
            *((leaf.code, (*leaf.terms, *leaf.near)) for leaf in industry.leaves),
        ):
            for word in words:
                places[unicodedata.normalize("NFKC", word).lower()].add(code)
        assert {word: codes for word, codes in places.items() if len(codes) > 1} == {}


def test_words_are_long_enough_to_be_looked_for() -> None:
    for industry in load_terms():
        for leaf in industry.leaves:
            assert all(len(word) > 1 for word in leaf.terms), leaf.code


def test_strange_and_missing_codes_are_refused(catalogue: Catalogue) -> None:
    with pytest.raises(ValueError, match="teleportation"):
        parse_terms(b"{teleportation: {context: [], leaves: {}}}", catalogue)
    with pytest.raises(KeyError):
        parse_terms(b"{}", catalogue)
