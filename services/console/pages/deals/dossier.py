"""The duty dossier of a deal (尽职免责材料): what the record says to the three statutory tests, and its bundle."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import uuid4

from starlette.responses import RedirectResponse, Response

from bole.funding.v1 import (
    deal_service_pb2,
    deal_service_pb2_grpc,
    dossier_pb2,
    investment_pb2,
    investment_service_pb2,
    investment_service_pb2_grpc,
)
from bole.funding.v1 import dossier_service_pb2 as service
from bole.funding.v1 import dossier_service_pb2_grpc as service_grpc
from services.chassis.rpc.failures import Failure
from services.chassis.rpc.wire import date_to_wire
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.beside import beside
from services.console.pages.called import called
from services.console.web.attachments import attachment
from services.console.web.dates import day_of
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.wording.deals import DETERMINATIONS

_EXPORT_SECONDS = 120.0
_STANDING = dossier_pb2.DossierItem
_AMISS = (_STANDING.STANDING_MISSING, _STANDING.STANDING_LATE, _STANDING.STANDING_CONTRADICTED)
_OF_LOSS = ("FLAG", "IMPAIR", "RECORD_EXIT", "PREPARE_WRITE_OFF", "WRITE_OFF")


@dataclass(frozen=True, slots=True)
class Lost:
    """What is held of the deal, and the steps by which its value was seen to go, oldest first."""

    held: investment_pb2.Investment
    steps: Sequence[investment_pb2.InvestmentStep]


def show(visit: Visit) -> Response:
    """The dossier as of now."""
    return _page(visit)


def determine(visit: Visit) -> Response:
    """Put on record what the competent authority determined, and show the dossier."""

    def send() -> Response:
        form = visit.form
        made = dossier_pb2.Determination(
            outcome=form["outcome"] if form.get("outcome") in DETERMINATIONS else None,
            organ=form.get("organ", ""),
            document_number=form.get("document_number", ""),
            document_date=date_to_wire(day_of("document_date", form.get("document_date", ""))),
            text=form.get("text", ""),
        )
        request = service.CreateDeterminationRequest(
            parent=_name(visit), determination=made, request_id=str(uuid4())
        )
        visit.stub(service_grpc.DossierServiceStub).CreateDetermination(request, timeout=SECONDS)
        return RedirectResponse(f"/deals/{visit.part('id')}/dossier?done=yes#determined", 303)

    return answered(send, lambda failure: _page(visit, failure))


def _page(visit: Visit, problem: Failure | None = None) -> Response:
    request = service.GetDutyDossierRequest(name=_name(visit))
    found = visit.stub(service_grpc.DossierServiceStub).GetDutyDossier(request, timeout=SECONDS)
    tests = [(test, list(items)) for test, items in groupby(found.items, key=lambda each: each.test)]
    name = f"deals/{visit.part('id')}"
    deals = visit.stub(deal_service_pb2_grpc.DealServiceStub)
    of = beside(lambda: deals.GetDeal(deal_service_pb2.GetDealRequest(name=name), timeout=SECONDS)).answer
    return render(
        visit,
        "deals/dossier.html",
        status_of(problem),
        problem=problem,
        outcomes=DETERMINATIONS,
        lost=_lost(visit, name),
        lacking=sum(each.standing in _AMISS for each in found.items),
        active="deals",
        synthetic=of is not None and origins.is_sample(of),
        dossier=found,
        tests=tests,
        id=visit.part("id"),
        deal=called(visit, [name])[name],
    )


def _lost(visit: Visit, deal: str) -> Lost | None:
    """What became of the money; None for a deal that was not paid or whose holding the visitor may not see."""
    stub = visit.stub(investment_service_pb2_grpc.InvestmentServiceStub)
    name = deal.replace("deals/", "investments/")
    to_held = investment_service_pb2.GetInvestmentRequest(name=name)
    to_steps = investment_service_pb2.ListInvestmentStepsRequest(parent=name)
    held = beside(lambda: stub.GetInvestment(to_held, timeout=SECONDS)).answer
    steps = beside(lambda: stub.ListInvestmentSteps(to_steps, timeout=SECONDS).steps).answer
    if held is None:
        return None
    return Lost(held, [each for each in steps or () if each.action in _OF_LOSS])


def take(visit: Visit) -> Response:
    """The bundle, which can be verified without this system. The service writes down who took it."""
    stub = visit.stub(service_grpc.DossierServiceStub)
    pieces = stub.ExportDutyDossier(
        service.ExportDutyDossierRequest(name=_name(visit)), timeout=_EXPORT_SECONDS
    )
    return attachment((each.data for each in pieces), "application/zip", "dossier.zip")


def _name(visit: Visit) -> str:
    return f"dutyDossiers/{visit.part('id')}"
