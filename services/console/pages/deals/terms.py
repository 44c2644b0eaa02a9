"""The terms of a deal, stated anew while nothing is decided on them; and an ended deal, taken up again."""

from collections.abc import Mapping
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import deal_pb2, deal_service_pb2, deal_service_pb2_grpc
from services.chassis.rpc.wire import money_to_wire
from services.console.backend import SECONDS
from services.console.pages.deals import deal
from services.console.pages.deals.stated import AMOUNTS, WHOLE
from services.console.web.refusals import answered
from services.console.web.visits import Visit, whole_number
from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount

_MARKS = {"yes": True, "no": False}


def state(visit: Visit) -> Response:
    """State the terms anew, or say beside them why not."""
    name = f"deals/{visit.part('id')}"

    def send() -> Response:
        request = deal_service_pb2.SetDealTermsRequest(
            name=name,
            etag=visit.form.get("etag", ""),
            terms=_terms(visit.form),
            request_id=str(uuid4()),
        )
        _stub(visit).SetDealTerms(request, timeout=SECONDS)
        return RedirectResponse(f"/{name}?done=TERMS#terms", 303)

    return answered(send, lambda failure: deal.page(visit, failure))


def reopen(visit: Visit) -> Response:
    """Take an ended deal up again as a new lead, and go there; or say on the page of the old one why not."""
    name = f"deals/{visit.part('id')}"

    def send() -> Response:
        request = deal_service_pb2.ReopenDealRequest(
            name=name,
            etag=visit.form.get("etag", ""),
            reason=visit.form.get("reason", ""),
            request_id=str(uuid4()),
        )
        made = _stub(visit).ReopenDeal(request, timeout=SECONDS)
        return RedirectResponse(f"/{made.name}?done=REOPENED", 303)

    return answered(send, lambda failure: deal.page(visit, failure))


def _terms(form: Mapping[str, str]) -> deal_pb2.DealTerms:
    """What the form says. Raises InvalidArgument."""
    terms = deal_pb2.DealTerms(owner=form.get("owner", "").strip())
    for field in AMOUNTS:
        if form.get(field, "").strip():
            getattr(terms, field).CopyFrom(money_to_wire(parse_amount(form[field], field=field)))
    for field in WHOLE:
        if form.get(field, "").strip():
            setattr(terms, field, _count(form[field].strip(), field))
    if form.get("fixed_return") in _MARKS:
        terms.fixed_return = _MARKS[form["fixed_return"]]
    return terms


def _count(given: str, field: str) -> int:
    number = whole_number(given)
    if number is None:
        raise InvalidArgument.field(field, "NOT_A_NUMBER", "应为整数，如 5", "must be a whole number, like 5")
    return number


def _stub(visit: Visit) -> deal_service_pb2_grpc.DealServiceStub:
    return visit.stub(deal_service_pb2_grpc.DealServiceStub)
