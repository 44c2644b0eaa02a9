"""The quarters that have closed: their counts for trend and forecast, and what was believed of every cell."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.kernel.clock import Clock
from services.talent.domain.axes import Axes
from services.talent.domain.period import Quarter
from services.talent.domain.shortage.counts.carrying import added, merged, recast
from services.talent.domain.shortage.counts.cube import Cube, History
from services.talent.domain.shortage.indices.stars import Belief
from services.talent.domain.shortage.table import ShortageTable
from services.talent.store import schema
from services.talent.store.counts import quarters
from services.talent.store.counts.quarters import VALUES, ClosedQuarter

MOST = 20
_ADDING = ("demand", "supply", "opened")


class Past(NamedTuple):
    """What is known of the quarters before a day; nothing if none has closed."""

    history: History | None = None
    beliefs: tuple[Belief, ...] = ()


@dataclass
class ClosedQuarters:
    """Closed quarters of one database, in the dimensions of today's catalogue. They never change: each is read once."""

    axes: Axes
    _read: dict[date, dict[str, NDArray[np.float64]]] = field(default_factory=dict)

    def before(self, session: Session, day: date) -> Past:
        """The last 20 quarters that closed before a day."""
        ends = quarters.days_before(session, day, MOST)
        if not ends:
            return Past()
        found = [self._quarter(session, end) for end in ends]
        return Past(
            History(tuple(ends), *(_stacked(found, name) for name in ("demand", "supply", "opened"))),
            tuple(Belief(each["log_odds"], each["sd"]) for each in found),
        )

    def _quarter(self, session: Session, end: date) -> dict[str, NDArray[np.float64]]:
        known = self._read.get(end)
        if known is None:
            kept = quarters.read(session, end)
            carried = _carried(kept, self.axes)
            known = self._read[end] = {name: _placed(carried, name, self.axes) for name in VALUES}
        return known


def close_quarter(session: Session, table: ShortageTable, clock: Clock) -> None:
    """Keep the quarter that the table's day ends, if anything was counted by then."""
    cube, indices = table.cube, table.indices
    if not (cube.demand[-1, -1, -1] or cube.supply[-1, -1, -1]):
        return
    values = {
        "demand": cube.demand,
        "supply": cube.supply,
        "opened": _opened(session, cube),
        "log_odds": np.where(_estimated(cube, indices.known), indices.log_odds, np.nan),
        "sd": indices.sd,
    }
    quarters.put(session, ClosedQuarter(cube.as_of, cube.axes, values), table.method.version, clock.now())


def _estimated(cube: Cube, known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Only cells with demand have an index."""
    return np.asarray(known & (cube.demand > 0))


def _opened(session: Session, cube: Cube) -> NDArray[np.float64]:
    """Heads newly advertised within the quarter, at every level."""
    axes, table, quarter = cube.axes, schema.position, Quarter.of(cube.as_of)
    query = (
        select(table.c.leaf, table.c.city, table.c.category, func.sum(table.c.headcount))
        .where(
            table.c.opened > quarter.start - timedelta(days=1),
            table.c.opened <= quarter.end,
            table.c.duplicate_of.is_(None),
        )
        .group_by(table.c.leaf, table.c.city, table.c.category)
    )
    found = np.zeros(axes.shape)
    for leaf, city, category, heads in session.execute(query):
        if leaf not in axes.node_at:
            continue
        at = axes.city_at[city], axes.category_at[category]
        for node in axes.lineage[axes.node_at[leaf]]:
            found[node, at[0], at[1]] += int(heads)
    found[:, -1, :] = found[:, :-1, :].sum(axis=1)
    found[:, :, -1] = found[:, :, :-1].sum(axis=2)
    return found


def _stacked(found: Sequence[dict[str, NDArray[np.float64]]], name: str) -> NDArray[np.float64]:
    return np.stack([each[name] for each in found])


def _carried(kept: ClosedQuarter, axes: Axes) -> ClosedQuarter:
    """With today's nodes: a direction that has another name keeps its index, one merged or split begins anew."""
    if not recast(kept.axes, axes):
        return kept
    values = {name: added(kept.values[name], kept.axes, axes, np.nan) for name in _ADDING}
    for name in (each for each in VALUES if each not in _ADDING):
        values[name] = merged(kept.values[name], kept.axes, axes, _only, np.nan)
    codes = {code for code, places in axes.former.items() if len(places) > 1 and code in kept.axes.node_at}
    for code in codes:
        for place, _ in axes.former[code]:
            for name in ("log_odds", "sd"):
                values[name][axes.node_at[place]] = np.nan
    nodes = replace(axes, cities=kept.axes.cities, categories=kept.axes.categories)
    return ClosedQuarter(kept.day, nodes, values)


def _only(mine: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """The other where there is none yet; nothing where there are two."""
    return np.where(np.isnan(mine), other, np.nan)


def _placed(kept: ClosedQuarter, name: str, axes: Axes) -> NDArray[np.float64]:
    """In the dimensions of `axes`; NaN for codes that the catalogue has gained since."""
    if kept.axes == axes:
        return kept.values[name]
    target = np.full(axes.shape, np.nan)
    pairs = (
        (kept.axes.nodes, axes.nodes),
        (kept.axes.cities, axes.cities),
        (kept.axes.categories, axes.categories),
    )
    common = [[code for code in old if code in new] for old, new in pairs]
    there, here = (
        np.ix_(*([pair[side].index(code) for code in both] for pair, both in zip(pairs, common, strict=True)))
        for side in (0, 1)
    )
    target[here] = kept.values[name][there]
    return target
