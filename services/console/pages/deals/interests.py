"""Declaring one's interests in the firm of a deal."""

from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import interest_pb2, interest_service_pb2_grpc
from bole.funding.v1 import interest_service_pb2 as service
from services.console.backend import SECONDS
from services.console.pages.deals import deal
from services.console.web.refusals import answered
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument

_PREFIX = "kind_"


def declare(visit: Visit) -> Response:
    """Send the declaration, and show the deal with what it means, or what is missing."""

    def send() -> Response:
        kinds: list[Any] = [
            interest_pb2.InterestKind.Value(f"INTEREST_KIND_{name.removeprefix(_PREFIX)}")
            for name in visit.form
            if name.startswith(_PREFIX) and f"INTEREST_KIND_{name.removeprefix(_PREFIX)}" in _KNOWN
        ]
        if not kinds:
            raise InvalidArgument.field(
                "kinds",
                "REQUIRED",
                "请至少选一项；没有关系的选“无”",
                "choose at least one; “none” where there is no tie",
            )
        request = service.DeclareInterestRequest(
            parent=f"deals/{visit.part('id')}",
            kinds=kinds,
            text=visit.form.get("text", ""),
            request_id=str(uuid4()),
        )
        stub = visit.stub(interest_service_pb2_grpc.InterestServiceStub)
        stub.DeclareInterest(request, timeout=SECONDS)
        return RedirectResponse(f"/deals/{visit.part('id')}?done=DECLARED#interests", 303)

    return answered(send, lambda failure: deal.page(visit, failure))


_KNOWN = frozenset(interest_pb2.InterestKind.keys())
