"""What texts say, worked out before it is wanted: the same as when it is wanted, whoever worked it out."""

from collections.abc import Sequence

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
        unplaced = sayings.of(codes, asked, [False] * len(asked))
        assert (unplaced.counts != said(codes, asked).counts).nnz == 0
        _require_same(sayings.of(codes, asked), said(codes, asked))


def test_what_was_learnt_or_worked_out_ahead_is_given_out_once(codes: Codes) -> None:
    ahead = Ahead(load())
    ahead.learn(_TEXTS[:2], said(codes, _TEXTS[:2]))
    ahead.add(_TEXTS[:4])
    ahead.add([])
    assert ahead.work()
    assert not ahead.work()
    assert _taken(codes, ahead, _TEXTS) == len(set(_TEXTS[:4]))
    assert ahead.take().size == 0


def test_what_waits_is_not_known_and_what_is_dropped_is_forgotten(codes: Codes) -> None:
    ahead = Ahead(load())
    ahead.add(_TEXTS)
    assert _taken(codes, ahead, _TEXTS) == 0
    ahead.add(_TEXTS)
    ahead.drop()
    assert not ahead.work()


def test_too_many_texts_have_no_room(codes: Codes) -> None:
    ahead = Ahead(load(), most=sum(map(len, _TEXTS[:3])))
    ahead.learn(_TEXTS[:2], said(codes, _TEXTS[:2]))
    ahead.add(_TEXTS[:6])
    assert not ahead.work()
    ahead.add(_TEXTS[:3])
    assert ahead.work()
    assert _taken(codes, ahead, _TEXTS) == 3
