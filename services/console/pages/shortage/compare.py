"""Two to four cities side by side: ranks with intervals, standardised indices, and how likely one is tighter."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from bole.talent.v1 import shortage_analysis_pb2 as analysis
from bole.talent.v1 import shortage_analysis_service_pb2 as service
from bole.talent.v1 import shortage_analysis_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS
from services.console.draw.bars import Bar, span
from services.console.pages import origins
from services.console.pages.scopes import asking, day_of, scope_of
from services.console.pages.shortage.looks import grade_of, instead
from services.console.web.rendering import render
from services.console.web.visits import Visit

PLACES = ("a", "b", "c", "d")
SCALE = 260.0


@dataclass(frozen=True, slots=True)
class Standing:
    """A city of the comparison with its interval on a scale of 0 to 100."""

    city: analysis.ShortageCityStanding
    span: Bar | None
    standardised: Bar | None
    grade: str
    instead: str


def show(visit: Visit) -> Response:
    """The page; it asks for cities as long as there are fewer than two."""
    scope = scope_of(visit)
    chosen = chosen_cities(visit)
    found = fetch(visit, chosen) if len(chosen) > 1 else None
    return render(
        visit,
        "shortage/compare.html",
        active="map",
        tab="compare",
        synthetic=origins.among(visit, [found] if found else ()),
        scope=scope,
        places=PLACES,
        chosen=chosen,
        found=found,
        standings=[] if found is None else [_standing(visit, each) for each in found.cities],
        pairs={(each.city_code, each.other_city_code): each.probability for each in found.pairs}
        if found
        else {},
    )


def fetch(visit: Visit, cities: Sequence[str]) -> service.CompareShortageCitiesResponse:
    """The comparison of these cities within what the address asks about. Refused with fewer than two."""
    scope = asking(scope_of(visit))
    scope.ClearField("city_code")
    request = service.CompareShortageCitiesRequest(scope=scope, city_codes=cities, as_of_date=day_of(visit))
    stub = visit.stub(service_grpc.ShortageAnalysisServiceStub)
    return stub.CompareShortageCities(request, timeout=SECONDS)


def chosen_cities(visit: Visit) -> Sequence[str]:
    """The cities that the address names, each once. Raises InvalidArgument with near names."""
    given = [
        visit.catalogue.resolve_city(visit.get(place), field=place) for place in PLACES if visit.get(place)
    ]
    return list(dict.fromkeys(given))


def _standing(visit: Visit, city: analysis.ShortageCityStanding) -> Standing:
    cell = city.cell
    return Standing(
        city,
        span(cell.low, cell.high, 0, 100, SCALE) if cell.HasField("low") else None,
        span(city.standardised_low, city.standardised_high, 0, 100, SCALE)
        if city.HasField("standardised_low")
        else None,
        grade_of(cell),
        "" if cell.HasField("index") else instead(visit, cell),
    )
