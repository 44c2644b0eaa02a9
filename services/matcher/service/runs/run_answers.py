"""What the index answers to the anchors of a run: each by a search, or many of an industry at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np

from services.catalogue import Catalogue
from services.chassis.policy import Clearance, Level
from services.matcher.corpus.all_pairs import Gathered, Listed
from services.matcher.corpus.filtering import RowFilter
from services.matcher.corpus.population import Population
from services.matcher.corpus.sides import Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.columns import EVERYTHING
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import PairKind, pair_kind
from services.matcher.domain.run import MatchRun
from services.matcher.score.block import Mask
from services.matcher.service.engine import Engine, View
from services.matcher.service.wanted import Chosen, Eyes, all_but, wanted
from services.matcher.store.runs import FoundPair

# Whoever started the run was cleared for the fields of its filter then.
_CLEARED = Eyes(Clearance(Level.INTERNAL), figures=True)


TOGETHER = 512
"""Anchors of an industry that are worked out at once: products of large blocks cost half as much as of small ones."""


class Turn(NamedTuple):
    """An anchor of a run and its place in the order in which they are worked out."""

    key: str
    id: str


@dataclass(frozen=True, slots=True)
class _AtHand:
    """Candidates that were gathered for some industries, and what of."""

    asked: tuple[str, int, int, frozenset[str]]
    population: Population
    gathered: Gathered


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The lists of anchors that were worked out together, some of whose turn comes later, and what of."""

    asked: tuple[str, str, frozenset[str]]
    lists: Mapping[str, Sequence[Listed]]

    def serve(self, asked: tuple[str, str, frozenset[str]], turns: Sequence[Turn]) -> bool:
        """Whether these anchors are among them."""
        return self.asked == asked and all(turn.id in self.lists for turn in turns)


