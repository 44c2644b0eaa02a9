"""Between the contract of questions about deals and their answers."""

from collections.abc import Sequence

from bole.funding.v1 import deal_analysis_pb2
from bole.funding.v1 import deal_analysis_service_pb2 as wire
from services.chassis.rpc.wire import date_to_wire, text_to_wire
from services.funding.domain import wording
from services.funding.domain.fund.quotas import Quota
from services.funding.domain.intervals import Estimate
from services.funding.domain.pipeline.completion import StageCompletion
from services.funding.domain.pipeline.forecast import FEWEST, METHOD, StageForecast
from services.funding.domain.pipeline.funnel import Funnel
from services.funding.domain.pipeline.waiting import WAITS_FOR
from services.funding.domain.screening.ranking import Difference
from services.funding.rpc.funds.amounts import yuan
from services.funding.service.deals.analysis import Alternative, Stalled
from services.funding.service.deals.deal_flow import Ahead
from services.kernel.text import Text

_LISTED = 50


def quota_to_wire(quota: Quota) -> deal_analysis_pb2.Quota:
    """One limit, before and after."""
    return deal_analysis_pb2.Quota(
        code=quota.check.code,
        title=text_to_wire(quota.name),
        before=quota.before.exact,
        after=quota.after.exact,
        limit=f"{quota.limit.num}/{quota.limit.den}",
        floor=quota.floor,
        headroom_before=yuan(quota.headroom_before_fen),
        headroom_after=yuan(quota.headroom_after_fen),
        outcome=f"OUTCOME_{quota.outcome.name}",
        bites_from_date=date_to_wire(quota.bites) if quota.bites else None,
        citation=text_to_wire(quota.citation),
        firm=f"firms/{quota.firm}" if quota.firm else "",
    )


def alternative_to_wire(alternative: Alternative) -> deal_analysis_pb2.Alternative:
    """Another way, in a sentence and exactly."""
    amount, fund = wording.amount(alternative.fen), alternative.fund
    title = (
        Text(f"本基金本次先投{amount.zh}以内", f"this fund invests up to {amount.en} now")
        if alternative.own
        else Text(
            f"由{fund.name}投资或联合投资，最多{amount.zh}",
            f"{fund.name} invests or co-invests, up to {amount.en}",
        )
    )
    return deal_analysis_pb2.Alternative(
        title=text_to_wire(title),
        fund=f"funds/{fund.id}",
        ticket=yuan(alternative.fen),
        blocking=alternative.blocking,
    )


def difference_to_wire(found: Difference) -> deal_analysis_pb2.DimensionDifference:
    """One input of two deals."""
    mine, other = found.mine, found.other
    return deal_analysis_pb2.DimensionDifference(
        score=found.score,
        title=text_to_wire(found.name),
        value=text_to_wire(mine.value),
        versus_value=text_to_wire(other.value),
        points=mine.points,
        versus_points=other.points,
        verified=mine.factor >= 1,
        missing=mine.s is None,
        points_if_verified=found.gain,
    )


def funnel_to_wire(found: Funnel) -> wire.GetPipelineFunnelResponse:
    """The cohort."""
    return wire.GetPipelineFunnelResponse(
        steps=[
            deal_analysis_pb2.FunnelStep(
                state=each.state.name,
                title=text_to_wire(each.state.label),
                deal_count=each.deals,
                ticket=yuan(each.ask_fen),
                median_days=each.median_days,
            )
            for each in found.steps
        ],
        declined=[
            deal_analysis_pb2.FunnelReason(code=code.name, title=text_to_wire(code.label), deal_count=count)
            for code, count in sorted(found.declined.items(), key=lambda pair: (-pair[1], pair[0]))
        ],
        withdrawn_count=found.withdrawn,
        lapsed_count=found.lapsed,
        open_count=found.open,
    )


def stalled_to_wire(found: Stalled) -> deal_analysis_pb2.StalledDeal:
    """A deal that is over its time, and whom it waits for."""
    return deal_analysis_pb2.StalledDeal(
        deal=f"deals/{found.deal_id}",
        firm_name=found.firm_name,
        state=found.state.name,
        title=text_to_wire(found.state.label),
        day_count=found.days,
        allowed_day_count=found.allowed,
        median_days=found.median_days,
        waiting_for=text_to_wire(WAITS_FOR[found.state]),
        owner=found.owner,
    )


def section_to_wire(title: Text, text: Text) -> deal_analysis_pb2.MethodSection:
    """A part of the method."""
    return deal_analysis_pb2.MethodSection(title=text_to_wire(title), text=text_to_wire(text))


def completion_to_wire(stages: Sequence[StageCompletion]) -> wire.GetDealCompletionResponse:
    """What the deals of every stage have and lack."""
    return wire.GetDealCompletionResponse(
        stages=[_stage_to_wire(each) for each in stages],
        deal_count=sum(each.deals for each in stages),
        complete_count=sum(each.complete for each in stages),
    )


def _stage_to_wire(stage: StageCompletion) -> deal_analysis_pb2.StageCompletion:
    message = deal_analysis_pb2.StageCompletion
    return message(
        state=stage.state.name,
        title=text_to_wire(stage.state.label),
        deal_count=stage.deals,
        complete_count=stage.complete,
        parked_count=stage.parked,
        items=[
            message.Item(
                code=each.asked.name,
                title=text_to_wire(each.asked.label),
                have_count=each.have,
                lacking=[
                    message.Lacking(deal=f"deals/{one.deal_id}", firm_name=one.firm_name)
                    for one in each.lacking[:_LISTED]
                ],
            )
            for each in stage.items
        ],
    )


def forecast_to_wire(found: Ahead) -> wire.GetDealForecastResponse:
    """What past deals say of the board, and by what method."""
    amount = found.forecast.amount
    return wire.GetDealForecastResponse(
        stages=[_forecast_to_wire(each) for each in found.forecast.stages],
        expected=yuan(amount.expected) if amount else None,
        expected_low=yuan(amount.low) if amount else None,
        expected_high=yuan(amount.high) if amount else None,
        counted_count=amount.deals if amount else 0,
        left_out_count=found.left_out,
        left_out=yuan(found.left_out_fen),
        as_of_date=date_to_wire(found.as_of),
        until_date=date_to_wire(found.until),
        fewest=FEWEST,
        method=[section_to_wire(*each) for each in METHOD],
    )


def _forecast_to_wire(stage: StageForecast) -> deal_analysis_pb2.StageForecast:
    return deal_analysis_pb2.StageForecast(
        state=stage.state.name,
        title=text_to_wire(stage.state.label),
        settled_count=stage.settled,
        onward_count=stage.onward,
        share=_estimate(stage.share),
        timed_count=stage.timed,
        days=_estimate(stage.days),
        followed_count=stage.followed,
        paid_count=stage.paid,
        payment=_estimate(stage.payment),
        deal_count=stage.deals,
        amount=yuan(stage.fen),
        parked_count=stage.parked,
    )


def _estimate(found: Estimate | None) -> deal_analysis_pb2.Estimated | None:
    if found is None:
        return None
    return deal_analysis_pb2.Estimated(value=found.value, low=found.low, high=found.high)
