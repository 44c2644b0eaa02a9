"""Whom the first places go to: exposure by group under two weightings, and the guard that stops a large shift.

Groups are never features. A place's exposure is 1 / log2(1 + place), as attention falls along a list.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

UNKNOWN: Final = "unknown"
"""The group of those of whom the attribute is not told."""
FEW: Final = "few"
"""Groups of which nothing is told one by one, together."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """The share of exposure that a group of an attribute has under the standing weights and under new ones, and its
    share of all candidates, without which neither can be judged.

    `small`: it has so few people, or stands beside such, that it is guarded and not told by itself.
    """

    attribute: str
    group: str
    candidates: float
    standing: float
    learnt: float
    small: bool = False

    @property
    def shift(self) -> float:
        """How much the share would change."""
        return self.learnt - self.standing


@dataclass(frozen=True, slots=True)
class Shift:
    """Exposures of all groups, and by how much the share of one may change at most (0.1: ten of a hundred)."""

    exposures: Sequence[Exposure]
    most: float

    @property
    def beyond(self) -> Sequence[Exposure]:
        """Those that change by more."""
        return [each for each in self.exposures if abs(each.shift) > self.most]


def exposures(
    standing: Iterable[Sequence[str]],
    learnt: Iterable[Sequence[str]],
    attribute: str,
    group_of: Mapping[str, str],
    small: Collection[str] = (),
) -> list[Exposure]:
    """Exposure by group, the largest shift first; a group of which nobody stands in a list has none. Lists hold ids,
    best first; `group_of` holds every candidate, and somebody without a group is `unknown`. `small`: the groups
    that are.
    """
    before, after = _shares(standing, group_of), _shares(learnt, group_of)
    held = Counter(group or UNKNOWN for group in group_of.values())
    found = [
        Exposure(
            attribute, each, number / held.total(), before.get(each, 0.0), after.get(each, 0.0), each in small
        )
        for each, number in held.items()
    ]
    return _sorted(found)


def told(found: Iterable[Exposure]) -> list[Exposure]:
    """As they are reported: the small groups of each attribute as one, `few`."""
    kept: dict[tuple[str, str], Exposure] = {}
    for each in found:
        key = each.attribute, FEW if each.small else each.group
        before = kept.get(key, Exposure(*key, 0.0, 0.0, 0.0, each.small))
        kept[key] = replace(
            before,
            candidates=before.candidates + each.candidates,
            standing=before.standing + each.standing,
            learnt=before.learnt + each.learnt,
        )
    attributes = dict.fromkeys(attribute for attribute, _ in kept)
    return [
        each for of in attributes for each in _sorted([one for one in kept.values() if one.attribute == of])
    ]


def _sorted(found: list[Exposure]) -> list[Exposure]:
    return sorted(found, key=lambda exposure: (-abs(exposure.shift), exposure.group))


def _shares(lists: Iterable[Sequence[str]], group_of: Mapping[str, str]) -> dict[str, float]:
    weights: dict[str, float] = defaultdict(float)
    for ids in lists:
        for place, id_ in enumerate(ids, start=1):
            weights[group_of[id_] or UNKNOWN] += float(1.0 / np.log2(1.0 + place))
    total = sum(weights.values())
    return {group: weight / total for group, weight in weights.items()} if total else {}
