"""The map under other weights (权重与稳健性): which cells stay tight whatever the parts weigh."""

from starlette.responses import Response

from bole.talent.v1 import shortage_analysis_pb2 as analysis
from bole.talent.v1 import shortage_analysis_service_pb2 as service
from bole.talent.v1 import shortage_analysis_service_pb2_grpc as service_grpc
from bole.talent.v1 import shortage_pb2 as shortage
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.scopes import day_of, scope_of
from services.console.web.rendering import render
from services.console.web.visits import Visit

PARTS = ("tightness", "difficulty", "pipeline", "momentum", "flow")
_EVEN = 20
_MOST = 100
_CELLS = 25


def show(visit: Visit) -> Response:
    """The page, of industries by cities, or of an industry's directions; with even weights until others are given."""
    asked = scope_of(visit)
    scope = shortage.ShortageScope(industry_code=asked.industry_code, category_code=asked.category_code)
    given = {part: visit.number(part, _EVEN, _MOST) for part in PARTS}
    request = service.ReweighShortageRequest(
        rows=shortage.SHORTAGE_DIMENSION_DIRECTION
        if scope.industry_code
        else shortage.SHORTAGE_DIMENSION_INDUSTRY,
        columns=shortage.SHORTAGE_DIMENSION_CITY,
        scope=scope,
        weights=[analysis.ShortageWeight(component=part, weight=weight) for part, weight in given.items()],
        page_size=_CELLS,
        as_of_date=day_of(visit),
    )
    found = visit.stub(service_grpc.ShortageAnalysisServiceStub).ReweighShortage(request, timeout=SECONDS)
    return render(
        visit,
        "shortage/weights.html",
        active="map",
        tab="weights",
        synthetic=origins.is_sample(found),
        weights=given,
        most=_MOST,
        scope=scope,
        found=found,
        even=visit.link(**dict.fromkeys(PARTS)),
        methods=visit.link(**{each.component: round(each.weight * _MOST) for each in found.method_weights}),
    )
