"""An English term is the same word apart, hyphened, and broken at the end of a line."""

import numpy as np
import pytest

from services.matcher.domain.codes import Codes
from services.matcher.domain.degrees import degrees
from services.matcher.domain.placement import place
from services.matcher.domain.texts.spellings import spellings


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("fuel cell stack", "fuel-cell stack"),
        ("fuel cell stack", "fuel-\ncell stack"),
        ("fuel cell stacks", "fuel cell-\nstacks"),
        ("hydrogen fuel cells", "hydrogen fuel-cells"),
        ("silicon carbide epitaxy", "Silicon-Carbide epitaxy"),
        ("solid-state battery", "solid state battery"),
        ("solid-state battery", "solid-\nstate battery"),
        ("solid-state battery", "solid\u00ad\nstate battery"),
    ],
)
def test_a_term_is_placed_alike_however_it_is_written(codes: Codes, written: str, otherwise: str) -> None:
    one, other = (place(codes.wording, text) for text in (written, otherwise))
    assert [(each.code, each.words) for each in one.shares] == [
        (each.code, each.words) for each in other.shares
    ]
    assert one.shares
    placed = degrees(codes, [written, otherwise])
    assert (placed.max(axis=1) > 0).all()
    assert np.array_equal(placed[0] > 0, placed[1] > 0)


def test_one_term_in_two_spellings_counts_as_a_term_that_is_repeated(codes: Codes) -> None:
    mixed, repeated = "fuel-cell stack, fuel cell stack", "fuel cell stack, fuel cell stack"
    assert place(codes.wording, mixed) == place(codes.wording, repeated)
    assert np.array_equal(degrees(codes, [mixed]), degrees(codes, [repeated]))


@pytest.mark.parametrize("text", ["turned inside out", "each cell free of cobalt"])
def test_what_is_a_term_with_its_hyphen_alone_is_none_without(codes: Codes, text: str) -> None:
    assert not place(codes.wording, text).shares


def test_spellings_are_those_of_english_terms_alone() -> None:
    assert set(spellings("燃料电池")) == set(spellings("electrolyser")) == set()
    assert "fuelcell" in set(spellings("fuel cell"))
    assert "cart" not in set(spellings("car-t"))
    assert len(set(spellings("a b c d e f g h"))) == 2


def test_other_spellings_are_another_stamp_of_what_follows_from_words(codes: Codes) -> None:
    assert set(codes.wording.senses) < set(codes.wording.spelt)
    assert all(codes.wording.spelt[word] == word for word in codes.wording.senses)
