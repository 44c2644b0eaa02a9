"""The start page: what changed since the last visit, where each work begins, and how the house is."""

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from starlette.responses import Response

from services.console.backend import SERVICES
from services.console.pages import news, origins
from services.console.pages.beside import for_each
from services.console.web import lookings
from services.console.web.rendering import render
from services.console.web.visits import Visit

_SECONDS = 5.0


def show(visit: Visit, *, secure: bool) -> Response:
    """The page."""
    looked = lookings.looked(visit)
    told = news.since(visit, looked.since)
    page = render(
        visit,
        "start.html",
        active="start",
        ready=readiness(visit),
        looked=looked,
        news=told,
        synthetic=origins.among(visit, told.records),
    )
    lookings.remember(page, visit, looked, secure=secure)
    return page


def readiness(visit: Visit) -> dict[str, bool]:
    """Whether each service says that it is ready."""
    return dict(zip(SERVICES, for_each(lambda name: _is_ready(visit, name), SERVICES), strict=True))


def _is_ready(visit: Visit, service: str) -> bool:
    stub = health_pb2_grpc.HealthStub(visit.backend.plain(service))
    try:
        answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=_SECONDS)
    except grpc.RpcError:
        return False
    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)
