"""What the funding service says on the log: full states, without amounts but the limits of a mandate."""

from bole.common.v1 import data_origin_pb2, direction_share_pb2
from bole.events.v1 import (
    deal_event_pb2,
    firm_event_pb2,
    firm_report_event_pb2,
    fund_event_pb2,
    indicator_request_event_pb2,
    investment_event_pb2,
    pledge_event_pb2,
)
from services.chassis.rpc.wire import date_to_wire
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.trail import Head
from services.funding.domain.firm.firm import Firm
from services.funding.domain.firm.firm_report import FirmReport
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.indicators.requests import IndicatorRequest
from services.funding.domain.investment.investment import Investment
from services.funding.domain.pipeline.hiring import ExpectedHires
from services.funding.domain.property.pledge import Pledge


def origin_to_wire(origin: str) -> data_origin_pb2.DataOrigin:
    """`REAL` or `SYNTHETIC` as the contract has it."""
    synthetic = origin == "SYNTHETIC"
    return data_origin_pb2.DATA_ORIGIN_SYNTHETIC if synthetic else data_origin_pb2.DATA_ORIGIN_REAL


def shares_to_wire(shares: tuple[tuple[str, int], ...]) -> list[direction_share_pb2.DirectionShare]:
    """Direction shares as the contract has them."""
    return [direction_share_pb2.DirectionShare(code=code, permille=share) for code, share in shares]


def firm_event(firm: Firm) -> firm_event_pb2.FirmState:
    """The state of a firm."""
    return firm_event_pb2.FirmState(
        id=firm.id,
        version=firm.version,
        state=f"STATE_{firm.status.name}",
        display_name=firm.name,
        city_code=firm.city,
        direction_shares=shares_to_wire(firm.direction_shares),
        stage=f"FIRM_STAGE_{firm.stage.name}" if firm.stage else None,
        technology=firm.technology,
        product=firm.product,
        origin=origin_to_wire(firm.origin),
        sought_fen=firm.sought_fen,
    )


def fund_event(fund: Fund, mandate: Mandate) -> fund_event_pb2.FundState:
    """The state of a fund with the scope and the limits of its mandate."""
    return fund_event_pb2.FundState(
        id=fund.id,
        version=fund.version,
        display_name=fund.name,
        kind=f"KIND_{fund.kind.name}",
        city_code=fund.city,
        industry_codes=mandate.industries,
        scope_city_codes=mandate.cities,
        ruleset=mandate.ruleset,
        origin=origin_to_wire(fund.origin),
        stages=[f"FIRM_STAGE_{stage.name}" for stage in mandate.stages],
        ticket_max_fen=mandate.ticket_max_fen,
        valuation_below_fen=mandate.valuation_below_fen,
        has_limits=True,
        scope_permille_min=mandate.scope_share_min,
    )


def deal_event(deal: Deal, trail: Head | None = None) -> deal_event_pb2.DealState:
    """The state of a deal. It tells what hires are expected of it, once it is paid, and how far its trail goes:
    a hash that has left the house proves all entries before it.
    """
    expected = deal.expected_hires
    return deal_event_pb2.DealState(
        id=deal.id,
        version=deal.version,
        state=f"STATE_{deal.state.name}",
        fund_id=deal.fund_id,
        firm_id=deal.firm_id,
        round=deal.round_name,
        origin=origin_to_wire(deal.origin),
        expected_hires=_expected(expected) if expected else None,
        trail_sequence=trail.sequence if trail else 0,
        trail_hash=trail.hash if trail else b"",
    )


def investment_event(investment: Investment) -> investment_event_pb2.InvestmentState:
    """The state of a holding."""
    return investment_event_pb2.InvestmentState(
        id=investment.id,
        version=investment.version,
        state=f"STATE_{investment.state.name}",
        fund_id=investment.fund_id,
        firm_id=investment.firm_id,
        round=investment.round_name,
        origin=origin_to_wire(investment.origin),
    )


def pledge_event(pledge: Pledge) -> pledge_event_pb2.PledgeState:
    """The state of a pledge."""
    return pledge_event_pb2.PledgeState(
        id=pledge.id, version=pledge.version, state=f"STATE_{pledge.state.name}", firm_id=pledge.firm_id
    )


def request_event(
    request: IndicatorRequest, version: int, origin: str
) -> indicator_request_event_pb2.IndicatorRequestState:
    """Where an expected report stands."""
    return indicator_request_event_pb2.IndicatorRequestState(
        id=request.id,
        version=version,
        state=f"STATE_{request.state.name}",
        firm_id=request.firm_id,
        period=request.period.name,
        due_date=date_to_wire(request.due),
        origin=origin_to_wire(origin),
    )


def report_event(report: FirmReport, origin: str) -> firm_report_event_pb2.FirmReportState:
    """Where a firm's own report stands, without what it says."""
    return firm_report_event_pb2.FirmReportState(
        id=report.id,
        version=report.version,
        state=f"STATE_{report.state.name}",
        firm_id=report.firm_id,
        kind=f"KIND_{report.kind.name}",
        origin=origin_to_wire(origin),
    )


def _expected(expected: ExpectedHires) -> deal_event_pb2.ExpectedHires:
    return deal_event_pb2.ExpectedHires(
        hires=[
            deal_event_pb2.ExpectedHires.Hire(
                direction_code=each.leaf,
                city_code=each.city,
                category_code=each.category,
                headcount_milli=each.milli,
            )
            for each in expected.hires
        ],
        start_date=date_to_wire(expected.starts),
        end_date=date_to_wire(expected.ends),
        basis=f"BASIS_{expected.basis.name}",
        basis_deal_count=expected.deals,
    )
