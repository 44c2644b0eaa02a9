"""Nominations for talent programmes (人才工程申报): the list, and one with every step that was taken."""

from uuid import uuid4

from google.type.money_pb2 import Money
from starlette.responses import RedirectResponse, Response

from bole.talent.v1 import nomination_pb2, nomination_service_pb2_grpc
from bole.talent.v1 import nomination_service_pb2 as service
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import money_from_wire
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.beside import beside
from services.console.pages.called import called, looked_at
from services.console.pages.nominations import steps
from services.console.pages.scopes import scope_of
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.kernel.text import Text
from services.wording.library import FOLLOW_UP_RESULTS, NOMINATION_STATES

_YEAR_DIGITS = 4
_HELD = "HELD"
_STATES = {**NOMINATION_STATES, _HELD: Text("入选及其后", "awarded and beyond")}
"""What the list can be narrowed to; `HELD` is every state of who was awarded."""
_AWARDED = "(state = AWARDED OR state = FUNDED OR state = FOLLOWED_UP)"


def show(visit: Visit) -> Response:
    """Nominations, the last changed first."""
    scope = scope_of(visit)
    programme, state = visit.get("programme"), lists.one_of(visit, "state", _STATES)
    fields = {
        "programme_code": visit.catalogue.resolve_programme(programme, "programme") if programme else "",
        "city_code": scope.city_code,
        "industry_code": scope.industry_code,
        "state": "" if state == _HELD else state,
    }
    year = visit.number("year", 0, 10**_YEAR_DIGITS - 1)
    parts = [lists.condition(fields), f"year = {year}" if year else "", _AWARDED if state == _HELD else ""]
    request = service.ListNominationsRequest(
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
        filter=" AND ".join(each for each in parts if each),
        order_by="update_time desc",
    )
    found = _stub(visit).ListNominations(request, timeout=SECONDS)
    return render(
        visit,
        "nominations/list.html",
        active="people",
        tab="nominations",
        synthetic=origins.among(visit, found.nominations),
        found=found,
        names=called(visit, [each.person or each.team for each in found.nominations]),
        scope=scope,
        states=_STATES,
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def show_one(visit: Visit) -> Response:
    """One nomination with its steps, as far as they may be seen."""
    return _page(visit)


def take(visit: Visit) -> Response:
    """Take the step of the form, or say on the page why not."""

    def send() -> Response:
        steps.take(visit)
        return RedirectResponse(f"{visit.path}?done={visit.form.get('step', '')}", 303)

    return answered(send, lambda failure: _page(visit, failure))


def _page(visit: Visit, failure: Failure | None = None) -> Response:
    name = f"nominations/{visit.part('id')}"
    stub = _stub(visit)
    nomination = stub.GetNomination(service.GetNominationRequest(name=name), timeout=SECONDS)
    nominee = nomination.person or nomination.team
    asked = service.ListNominationStepsRequest(parent=name)
    taken = beside(lambda: stub.ListNominationSteps(asked, timeout=SECONDS))
    quotas = service.ListNominationQuotasRequest(
        programme_code=nomination.programme_code, year=nomination.year
    )
    return render(
        visit,
        "nominations/one.html",
        status_of(failure),
        active="people",
        tab="nominations",
        synthetic=origins.is_sample(nomination),
        nomination=nomination,
        nominee=looked_at(visit, nominee) if nominee else None,
        state=nomination_pb2.Nomination.State.Name(nomination.state).removeprefix("STATE_"),
        steps=taken,
        options=steps.options_of(taken.answer.options) if taken.answer else [],
        results=FOLLOW_UP_RESULTS,
        most_clauses=steps.MOST_CLAUSES,
        request_id=str(uuid4()),
        problem=steps.told(failure),
        done=None if failure else steps.STEPS.get(visit.get("done")),
        form=visit.form,
        quotas=beside(lambda: stub.ListNominationQuotas(quotas, timeout=SECONDS)),
        fen=_fen,
    )


def _fen(money: Money) -> int:
    return money_from_wire(money).fen


def _stub(visit: Visit) -> nomination_service_pb2_grpc.NominationServiceStub:
    return visit.stub(nomination_service_pb2_grpc.NominationServiceStub, visit.purpose)
