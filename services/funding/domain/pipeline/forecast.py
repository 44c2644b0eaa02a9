"""What past deals say of those on the board: how many go on from a stage, how long that takes, what will be paid.

Of a stage: among the deals that stood in it and have left its part of the way for good (they reached a later stage, or
ended), the share that went on, with its Wilson interval; and the median days from first standing in it to first
standing in a later one, holds and questions included, with its interval by order statistics. A deal that still stands
there says nothing yet. A deal that was imported counts from the stage it was imported in, without days.

Of the amount still to be paid this year: the year has d days left. Of the deals that came into a stage at least d
days ago, k of n were paid within d days of that; a deal on the board that stands in the stage is reckoned to be paid
by the end of the year with p = k/n, as if it came there today. The expected amount is Σ p·a over the deals of stages
with n ≥ `FEWEST`; a is what was signed, else approved, else asked. Its bounds join two errors that do not depend on
each other by the root of the sum of their squares (G. Y. Zou and A. Donner, "Construction of confidence limits about
effect measures", Statistics in Medicine 27 (2008), 1693-1702): of the shares, taken as if all were wrong to the same
side, |Σ a·(p - bound of p)|, and of chance with the shares as they are, 1.96·√Σ a²·p·(1-p).
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from math import hypot
from typing import Protocol

from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.states import TERMINAL, DealState
from services.funding.domain.intervals import Estimate, Z, median_of, wilson
from services.funding.domain.pipeline.funnel import STEPS
from services.kernel.text import Text

STAGES = STEPS[:-1]
FEWEST = 10
"""A proposal: on fewer past deals no share, no median and no amount is said."""
_DAY = timedelta(days=1)
METHOD = (
    (
        Text("进入下一阶段的比例与天数", "going on, and how long it takes"),
        Text(
            "只计已离开该阶段的往期项目（进入了后面的阶段，或已终结）：比例 = 进入后面阶段的 ÷ 已离开的，区间为95%"
            "威尔逊区间；天数为首次进入该阶段至首次进入后面阶段的中位数，含暂缓与补充材料的时间，区间由次序统计量给出。"
            f"导入的项目自导入时的阶段起计，不计天数。往期项目不足{FEWEST}个的不作判断。",
            "of past deals that left the stage (they came further, or ended): share = came further ÷ left, with the "
            "Wilson interval at 95 %; the median days from first standing in it to first standing further on, holds "
            "and questions included, with its interval by order statistics. An imported deal counts from the stage it "
            f"was imported in, without days. On fewer than {FEWEST} past deals nothing is said.",
        ),
    ),
    (
        Text("年内预计出资", "expected to be paid this year"),
        Text(
            "年内还剩d天：在d天以前进入该阶段的往期项目中，进入后d天内已出资的占p；预计金额 = Σ p×金额"
            "（已签约取签约额，已批准取批准额，否则取拟投额），视同今天刚进入该阶段。上下限为两项误差平方和的平方根：各阶段比例同向偏离"
            "其威尔逊界限，以及比例既定时的偶然性 1.96·√Σ金额²·p·(1−p)。"
            f"往期不足{FEWEST}个的阶段，其项目不计入，另行列出。",
            "the year has d days left: of past deals that came into the stage at least d days ago, the share p was "
            "paid within d days of that; expected = Σ p·amount (signed, else approved, else asked), as if a deal came "
            "to its stage today. The bounds join two errors by the root of their squares: every share off to the same "
            "side by its Wilson bound, and chance with the shares as they are, 1.96·√Σ amount²·p·(1−p). Deals of "
            f"stages with fewer than {FEWEST} past deals are left out and listed apart.",
        ),
    ),
)
"""How it is reckoned, for those who read it."""


class Passed(Protocol):
    """A step of a deal, as far as this looks at it."""

    @property
    def action(self) -> Action:
        """What was done."""
        ...

    @property
    def target(self) -> DealState:
        """The state after it."""
        ...

    @property
    def returns_to(self) -> DealState | None:
        """Where a deal imported as parked returns to."""
        ...

    @property
    def at(self) -> datetime:
        """When it was done."""
        ...


@dataclass(frozen=True, slots=True)
class History:
    """A past or present deal: where it stands (a parked one: where it was parked) and its steps in order."""

    state: DealState
    transitions: Sequence[Passed]


@dataclass(frozen=True)
class OnBoard:
    """A deal on the board: the stage it stands in, or was `parked` in, and what would be paid, in fen."""

    state: DealState
    fen: int
    parked: bool = False


@dataclass(frozen=True)
class StageForecast:
    """A stage. `settled` past deals left it, `onward` of them for a later stage; `timed` of these tell how long that
    took; `followed` came into it long enough ago, `paid` of them were paid in the time that the year has left.
    `share`, `days` and `payment` are None on fewer than `FEWEST`. `deals` stand there now, `parked` of them aside, and
    come to `fen`.
    """

    state: DealState
    settled: int
    onward: int
    share: Estimate | None
    timed: int
    days: Estimate | None
    followed: int
    paid: int
    payment: Estimate | None
    deals: int
    parked: int
    fen: int


@dataclass(frozen=True)
class Amount:
    """Fen, with `low` ≤ `expected` ≤ `high`, of the `deals` whose stages say enough; they come to `fen` in all."""

    expected: int
    low: int
    high: int
    deals: int
    fen: int


@dataclass(frozen=True)
class Forecast:
    """Every stage in order, and the amount; None where no stage with deals on the board says enough."""

    stages: tuple[StageForecast, ...]
    amount: Amount | None


def forecast(
    histories: Iterable[History], board: Iterable[OnBoard], now: datetime, until: datetime
) -> Forecast:
    """What the histories say of the board between two instants. Deals of the board outside `STAGES` are not counted."""
    pasts, horizon = [_Past() for _ in STAGES], until - now
    for each in histories:
        _look_at(each, pasts, now, horizon)
    standing = [each for each in board if each.state in STAGES]
    stages = tuple(
        _stage(state, past, [each for each in standing if each.state is state])
        for state, past in zip(STAGES, pasts, strict=True)
    )
    return Forecast(stages, _amount(stages, standing))


@dataclass(slots=True)
class _Past:
    """What is counted of a stage, deal by deal, so that none of them has to be kept; `days` as `StageForecast.days`."""

    settled: int = 0
    onward: int = 0
    followed: int = 0
    paid: int = 0
    days: "array[float]" = field(default_factory=lambda: array("d"))


_PLACES = {state: place for place, state in enumerate(STEPS)}
_LAST = len(STEPS) - 1


def _look_at(history: History, pasts: Sequence[_Past], now: datetime, horizon: timedelta) -> None:
    """Count a deal in every stage that it stood in."""
    entered = _entered(history.transitions)
    ended, furthest = history.state in TERMINAL, max(entered, default=-1)
    paid = entered.get(_LAST)
    for place, came in entered.items():
        if place == _LAST:
            continue
        past, onward = pasts[place], furthest > place
        past.settled += ended or onward
        past.onward += onward
        if came is None:
            continue
        left = min((at for each, at in entered.items() if each > place and at is not None), default=None)
        if left is not None:
            past.days.append(max(0.0, (left - came) / _DAY))
        if came <= now - horizon:
            past.followed += 1
            past.paid += paid is not None and paid - came <= horizon


def _entered(steps: Sequence[Passed]) -> dict[int, datetime | None]:
    """By place in `STEPS`: when a deal first stood there, None where an import does not tell."""
    entered: dict[int, datetime | None] = {}
    for step in steps:
        imported = step.action is Action.IMPORT
        place = _PLACES.get((step.returns_to or step.target) if imported else step.target)
        if place is not None:
            entered.setdefault(place, None if imported else step.at)
    return entered


def _stage(state: DealState, past: _Past, standing: Sequence[OnBoard]) -> StageForecast:
    return StageForecast(
        state=state,
        settled=past.settled,
        onward=past.onward,
        share=_share(past.onward, past.settled),
        timed=len(past.days),
        days=median_of(past.days) if len(past.days) >= FEWEST else None,
        followed=past.followed,
        paid=past.paid,
        payment=_share(past.paid, past.followed),
        deals=len(standing),
        parked=sum(each.parked for each in standing),
        fen=sum(each.fen for each in standing),
    )


def _share(hits: int, of: int) -> Estimate | None:
    return wilson(hits, of) if of >= FEWEST else None


def _amount(stages: Sequence[StageForecast], board: Sequence[OnBoard]) -> Amount | None:
    told = {each.state: each for each in stages if each.payment is not None}
    counted = [each for each in board if each.state in told]
    if not counted:
        return None
    whole = sum(each.fen for each in counted)
    expected, chance, below, above = Fraction(), 0.0, 0.0, 0.0
    for each in counted:
        stage = told[each.state]
        if stage.payment is None:
            raise AssertionError("a stage without a share is not told")
        share = stage.payment
        expected += Fraction(each.fen * stage.paid, stage.followed)
        chance += each.fen**2 * share.value * (1 - share.value)
        below += each.fen * (share.value - share.low)
        above += each.fen * (share.high - share.value)
    middle, by_chance = round(expected), Z * chance**0.5
    return Amount(
        expected=middle,
        low=max(0, int(middle - hypot(below, by_chance))),
        high=min(whole, round(middle + hypot(above, by_chance))),
        deals=len(counted),
        fen=whole,
    )
