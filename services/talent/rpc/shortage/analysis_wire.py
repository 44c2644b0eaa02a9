"""Between the contract of the shortage analysis and its domain."""

from datetime import date

from bole.talent.v1 import shortage_analysis_pb2 as wire
from services.chassis.rpc.wire import date_to_wire, instant_to_wire, money_from_wire, money_to_wire
from services.kernel.errors import InvalidArgument
from services.kernel.money import CNY, Money
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.outlook.fan import LEVELS
from services.talent.domain.shortage.outlook.forecast import Closing, Path
from services.talent.domain.shortage.outlook.means import Means
from services.talent.domain.shortage.outlook.records import ForecastScore, ForecastTarget, PlanLine
from services.talent.domain.shortage.reasons.comparison import Change
from services.talent.rpc.shortage.shortage_wire import CellWire
from services.talent.service.shortage.analysis import Proposed, TurnedOut

MEANS_FIELDS = {
    name: f"means.{name}"
    for name in ("recruits", "training_places", "amount", "recruitment_cost", "training_place_cost")
}


def change_to_wire(change: Change, since: date) -> wire.ShortageChange:
    """What became of a cell."""
    return wire.ShortageChange(
        direction=f"DIRECTION_{change.direction.name}",
        since=date_to_wire(since),
        delta=change.delta,
        sd=change.sd,
        rising_probability=change.rising,
    )


def months_to_wire(path: Path, threshold: float) -> list[wire.ShortageForecastMonth]:
    """A monthly path."""
    levels = [path.demand.quantile(level) for level in LEVELS]
    within = path.gap_at_most(threshold)
    return [
        wire.ShortageForecastMonth(
            months_ahead=step + 1,
            demand_mean=float(path.demand.mean[step]),
            demand_quantiles=[float(level[step]) for level in levels],
            supply=float(path.supply[step]),
            within_threshold_probability=float(within[step]),
        )
        for step in range(len(path.quarters))
    ]


def crossing_to_wire(closing: Closing) -> wire.ShortageGapCrossing:
    """When a gap passes its threshold."""
    return wire.ShortageGapCrossing(
        closes=closing.closes, months_ahead=closing.step or 0, probability=closing.probability
    )


def means_from_wire(means: wire.RecruitmentMeans, method: Method) -> Means:
    """What there is to give, at the method's costs where none are stated. Raises InvalidArgument."""
    try:
        return Means(
            recruits=means.recruits,
            places=means.training_places,
            amount_fen=_fen(means, "amount", 0),
            recruit_fen=_fen(means, "recruitment_cost", method.recruit_fen),
            place_fen=_fen(means, "training_place_cost", method.place_fen),
        )
    except InvalidArgument as error:
        raise error.renamed(MEANS_FIELDS) from None


def _fen(means: wire.RecruitmentMeans, field: str, absent: int) -> int:
    if not means.HasField(field):
        return absent
    money = money_from_wire(getattr(means, field))
    if money.currency != CNY:
        raise InvalidArgument.field(
            field, "CURRENCY_NOT_SUPPORTED", "只支持人民币（CNY）", "only CNY is supported"
        )
    return money.fen


def plan_to_wire(cells: CellWire, proposed: Proposed, *, kept: bool, whole: bool) -> wire.RecruitmentPlan:
    """A plan; its lines and what came of it only if `whole`, its name only if it is kept."""
    plan = proposed.plan
    return wire.RecruitmentPlan(
        name=f"recruitmentPlans/{plan.id}" if kept else "",
        create_time=instant_to_wire(plan.created_at),
        author=plan.author,
        as_of_date=date_to_wire(plan.as_of),
        due_date=date_to_wire(plan.due),
        method_version=plan.method_version,
        origin=f"DATA_ORIGIN_{plan.origin}",
        means=wire.RecruitmentMeans(
            recruits=plan.recruits,
            training_places=plan.places,
            amount=money_to_wire(Money(plan.amount_fen)) if plan.amount_fen else None,
            recruitment_cost=money_to_wire(Money(plan.recruit_fen)) if plan.amount_fen else None,
            training_place_cost=money_to_wire(Money(plan.place_fen)) if plan.amount_fen else None,
        ),
        lines=[_line(cells, each) for each in proposed.lines] if whole else (),
        expected_gap=plan.gap,
        closed_gap=plan.closed,
        closed_low=plan.closed_low,
        closed_high=plan.closed_high,
        spent=money_to_wire(Money(plan.spent_fen)) if plan.amount_fen else None,
        realised_gap=proposed.realised if whole else None,
    )


def _line(cells: CellWire, planned: PlanLine) -> wire.RecruitmentPlanLine:
    line = planned.line
    return wire.RecruitmentPlanLine(
        scope=cells.scope(line.address),
        recruits=line.recruits,
        training_places=line.places,
        expected_gap=line.gap,
        closed_gap=line.closed,
        closed_low=line.low,
        closed_high=line.high,
        recast=planned.recast,
    )


def forecast_to_wire(cells: CellWire, found: TurnedOut, *, whole: bool) -> wire.ShortageForecast:
    """A published forecast; its targets and score only if `whole`."""
    forecast = found.forecast
    return wire.ShortageForecast(
        name=f"shortageForecasts/{forecast.id}",
        create_time=instant_to_wire(forecast.created_at),
        author=forecast.author,
        as_of_date=date_to_wire(forecast.as_of),
        method_version=forecast.method_version,
        origin=f"DATA_ORIGIN_{forecast.origin}",
        targets=[_target(cells, *each) for each in found.targets] if whole else (),
        target_count=forecast.target_count,
        score=_score(found.score) if whole and found.score else None,
    )


def _target(cells: CellWire, target: ForecastTarget, actual: int | None) -> wire.ShortageForecastTarget:
    return wire.ShortageForecastTarget(
        scope=cells.scope(target.address),
        due_date=date_to_wire(target.due),
        mean=target.mean,
        low=target.low,
        high=target.high,
        start=target.start,
        actual=actual,
        recast=target.recast,
    )


def _score(score: ForecastScore) -> wire.ShortageForecastScore:
    return wire.ShortageForecastScore(
        scored_count=score.scored,
        coverage=score.coverage,
        mean_absolute_error=score.error,
        unchanged_absolute_error=score.unchanged_error,
    )
