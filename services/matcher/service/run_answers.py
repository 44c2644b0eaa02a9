"""What the index answers to the anchors of a run: each by a search, or many of an industry at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

import numpy as np

from services.catalogue import Catalogue
from services.chassis.policy import Clearance, Level
from services.matcher.corpus.all_pairs import Gathered
from services.matcher.corpus.filtering import RowFilter
from services.matcher.corpus.population import Population
from services.matcher.corpus.sides import Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import Item
from services.matcher.domain.kinds import PairKind, pair_kind
from services.matcher.domain.run import MatchRun
from services.matcher.score.block import Mask
from services.matcher.service.engine import Engine, View
from services.matcher.service.wanted import Chosen, Eyes, wanted
from services.matcher.store.runs import FoundPair

# Whoever started the run was cleared for the fields of its filter then.
_CLEARED = Eyes(Clearance(Level.INTERNAL), figures=True)


class Turn(NamedTuple):
    """An anchor of a run and its place in the order in which they are worked out."""

    key: str
    id: str


@dataclass(frozen=True, slots=True)
class _AtHand:
    """Candidates that were gathered for some industries, and what of."""

    run: str
    industries: int
    population: Population
    revision: int
    gathered: Gathered


class Answers:
    """Answers the anchors of runs.

    Of a run by industry the anchors come in the order of their industries, so that the candidates of one are taken out
    of the index once, and again only when something has changed in it.
    """

    def __init__(self, engine: Engine, catalogue: Catalogue) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._at_hand: _AtHand | None = None

    def rest(self) -> None:
        """Nothing is asked for a while: nothing is kept at hand."""
        self._at_hand = None

    def turns(self, space: MatchSpace, run: MatchRun) -> list[Turn]:
        """The anchors of a run, in order; those without a city belong to everybody."""
        cities = {*run.cities, None}
        with space.lock:
            population = space.population(pair_kind(run.kind).anchor)
            rows = [
                (row, item)
                for row, item in enumerate(population.items)
                if not run.cities or item.city in cities
            ]
            industries = population.columns.integers("industries")
            return sorted(_turn(run, item, int(industries[row])) for row, item in rows)

    def found(self, run: MatchRun, turns: Sequence[Turn]) -> list[FoundPair]:
        """The candidates of some anchors that follow one another; none of those that have gone meanwhile.

        Raises InvalidArgument for a filter that cannot be read any more.
        """
        view, kind = self._engine.view, self._engine.kind(run.kind)
        if run.same_industry:
            return [
                pair for each in self._groups(view, kind, turns) for pair in self._of_group(run, view, each)
            ]
        return [pair for turn in turns for pair in self._searched(run, view, turn.id)]

    def _groups(
        self, view: View, kind: PairKind, turns: Sequence[Turn]
    ) -> Iterator[tuple[PairKind, int, Side]]:
        """Anchors that are still there, those of the same industries together."""
        with view.space.lock:
            pool = view.space.population(kind.anchor)
            industries = pool.columns.integers("industries")
            present = [turn.id for turn in turns if turn.id in pool.row_of]
            for shared, ids in groupby(present, key=lambda id_: int(industries[pool.row_of[id_]])):
                yield kind, shared, Side.stored(pool, pool.rows(ids))

    def _of_group(self, run: MatchRun, view: View, group: tuple[PairKind, int, Side]) -> Iterator[FoundPair]:
        kind, industries, anchors = group
        gathered = self._gathered(run, kind, view.space, industries)
        for anchor, lists in zip(anchors.ids, gathered.best(kind, anchors, run.limit), strict=True):
            places = (
                (each.city, *place) for each in lists for place in zip(each.ids, each.log_odds, strict=True)
            )
            for rank, (city, id_, log_odds) in enumerate(places, start=1):
                yield FoundPair(anchor, rank, id_, log_odds, city)

    def _gathered(self, run: MatchRun, kind: PairKind, space: MatchSpace, industries: int) -> Gathered:
        with space.lock:
            population, held = space.population(kind.candidate), self._at_hand
            asked = (run.id, industries, population.revision)
            if held and held.population is population and (held.run, held.industries, held.revision) == asked:
                return held.gathered
            self._at_hand = None
            rows = np.flatnonzero(self._rows(run, space, population, industries))
            gathered = Gathered(space, kind, rows, by_city=run.by_city)
            self._at_hand = _AtHand(run.id, industries, population, population.revision, gathered)
            return gathered

    def _rows(self, run: MatchRun, space: MatchSpace, population: Population, industries: int) -> Mask:
        shared = np.asarray(population.columns.integers("industries") & industries != 0, np.bool_)
        chosen = self._wanted(run, population, space)
        return shared if chosen is None else shared & chosen.rows

    def _searched(self, run: MatchRun, view: View, anchor: str) -> Iterator[FoundPair]:
        """The candidates of one anchor, city by city where that was asked."""
        kind, rank = pair_kind(run.kind), 0
        with view.space.lock:
            if anchor not in view.space.population(kind.anchor).row_of:
                return
            for city, chosen in self._lists(run, view.space):
                for match in view.finder.find(kind.key, (kind.anchor, anchor), run.limit, chosen):
                    rank += 1
                    yield FoundPair(anchor, rank, match.item.id, match.log_odds, city)

    def _lists(self, run: MatchRun, space: MatchSpace) -> Iterator[tuple[str, RowFilter | None]]:
        population = space.population(pair_kind(run.kind).candidate)
        chosen = self._wanted(run, population, space)
        if not run.by_city:
            yield "", chosen
            return
        cities = population.columns.integers("city")
        for number in np.unique(cities).tolist():
            here = np.asarray(cities == number, np.bool_)
            yield space.codes.city_named(number), Chosen(here if chosen is None else here & chosen.rows)

    def _wanted(self, run: MatchRun, population: Population, space: MatchSpace) -> Chosen | None:
        return wanted(run.filter, population, space.codes, self._catalogue, _CLEARED)


def _turn(run: MatchRun, item: Item, industries: int) -> Turn:
    """Of a run by industry `~`, the industries as hexadecimal bits and the id; `~` stands behind every id."""
    return Turn(f"~{industries:08x}.{item.id}" if run.same_industry else item.id, item.id)
