"""SetHiringPlan: what a firm plans to hire with the money, and what is expected of a paid deal."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import uuid4

import grpc
import pytest

from bole.funding.v1 import (
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
)
from bole.talent.v1 import expected_hire_service_pb2, expected_hire_service_pb2_grpc
from services.chassis.identity.identity import Grant
from tests.contract.funding.leads import entered
from tests.contract.installation import MANAGER, OFFICER, Installation, fields, refused

ENGINEERS = deal_pb2.HiringPlan.Hire(category_code="卓越工程师", headcount=6)


@pytest.fixture
def channel(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER) as opened:
        yield opened


@pytest.fixture
def deals(channel: grpc.Channel) -> Any:
    return deal_service_pb2_grpc.DealServiceStub(channel)


@pytest.fixture
def lead(channel: grpc.Channel) -> deal_pb2.Deal:
    return entered(channel, hiring_plan=deal_pb2.HiringPlan(hires=[ENGINEERS]))


def request(deal: deal_pb2.Deal, **more: Any) -> deal_service_pb2.SetHiringPlanRequest:
    return deal_service_pb2.SetHiringPlanRequest(name=deal.name, etag=deal.etag, **more)


def test_a_plan_is_stated_with_the_lead_changed_and_taken_back(deals: Any, lead: deal_pb2.Deal) -> None:
    assert lead.hiring_plan.hires[0].category_code == "outstanding-engineer"
    assert not lead.HasField("expected_hires")
    plan = deal_pb2.HiringPlan(hires=[ENGINEERS], window_months=6)
    asked = request(lead, hiring_plan=plan, request_id=str(uuid4()))
    changed = deals.SetHiringPlan(asked)
    assert changed.hiring_plan.window_months == 6
    assert deals.SetHiringPlan(asked) == changed
    assert refused(deals.SetHiringPlan, request(lead, hiring_plan=plan)).code == "ABORTED"
    assert not deals.SetHiringPlan(request(changed)).HasField("hiring_plan")


def test_a_paid_deal_brings_expected_hires_to_the_talent_service(whole: Installation, deals: Any) -> None:
    listed = deals.ListDeals(deal_service_pb2.ListDealsRequest(filter="state = INVESTED", page_size=1))
    deal = listed.deals[0]
    plan = deal_pb2.HiringPlan(hires=[ENGINEERS], window_months=24)
    paid = deals.SetHiringPlan(request(deal, hiring_plan=plan))
    assert (paid.expected_hires.headcount, paid.expected_hires.basis) == (
        6,
        deal_pb2.ExpectedHires.BASIS_PLAN,
    )
    kind = expected_hire_service_pb2.ListExpectedHiresRequest
    with whole.channel("talent", OFFICER) as channel:
        stub = expected_hire_service_pb2_grpc.ExpectedHireServiceStub(channel)
        wanted = kind(filter=f'deal = "{paid.name}"', order_by="deal")
        found = whole.until(lambda: planned(stub.ListExpectedHires(wanted).expected_hires))
    assert all(each.counted and each.deal == paid.name for each in found)


def planned(hires: Sequence[Any]) -> Sequence[Any]:
    """The hires, once they are those of the plan."""
    return hires if sum(each.headcount for each in hires) == pytest.approx(6) else ()


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (deal_pb2.HiringPlan(), "hiring_plan.hires"),
        (deal_pb2.HiringPlan(hires=[ENGINEERS, ENGINEERS]), "hiring_plan.hires"),
        (deal_pb2.HiringPlan(hires=[ENGINEERS], window_months=61), "hiring_plan.window_months"),
        (
            deal_pb2.HiringPlan(hires=[deal_pb2.HiringPlan.Hire(category_code="king", headcount=1)]),
            "hiring_plan.hires[0].category_code",
        ),
        (
            deal_pb2.HiringPlan(
                hires=[
                    deal_pb2.HiringPlan.Hire(
                        direction_code="atlantis", category_code="卓越工程师", headcount=1
                    )
                ]
            ),
            "hiring_plan.hires[0].direction_code",
        ),
        (
            deal_pb2.HiringPlan(hires=[deal_pb2.HiringPlan.Hire(category_code="卓越工程师")]),
            "hiring_plan.hires[0].headcount",
        ),
    ],
)
def test_a_wrong_plan_is_named(
    deals: Any, lead: deal_pb2.Deal, plan: deal_pb2.HiringPlan, field: str
) -> None:
    failure = refused(deals.SetHiringPlan, request(lead, hiring_plan=plan))
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure)


def test_nobody_plans_for_a_deal_that_is_not_theirs_or_ended_unpaid(whole: Installation, deals: Any) -> None:
    unpaid = deals.ListDeals(deal_service_pb2.ListDealsRequest(filter="state = DECLINED", page_size=1))
    plan = deal_pb2.HiringPlan(hires=[ENGINEERS])
    ended = refused(deals.SetHiringPlan, request(unpaid.deals[0], hiring_plan=plan))
    assert ended.reason == "DEAL_ENDED"
    none = deal_service_pb2.SetHiringPlanRequest(name="deals/none", etag='"v1"')
    assert refused(deals.SetHiringPlan, none).code == "NOT_FOUND"
    with whole.channel("funding", Grant("legal")) as channel:
        legal = deal_service_pb2_grpc.DealServiceStub(channel)
        assert refused(legal.SetHiringPlan, none).code == "PERMISSION_DENIED"
