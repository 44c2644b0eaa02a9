"""How far texts belong to every leaf: the placement of many texts at once, as numbers that scores read."""

import math
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.kernel.side_by_side import side_by_side
from services.matcher.domain.codes import Codes
from services.matcher.domain.placement import (
    HUNDREDTHS,
    LEAST_SHARE,
    NEAR_WEIGHT,
    NONE_GROWTH,
    NONE_SHORTEST,
    NONE_UNIT,
    REPEATED,
    SIBLING,
)
from services.matcher.domain.texts.denial import affirmed
from services.matcher.domain.texts.sense_table import SenseTable
from services.matcher.domain.texts.windows import normal

_AT_ONCE = 512
Weights = NDArray[np.float64]


def degrees(codes: Codes, texts: Sequence[str], affirming: Sequence[str] | None = None) -> NDArray[np.int8]:
    """[texts, leaves] in hundredths: how far a text belongs to each leaf; below zero, how far to other industries only.

    A leaf gets its own share and SIBLING of what the text says of the rest of its industry. A text has the same row
    whatever else is asked with it. `affirming`: their normal forms without what they deny, if at hand.
    """
    affirming = [affirmed(normal(text)) for text in texts] if affirming is None else affirming
    result = np.zeros((len(texts), len(codes.leaves)), np.int8)
    starts = range(0, len(texts), _AT_ONCE)
    slices = [slice(start, start + _AT_ONCE) for start in starts]
    parts = side_by_side(partial(_degrees, codes), [affirming[each] for each in slices])
    for start, part in zip(starts, parts, strict=True):
        result[start : start + _AT_ONCE] = part
    return result


class _Said(NamedTuple):
    """Senses of the words in some texts, one element each: the text, the sense, what the word weighs."""

    text: NDArray[np.int64]
    sense: NDArray[np.int64]
    weight: Weights


def _degrees(codes: Codes, texts: Sequence[str]) -> NDArray[np.int8]:
    table = codes.senses
    shares = _shares(table, _said(table, texts), texts)
    text, node = np.nonzero(shares)
    whole = _sums(text, table.industry_of_node[node], shares[text, node], (len(texts), table.industries))
    own, industry = shares[:, : len(codes.leaves)], whole[:, codes.leaf_industries]
    elsewhere = industry - whole.sum(axis=1)[:, None]
    degree = np.where(industry > 0, own + SIBLING * (industry - own), elsewhere)
    return np.asarray(np.rint(degree * HUNDREDTHS), np.int8)


def _said(table: SenseTable, texts: Sequence[str]) -> _Said:
    """What the words of texts say that are normal and affirming, each counted once with the number of its places."""
    text, word = table.occurrences(texts)
    words = len(table.senses_from) - 1
    places, count = np.unique(text * words + word, return_counts=True)
    text, word = np.divmod(places, words) if words else (text, word)
    senses = np.diff(table.senses_from)[word]
    nth = np.arange(int(senses.sum())) - np.repeat(np.cumsum(senses) - senses, senses)
    weight = REPEATED * count / (count + REPEATED - 1.0)
    sense = np.repeat(table.senses_from[word], senses) + nth
    return _Said(np.repeat(text, senses), sense, np.repeat(weight, senses))


def _shares(table: SenseTable, said: _Said, texts: Sequence[str]) -> Weights:
    """[normal texts, nodes]: the share of every leaf and industry, zero below LEAST_SHARE."""
    industry, plain = table.industry[said.sense], table.near[said.sense]
    spoken_of = np.zeros((len(texts), table.industries), np.bool_)
    spoken_of[said.text[~plain], industry[~plain]] = True
    counts = spoken_of[said.text, industry]
    around = counts & table.context[said.sense]
    direct = counts & ~table.context[said.sense]
    context = _sums(said.text[around], industry[around], said.weight[around], spoken_of.shape)
    text, weight = said.text[direct], (said.weight * np.where(plain, NEAR_WEIGHT, 1.0))[direct]
    weights = _sums(text, table.node[said.sense[direct]], weight, (len(texts), table.nodes))
    whole = _sums(text, industry[direct], weight, spoken_of.shape)
    factor = 1.0 + np.divide(context, whole, out=np.zeros_like(context), where=whole > 0)
    weights *= factor[:, table.industry_of_node]
    weights[:, table.node_of_industry] += np.where(whole > 0, 0.0, context)
    none = [NONE_SHORTEST + NONE_GROWTH * math.log2(1.0 + len(each) / NONE_UNIT) for each in texts]
    shares = weights / (weights.sum(axis=1) + none)[:, None]
    return np.where(shares >= LEAST_SHARE, shares, 0.0)


def _sums(
    row: NDArray[np.int64], column: NDArray[np.int64], values: Weights, shape: tuple[int, ...]
) -> Weights:
    """[rows, columns]: values added up where they belong, in their order."""
    sums = np.bincount(row * shape[1] + column, values, shape[0] * shape[1])
    return sums.astype(np.float64, copy=False).reshape(shape)
