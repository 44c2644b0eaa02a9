"""What was counted at the end of a day, as it was known then: quarters' ends are kept for ever, others for a while."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from services.kernel.clock import Clock
from services.talent.domain.axes import Axes
from services.talent.domain.period import Quarter
from services.talent.domain.shortage.counts.carrying import added, merged, recast
from services.talent.domain.shortage.counts.employers import Concentration
from services.talent.domain.shortage.counts.tally import MEASURES, counts_shape
from services.talent.service.shortage.counting.closed import ClosedQuarters
from services.talent.service.shortage.counting.frame import Frame
from services.talent.store.counts import periods, snapshots
from services.talent.store.counts.snapshots import Kept
from services.talent.store.counts.state import State

KEPT_DAYS = 400


def keep(session: Session, frame: Frame, clock: Clock) -> None:
    """Keep the frame as the end of its day, and forget days long past."""
    values = {"counts": frame.counts, **frame.employers._asdict()}
    snapshots.put(session, Kept(frame.state, clock.now(), frame.axes, values))
    horizon = frame.state.day - timedelta(days=KEPT_DAYS)
    old = [day for day in snapshots.days(session, until=horizon) if day != Quarter.of(day).end]
    snapshots.forget(session, old)


def as_it_was(session: Session, frame: Frame, day: date, closed: ClosedQuarters) -> Frame | None:
    """The counts at the end of a past day; None if they were not kept. `frame`: today's, for axes and method.

    Codes that the catalogue has gained since are empty; those it has replaced are carried over, those it lost
    left out.
    """
    found = snapshots.read(session, day)
    return None if found is None else restored(session, frame, found, closed)


def restored(session: Session, frame: Frame, found: Kept, closed: ClosedQuarters) -> Frame:
    """Kept counts as a frame of today's axes and method."""
    kept = _fitted(found, frame.axes)
    priors = periods.priors(session, frame.axes, found.state.period)
    counts, employers = kept["counts"], Concentration(*(kept[name] for name in Concentration._fields))
    state, past = State(*found.state), closed.before(session, found.state.day)
    return Frame(
        frame.axes,
        frame.method,
        state,
        counts,
        employers,
        priors,
        frame.patterns,
        past,
        recast=recast(found.axes, frame.axes),
    )


def _fitted(found: Kept, axes: Axes) -> dict[str, NDArray[np.int64]]:
    """The values in the dimensions of `axes`; measures that were not kept yet are 0."""
    values = found.values
    if found.axes != axes:
        carried = {name: _carried(name, array, found.axes, axes) for name, array in values.items()}
        nodes = replace(axes, cities=found.axes.cities, categories=found.axes.categories)
        values = {name: placed(array, nodes, axes) for name, array in carried.items()}
    counts = np.zeros(counts_shape(axes), np.int64)
    counts[: len(values["counts"])] = values["counts"]
    return {**values, "counts": counts}


def _carried(name: str, values: NDArray[np.int64], old: Axes, new: Axes) -> NDArray[np.int64]:
    """With today's nodes."""
    if name == "counts":
        found = added(values, old, new)
        persons = MEASURES.index("persons")
        found[persons] = merged(values[persons], old, new, np.maximum)
        return found
    if name == "employers":
        return merged(values, old, new, np.maximum)
    if name == "squared":
        roots = merged(np.sqrt(values), old, new, np.add)
        return np.asarray(np.rint(roots**2), np.int64)
    return merged(values, old, new, np.add)


def placed(array: NDArray[np.int64], old: Axes, new: Axes) -> NDArray[np.int64]:
    """The values of the codes that both axes have; 0 for others."""
    lead, cut = array.shape[:-3], len(old.categories) - array.shape[-1]
    pairs = (
        (old.nodes, new.nodes),
        (old.cities, new.cities),
        (old.categories[: array.shape[-1]], new.categories[: len(new.categories) - cut]),
    )
    target = np.zeros((*lead, *(len(codes) for _, codes in pairs)), array.dtype)
    common = [[code for code in before if code in after] for before, after in pairs]
    there, here = (
        np.ix_(
            *map(range, lead),
            *([pair[side].index(code) for code in both] for pair, both in zip(pairs, common, strict=True)),
        )
        for side in (0, 1)
    )
    target[here] = array[there]
    return target
