"""Early-stage firms: the list with its search, and one with its figures, its deals, firms like it, funds for it."""

from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from bole.funding.v1 import (
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    interest_service_pb2,
    interest_service_pb2_grpc,
)
from bole.matcher.v1 import anchor_pb2, matching_service_pb2, matching_service_pb2_grpc
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import firm_rights, lists, origins
from services.console.pages.beside import beside
from services.console.pages.called import called
from services.console.pages.scopes import asking, scope_of
from services.console.web.answering import Desk
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.workbook.choices import STAGE

_MATCHES = 6
_DEALS = 50
_RECUSED = "RECUSED"
_STAGES = tuple(each.code for each in STAGE)


def routes(desk: Desk) -> list[Route]:
    """The pages."""
    return [
        Route("/firms", desk.endpoint(show)),
        Route("/firms/{id}", desk.endpoint(show_one)),
        Route("/firms/{id}/rights", desk.endpoint(state_ownership), methods=["POST"]),
    ]


def show(visit: Visit) -> Response:
    """Firms by words, field of work, city and stage; those in use."""
    scope = scope_of(visit)
    fields = {name.name: value for name, value in asking(scope).ListFields()}
    fields |= {
        "stage": lists.one_of(visit, "stage", _STAGES),
        "state": "ACTIVE",
    }
    request = firm_service_pb2.ListFirmsRequest(
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
        filter=lists.condition(fields, lists.FIELDS_OF_WORK),
        query=visit.get("q"),
    )
    found = _stub(visit).ListFirms(request, timeout=SECONDS)
    return render(
        visit,
        "firms/list.html",
        active="deals",
        tab="firms",
        synthetic=origins.among(visit, found.firms),
        found=found,
        scope=scope,
        stages=_STAGES,
        stage_of=_stage,
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def show_one(visit: Visit) -> Response:
    """One firm; what is beside it as far as the visitor may see it."""
    return _page(visit)


def state_ownership(visit: Visit) -> Response:
    """Put down whose a right of the firm is, or say on its page why not."""
    return answered(lambda: firm_rights.state(visit), lambda failure: _page(visit, failure))


def _page(visit: Visit, problem: Failure | None = None) -> Response:
    name = f"firms/{visit.part('id')}"
    firm = _stub(visit).GetFirm(firm_service_pb2.GetFirmRequest(name=name), timeout=SECONDS)
    deals = beside(lambda: _deals(visit, name))
    similar = beside(lambda: _matches(visit, name, "similar-firms"))
    funds = beside(lambda: _matches(visit, name, "firm-fund"))
    people = beside(lambda: _matches(visit, name, "person-firm"))
    recused = any(each.reason == _RECUSED for each in (similar, funds, people))
    return render(
        visit,
        "firms/one.html",
        status_of(problem),
        problem=problem,
        **firm_rights.of_firm(visit, name),
        active="deals",
        tab="firms",
        synthetic=origins.is_sample(firm),
        firm=firm,
        state=firm_pb2.Firm.State.Name(firm.state).removeprefix("STATE_"),
        stage=_stage(firm),
        deals=deals,
        funds_of=called(visit, [each.fund for each in deals.answer or ()]),
        similar=similar,
        funds=funds,
        people=people,
        recused=recused,
        declared_on=beside(lambda: _interests(visit, name)).page if recused else "",
    )


def _stage(firm: firm_pb2.Firm) -> str:
    return firm_pb2.FirmStage.Name(firm.stage)


def _deals(visit: Visit, name: str) -> Any:
    stub = visit.stub(deal_service_pb2_grpc.DealServiceStub)
    request = deal_service_pb2.ListDealsRequest(
        filter=lists.condition({"firm": name}), order_by="submitted_date desc", page_size=_DEALS
    )
    return stub.ListDeals(request, timeout=SECONDS).deals


def _interests(visit: Visit, name: str) -> Any:
    stub = visit.stub(interest_service_pb2_grpc.InterestServiceStub)
    request = interest_service_pb2.ListFirmInterestsRequest(parent=name)
    return stub.ListFirmInterests(request, timeout=SECONDS).interests


def _matches(visit: Visit, name: str, kind: str) -> Any:
    stub = visit.stub(matching_service_pb2_grpc.MatchingServiceStub)
    request = matching_service_pb2.FindMatchesRequest(
        kind=kind, anchor=anchor_pb2.Anchor(name=name), limit=_MATCHES
    )
    return stub.FindMatches(request, timeout=SECONDS).candidates


def _stub(visit: Visit) -> firm_service_pb2_grpc.FirmServiceStub:
    return visit.stub(firm_service_pb2_grpc.FirmServiceStub)
