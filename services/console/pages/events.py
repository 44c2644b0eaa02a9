"""Events and integration: the live tail, replay, how level every service is, and every method over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from starlette.responses import Response
from starlette.routing import Route

from bole.matcher.v1 import matching_service_pb2 as service
from bole.matcher.v1 import matching_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS, SERVICES
from services.console.gateway.bindings import bindings
from services.console.gateway.openapi.comments import load_comments
from services.console.gateway.openapi.document import document
from services.console.pages import start
from services.console.pages.beside import beside
from services.console.web.answering import Desk
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.wording.codes import KINDS


@dataclass(frozen=True, slots=True)
class Method:
    """One method over HTTP."""

    verb: str
    path: str
    name: str
    said: str


def routes(desk: Desk, console_url: str) -> list[Route]:
    """The pages of partners' engineers."""

    def events(visit: Visit) -> Response:
        return show(visit, console_url)

    return [Route("/events", desk.endpoint(events)), Route("/events/methods", desk.endpoint(methods))]


def show(visit: Visit, console_url: str) -> Response:
    """The tail from now, from a token, or from the oldest event kept."""
    stub = visit.stub(service_grpc.MatchingServiceStub)
    asked = {
        "kinds": visit.get("kinds") if visit.get("kinds") in KINDS else "",
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
        offered=list(KINDS),
        query=suffix,
        curl=f"curl -N -H 'X-Bole-Key: YOUR_KEY' '{console_url}/v1/matches:watch{suffix}'",
        url=console_url,
        ready=start.readiness(visit),
        services=SERVICES,
        index=beside(lambda: stub.GetIndexStatus(service.GetIndexStatusRequest(), timeout=SECONDS)),
    )


def methods(visit: Visit) -> Response:
    """Every method, by the service that answers it."""
    visit.stub(service_grpc.MatchingServiceStub)  # for whoever is signed in
    return render(visit, "events/methods.html", active="events", groups=described())


@cache
def described() -> Sequence[tuple[str, Sequence[Method]]]:
    """The methods of the OpenAPI document, by tag."""
    groups: dict[str, list[Method]] = {}
    for path, verbs in document(bindings(), load_comments())["paths"].items():
        for verb, each in verbs.items():
            tag = each["tags"][0] if each.get("tags") else ""
            groups.setdefault(tag, []).append(
                Method(verb.upper(), path, each.get("summary", ""), each.get("description", ""))
            )
    return sorted(groups.items())
