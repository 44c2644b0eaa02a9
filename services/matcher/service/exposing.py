"""Whom the first places of a kind go to: of lists that are kept, or of those of a sample of anchors."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from services.chassis.filtering.facets import shown
from services.chassis.rpc.faceting import SMALL
from services.matcher.corpus.finding import Finder, Query
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.cells import cell_items
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import PairKind
from services.matcher.learn.fairness import UNKNOWN, Exposure, exposures
from services.matcher.lists.standing import StandingLists

SEED = 20231106
SAMPLE = 200
RECORDED = ("city", "category")
COHORT = "cohort"
REPORTED = (*RECORDED, COHORT)


def exposed(
    space: MatchSpace, standing: PairKind, learnt: PairKind, cohorts: Mapping[str, str]
) -> list[Exposure]:
    """The exposure of every group under both weightings of a kind, over the same lists. `cohorts`: decades of birth, by
    id. Groups of few people are small, and others beside them, by the rule of all counts of people.
    """
    least = SMALL if standing.candidate in (ItemKind.PERSON, ItemKind.TEAM) else 0
    people = space.population(standing.candidate).items
    before, after = (_lists(space, kind) for kind in (standing, learnt))
    found: list[Exposure] = []
    for attribute in REPORTED:
        groups = {item.id: group_of(item, attribute, cohorts) for item in people}
        counts = Counter(group or UNKNOWN for group in groups.values())
        small = [group for group, count in shown(counts, least).items() if count is None]
        found += exposures(before, after, attribute, groups, small)
    return found


def group_of(item: Item, attribute: str, cohorts: Mapping[str, str]) -> str:
    """The group of somebody; empty where it is not told."""
    return cohorts.get(item.id, "") if attribute == COHORT else str(getattr(item, attribute) or "")


def _lists(space: MatchSpace, kind: PairKind) -> list[list[str]]:
    """The ids of every list, best first. A kind that keeps none has SAMPLE anchors searched, always the same."""
    pairs = Pairs(space)
    if kind.standing:
        kept = StandingLists([kind], pairs)
        kept.recompute()
        return [[place.id for place in places] for places in kept.all().values()]
    finder = Finder(space, pairs, {kind.key: kind})
    found = (finder.find(kind.key, anchor, kind.list_size) for anchor in _anchors(space, kind))
    return [[match.item.id for match in matches] for matches in found]


def _anchors(space: MatchSpace, kind: PairKind) -> Sequence[Query]:
    every: Sequence[Query]
    if kind.anchor is ItemKind.CELL:
        every = cell_items(space.codes)
    else:
        every = [(kind.anchor, item.id) for item in space.population(kind.anchor).items]
    if len(every) <= SAMPLE:
        return every
    chosen = np.random.default_rng(SEED).choice(len(every), SAMPLE, replace=False)
    return [every[number] for number in np.sort(chosen).tolist()]
