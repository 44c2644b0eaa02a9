"""Whose the capital of a fund is: what is subscribed, called and received, put on record on the fund's page."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bole.funding.v1 import capital_pb2, capital_service_pb2_grpc
from bole.funding.v1 import capital_service_pb2 as wire
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import date_from_wire, date_to_wire, money_from_wire, money_to_wire
from services.console.backend import SECONDS
from services.console.pages.beside import beside
from services.console.web.answering import Desk
from services.console.web.dates import day_of
from services.console.web.refusals import answered
from services.console.web.visits import Visit
from services.kernel.clock import civil_date
from services.kernel.money import Money, parse_amount
from services.kernel.text import Text
from services.wording.deals import PARTIES

Again = Callable[[Visit, Failure], Response]
"""The fund's page with what was wrong about what was sent."""


DISTRIBUTED = {"GAINS": Text("收益", "gains"), "CAPITAL": Text("本金", "capital")}
"""What is paid out to who subscribed, by the end of its code."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one party owes of a call and what of it came in, in fen. `code`: what the form of a receipt says of it;
    `owes`: what has yet to come, to the fen.
    """

    commitment: str
    code: str
    fen: int
    received_fen: int
    owes: str

    @property
    def owed_fen(self) -> int:
        """What has yet to come."""
        return self.fen - self.received_fen


@dataclass(frozen=True, slots=True)
class Called:
    """A call as it is shown. `late`: it was due before today, and not all of it is here."""

    call: capital_pb2.CapitalCall
    parts: Sequence[Part]
    late: bool


def routes(desk: Desk, again: Again) -> list[Route]:
    """What is sent from the page of a fund."""
    verbs: Mapping[str, Callable[[Visit], None]] = {
        "commitments": commit,
        "calls": call,
        "receipts": receive,
        "fees": spend,
        "distributions": distribute,
    }
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
            lambda: shown(
                visit,
                stub.ListCapitalCalls(
                    wire.ListCapitalCallsRequest(parent=name), timeout=SECONDS
                ).capital_calls,
            )
        ),
        "parties": PARTIES,
        "distributed": DISTRIBUTED,
    }


def shown(visit: Visit, calls: Iterable[capital_pb2.CapitalCall]) -> list[Called]:
    """Calls with what is owed of each."""
    found, today = [], civil_date(visit.now)
    for each in calls:
        parts = [_part(each.name, part, visit) for part in each.parts]
        late = date_from_wire(each.due_date) < today and any(part.owed_fen for part in parts)
        found.append(Called(each, parts, late))
    return found


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


def spend(visit: Visit) -> None:
    """Put a fee that the fund paid on record. Raises InvalidArgument."""
    request = wire.RecordFeeRequest(
        parent=_fund(visit),
        amount=_amount(visit),
        document=visit.form.get("document", ""),
        request_id=str(uuid4()),
    )
    stub_of(visit).RecordFee(request, timeout=SECONDS)


def distribute(visit: Visit) -> None:
    """Put on record what was paid out to who subscribed. Raises InvalidArgument."""
    kind = visit.form.get("kind", "")
    request = wire.RecordDistributionRequest(
        parent=_fund(visit),
        kind=f"KIND_{kind}" if kind in DISTRIBUTED else None,
        amount=_amount(visit),
        document=visit.form.get("document", ""),
        request_id=str(uuid4()),
    )
    stub_of(visit).RecordDistribution(request, timeout=SECONDS)


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


def _part(call: str, part: capital_pb2.CapitalCallPart, visit: Visit) -> Part:
    fen, received = money_from_wire(part.amount).fen, money_from_wire(part.received).fen
    left = Money(fen - received)
    owes = visit.say(left.display_zh(), left.display_en())
    return Part(part.commitment, f"{call} {part.commitment}", fen, received, owes)


def _fund(visit: Visit) -> str:
    return f"funds/{visit.part('id')}"


def _amount(visit: Visit) -> Any:
    return money_to_wire(parse_amount(visit.form.get("amount", ""), field="amount"))


def _day(visit: Visit, field: str) -> Any:
    return date_to_wire(day_of(field, visit.form.get(field, "")))
