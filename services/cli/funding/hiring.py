"""`bole deal plan`: what a firm plans to hire with the money of a deal."""

from collections.abc import Sequence
from uuid import uuid4

from bole.funding.v1 import deal_pb2, deal_service_pb2_grpc
from bole.funding.v1 import deal_service_pb2 as service
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

TIMEOUT_SECONDS = 30.0


def plan(session: Session, name: str, hires: Sequence[str], months: int | None) -> None:
    """State the plan; without hires, take the stated one back. Raises InvalidArgument (BAD_HIRE)."""
    stub = deal_service_pb2_grpc.DealServiceStub(session.channel("funding"))
    now = stub.GetDeal(service.GetDealRequest(name=name), timeout=TIMEOUT_SECONDS)
    lines = [_hire(each) for each in hires]
    request = service.SetHiringPlanRequest(
        name=name,
        etag=now.etag,
        hiring_plan=deal_pb2.HiringPlan(hires=lines, window_months=months) if lines else None,
        request_id=str(uuid4()),
    )
    deal = stub.SetHiringPlan(request, timeout=TIMEOUT_SECONDS)
    if not deal.HasField("expected_hires"):
        session.output.say(
            Text(f"{name}：计划已保存，出资后计入", f"{name}: the plan is kept and counts once it is paid")
        )
        return
    heads = deal.expected_hires.headcount
    session.output.say(
        Text(f"{name}：预计用人 {heads:g} 人，已计入图谱", f"{name}: {heads:g} hires are expected and count")
    )


def _hire(text: str) -> deal_pb2.HiringPlan.Hire:
    what, _, heads = text.partition("=")
    direction, colon, category = what.rpartition(":")
    if not category or not heads.isascii() or not heads.isdigit():
        raise InvalidArgument.field(
            "HIRES",
            "BAD_HIRE",
            f"“{text}”应写成 类别=人数 或 方向:类别=人数",
            f"write {text!r} as category=heads or direction:category=heads",
        )
    return deal_pb2.HiringPlan.Hire(
        direction_code=direction if colon else "", category_code=category, headcount=int(heads)
    )
