"""Between the contract of questions about deals and their answers."""

from bole.funding.v1 import deal_analysis_pb2
from bole.funding.v1 import deal_analysis_service_pb2 as wire
from services.chassis.rpc.wire import date_to_wire, text_to_wire
from services.funding.domain import wording
from services.funding.domain.funnel import Funnel
from services.funding.domain.quotas import Quota
from services.funding.domain.ranking import Difference
from services.funding.domain.waiting import WAITS_FOR
from services.funding.rpc.amounts import yuan
from services.funding.service.analysis import Alternative, Stalled
from services.kernel.text import Text


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
