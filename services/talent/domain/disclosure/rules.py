"""The rules of hiding small counts: proposals that are configuration, printed with every edition."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.talent.domain.shortage.counts.cube import Counts, Cube

Mask = NDArray[np.bool_]
VERSION = "disclosure-3"
EXACT_ONLY = "disclosure-1"
"""The version whose live answers had no audit of intervals."""
BANDED = frozenset({EXACT_ONLY, "disclosure-2"})
"""The versions whose public edition said of a hidden cell how tight it is, and so whether there is demand."""
LINKED = 600
"""Hidden numbers that hang together and are more than this have the audit of intervals once a day."""


class Edition(StrEnum):
    """For whom numbers are made: the region's offices (内部版), or everybody (公开版)."""

    INTERNAL = "INTERNAL"
    PUBLIC = "PUBLIC"


@dataclass(frozen=True, slots=True)
class Rules:
    """Least numbers of people by edition; for the public edition also the least number of employers, the share of
    demand that two employers may make up, and the base to which heads are rounded.
    """

    internal_below: int = 5
    public_below: int = 10
    least_employers: int = 3
    top_two_share: float = 0.9
    base: int = 5
    version: str = VERSION

    def __post_init__(self) -> None:
        if not (2 <= self.internal_below <= self.public_below and self.base >= 1):
            raise InvalidArgument.field(
                "rules",
                "RULES_UNUSABLE",
                "内部版的人数下限至少为 2，且不得高于公开版；进位基数至少为 1",
                "the least number of people is at least 2 and not above the public edition's; the base is at least 1",
            )

    def least(self, edition: Edition) -> int:
        """A count of people above 0 and below this number is hidden."""
        return self.internal_below if edition is Edition.INTERNAL else self.public_below

    def small_supply(self, cube: Cube, edition: Edition) -> Mask:
        """Cells with too few people behind their supply."""
        return np.asarray((cube.persons > 0) & (cube.persons < self.least(edition)))

    def small_reach(self, cube: Cube, edition: Edition) -> Mask:
        """Cells with too few people within reach outside the province."""
        return np.asarray((cube.reach > 0) & (cube.reach < self.least(edition)))

    def concentrated_demand(self, cube: Cube, edition: Edition) -> Mask:
        """Public edition: cells whose demand would tell what one or two employers want."""
        if edition is Edition.INTERNAL:
            return np.zeros(cube.demand.shape, bool)
        few = cube.employers < self.least_employers
        return np.asarray((cube.demand > 0) & (few | (top_two(cube) > self.top_two_share * cube.demand)))

    @property
    def tells_band(self) -> bool:
        """Whether the public edition says a band of a hidden cell; releases of the first versions did."""
        return self.version in BANDED

    def rounded(self, count: float) -> int:
        """A count of heads as the public edition prints it, the half rounded up."""
        return int((count + self.base / 2) // self.base) * self.base

    def note(self, edition: Edition) -> Text:
        """The rules in words."""
        least = self.least(edition) - 1
        if edition is Edition.INTERNAL:
            return Text(
                f"披露规则 {self.version}（内部版）：人数 1–{least} 的单元格及防止推算所需的单元格不显示指数与人数，"
                f"由已显示的数字推算任一隐藏人数，区间宽度不小于 {least + 1}"
                f"（相互关联的隐藏数超过 {LINKED} 个的，每日审核并另行隐藏，其间的变动至次日只保证不能精确推算）；"
                "合计、各维度及筛选按同一隐藏方案输出；在招岗位数照常显示。",
                f"Disclosure {self.version} (internal edition): of cells of 1 to {least} people, and of those from "
                "which they could be worked out, neither index nor people are shown; what is shown leaves every "
                f"hidden number of people an interval of at least {least + 1} (where more than {LINKED} hidden "
                "numbers hang together this is looked for once a day and hidden besides; of what changes meanwhile, "
                "until the next day, only that it cannot be worked out exactly). Totals, dimensions and filters "
                "share one pattern. Open positions are shown everywhere.",
            )
        return Text(
            f"披露规则 {self.version}（公开版）：人数 1–{least}、用人单位不足 {self.least_employers} 家"
            f"或前两家占需求超过 {self.top_two_share:.0%} 的单元格及防止推算所需的单元格不显示，"
            "隐藏的单元格也不说明有无需求与松紧；"
            f"由已显示的数字推算任一隐藏的人数或岗位数，区间宽度不小于 {least + 1}"
            f"（库在一日之内成倍增长时临时更新的图谱，相互关联的隐藏数超过 {LINKED} 个的，至次日只保证不能精确推算）；"
            "图谱每日更新一次，并与此前各次一并审核；合计、各维度按同一隐藏方案输出；"
            f"人数在隐藏之后按 {self.base} 取整，合计不一定等于各项之和，指数取整数，比较与排名均由所显示的数字得出。",
            f"Disclosure {self.version} (public edition): cells of 1 to {least} people, of fewer than "
            f"{self.least_employers} employers or with more than {self.top_two_share:.0%} of demand from two are "
            "hidden, and those from which they could be worked out, nor is it said whether there is demand in them or "
            "how tight they are; what is shown leaves every hidden number of "
            f"people or positions an interval of at least {least + 1} (a map renewed within the day because the "
            "library has more than doubled: until the next day only that it cannot be worked out exactly, where more "
            f"than {LINKED} hang together). The map is renewed once a day and audited together with those before it; "
            "totals and dimensions share one pattern. Heads "
            f"are then rounded to {self.base}, so that parts need not add up; indices are whole numbers, and "
            "comparisons and ranks are made of what is shown.",
        )


HIDDEN = Text(
    "人数过少，或为防止推算出其他单元格而不显示",
    "too few people, or hidden so that no other cell can be worked out",
)
"""Why a number is not shown: one sentence for both reasons, because telling them apart would tell the count."""


def top_two(cube: Cube) -> Counts:
    """Open heads of the two largest employers, never less than they are.

    The largest is known. Of n further employers with sum s and sum of squares q none has more than
    s/n + √((n−1)/n · (q − s²/n)) (Samuelson's inequality), nor more than the largest.
    """
    further = np.maximum(cube.employers - 1, 1)
    rest = cube.demand - cube.largest
    spread = np.maximum(cube.squared - cube.largest**2 - rest**2 / further, 0.0)
    second = rest / further + np.sqrt((further - 1) / further * spread)
    return np.asarray(cube.largest + np.minimum(np.minimum(second, cube.largest), rest))
