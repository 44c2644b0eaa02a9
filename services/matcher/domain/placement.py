"""Placement of a text into the catalogue: shares that sum to one, `none of them` included, and the words for each.

The evidence is the vocabulary's words in the text. A word that means something only beside its industry counts
when a word of that industry stands there too. Nothing else speaks for a direction: that texts are alike in their
plain words (treatment, city, education) says nothing about their field.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.matcher.domain.texts.windows import normal
from services.matcher.domain.texts.wording import CONTEXT, NEAR, TERM, Found, Wording

# `None of them` weighs as much as about one word mentioned in passing, and more in a longer text, where more
# words come up by the way. A word that is repeated weighs at most REPEATED times one that stands there once.
NONE_SHORTEST, NONE_GROWTH, NONE_UNIT = 0.5, 0.3, 50.0
REPEATED = 2.0
NEAR_WEIGHT = 0.5
LEAST_SHARE = 0.05
# What a text says of an industry speaks in part for every leaf of it.
SIBLING = 0.25
HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class PlacedShare:
    """A leaf, or an industry as a whole where no leaf of it is spoken of. `words` speak for it: its own, and behind
    them those of the industry, which are shared out among its leaves.
    """

    code: str
    share: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """`shares`, the largest first, and `none` sum to one. Derived from the text alone, never from declarations."""

    shares: tuple[PlacedShare, ...]
    none: float


def place(wording: Wording, text: str) -> Placement:
    """Place a text; one that says nothing is `none of them` wholly."""
    text = normal(text)
    weights, words = _weights(wording.find(text))
    none = NONE_SHORTEST + NONE_GROWTH * math.log2(1.0 + len(text) / NONE_UNIT)
    total = sum(weights.values()) + none
    shares = [PlacedShare(code, weight / total, tuple(words[code])) for code, weight in weights.items()]
    kept = sorted((each for each in shares if each.share >= LEAST_SHARE), key=lambda s: (-s.share, s.code))
    return Placement(tuple(kept), max(0.0, 1.0 - sum(each.share for each in kept)))


def degree_of(own: float, industry: float) -> float:
    """How far a text belongs to a leaf, 0 to 1, by the shares of that leaf and of its whole industry: of one what
    `degrees` is of many.
    """
    return own + SIBLING * (industry - own)


def _weights(found: Sequence[Found]) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Weight and words by code; an industry's own words go to its leaves that are spoken of, or to itself."""
    leaves: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    context: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    spoken_of = {sense.industry for each in found for sense in each.senses if sense.role != NEAR}
    for each in found:
        weight = _weight(each.count)
        for sense in each.senses:
            if sense.industry not in spoken_of:
                continue
            words[sense.code].append(each.word)
            if sense.role == CONTEXT:
                context[sense.industry] += weight
            else:
                leaves[sense.industry][sense.code] += weight * (1.0 if sense.role == TERM else NEAR_WEIGHT)
    weights = _shared_out(leaves, context)
    return weights, {code: _with_industry(words, leaves, code) for code in weights}


def _with_industry(
    words: Mapping[str, Sequence[str]], leaves: Mapping[str, Mapping[str, float]], code: str
) -> list[str]:
    """The words of a code; of a leaf with those of its industry behind them."""
    industry = next((each for each, own in leaves.items() if code in own), code)
    return list(dict.fromkeys([*words[code], *words.get(industry, ())]))


def _weight(count: int) -> float:
    """1 for a word that stands there once, towards REPEATED for one that comes again and again."""
    return REPEATED * count / (count + REPEATED - 1.0)


def _shared_out(leaves: dict[str, dict[str, float]], context: dict[str, float]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for industry in leaves.keys() | context.keys():
        own, whole = leaves.get(industry, {}), context.get(industry, 0.0)
        if own:
            factor = 1.0 + whole / sum(own.values())
            weights |= {code: weight * factor for code, weight in own.items()}
        else:
            weights[industry] = whole
    return weights
