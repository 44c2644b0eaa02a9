"""Two to six deals side by side."""

from starlette.responses import Response

from bole.funding.v1 import deal_analysis_service_pb2 as service
from bole.funding.v1 import deal_analysis_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.beside import beside
from services.console.pages.deals.deal import bar_of
from services.console.pages.deals.flow import card
from services.console.web.rendering import render
from services.console.web.visits import Visit

_PAIR = 2
_FEWEST, _MOST = 2, 6


def show(visit: Visit) -> Response:
    """The page: terms, scores input by input, and checks, a column a deal; of two deals of a fund their ranks too.
    Of fewer or more the page says what to choose, and leads back to the list.
    """
    names = [f"deals/{each}" for each in visit.request.query_params.getlist("deal") if each]
    if not _FEWEST <= len(set(names)) <= _MOST:
        return render(visit, "deals/compare.html", 400, active="deals", cards=[])
    analysis = visit.stub(service_grpc.DealAnalysisServiceStub)
    found = analysis.CompareDeals(service.CompareDealsRequest(names=names), timeout=SECONDS)
    cards = [card(visit, each) for each in found.deals]
    by_code = [{each.code: each for each in one.screened.checks} for one in cards]
    rows = [[one.get(code) for one in by_code] for code in by_code[0]] if by_code else []
    checks = [row for row in rows if len({each.outcome if each else 0 for each in row}) > 1]
    ranked = None
    if len(cards) == _PAIR and len({each.screened.deal.fund for each in cards}) == 1:
        asked = service.ExplainRankRequest(name=names[0], versus=names[1])
        ranked = beside(lambda: analysis.ExplainRank(asked, timeout=SECONDS)).answer
    return render(
        visit,
        "deals/compare.html",
        active="deals",
        synthetic=origins.among(visit, [each.deal for each in found.deals]),
        cards=cards,
        scores=list(zip(*(each.screened.scores for each in cards), strict=True)),
        checks=checks,
        bar_of=bar_of,
        ranked=ranked,
    )
