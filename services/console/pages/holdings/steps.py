"""A step of a holding: what it needs on a form, and taking it after a second look."""

from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import investment_pb2
from bole.funding.v1 import investment_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import date_to_wire, money_to_wire
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.called import called
from services.console.pages.deals.filed import filed_of
from services.console.pages.deals.move import command_of
from services.console.pages.holdings.one import offered, payable, stub_of
from services.console.web.dates import day_of
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit, whole_number
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount
from services.wording.holdings import EXITS, METHODS, STEPS

_AMOUNTS = ("proceeds", "cost", "amount")


def show(visit: Visit) -> Response:
    """The form of the step that the address names."""
    return _page(visit, visit.get("action"))


def take(visit: Visit) -> Response:
    """Take the step, or say on its form why not."""
    code, id_ = visit.form.get("action", ""), visit.part("id")

    def send() -> Response:
        rpc = _rpc(code)
        getattr(stub_of(visit), rpc)(_request(rpc, f"investments/{id_}", visit), timeout=SECONDS)
        return RedirectResponse(f"/investments/{id_}?done={code}", 303)

    return answered(send, lambda failure: _page(visit, code, failure))


def _rpc(code: str) -> str:
    if code not in STEPS:
        raise InvalidArgument.field("action", "UNKNOWN_ACTION", "没有这个操作", "there is no such action")
    return STEPS[code]


def _kind(rpc: str) -> Any:
    return getattr(service, f"{rpc}Request")


def _request(rpc: str, name: str, visit: Visit) -> Any:
    """The request that the form stands for. Raises InvalidArgument for what cannot be read."""
    form, kind = visit.form, _kind(rpc)
    command = command_of(visit, name.replace("investments/", "deals/"))
    request, takes = kind(name=name, command=command), kind.DESCRIPTOR.fields_by_name
    if "tranche_number" in takes:
        request.tranche_number = _whole("tranche_number", form.get("tranche_number", ""))
    if "milestone" in takes and form.get("milestone"):
        request.milestone = form["milestone"]
    if "due_date" in takes and form.get("due_date"):
        request.due_date.CopyFrom(date_to_wire(day_of("due_date", form["due_date"])))
    if "mark" in takes:
        request.mark.CopyFrom(_mark(visit))
    if "kind" in takes and form.get("kind") in EXITS:
        request.kind = investment_pb2.ExitKind.Value(form["kind"])
    for field in _AMOUNTS:
        if field in takes and form.get(field):
            getattr(request, field).CopyFrom(money_to_wire(parse_amount(form[field], field=field)))
    return request


def _mark(visit: Visit) -> investment_pb2.Mark:
    form = visit.form
    if form.get("method") not in METHODS:
        raise InvalidArgument.field("method", "REQUIRED", "请选择估值方法", "choose how it was valued")
    return investment_pb2.Mark(
        value=money_to_wire(parse_amount(form.get("value", ""), field="value")),
        as_of_date=date_to_wire(day_of("as_of_date", form.get("as_of_date", ""))),
        method=investment_pb2.MarkMethod.Name(investment_pb2.MarkMethod.Value(form["method"])),
        note=form.get("note", ""),
    )


def _whole(field: str, given: str) -> int:
    number = whole_number(given)
    if number is None:
        raise InvalidArgument.field(field, "REQUIRED", "请选择第几期", "choose the tranche")
    return number


def _page(visit: Visit, code: str, failure: Failure | None = None) -> Response:
    stub, name = stub_of(visit), f"investments/{visit.part('id')}"
    held = stub.GetInvestment(service.GetInvestmentRequest(name=name), timeout=SECONDS)
    listed = stub.ListInvestmentActions(service.ListInvestmentActionsRequest(name=name), timeout=SECONDS)
    chosen = next((each for each in listed.actions if each.action == code), None)
    takes = _kind(_rpc(code)).DESCRIPTOR.fields_by_name
    return render(
        visit,
        "holdings/step.html",
        status_of(failure),
        active="deals",
        synthetic=origins.is_sample(held),
        held=held,
        id=visit.part("id"),
        titles=called(visit, [held.firm, held.deal]),
        chosen=chosen,
        takes=frozenset(takes),
        offered=offered,
        payable=payable(held),
        methods=METHODS,
        exits=EXITS,
        today=civil_date(visit.now).isoformat(),
        registered=filed_of(visit, held.deal),
        request_id=str(uuid4()),
        problem=failure,
        form=visit.form,
    )
