"""The live tail, replay, and how level every service is."""

from urllib.parse import urlencode

from starlette.responses import Response

from bole.matcher.v1 import matching_service_pb2 as service
from bole.matcher.v1 import matching_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.beside import beside
from services.console.pages.events import progress
from services.console.pages.listening import LISTENED, heard, listened, unheard
from services.console.web.rendering import render
from services.console.web.visits import Visit


def show(visit: Visit, console_url: str) -> Response:
    """The tail from now, from a token, or from the oldest event kept."""
    stub = visit.stub(service_grpc.MatchingServiceStub)
    asked = {
        "kinds": visit.get("kinds") if visit.get("kinds") in LISTENED else "",
        "city_codes": visit.get("city"),
        "resume_token": visit.get("token"),
        "from_start": "true" if visit.get("from") == "start" and not visit.get("token") else "",
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    suffix = f"?{query}" if query else ""
    return render(
        visit,
        "events/page.html",
        active="events",
        synthetic=origins.among(visit),
        offered=listened(visit),
        unheard=unheard(visit, visit.get("kinds")),
        heard=heard(visit),
        query=suffix,
        curl=f"curl -N -H 'X-Bole-Key: YOUR_KEY' '{console_url}/v1/matches:watch{suffix}'",
        url=console_url,
        standings=progress.standings(visit),
        index=beside(lambda: stub.GetIndexStatus(service.GetIndexStatusRequest(), timeout=SECONDS)),
    )