class Answers:
    """Answers the anchors of runs.

    Of a run by industry the anchors come in the order of their industries, so that the candidates of one are taken out
    of the index once, and again only when something has changed in it; many anchors are answered together, and what is
    changed meanwhile counts from the next ones on. `closed`, everywhere: ids of the firms that whoever started the run
    may not see.
    """

    def __init__(self, engine: Engine, catalogue: Catalogue) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._at_hand: _AtHand | None = None
        self._ahead: _Ahead | None = None

    def rest(self) -> None:
        """Nothing is asked for a while: nothing is kept at hand."""
        self._at_hand = self._ahead = None

    def turns(self, space: MatchSpace, run: MatchRun, closed: frozenset[str]) -> list[Turn]:
        """The anchors of a run, in order; those without a city belong to everybody, but for funds: theirs is the
        whole province.
        """
        kind = pair_kind(run.kind)
        cities: set[str | None] = {*run.cities}
        if kind.anchor is not ItemKind.FUND:
            cities.add(None)
        with space.lock:
            population = space.anchors(kind)
            hidden = closed if kind.anchor is ItemKind.FIRM else frozenset[str]()
            rows = [
                (row, item)
                for row, item in enumerate(population.items)
                if (not run.cities or item.city in cities) and item.id not in hidden
            ]
            industries = population.columns.integers("industries")
            return sorted(_turn(run, item, int(industries[row])) for row, item in rows)

    def found(
        self, run: MatchRun, turns: Sequence[Turn], count: int, closed: frozenset[str]
    ) -> list[FoundPair]:
        """The candidates of the first `count` of the anchors that are still to come; none of those that have gone.

        Raises InvalidArgument for a filter that cannot be read any more.
        """
        asked, view, now = (run.id, self._engine.version, closed), self._engine.view, turns[:count]
        if not run.same_industry:
            return [pair for turn in now for pair in self._searched(run, view, turn.id, closed)]
        if self._ahead is None or not self._ahead.serve(asked, now):
            together = turns[: max(count, TOGETHER)]
            self._ahead = _Ahead(asked, self._listed(run, view, together, closed))
        return [pair for turn in now for pair in _pairs(turn.id, self._ahead.lists[turn.id])]

    def _listed(
        self, run: MatchRun, view: View, turns: Sequence[Turn], closed: frozenset[str]
    ) -> dict[str, Sequence[Listed]]:
        """The lists of anchors; those that have gone have none."""
        lists: dict[str, Sequence[Listed]] = {turn.id: () for turn in turns}
        kind = self._engine.kind(run.kind)
        for industries, anchors in self._groups(view, kind, turns):
            gathered = self._gathered(run, kind, view.space, industries, closed)
            lists.update(zip(anchors.ids, gathered.best(kind, anchors, run.limit), strict=True))
        return lists

    def _groups(self, view: View, kind: PairKind, turns: Sequence[Turn]) -> Iterator[tuple[int, Side]]:
        """Anchors that are still there, those of the same industries together."""
        with view.space.lock:
            pool = view.space.anchors(kind)
            industries = pool.columns.integers("industries")
            present = [turn.id for turn in turns if turn.id in pool.row_of]
            for shared, ids in groupby(present, key=lambda id_: int(industries[pool.row_of[id_]])):
                yield shared, Side.stored(pool, pool.rows(ids))

    def _gathered(
        self, run: MatchRun, kind: PairKind, space: MatchSpace, industries: int, closed: frozenset[str]
    ) -> Gathered:
        with space.lock:
            population, held = space.population(kind.candidate), self._at_hand
            asked = (run.id, industries, population.revision, closed)
            if held and held.population is population and held.asked == asked:
                return held.gathered
            self._at_hand = None
            rows = np.flatnonzero(self._rows(run, space, population, industries, closed))
            gathered = Gathered(space, kind, rows, by_city=run.by_city)
            self._at_hand = _AtHand(asked, population, gathered)
            return gathered

    def _rows(
        self,
        run: MatchRun,
        space: MatchSpace,
        population: Population,
        industries: int,
        closed: frozenset[str],
    ) -> Mask:
        declared = population.columns.integers("industries")
        shared = np.asarray((declared & industries != 0) | (industries == EVERYTHING), np.bool_)
        chosen = self._wanted(run, population, space, closed)
        return shared if chosen is None else shared & chosen.rows

    def _searched(
        self, run: MatchRun, view: View, anchor: str, closed: frozenset[str]
    ) -> Iterator[FoundPair]:
        """The candidates of one anchor, city by city where that was asked."""
        kind, rank = pair_kind(run.kind), 0
        with view.space.lock:
            if anchor not in view.space.population(kind.anchor).row_of:
                return
            for city, chosen in self._lists(run, view.space, closed):
                for match in view.finder.find(kind.key, (kind.anchor, anchor), run.limit, chosen):
                    rank += 1
                    yield FoundPair(anchor, rank, match.item.id, match.log_odds, city)

    def _lists(
        self, run: MatchRun, space: MatchSpace, closed: frozenset[str]
    ) -> Iterator[tuple[str, RowFilter | None]]:
        population = space.population(pair_kind(run.kind).candidate)
        chosen = self._wanted(run, population, space, closed)
        if not run.by_city:
            yield "", chosen
            return
        cities = population.columns.integers("city")
        for number in np.unique(cities).tolist():
            here = np.asarray(cities == number, np.bool_)
            yield space.codes.city_named(number), Chosen(here if chosen is None else here & chosen.rows)

    def _wanted(
        self, run: MatchRun, population: Population, space: MatchSpace, closed: frozenset[str]
    ) -> Chosen | None:
        sort = pair_kind(run.kind).candidate
        chosen = wanted(run.filter, sort, population, space.codes, self._catalogue, _CLEARED)
        free = all_but(population, closed) if sort is ItemKind.FIRM else None
        if free is None:
            return chosen
        return Chosen(free if chosen is None else free & chosen.rows)


def _turn(run: MatchRun, item: Item, industries: int) -> Turn:
    """Of a run by industry `~`, the industries as hexadecimal bits and the id; `~` stands behind every id."""
    return Turn(f"~{industries:08x}.{item.id}" if run.same_industry else item.id, item.id)


def _pairs(anchor: str, lists: Sequence[Listed]) -> Iterator[FoundPair]:
    places = (
        (each.city, *place)
        for each in lists
        for place in zip(each.ids.tolist(), each.log_odds.tolist(), strict=True)
    )
    for rank, (city, id_, log_odds) in enumerate(places, start=1):
        yield FoundPair(anchor, rank, id_, log_odds, city)
