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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import hypot

from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Transition
from services.funding.domain.deal.states import TERMINAL, DealState
from services.funding.domain.funnel import STEPS
from services.funding.domain.intervals import Estimate, Z, median_of, wilson
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


@dataclass(frozen=True)
class History:
    """A past or present deal: where it stands (a parked one: where it was parked) and its steps."""

    state: DealState
    transitions: Sequence[Transition]


@dataclass(frozen=True)
class OnBoard:
    """A deal on the board: the stage it stands in and what would be paid, in fen."""

    state: DealState
    fen: int


@dataclass(frozen=True)
class StageForecast:
    """A stage. `settled` past deals left it, `onward` of them for a later stage; `timed` of these tell how long that
    took; `followed` came into it long enough ago, `paid` of them were paid in the time that the year has left.
    `share`, `days` and `payment` are None on fewer than `FEWEST`. `deals` stand there now and come to `fen`.
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
    ways = [_way(each) for each in histories]
    standing = [each for each in board if each.state in STAGES]
    stages = tuple(
        _stage(place, ways, [each.fen for each in standing if each.state is state], now, until - now)
        for place, state in enumerate(STAGES)
    )
    return Forecast(stages, _amount(stages, standing))


@dataclass(frozen=True)
class _Way:
    """By place in `STEPS`: when a deal first stood there, None where an import does not tell; and how far it came."""

    entered: Mapping[int, datetime | None]
    furthest: int
    ended: bool

    def left_for(self, place: int) -> datetime | None:
        """When it first stood further on."""
        later = [at for each, at in self.entered.items() if each > place and at is not None]
        return min(later, default=None)


def _way(history: History) -> _Way:
    entered: dict[int, datetime | None] = {}
    for step in history.transitions:
        imported = step.action is Action.IMPORT
        stands = (step.returns_to or step.target) if imported else step.target
        if stands in STEPS:
            entered.setdefault(STEPS.index(stands), None if imported else step.at)
    ended = history.state in TERMINAL
    return _Way(entered, max(entered, default=-1), ended)


def _stage(
    place: int, ways: Sequence[_Way], fen: Sequence[int], now: datetime, horizon: timedelta
) -> StageForecast:
    there = [each for each in ways if place in each.entered]
    settled = [each for each in there if each.ended or each.furthest > place]
    onward = [each for each in settled if each.furthest > place]
    days = [
        max(0.0, (left - came) / _DAY)
        for each in onward
        if (came := each.entered[place]) is not None and (left := each.left_for(place)) is not None
    ]
    last = len(STEPS) - 1
    came_and_paid = [
        (came, each.entered.get(last))
        for each in there
        if (came := each.entered[place]) is not None and came <= now - horizon
    ]
    paid = sum(1 for came, at in came_and_paid if at is not None and at - came <= horizon)
    return StageForecast(
        state=STAGES[place],
        settled=len(settled),
        onward=len(onward),
        share=_share(len(onward), len(settled)),
        timed=len(days),
        days=median_of(days) if len(days) >= FEWEST else None,
        followed=len(came_and_paid),
        paid=paid,
        payment=_share(paid, len(came_and_paid)),
        deals=len(fen),
        fen=sum(fen),
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
