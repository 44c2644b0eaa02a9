"""What if: one cell with more people, more training places, more funded firms, fewer exits. Closed form throughout."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text
from services.talent.domain.axes import ALL, Axes
from services.talent.domain.shortage.counts.cube import Counts, Cube, History
from services.talent.domain.shortage.indices.priors import Priors
from services.talent.domain.shortage.indices.stars import Belief
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import Address, Cell, ShortageTable

_ONE = Axes((), (ALL,), (0,), (), (ALL,), (ALL,))
_THE_ONE = (0, 0, 0)
MOST = 1_000_000


@dataclass(frozen=True, slots=True)
class Measures:
    """What is supposed: people recruited, training places opened, firms funded, share of exits avoided (0 to 1)."""

    recruits: int = 0
    places: int = 0
    firms: int = 0
    exits_avoided: float = 0.0

    def __post_init__(self) -> None:
        counts = {"recruits": self.recruits, "training_places": self.places, "funded_firms": self.firms}
        wrong = [
            Violation(
                field, "COUNT_OUT_OF_RANGE", Text(f"须为 0 至 {MOST} 的整数", f"a number from 0 to {MOST}")
            )
            for field, value in counts.items()
            if not 0 <= value <= MOST
        ]
        if not 0 <= self.exits_avoided <= 1:
            wrong.append(
                Violation(
                    "exits_avoided", "SHARE_OUT_OF_RANGE", Text("须为 0 至 1 的比例", "a share from 0 to 1")
                )
            )
        if wrong:
            raise InvalidArgument.of(*wrong)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The cell before and after; the uncovered need of the horizon, None where the pipeline is not known.

    `assumed`: nothing was known of training or funded demand, and both sides count it from 0.
    """

    before: Cell
    after: Cell
    uncovered_before: float | None
    uncovered_after: float | None
    assumed: bool


def simulate(table: ShortageTable, address: Address, measures: Measures) -> Outcome | None:
    """What the measures do to one cell under unchanged priors; None for a hidden cell, of which nothing is said.

    The stars are those that the map would show: held by the quarters before.
    """
    at = table.at(address)
    if table.is_hidden(at):
        return None
    one, prior = _cut(table.cube, at), _cut_priors(table.priors, at)
    past = [Belief(_cell_of(each.log_odds, at), _cell_of(each.sd, at)) for each in table.past]
    base = _based(one, measures)
    then = ShortageTable(_changed(base, table.method, measures), table.method, prior, past)
    was, here = (table, at) if base is one else (ShortageTable(base, table.method, prior, past), _THE_ONE)
    before = was.cell(address if base is one else Address(), cleared=True)
    after = then.cell(Address(), cleared=True)
    return Outcome(
        replace(before, address=address),
        replace(after, address=address),
        _uncovered(was, here),
        _uncovered(then, _THE_ONE),
        assumed=base is not one,
    )


def _uncovered(table: ShortageTable, at: tuple[int, int, int]) -> float | None:
    need, cover = table.ahead(at)[:2]
    return None if np.isnan(need) else max(0.0, need - cover)


def _based(cube: Cube, measures: Measures) -> Cube:
    """The cell itself; with the unknown taken as 0 where a measure adds to it."""
    touched = measures.places or measures.firms
    known = [each is not None and not np.isnan(each).any() for each in (cube.arrivals, cube.funded)]
    if not touched or all(known):
        return cube
    arrivals, funded = (_or_none_yet(each) for each in (cube.arrivals, cube.funded))
    return replace(cube, arrivals=arrivals, funded=funded)


def _or_none_yet(counts: Counts | None) -> Counts:
    return np.zeros((1, 1, 1)) if counts is None else np.nan_to_num(counts)


def _changed(cube: Cube, method: Method, measures: Measures) -> Cube:
    """Places yield people by completion and retention."""
    graduates = measures.places * method.place_completion * method.place_retention
    hires = measures.firms * method.hires_per_firm
    return replace(
        cube,
        supply=cube.supply + measures.recruits,
        persons=cube.persons + measures.recruits,
        arrivals=_plus(cube.arrivals, graduates),
        funded=_plus(cube.funded, hires),
        moved_out=None if cube.moved_out is None else cube.moved_out * (1 - measures.exits_avoided),
    )


def _plus(counts: Counts | None, amount: float) -> Counts | None:
    return None if counts is None else counts + amount


def _cut(cube: Cube, at: tuple[int, int, int]) -> Cube:
    """The one cell as a cube of its own."""
    arrays: dict[str, Any] = {
        name: _cell_of(value, at) for name, value in vars(cube).items() if isinstance(value, np.ndarray)
    }
    history = cube.history
    if history is not None:
        opened = None if history.opened is None else _series_of(history.opened, at)
        history = History(
            history.ends, _series_of(history.demand, at), _series_of(history.supply, at), opened
        )
    return replace(cube, axes=_ONE, history=history, **arrays)


def _cut_priors(priors: Priors, at: tuple[int, int, int]) -> Priors:
    return replace(
        priors,
        axes=_ONE,
        share=_cell_of(priors.share, at),
        kappa=_cell_of(priors.kappa, at),
        rate=_cell_of(priors.rate, at),
    )


def _cell_of(array: Counts, at: tuple[int, int, int]) -> Counts:
    return np.asarray(array[at]).reshape(1, 1, 1)


def _series_of(array: Counts, at: tuple[int, int, int]) -> Counts:
    return np.asarray(array[(slice(None), *at)]).reshape(-1, 1, 1, 1)
