"""Forecasts published and plans proposed, kept as they were made, and looked at again when their days have come."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.kernel.clock import Clock
from services.kernel.errors import FailedPrecondition, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent.domain.axes import Axes
from services.talent.domain.period import Quarter
from services.talent.domain.shortage.indices.momentum import DAYS_PER_QUARTER
from services.talent.domain.shortage.outlook.allocation import Target, allocate
from services.talent.domain.shortage.outlook.means import Means
from services.talent.domain.shortage.outlook.records import (
    ForecastScore,
    ForecastTarget,
    PlanLine,
    PublishedForecast,
    RecruitmentPlan,
    realised,
    score,
)
from services.talent.domain.shortage.outlook.renewing import Succeeded
from services.talent.domain.shortage.table import Address, ShortageTable
from services.talent.service.shortage.shortage import ShortageMap
from services.talent.store.counts import quarters
from services.talent.store.shortage import analysis as store

Kept = Callable[[Session, date], ShortageTable | None]


class TurnedOut(NamedTuple):
    """A published forecast with what came (None: not yet, or not shown), and its score."""

    forecast: PublishedForecast
    targets: Sequence[tuple[ForecastTarget, int | None]]
    score: ForecastScore | None


class Proposed(NamedTuple):
    """A plan with its lines, and the gap it would have closed by what came; None before it is due."""

    plan: RecruitmentPlan
    lines: Sequence[PlanLine]
    realised: float | None = None


@dataclass(frozen=True)
class Analysis:
    """The use cases."""

    map: ShortageMap
    clock: Clock
    ids: Ids

    def quarters_before(
        self, session: Session, as_of: date, count: int, kept: Kept | None = None
    ) -> list[tuple[date, ShortageTable]]:
        """The map at the ends of the last quarters before a day, oldest first, as it was known then.

        A quarter's end of which nothing was kept is left out: counted again, it would lack all who left since.
        `kept`: what was kept of a day, for readers of another edition than the internal one.
        """
        read = kept or self.map.kept
        quarter = Quarter.of(as_of)
        ends = [quarter.later(-back).end for back in range(count, 0, -1)]
        found = [(end, read(session, end)) for end in ends]
        return [(end, table) for end, table in found if table is not None]

    def publish(
        self,
        session: Session,
        table: ShortageTable,
        addresses: Iterable[Address],
        quarters_ahead: int,
        origin: str,
        author: str,
    ) -> TurnedOut:
        """Forecast every shown cell with enough history at the coming quarters' ends, and keep it.

        Raises FailedPrecondition (HISTORY_TOO_SHORT) if there is none.
        """
        targets = list(_targets(table, addresses, quarters_ahead))
        if not targets:
            least = table.method.forecast_least
            raise FailedPrecondition(
                Text(
                    f"历史不足：至少要有 {least} 个已结束季度的数据，且单元格可公开，才能预测",
                    f"too little history: a forecast needs {least} closed quarters of a cell that is shown",
                ),
                reason="HISTORY_TOO_SHORT",
            )
        forecast = PublishedForecast(
            id=self.ids.new(),
            created_at=self.clock.now(),
            author=author,
            as_of=table.cube.as_of,
            method_version=table.method.version,
            origin=origin,
            target_count=len(targets),
        )
        store.add_forecast(session, forecast, targets)
        return TurnedOut(forecast, [(target, None) for target in targets], None)

    def forecast(self, session: Session, id_: str, today: date) -> TurnedOut:
        """A published forecast with what came by today. Raises NotFound."""
        found = session.get(PublishedForecast, id_)
        if found is None:
            raise NotFound.resource(f"shortageForecasts/{id_}")
        targets = self._succeeded(session, found.as_of).targets(store.targets_of(session, id_))
        scored = [(target.address, target.due) for target in targets if target.whole]
        actual = self._actual(session, scored, today)
        pairs = [(each, actual.get((each.address, each.due)) if each.whole else None) for each in targets]
        return TurnedOut(found, pairs, score((each, came) for each, came in pairs if came is not None))

    def propose(
        self,
        table: ShortageTable,
        addresses: Iterable[Address],
        means: Means,
        quarters_ahead: int,
        origin: str,
        author: str,
    ) -> Proposed:
        """The allocation over the shown cells that closes the most expected gap; nothing is kept yet."""
        due = _quarter_ends(table.cube.as_of, quarters_ahead)[-1]
        targets = list(_allocatable(table, addresses, due))
        method = table.method
        place_yield = method.place_completion * method.place_retention
        found = allocate(targets, means, place_yield)
        supplies = {target.address: target.supply for target in targets}
        plan = RecruitmentPlan(
            id=self.ids.new(),
            created_at=self.clock.now(),
            author=author,
            as_of=table.cube.as_of,
            due=due,
            method_version=method.version,
            origin=origin,
            recruits=means.recruits,
            places=means.places,
            amount_fen=means.amount_fen,
            recruit_fen=means.recruit_fen,
            place_fen=means.place_fen,
            place_yield=place_yield,
            gap=found.gap,
            closed=found.closed,
            closed_low=found.low,
            closed_high=found.high,
            spent_fen=found.spent_fen,
        )
        return Proposed(plan, [PlanLine(line, supplies[line.address]) for line in found.lines])

    def keep(self, session: Session, proposed: Proposed) -> None:
        """Keep a plan."""
        store.add_plan(session, proposed.plan, proposed.lines)

    def plan(self, session: Session, id_: str, today: date) -> Proposed:
        """A plan with what came of it by today. Raises NotFound."""
        found = session.get(RecruitmentPlan, id_)
        if found is None:
            raise NotFound.resource(f"recruitmentPlans/{id_}")
        lines = self._succeeded(session, found.as_of).lines(store.lines_of(session, id_))
        if found.due > today:
            return Proposed(found, lines)
        scored = [each for each in lines if each.whole]
        actual = self._actual(session, [(each.line.address, found.due) for each in scored], today)
        came = [(each, actual.get((each.line.address, found.due))) for each in scored]
        shown = [(each, demand) for each, demand in came if demand is not None]
        return Proposed(found, lines, realised(shown, found.place_yield))

    def _succeeded(self, session: Session, as_of: date) -> Succeeded:
        """What has become of the directions of a day."""
        axes = self.map.axes
        return Succeeded(quarters.axes_of(session, as_of) if axes.former else axes, axes)

    def _actual(
        self, session: Session, wanted: Iterable[tuple[Address, date]], today: date
    ) -> dict[tuple[Address, date], int]:
        """Open heads on days that have passed, of cells that were shown then and still exist."""
        found: dict[tuple[Address, date], int] = {}
        by_day: dict[date, list[Address]] = {}
        for address, due in wanted:
            if due <= today:
                by_day.setdefault(due, []).append(address)
        for day, addresses in by_day.items():
            table = self.map.table(session, day)
            for address in addresses:
                if not _exists(table.cube.axes, address):
                    continue
                cell = table.cell(address)
                if not cell.hidden:
                    found[address, day] = cell.demand
        return found


def _targets(
    table: ShortageTable, addresses: Iterable[Address], quarters_ahead: int
) -> Iterator[ForecastTarget]:
    as_of = table.cube.as_of
    ends = _quarter_ends(as_of, quarters_ahead)
    ahead = [(end - as_of).days / DAYS_PER_QUARTER for end in ends]
    for address in addresses:
        at = table.at(address)
        if table.is_hidden(at) or not table.forecaster.knows(at):
            continue
        demand = table.forecaster.path(at, ahead).demand
        low, high = demand.quantile(0.05), demand.quantile(0.95)
        start = int(table.cube.demand[at])
        for step, end in enumerate(ends):
            yield ForecastTarget(
                address, end, start, float(demand.mean[step]), float(low[step]), float(high[step])
            )


def _allocatable(table: ShortageTable, addresses: Iterable[Address], due: date) -> Iterator[Target]:
    """Shown cells with demand, none of them part of another one."""
    asked = list(addresses)
    nodes = {address.node for address in asked}
    axes = table.cube.axes
    ahead = [(due - table.cube.as_of).days / DAYS_PER_QUARTER]
    for address in asked:
        at = table.at(address)
        above = axes.lineage[at[0]][1:]
        if any(axes.nodes[node] in nodes for node in above) or table.cell(address).index is None:
            continue
        path = table.forecaster.path(at, ahead)
        demand = path.demand.plus(0.0, path.supply_variance)
        yield Target(address, demand.at(0), float(path.supply[0]))


def _quarter_ends(as_of: date, count: int) -> list[date]:
    """The ends of the coming quarters; the present quarter's counts unless today is its last day."""
    first = Quarter.of(as_of)
    skip = 1 if first.end == as_of else 0
    return [first.later(step + skip).end for step in range(count)]


def _exists(axes: Axes, address: Address) -> bool:
    return (
        address.node in axes.node_at and address.city in axes.city_at and address.category in axes.category_at
    )
