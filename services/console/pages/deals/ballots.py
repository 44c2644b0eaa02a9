"""Casting a ballot on a deal."""

from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import committee_service_pb2 as service
from bole.funding.v1 import committee_service_pb2_grpc
from services.console.backend import SECONDS
from services.console.pages.deals import deal
from services.console.web.refusals import answered
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument
from services.wording.deals import CHOICES


def cast(visit: Visit) -> Response:
    """Cast the visitor's ballot."""

    def send() -> Response:
        choice = visit.form.get("choice", "")
        if choice not in CHOICES:
            raise InvalidArgument.field(
                "choice", "REQUIRED", "请选择同意、反对或弃权", "choose yes, no or abstain"
            )
        request = service.CastBallotRequest(
            parent=visit.form.get("vote", ""),
            choice=choice,
            text=visit.form.get("text", ""),
            request_id=str(uuid4()),
        )
        visit.stub(committee_service_pb2_grpc.CommitteeServiceStub).CastBallot(request, timeout=SECONDS)
        return RedirectResponse(f"/deals/{visit.part('id')}?done=BALLOT#votes", 303)

    return answered(send, lambda failure: deal.page(visit, failure))
