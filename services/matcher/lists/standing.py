"""Standing lists: for every anchor its k best candidates, updated only where a change touches them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import PairKind
from services.matcher.lists.delta import RESCORE_THRESHOLD, Delta, ListKey, Places, compare

_CHUNK = 256
_RESERVE = 20


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

    def best(self, kind: PairKind, anchors: Sequence[str], k: int) -> Sequence[Sequence[tuple[str, float]]]:
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

    def places(self, kind: str, anchor: str) -> Places:
        """The present list of an anchor, best first; empty when it has none."""
        return self._standing(kind, anchor).places

    def all(self) -> Mapping[ListKey, Places]:
        """Every list that is not empty."""
        return {key: standing.places for key, standing in self._lists.items()}

    def restore(self, lists: Mapping[ListKey, Places]) -> None:
        """Take over lists as they were stored, without a delta."""
        self._lists.clear()
        self._holders.clear()
        for key, places in lists.items():
            self._store(key, Standing(places, complete=len(places) < self._kinds[key[0]].list_size))

    def recompute(self) -> list[Delta]:
        """Every list anew: the first fill, or another encoder."""
        deltas: list[Delta] = []
        for kind in self._kinds.values():
            anchors = sorted(self._source.anchors(kind))
            present = set(anchors)
            gone = [anchor for key, anchor in self._lists if key == kind.key and anchor not in present]
            deltas += self._drop(kind, gone) + self._search(kind, anchors)
        return deltas

    def update(self, changes: Changes) -> list[Delta]:
        """The lists after a batch of changes that the source already knows."""
        deltas: list[Delta] = []
        for kind in self._kinds.values():
            own_gone = changes.removed.get(kind.anchor, frozenset())
            own = changes.put.get(kind.anchor, frozenset())
            deltas += self._drop(kind, sorted(own_gone))
            put = sorted(changes.put.get(kind.candidate, frozenset()))
            removed = changes.removed.get(kind.candidate, frozenset())
            if put or removed:
                others = [anchor for anchor in sorted(self._source.anchors(kind)) if anchor not in own]
                deltas += self._candidates_changed(kind, others, put, removed)
            deltas += self._search(kind, sorted(own))
        return deltas

    def _search(self, kind: PairKind, anchors: Sequence[str]) -> list[Delta]:
        deltas: list[Delta] = []
        for start in range(0, len(anchors), _CHUNK):
            part = anchors[start : start + _CHUNK]
            depth = kind.list_size + _RESERVE
            for anchor, best in zip(part, self._source.best(kind, part, depth), strict=True):
                deltas += self._replace(kind, anchor, best, complete=len(best) < depth)
        return deltas

    def _candidates_changed(
        self, kind: PairKind, anchors: Sequence[str], put: Sequence[str], removed: frozenset[str]
    ) -> list[Delta]:
        """Merge the changed candidates where they enter or stand; search again where one fell out."""
        scores = self._source.scores(kind, anchors, put)
        holders = self._holding(kind, (*put, *removed))
        changed = removed.union(put)
        bounds = np.array([self._standing(kind.key, anchor).bound() for anchor in anchors], np.float64)
        enters = np.any(scores > -np.inf, axis=1, where=scores >= bounds[:, None]) if put else bounds > np.inf
        deltas: list[Delta] = []
        refill: list[str] = []
        for number, anchor in enumerate(anchors):
            if not (enters[number] or anchor in holders):
                continue
            merged = self._merged(kind, anchor, changed, zip(put, scores[number].tolist(), strict=True))
            if merged is None:
                refill.append(anchor)
            else:
                deltas += self._replace(kind, anchor, merged.ranked, complete=merged.complete)
        return deltas + self._search(kind, refill)

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
        return [delta for anchor in anchors for delta in self._replace(kind, anchor, (), complete=True)]

    def _replace(
        self, kind: PairKind, anchor: str, after: Sequence[tuple[str, float]], *, complete: bool
    ) -> list[Delta]:
        key = (kind.key, anchor)
        told, reserve = after[: kind.list_size], after[kind.list_size :]
        changed = compare(key, self._standing(*key).places, told, self._threshold)
        self._store(key, Standing(changed.places, tuple(reserve), complete))
        return changed.deltas

    def _standing(self, kind: str, anchor: str) -> Standing:
        return self._lists.get((kind, anchor), Standing())

    def _store(self, key: ListKey, standing: Standing) -> None:
        kind, anchor = key
        for id_, _ in self._lists.pop(key, Standing()).everybody():
            self._holders[kind, id_].discard(anchor)
        for id_, _ in standing.everybody():
            self._holders[kind, id_].add(anchor)
        if standing.places:
            self._lists[key] = standing


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
