"""Who works on a deal: the team (项目组) that due diligence is done by."""

import re
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import deal_pb2, deal_service_pb2, deal_service_pb2_grpc
from services.console.backend import SECONDS
from services.console.pages.deals import deal
from services.console.web.refusals import answered
from services.console.web.visits import Visit

_BETWEEN = re.compile(r"[\s,，、;；]+")


def record(visit: Visit) -> Response:
    """Record the accounts of the team; who speaks for the firm and who recommended it stay as they are."""
    name = f"deals/{visit.part('id')}"

    def send() -> Response:
        stub = visit.stub(deal_service_pb2_grpc.DealServiceStub)
        known = stub.GetDeal(deal_service_pb2.GetDealRequest(name=name), timeout=SECONDS).parties
        parties = deal_pb2.DealParties(
            team=[each for each in _BETWEEN.split(visit.form.get("team", "")) if each],
            representatives=known.representatives,
            scouts=known.scouts,
        )
        request = deal_service_pb2.SetDealPartiesRequest(
            name=name, etag=visit.form.get("etag", ""), parties=parties, request_id=str(uuid4())
        )
        stub.SetDealParties(request, timeout=SECONDS)
        return RedirectResponse(f"/{name}?done=TEAM#interests", 303)

    return answered(send, lambda failure: deal.page(visit, failure))
