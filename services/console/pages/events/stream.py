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
from services.console.web.dates import instant_of
from services.console.web.rendering import render
from services.console.web.visits import Visit


def show(visit: Visit, console_url: str) -> Response:
    """The tail from now, from a token, from a time, or from the oldest event kept.

    Raises InvalidArgument (BAD_TIME) for a time that is none.
    """
    stub = visit.stub(service_grpc.MatchingServiceStub)
    suffix = begun(visit)
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


def begun(visit: Visit) -> str:
    """The restrictions of the tail and where it begins, as a query of the stream. Raises as `show`."""
    token = visit.get("token")
    since = instant_of("since", visit.get("since")) if visit.get("since") and not token else None
    asked = {
        "kinds": visit.get("kinds") if visit.get("kinds") in LISTENED else "",
        "city_codes": visit.get("city"),
        "resume_token": token,
        "start_time": f"{since:%Y-%m-%dT%H:%M:%SZ}" if since else "",
        "from_start": "true" if visit.get("from") == "start" and not (token or since) else "",
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"?{query}" if query else ""
