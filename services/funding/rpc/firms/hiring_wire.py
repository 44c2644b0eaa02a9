"""Between the contract of hiring plans and their domain."""

from bole.funding.v1 import deal_pb2
from services.catalogue import Catalogue
from services.chassis.rpc.wire import date_to_wire
from services.funding.domain.pipeline.hiring import ExpectedHires, HiringPlan, PlannedHire

_MILLI = 1000


def plan_of(plan: deal_pb2.HiringPlan, catalogue: Catalogue, field: str) -> HiringPlan:
    """The plan that a request states. Raises InvalidArgument for a code nobody knows."""
    return HiringPlan(
        tuple(
            PlannedHire(
                catalogue.resolve_direction(each.direction_code, field=f"{field}.hires[{at}].direction_code")
                if each.direction_code
                else "",
                catalogue.resolve_category(each.category_code, field=f"{field}.hires[{at}].category_code"),
                each.headcount,
            )
            for at, each in enumerate(plan.hires)
        ),
        plan.window_months if plan.HasField("window_months") else None,
    )


def plan_to_wire(plan: HiringPlan) -> deal_pb2.HiringPlan:
    """The plan as it was stated."""
    return deal_pb2.HiringPlan(
        hires=[
            deal_pb2.HiringPlan.Hire(
                direction_code=each.leaf, category_code=each.category, headcount=each.heads
            )
            for each in plan.hires
        ],
        window_months=plan.months,
    )


def expected_to_wire(expected: ExpectedHires) -> deal_pb2.ExpectedHires:
    """What is expected, in all."""
    return deal_pb2.ExpectedHires(
        headcount=sum(each.milli for each in expected.hires) / _MILLI,
        start_date=date_to_wire(expected.starts),
        end_date=date_to_wire(expected.ends),
        basis=f"BASIS_{expected.basis.name}",
        basis_deal_count=expected.deals,
    )
