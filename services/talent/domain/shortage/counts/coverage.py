"""How much of the people there are the library knows: capture–recapture from the overlap of two sources.

Chapman: N̂ = (n₁+1)(n₂+1)/(m+1) − 1 people, of whom n₁ and n₂ were found by each source and m by both; var(N̂) =
(n₁+1)(n₂+1)(n₁−m)(n₂−m)/((m+1)²(m+2)). The interval takes the unseen people f₀ = N̂ − (n₁+n₂−m) as log-normal, so
that it never falls below those who were seen. Reported beside the index, never divided into it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from services.kernel.text import Text
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.indices.estimate import Floats

Z90 = float(ndtri(0.95))
FIRST, SECOND, BOTH, KNOWN = range(4)


class Found(NamedTuple):
    """So many people with these directions, city and category, whom the first and the second source found or not."""

    direction_shares: tuple[tuple[str, int], ...]
    city: str
    category: str
    first: bool
    second: bool
    people: int


@dataclass(frozen=True)
class Overlap:
    """`sources`: the two that found the most people, or fewer; `counts` by FIRST, SECOND, BOTH and KNOWN over all
    cells, everybody once in each.
    """

    sources: tuple[str, ...]
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, axes: Axes, sources: tuple[str, ...], found: Iterable[Found]) -> "Overlap":
        """Counted from groups of people."""
        counts = np.zeros((4, *axes.shape), np.int64)
        for each in found:
            nodes = {node for leaf, _ in each.direction_shares for node in axes.lineage[axes.node_at[leaf]]}
            cells = np.ix_(
                sorted(nodes), (axes.city_at[each.city], -1), (axes.category_at[each.category], -1)
            )
            seen = (each.first, each.second, each.first and each.second, True)
            for measure in (at for at, is_seen in enumerate(seen) if is_seen):
                counts[measure][cells] += each.people
        return cls(sources, counts)


class Coverage(NamedTuple):
    """Share of the people there are that the library knows, with its 90 % interval; NaN where not known."""

    share: Floats
    low: Floats
    high: Floats


class Said(NamedTuple):
    """What may be said of one cell: the share with its interval, or why there is none."""

    share: float | None
    low: float | None
    high: float | None
    why: Text | None


def estimate(overlap: Overlap, least: int) -> Coverage | None:
    """Of every cell in which both sources found at least `least` people in common; None without two sources.

    With fewer in common the estimate is biased (Robson and Regier: 7 keep the bias under 2 %).
    """
    if len(overlap.sources) < 2:
        return None
    first, second, both, known = overlap.counts.astype(float)
    seen = first + second - both
    unseen = (first - both) * (second - both) / (both + 1)
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.exp(Z90 * np.sqrt(np.log1p(variance / unseen**2)))
        shares = [known / (seen + each) for each in (unseen, unseen * spread, unseen / spread)]
    enough = both >= least
    complete = enough & (unseen == 0)
    share, low, high = (
        np.where(complete, 1.0, np.where(enough, np.minimum(each, 1.0), np.nan)) for each in shares
    )
    return Coverage(share, low, high)


def say(coverage: Coverage | None, at: tuple[int, int, int], least: int, *, hidden: bool) -> Said:
    """What may be said of one cell."""
    if coverage is None:
        return _unknown(
            "未知：需要两个独立来源的记录（经同一人识别重叠）才能估计库覆盖率",
            "unknown: the coverage is estimated from people whom two independent sources found; there are not two",
        )
    if hidden:
        return _unknown("人数过少，不显示", "not shown: too few people")
    share = float(coverage.share[at])
    if np.isnan(share):
        return _unknown(
            f"未知：两个来源共同的人不足 {least} 名，估计会有偏差",
            f"unknown: the two sources have fewer than {least} people in common, and the estimate would be biased",
        )
    return Said(share, float(coverage.low[at]), float(coverage.high[at]), None)


def _unknown(zh: str, en: str) -> Said:
    return Said(None, None, None, Text(zh, en))
