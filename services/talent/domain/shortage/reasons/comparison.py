"""One cell against last year, cities against each other: with the probability, never with a bare difference."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor, hypot
from typing import NamedTuple

import numpy as np
from scipy.special import expit, logit, ndtr

from services.talent.domain.axes import ALL
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.shortage.indices.index import INDEX_BOUNDS, Z90
from services.talent.domain.shortage.table import Address, ShortageTable


class Direction(StrEnum):
    """Which way a cell moved since the same quarter of last year."""

    UP = "UP"
    DOWN = "DOWN"
    FLAT = "FLAT"


@dataclass(frozen=True, slots=True)
class Change:
    """Difference of two indices in log-odds, its deviation, P(the later one is tighter), and what may be said."""

    delta: float
    sd: float
    rising: float
    direction: Direction


@dataclass(frozen=True, slots=True)
class Standardised:
    """A city's index if every stratum weighed as in the province.

    `covered`: share of the province's demand in strata where the city has a shown estimate.
    """

    index: float
    low: float
    high: float
    covered: float


class Known(NamedTuple):
    """Log-odds of a shown index and their deviation."""

    log_odds: float
    sd: float


def known(table: ShortageTable, address: Address) -> Known | None:
    """What is known of a cell; None where it is hidden or has no index. In a public edition it is what the whole
    numbers that are printed tell, so that nothing made of it tells more.
    """
    cell = table.cell(address)
    if cell.index is None or cell.low is None or cell.high is None:
        return None
    if table.edition is Edition.PUBLIC:
        return known_of(cell.low, cell.index, cell.high)
    at = table.at(address)
    return Known(float(table.indices.log_odds[at]), float(table.indices.sd[at]))


def known_of(low: float, index: float, high: float) -> Known:
    """What an index with its 90 % interval tells, as they are printed."""
    low, middle, high = (_log_odds(each) for each in (low, index, high))
    return Known(middle, (high - low) / (2 * Z90))


def tighter(a: Known, b: Known) -> float:
    """P(a is tighter than b), their errors taken as independent."""
    return float(ndtr((a.log_odds - b.log_odds) / max(hypot(a.sd, b.sd), 1e-12)))


def change(now: Known | None, then: Known | None, sure: float) -> Change | None:
    """What became of a cell; None where either time has no shown index. 升 or 降 only with probability ≥ `sure`."""
    if now is None or then is None:
        return None
    rising = tighter(now, then)
    direction = Direction.UP if rising >= sure else Direction.DOWN if 1 - rising >= sure else Direction.FLAT
    return Change(now.log_odds - then.log_odds, hypot(now.sd, then.sd), rising, direction)


def rank_intervals(cells: Sequence[Known | None], sure: float) -> list[tuple[int, int] | None]:
    """For each cell the first and last rank it may have, 1 the tightest; None for one without a shown index.

    Nobody ranks below those that are tighter with probability ≥ `sure`, nor above those that are less tight so.
    """
    shown = [(at, cell) for at, cell in enumerate(cells) if cell is not None]
    found: list[tuple[int, int] | None] = [None] * len(cells)
    for at, cell in shown:
        chances = [tighter(cell, other) for other_at, other in shown if other_at != at]
        below = sum(chance >= sure for chance in chances)
        above = sum(1 - chance >= sure for chance in chances)
        found[at] = (1 + above, len(shown) - below)
    return found


def standardised(table: ShortageTable, address: Address) -> Standardised | None:
    """The index of a city by its strata (the nodes below the address's), weighed by the province's demand.

    Hidden strata are left out and their weight goes to the others, so that nothing hidden can be worked out.
    None where nothing is left, or where the node has nothing below it. A public edition has whole numbers, made of
    the whole indices and the rounded demand that it prints.
    """
    axes, rules = table.cube.axes, table.patterns.rules
    public = table.edition is Edition.PUBLIC
    weights, means, sds = [], [], []
    total = 0.0
    for node in axes.children(axes.node_at[address.node]):
        code = axes.nodes[node]
        over = table.at(Address(code, ALL, address.category))
        demand = 0.0 if table.is_hidden(over) else float(table.cube.demand[over])
        weight = float(rules.rounded(demand)) if public else demand
        total += weight
        stratum = known(table, Address(code, address.city, address.category))
        if weight > 0 and stratum is not None:
            weights.append(weight)
            means.append(stratum.log_odds)
            sds.append(stratum.sd)
    if not weights:
        return None
    share = np.asarray(weights) / sum(weights)
    mean, sd = float(share @ means), float(np.sqrt(share**2 @ np.asarray(sds) ** 2))
    index, low, high = (
        float(np.clip(100 * expit(mean + step * sd), *INDEX_BOUNDS)) for step in (0.0, -Z90, Z90)
    )
    if public:
        index, low, high = float(round(index)), float(floor(low)), float(ceil(high))
    return Standardised(index, low, high, sum(weights) / total)


def location_quotients(table: ShortageTable, address: Address) -> tuple[float | None, float | None]:
    """Demand's and supply's share of the city's total over the same share in the province; 1.0 = as the province.

    None where a number that it rests on is hidden or nothing.
    """
    here, city, node, province = (
        table.cell(each)
        for each in (
            address,
            Address(ALL, address.city, address.category),
            Address(address.node, ALL, address.category),
            Address(ALL, ALL, address.category),
        )
    )
    cells = (here, city, node, province)
    if any(cell.hidden for cell in cells):
        return None, None
    printed = table.patterns.rules.rounded if table.edition is Edition.PUBLIC else float
    return (
        _quotient([float(printed(cell.demand)) for cell in cells]),
        _quotient([float(printed(cell.supply or 0.0)) for cell in cells]),
    )


def _log_odds(index: float) -> float:
    return float(logit(np.clip(index, *INDEX_BOUNDS) / 100))


def _quotient(values: Sequence[float]) -> float | None:
    here, city, node, province = values
    if min(city, node, province) <= 0:
        return None
    return (here / city) / (node / province)
