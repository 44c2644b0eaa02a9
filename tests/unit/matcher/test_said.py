"""What texts say, worked out before it is wanted: the same as when it is wanted, whoever worked it out."""

from collections.abc import Sequence
from multiprocessing import active_children

import numpy as np

from services.catalogue import load
from services.matcher.corpus.said import Said, Sayings, said
from services.matcher.domain.codes import Codes
from services.matcher.service.ahead import Ahead
from tests.unit.matcher.examples import FIRMS, ORDINARY, PERSONS

_TEXTS = [*(item.text for item in (*PERSONS, *FIRMS)), *ORDINARY, ""]


def _require_same(found: Said, wanted: Said) -> None:
    assert (found.counts != wanted.counts).nnz == 0
    assert np.array_equal(found.placed, wanted.placed)


def _taken(codes: Codes, ahead: Ahead, texts: Sequence[str]) -> int:
    """How much was known of texts that are then found to say what they say."""
    sayings = ahead.take()
    known = sayings.size
    _require_same(sayings.of(codes, texts), said(codes, texts))
    return known


def test_texts_are_found_in_any_order_known_or_not(codes: Codes) -> None:
    sayings = Sayings()
    for some in (_TEXTS[:3], _TEXTS[2:6]):
        assert not sayings.knows_any(some[-1:])
        sayings.add(some, said(codes, some))
        assert sayings.knows_any(_TEXTS)
    asked = [*reversed(_TEXTS), _TEXTS[0]]
    for _again in range(2):
        unplaced = sayings.of(codes, asked, placed=False)
        assert (unplaced.counts != said(codes, asked).counts).nnz == 0
        _require_same(sayings.of(codes, asked), said(codes, asked))


def test_a_load_is_worked_out_ahead_and_given_out_once(codes: Codes) -> None:
    ahead = Ahead(load(), worth=100)
    for start in range(0, len(_TEXTS), 2):
        ahead.add(_TEXTS[start : start + 2])
        ahead.add([])
    assert _taken(codes, ahead, _TEXTS) == len(set(_TEXTS))
    assert ahead.take().size == 0


def test_what_is_dropped_is_known_no_more_and_another_load_begins_anew(codes: Codes) -> None:
    others = set(active_children())
    ahead = _filled(Ahead(load(), worth=100))
    assert set(active_children()) - others
    ahead.drop()
    ahead.drop()
    assert not set(active_children()) - others
    assert _taken(codes, ahead, _TEXTS) == 0
    assert _taken(codes, _filled(ahead), _TEXTS) > 0


def test_few_texts_are_not_worth_it_and_too_many_have_no_room(codes: Codes) -> None:
    characters = sum(map(len, dict.fromkeys(_TEXTS)))
    assert _taken(codes, _filled(Ahead(load(), worth=characters + 1)), _TEXTS) == 0
    known = _taken(codes, _filled(Ahead(load(), worth=1, most=characters - 1)), _TEXTS)
    assert 0 < known < len(set(_TEXTS))


def _filled(ahead: Ahead) -> Ahead:
    for text in dict.fromkeys(_TEXTS):
        ahead.add([text])
    return ahead
