"""How a signed deal is paid (分期出资): the plan on the deal's page, until the first payment."""

from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import investment_pb2, investment_service_pb2_grpc
from bole.funding.v1 import investment_service_pb2 as service
from services.chassis.rpc.wire import date_to_wire, money_to_wire
from services.console.backend import SECONDS
from services.console.pages.deals import deal
from services.console.web.dates import day_of
from services.console.web.refusals import answered
from services.console.web.visits import Visit
from services.kernel.money import parse_amount

ROWS = 4
"""Payments that the form has room for; more are planned by the command line."""


def plan(visit: Visit) -> Response:
    """State how the deal is paid, and show it."""

    def send() -> Response:
        request = service.SetTranchePlanRequest(
            name=f"deals/{visit.part('id')}/tranchePlan",
            deal_etag=visit.form.get("etag", ""),
            tranche_plan=investment_pb2.TranchePlan(
                tranches=[_tranche(visit, at) for at in range(ROWS) if visit.form.get(f"amount_{at}")],
                document=visit.form.get("document", ""),
            ),
            request_id=str(uuid4()),
        )
        _stub(visit).SetTranchePlan(request, timeout=SECONDS)
        return RedirectResponse(f"/deals/{visit.part('id')}?done=PLANNED#tranches", 303)

    return answered(send, lambda failure: deal.page(visit, failure))


def _tranche(visit: Visit, at: int) -> investment_pb2.Tranche:
    form, due = visit.form, visit.form.get(f"due_{at}", "")
    return investment_pb2.Tranche(
        amount=money_to_wire(parse_amount(form[f"amount_{at}"], field=f"amount_{at}")),
        milestone=form.get(f"milestone_{at}", ""),
        due_date=date_to_wire(day_of(f"due_{at}", due)) if due else None,
    )


def _stub(visit: Visit) -> investment_service_pb2_grpc.InvestmentServiceStub:
    return visit.stub(investment_service_pb2_grpc.InvestmentServiceStub)
