"""One holding: what it cost and is worth, how it is paid, what can be done, what its firm reports, and its history."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from bole.funding.v1 import deal_action_pb2, investment_pb2, investment_service_pb2_grpc
from bole.funding.v1 import investment_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.beside import beside, together
from services.console.pages.called import called
from services.console.pages.deals.move import LACKING, out_of_place
from services.console.pages.holdings import monitoring
from services.console.web.refusals import status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit

_TRANCHE = investment_pb2.Tranche
OPEN = (_TRANCHE.STATE_PENDING, _TRANCHE.STATE_PREPARED)
"""Where a payment stands that is yet to be made."""


def show(visit: Visit) -> Response:
    """The page."""
    return page(visit)


def page(visit: Visit, problem: Failure | None = None) -> Response:
    """The page, with what was wrong about what was just sent, if anything was."""
    name, stub = f"investments/{visit.part('id')}", stub_of(visit)
    held = stub.GetInvestment(service.GetInvestmentRequest(name=name), timeout=SECONDS)
    to_actions = service.ListInvestmentActionsRequest(name=name)
    to_steps = service.ListInvestmentStepsRequest(parent=name)
    to_marks = service.ListMarksRequest(parent=name)
    titles, actions, steps, marks, monitored = together(
        lambda: called(visit, [held.firm, held.fund, held.deal]),
        lambda: beside(lambda: list(stub.ListInvestmentActions(to_actions, timeout=SECONDS).actions)),
        lambda: beside(lambda: list(stub.ListInvestmentSteps(to_steps, timeout=SECONDS).steps)),
        lambda: beside(lambda: list(stub.ListMarks(to_marks, timeout=SECONDS).marks)),
        lambda: monitoring.of_firm(visit, held),
    )
    given: dict[str, Any] = {
        "held": held,
        "id": visit.part("id"),
        "titles": titles,
        "actions": actions,
        "steps": steps,
        "marks": marks,
        "offered": offered,
        "out_of_place": out_of_place,
        "done": visit.get("done"),
        "problem": problem,
        "sent": visit.path.rpartition("/")[2] if problem else "",
        "active": "deals",
        "synthetic": origins.is_sample(held),
        **monitored,
    }
    return render(visit, "holdings/one.html", status_of(problem), **given)


def offered(action: deal_action_pb2.DealAction) -> bool:
    """Whether it can be begun: nothing stands against it but documents, which are handed in with it."""
    return action.permitted or (bool(action.missing_evidence) and set(action.reason_codes) == {LACKING})


def payable(held: investment_pb2.Investment) -> Sequence[investment_pb2.Tranche]:
    """The payments yet to be made, in order."""
    return [each for each in held.tranches if each.state in OPEN]


def stub_of(visit: Visit) -> investment_service_pb2_grpc.InvestmentServiceStub:
    """The service."""
    return visit.stub(investment_service_pb2_grpc.InvestmentServiceStub)
