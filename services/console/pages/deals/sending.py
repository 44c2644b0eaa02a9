"""Sending something about a deal: what is refused is told on the deal's own page."""

from collections.abc import Callable

import grpc
from starlette.responses import Response

from services.console.pages.deals import deal
from services.console.web.refusals import STATUS, failure_of
from services.console.web.visits import Visit
from services.kernel.errors import BoleError


def sending(visit: Visit, send: Callable[[], Response]) -> Response:
    """What `send` answers; what the service refuses is told on the page of the deal, where it was asked."""
    try:
        return send()
    except (grpc.RpcError, BoleError) as error:
        failure = failure_of(error)
        if failure.code == "UNAUTHENTICATED":
            raise
        return deal.page(visit, STATUS.get(failure.code, 500), failure)
