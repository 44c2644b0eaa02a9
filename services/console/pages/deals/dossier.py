"""The duty dossier of a deal (尽职免责材料): what the record says to the three statutory tests, and its bundle."""

from itertools import groupby

from starlette.responses import Response

from bole.funding.v1 import deal_service_pb2, deal_service_pb2_grpc
from bole.funding.v1 import dossier_service_pb2 as service
from bole.funding.v1 import dossier_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.beside import beside
from services.console.pages.called import called
from services.console.web.attachments import attachment
from services.console.web.rendering import render
from services.console.web.visits import Visit

_EXPORT_SECONDS = 120.0


def show(visit: Visit) -> Response:
    """The dossier as of now."""
    request = service.GetDutyDossierRequest(name=_name(visit))
    found = visit.stub(service_grpc.DossierServiceStub).GetDutyDossier(request, timeout=SECONDS)
    tests = [(test, list(items)) for test, items in groupby(found.items, key=lambda each: each.test)]
    name = f"deals/{visit.part('id')}"
    deals = visit.stub(deal_service_pb2_grpc.DealServiceStub)
    of = beside(lambda: deals.GetDeal(deal_service_pb2.GetDealRequest(name=name), timeout=SECONDS)).answer
    return render(
        visit,
        "deals/dossier.html",
        active="deals",
        synthetic=of is not None and origins.is_sample(of),
        dossier=found,
        tests=tests,
        id=visit.part("id"),
        deal=called(visit, [name])[name],
    )


def take(visit: Visit) -> Response:
    """The bundle, which can be verified without this system. The service writes down who took it."""
    stub = visit.stub(service_grpc.DossierServiceStub)
    pieces = stub.ExportDutyDossier(
        service.ExportDutyDossierRequest(name=_name(visit)), timeout=_EXPORT_SECONDS
    )
    return attachment((each.data for each in pieces), "application/zip", "dossier.zip")


def _name(visit: Visit) -> str:
    return f"dutyDossiers/{visit.part('id')}"
