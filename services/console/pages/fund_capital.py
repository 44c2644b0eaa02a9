"""Whose the capital of a fund is: what is subscribed, called and received, put on record on the fund's page."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bole.funding.v1 import capital_pb2, capital_service_pb2_grpc
from bole.funding.v1 import capital_service_pb2 as wire
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import date_to_wire, money_to_wire
from services.console.backend import SECONDS
from services.console.pages.beside import beside
from services.console.web.answering import Desk
from services.console.web.dates import day_of
from services.console.web.refusals import answered
from services.console.web.visits import Visit
from services.kernel.money import parse_amount
from services.wording.deals import PARTIES

Again = Callable[[Visit, Failure], Response]
"""The fund's page with what was wrong about what was sent."""


def routes(desk: Desk, again: Again) -> list[Route]:
    """What is sent from the page of a fund."""
    verbs: Mapping[str, Callable[[Visit], None]] = {"commitments": commit, "calls": call, "receipts": receive}
    return [
        Route(f"/funds/{{id:str}}/{path}", desk.endpoint(recording(send, again)), methods=["POST"])
        for path, send in verbs.items()
    ]


def capital_of(visit: Visit, name: str) -> dict[str, Any]:
    """What stands in the section, as far as it may be seen."""
    stub = stub_of(visit)
    return {
        "commitments": beside(
            lambda: stub.ListCommitments(wire.ListCommitmentsRequest(parent=name), timeout=SECONDS)
        ),
        "calls": beside(
            lambda: (
                stub.ListCapitalCalls(
                    wire.ListCapitalCallsRequest(parent=name), timeout=SECONDS
                ).capital_calls
            )
        ),
        "parties": PARTIES,
    }


def commit(visit: Visit) -> None:
    """Put a subscription on record. Raises InvalidArgument."""
    form = visit.form
    made = capital_pb2.Commitment(
        party_kind=f"PARTY_KIND_{form.get('party_kind', '')}" if form.get("party_kind") in PARTIES else None,
        party=form.get("party", ""),
        investor_fund=form.get("investor_fund", ""),
        amount=_amount(visit),
        signed_date=_day(visit, "signed_date"),
        document=form.get("document", ""),
        new_capital=form.get("new_capital") == "yes",
    )
    request = wire.CreateCommitmentRequest(parent=_fund(visit), commitment=made, request_id=str(uuid4()))
    stub_of(visit).CreateCommitment(request, timeout=SECONDS)


def call(visit: Visit) -> None:
    """Call capital of everybody who subscribed, in proportion. Raises InvalidArgument."""
    made = capital_pb2.CapitalCall(
        amount=_amount(visit), due_date=_day(visit, "due_date"), document=visit.form.get("document", "")
    )
    request = wire.CreateCapitalCallRequest(parent=_fund(visit), capital_call=made, request_id=str(uuid4()))
    stub_of(visit).CreateCapitalCall(request, timeout=SECONDS)


def receive(visit: Visit) -> None:
    """Put on record what came in of one part of a call. Raises InvalidArgument."""
    called, _, commitment = visit.form.get("part", "").partition(" ")
    request = wire.RecordReceiptRequest(
        name=called,
        commitment=commitment,
        amount=_amount(visit),
        received_date=_day(visit, "received_date"),
        document=visit.form.get("document", ""),
        request_id=str(uuid4()),
    )
    stub_of(visit).RecordReceipt(request, timeout=SECONDS)


def stub_of(visit: Visit) -> capital_service_pb2_grpc.CapitalServiceStub:
    """The service."""
    return visit.stub(capital_service_pb2_grpc.CapitalServiceStub)


def recording(send: Callable[[Visit], None], again: Again) -> Callable[[Visit], Response]:
    """A handler that sends and goes back to the fund, or shows its page again with what was refused."""

    def handler(visit: Visit) -> Response:
        def sent() -> Response:
            send(visit)
            return RedirectResponse(f"/{_fund(visit)}?done=yes#capital", 303)

        return answered(sent, lambda failure: again(visit, failure))

    return handler


def _fund(visit: Visit) -> str:
    return f"funds/{visit.part('id')}"


def _amount(visit: Visit) -> Any:
    return money_to_wire(parse_amount(visit.form.get("amount", ""), field="amount"))


def _day(visit: Visit, field: str) -> Any:
    return date_to_wire(day_of(field, visit.form.get(field, "")))
