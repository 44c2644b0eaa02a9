"""Places of a talent programme by industry, with the awards so far and how short talent is; and how they are set."""

from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.talent.v1 import nomination_service_pb2 as service
from bole.talent.v1 import nomination_service_pb2_grpc
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit, whole_number
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument

PATH = "/nominations/quotas"
_MOST_PLACES, _LAST_YEAR = 1_000_000, 2200


def show(visit: Visit) -> Response:
    """One programme and year, of the address; the first programme and this year unless it names others."""
    return _page(visit)


def record(visit: Visit) -> Response:
    """Set the places of an industry, and show the page of its programme and year."""

    def send() -> Response:
        year = _whole(visit, "year", _LAST_YEAR)
        quota = service.NominationQuota(
            programme_code=visit.form.get("programme", ""),
            year=year,
            industry_code=visit.form.get("industry", ""),
            place_count=_whole(visit, "places", _MOST_PLACES),
        )
        request = service.SetNominationQuotaRequest(quota=quota, request_id=str(uuid4()))
        _stub(visit).SetNominationQuota(request, timeout=SECONDS)
        return RedirectResponse(
            visit.at(PATH).link(programme=quota.programme_code, year=str(year), done="yes"), 303
        )

    return answered(send, lambda failure: _page(visit, failure))


def _page(visit: Visit, problem: Failure | None = None) -> Response:
    given = visit.form if problem else {}
    programme = given.get("programme") or visit.get("programme") or visit.catalogue.programmes[0].id
    stated = whole_number(given.get("year", ""), _LAST_YEAR)
    year = visit.number("year", civil_date(visit.now).year, _LAST_YEAR) if stated is None else stated
    code = visit.catalogue.resolve_programme(programme, "programme")
    request = service.ListNominationQuotasRequest(programme_code=code, year=year)
    return render(
        visit,
        "nominations/quotas.html",
        status_of(problem),
        active="people",
        tab="nominations",
        synthetic=origins.among(visit),
        found=_stub(visit).ListNominationQuotas(request, timeout=SECONDS),
        programme=code,
        year=year,
        problem=problem,
    )


def _whole(visit: Visit, field: str, most: int) -> int:
    """A whole number of the form. Raises InvalidArgument."""
    found = whole_number(visit.form.get(field, "").strip(), most)
    if found is None:
        raise InvalidArgument.field(
            field, "NOT_A_NUMBER", f"请填写 0 至 {most} 的整数", f"state a whole number from 0 to {most}"
        )
    return found


def _stub(visit: Visit) -> nomination_service_pb2_grpc.NominationServiceStub:
    return visit.stub(nomination_service_pb2_grpc.NominationServiceStub)
