"""How far a goal has come: what counts, the pace needed and seen, and how likely it is to be reached in time.

New items are taken to come as a Poisson process whose rate has a gamma distribution: a weak one beforehand, then what
was seen. The number still to come until the deadline is negative-binomial. Items that may close again are not foreseen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import partial

from scipy.special import betaincc

from services.catalogue.model import Target
from services.kernel.text import Text
from services.talent.domain.evidence.counting import Counted, CountingRules, Library, count
from services.talent.domain.evidence.kinds import OF_METRIC, EvidenceKind
from services.talent.domain.evidence.record import Evidence

YEAR_DAYS = 365.25
_LEAST_AHEAD = 0.25
"""Years. Nearer to the deadline a pace per year would be a number that no year has: what is missing says it all."""


class Light(StrEnum):
    """How a goal looks."""

    NONE = "NONE"
    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"
    GREY = "GREY"


@dataclass(frozen=True, slots=True)
class Outlook:
    """Proposals that are configuration: years that the pace looks back, items and years believed beforehand, and
    from which probability a goal is green and below which it is red.
    """

    window_years: float = 3.0
    prior_items: float = 0.5
    prior_years: float = 0.5
    green: float = 0.8
    red: float = 0.4

    @property
    def note(self) -> Text:
        """What a reader must know."""
        return Text(
            f"概率：新增按泊松过程，速率先验伽马（{self.prior_items:g} 项/{self.prior_years:g} 年），"
            f"回看 {self.window_years:g} 年（年度目标只看当年），未计今后关闭；{self.green:.0%} 起绿灯，"
            f"{self.red:.0%} 以下红灯，到期未达成为灰灯。以上数值均为建议值。",
            f"Probability: items come as a Poisson process, its rate gamma ({self.prior_items:g} items in "
            f"{self.prior_years:g} years beforehand), over the last {self.window_years:g} years (yearly goals: the "
            f"year alone); later closing is not foreseen. Green from {self.green:.0%}, red below {self.red:.0%}, grey "
            "when the time has passed. All of these numbers are proposals.",
        )


@dataclass(frozen=True)
class Progress:
    """One goal on one day. `due` is its last day, None if it has none; paces are per year, the `needed` one None once
    less than a quarter is left.
    """

    target: Target
    counted: Counted
    due: date | None
    reached: date | None
    needed: float | None
    seen: float | None
    probability: float | None
    light: Light

    @property
    def shortfall(self) -> int:
        """What is still missing."""
        return max(0, self.target.value - self.counted.amount)


def progress(
    target: Target,
    records: Sequence[Evidence],
    day: date,
    library: Library,
    rules: CountingRules | None = None,
    outlook: Outlook | None = None,
) -> Progress:
    """How a target stands on a day; after its deadline, how it stood on it."""
    rules, outlook = rules or CountingRules(), outlook or Outlook()
    mine = [each for each in records if each.kind is OF_METRIC[target.metric]]
    due = _due(target, day)
    at = day if due is None else min(day, due)
    on = partial(count, target, mine, library=library, rules=rules)
    counted = on(day=at)
    reached = _reached(target, mine, at, on)
    missing = target.value - counted.amount
    past = due is not None and day > due
    if due is None or past or missing <= 0 or OF_METRIC[target.metric] is EvidenceKind.CCUS_CAPACITY:
        light = Light.GREEN if missing <= 0 else Light.GREY if past else Light.NONE
        return Progress(target, counted, due, reached, None, None, None, light)
    ahead = ((due - at).days + 1) / YEAR_DAYS
    news, years = _pace(target, counted, at, outlook)
    chance = reach_probability(missing, ahead, news, years, outlook)
    light = Light.GREEN if chance >= outlook.green else Light.RED if chance < outlook.red else Light.YELLOW
    needed = missing / ahead if ahead >= _LEAST_AHEAD else None
    return Progress(target, counted, due, None, needed, news / years, chance, light)


def reach_probability(missing: int, ahead: float, news: int, years: float, outlook: Outlook) -> float:
    """P(at least `missing` items come in `ahead` years) after `news` came in `years`."""
    if missing <= 0:
        return 1.0
    shape, rate = outlook.prior_items + news, outlook.prior_years + years
    return float(betaincc(shape, missing, rate / (rate + ahead)))  # of a negative binomial


def _due(target: Target, day: date) -> date | None:
    if target.period == "yearly":
        return date(day.year, 12, 31)
    return None if target.year is None else date(target.year, 12, 31)


def _pace(target: Target, counted: Counted, at: date, outlook: Outlook) -> tuple[int, float]:
    """How many of the counted began within the window, and its length in years."""
    since = at - timedelta(days=round(outlook.window_years * YEAR_DAYS))
    if target.period == "yearly":
        since = date(at.year - 1, 12, 31)
    news = sum(1 for each in counted.records if each.opened is not None and each.opened > since)
    return news, max(1, (at - since).days) / YEAR_DAYS


def _reached(target: Target, records: Sequence[Evidence], at: date, on: "partial[Counted]") -> date | None:
    """The day from which it has been reached without a break, among the days on which records began."""
    began = {each.opened for each in records if each.opened is not None and each.opened <= at}
    days = sorted(each for each in began | {at} if target.period != "yearly" or each.year == at.year)
    since: date | None = None
    for each in reversed(days):
        if on(day=each).amount < target.value:
            break
        since = each
    return since
