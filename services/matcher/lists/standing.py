"""Standing lists: for every anchor its k best candidates, updated only where a change touches them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import PairKind
from services.matcher.lists.bounds import Bounds
from services.matcher.lists.delta import RESCORE_THRESHOLD, Delta, ListKey, Places, compare

_RESERVE = 20
_PAIRS_AT_ONCE = 1_000_000


class PairSource(Protocol):
    """Where scores come from; it already knows the changed items when lists are updated."""

    def anchors(self, kind: PairKind) -> tuple[str, ...]:
        """Ids of all anchors of a kind."""
        ...

    def scores(
        self, kind: PairKind, anchors: Sequence[str], candidates: Sequence[str]
    ) -> NDArray[np.float64]:
        """[anchors, candidates] log-odds, minus infinity for a pair that is not admitted."""
        ...

    def best(self, kind: PairKind, anchors: Sequence[str], k: int) -> Iterable[Sequence[tuple[str, float]]]:
        """The k best admitted candidates of each anchor, by descending score, then by id."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """One list: the places that are told, and the next best behind them.

    Whoever is in neither stands behind the last of the reserve; `complete` means that there is nobody else.
    The reserve is what makes a search after most departures unnecessary.
    """

    places: Places = ()
    reserve: tuple[tuple[str, float], ...] = ()
    complete: bool = True

    def everybody(self) -> list[tuple[str, float]]:
        """Places and reserve in order."""
        return [*((place.id, place.log_odds) for place in self.places), *self.reserve]

    def bound(self) -> float:
        """The score below which nobody enters the list or its reserve."""
        if self.complete:
            return -np.inf
        return self.reserve[-1][1] if self.reserve else self.places[-1].log_odds


@dataclass(frozen=True, slots=True)
class Changes:
    """Ids by kind of item: `put` are new or changed and present, `removed` are gone. No id is in both."""

    put: Mapping[ItemKind, frozenset[str]]
    removed: Mapping[ItemKind, frozenset[str]]

    @classmethod
    def of(
        cls, put: Iterable[tuple[ItemKind, str]] = (), removed: Iterable[tuple[ItemKind, str]] = ()
    ) -> "Changes":
        """From pairs of kind and id."""
        return cls(_by_kind(put), _by_kind(removed))


class StandingLists:
    """The lists of all kinds. Every method returns the deltas it causes, in the order of lists."""

    def __init__(
        self, kinds: Sequence[PairKind], source: PairSource, threshold: float = RESCORE_THRESHOLD
    ) -> None:
        self._kinds = {kind.key: kind for kind in kinds}
        self._source = source
        self._threshold = threshold
        self._lists: dict[ListKey, Standing] = {}
        self._holders: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._touched: dict[ListKey, Places] = {}
        self._bounds = {kind.key: Bounds(source.anchors(kind)) for kind in kinds}

    def places(self, kind: str, anchor: str) -> Places:
        """The present list of an anchor, best first; empty when it has none."""
        return self._standing(kind, anchor).places

    def all(self) -> Mapping[ListKey, Places]:
        """Every list that is not empty."""
        return {key: standing.places for key, standing in self._lists.items()}

    def take_touched(self) -> dict[ListKey, Places]:
        """The lists that are not what they were when this was last asked, as they are now; empty ones included."""
        before, self._touched = self._touched, {}
        now = {key: self.places(*key) for key in before}
        return {key: places for key, places in now.items() if places != before[key]}

    def restore(self, lists: Mapping[ListKey, Places]) -> None:
        """Take over lists as they were stored, without a delta."""
        self._lists.clear()
        self._holders.clear()
        self._touched.clear()
        self._bounds = {key: Bounds(self._source.anchors(kind)) for key, kind in self._kinds.items()}
        for key, places in lists.items():
            self._store(key, Standing(places, complete=len(places) < self._kinds[key[0]].list_size))

    def recompute(self) -> list[Delta]:
        """Every list anew: the first fill, or another encoder."""
        deltas: list[Delta] = []
        for kind in self._kinds.values():
            anchors = sorted(self._source.anchors(kind))
            self._bounds[kind.key], present = Bounds(anchors), set(anchors)
            gone = [anchor for key, anchor in self._lists if key == kind.key and anchor not in present]
            deltas += self._drop(kind, gone) + self._search(kind, anchors)
        return deltas

    def update(self, changes: Changes) -> list[Delta]:
        """The lists after a batch of changes that the source already knows."""
        deltas: list[Delta] = []
        for kind in self._kinds.values():
            own = changes.put.get(kind.anchor, frozenset())
            deltas += self._drop(kind, sorted(changes.removed.get(kind.anchor, frozenset())))
            put = sorted(changes.put.get(kind.candidate, frozenset()))
            removed = changes.removed.get(kind.candidate, frozenset())
            if put or removed:
                deltas += self._candidates_changed(kind, own, put, removed)
            deltas += self._search(kind, sorted(own))
        return deltas

    def _search(self, kind: PairKind, anchors: Sequence[str]) -> list[Delta]:
        deltas: list[Delta] = []
        depth = kind.list_size + _RESERVE
        found = self._source.best(kind, anchors, depth) if anchors else ()
        for anchor, best in zip(anchors, found, strict=True):
            self._bounds[kind.key].put(anchor, -np.inf)
            deltas += self._replace(kind, anchor, best, complete=len(best) < depth)
        return deltas

    def _candidates_changed(
        self, kind: PairKind, own: frozenset[str], put: Sequence[str], removed: frozenset[str]
    ) -> list[Delta]:
        """Merge the changed candidates where they enter or stand; search again where one fell out.

        Anchors that changed themselves (`own`) are searched anyway.
        """
        entering = self._entering(kind, put)
        changed = removed.union(put)
        bounds = self._bounds[kind.key]
        concerned = {anchor for anchor in self._holding(kind, changed) if anchor in bounds}
        deltas: list[Delta] = []
        refill: list[str] = []
        for anchor in sorted((concerned | entering.keys()) - own):
            merged = self._merged(kind, anchor, changed, entering.get(anchor, ()))
            if merged is None:
                refill.append(anchor)
            else:
                deltas += self._replace(kind, anchor, merged.ranked, complete=merged.complete)
        return deltas + self._search(kind, refill)

    def _entering(self, kind: PairKind, put: Sequence[str]) -> Mapping[str, list[tuple[str, float]]]:
        """By anchor the changed candidates that reach its list, with their scores."""
        bounds = self._bounds[kind.key]
        entering: dict[str, list[tuple[str, float]]] = defaultdict(list)
        portion = max(1, _PAIRS_AT_ONCE // max(1, len(bounds.anchors)))
        for start in range(0, len(put) if bounds.anchors else 0, portion):
            part = put[start : start + portion]
            for found in bounds.reached(self._source.scores(kind, bounds.anchors, part)):
                entering[found.anchor].append((part[found.candidate], found.log_odds))
        return entering

    def _merged(
        self, kind: PairKind, anchor: str, changed: frozenset[str], scored: Iterable[tuple[str, float]]
    ) -> "_Merged | None":
        """The list with the changed candidates merged in; None when somebody outside may now belong to it.

        Whoever is outside stands behind the old last place, so all that stands before it is certain.
        """
        before = self._standing(kind.key, anchor)
        old = before.everybody()
        merged = [place for place in old if place[0] not in changed]
        merged += [place for place in scored if place[1] > -np.inf]
        merged.sort(key=_order)
        depth = kind.list_size + _RESERVE
        if before.complete:
            return _Merged(merged[:depth], len(merged) <= depth)
        certain = [place for place in merged if _order(place) <= _order(old[-1])]
        return None if len(certain) < kind.list_size else _Merged(certain[:depth], complete=False)

    def _holding(self, kind: PairKind, candidates: Iterable[str]) -> set[str]:
        """Anchors whose lists hold one of the candidates."""
        empty: set[str] = set()
        return empty.union(*(self._holders.get((kind.key, id_), empty) for id_ in candidates))

    def _drop(self, kind: PairKind, anchors: Iterable[str]) -> list[Delta]:
        deltas: list[Delta] = []
        for anchor in anchors:
            self._bounds[kind.key].remove(anchor)
            deltas += self._replace(kind, anchor, (), complete=True)
        return deltas

    def _replace(
        self, kind: PairKind, anchor: str, after: Sequence[tuple[str, float]], *, complete: bool
    ) -> list[Delta]:
        key = (kind.key, anchor)
        before = self._standing(*key).places
        told, reserve = after[: kind.list_size], after[kind.list_size :]
        changed = compare(key, before, told, self._threshold)
        if changed.places != before:
            self._touched.setdefault(key, before)
        self._store(key, Standing(changed.places, tuple(reserve), complete))
        return changed.deltas

    def _standing(self, kind: str, anchor: str) -> Standing:
        return self._lists.get((kind, anchor), Standing())

    def _store(self, key: ListKey, standing: Standing) -> None:
        kind, anchor = key
        old = {id_ for id_, _ in self._lists.pop(key, Standing()).everybody()}
        new = {id_ for id_, _ in standing.everybody()}
        for id_ in old - new:
            self._forget_holder(kind, id_, anchor)
        for id_ in new - old:
            self._holders[kind, id_].add(anchor)
        if standing.places:
            self._lists[key] = standing
        if anchor in self._bounds[kind]:
            self._bounds[kind].put(anchor, standing.bound())

    def _forget_holder(self, kind: str, candidate: str, anchor: str) -> None:
        holders = self._holders[kind, candidate]
        holders.discard(anchor)
        if not holders:
            del self._holders[kind, candidate]


class _Merged(NamedTuple):
    ranked: list[tuple[str, float]]
    complete: bool


def _order(place: tuple[str, float]) -> tuple[float, str]:
    return -place[1], place[0]


def _by_kind(pairs: Iterable[tuple[ItemKind, str]]) -> Mapping[ItemKind, frozenset[str]]:
    sets: dict[ItemKind, set[str]] = defaultdict(set)
    for kind, id_ in pairs:
        sets[kind].add(id_)
    return {kind: frozenset(ids) for kind, ids in sets.items()}
