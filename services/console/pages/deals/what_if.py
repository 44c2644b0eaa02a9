"""A deal at another ticket or valuation: checks, limits before and after, and what else would be legal."""

from starlette.responses import Response

from bole.funding.v1 import deal_analysis_service_pb2 as service
from bole.funding.v1 import deal_analysis_service_pb2_grpc as service_grpc
from services.chassis.rpc.wire import money_to_wire
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.deals.asked import funds_of
from services.console.pages.deals.flow import card, stops
from services.console.pages.deals.remedies import remedies
from services.console.pages.deals.stated import UNDECIDED
from services.console.pages.funds import drawn
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.kernel.money import parse_amount


def show(visit: Visit) -> Response:
    """The page. Nothing is changed by asking. Raises InvalidArgument for an amount that cannot be read."""
    request = service.SimulateDealRequest(name=f"deals/{visit.part('id')}")
    for field in ("ticket", "pre_money"):
        if visit.get(field):
            getattr(request, field).CopyFrom(money_to_wire(parse_amount(visit.get(field), field=field)))
    found = visit.stub(service_grpc.DealAnalysisServiceStub).SimulateDeal(request, timeout=SECONDS)
    return render(
        visit,
        "deals/what_if.html",
        active="deals",
        synthetic=origins.is_sample(found.screened.deal),
        id=visit.part("id"),
        found=found,
        card=card(visit, found.screened),
        stopping=[each for each in found.screened.checks if stops(each)],
        stops=stops,
        remedies=remedies(visit, found.screened.deal),
        undecided=found.screened.deal.state in UNDECIDED,
        limits=drawn(found.quotas),
        names={each.name: each.display_name for each in funds_of(visit)},
    )
