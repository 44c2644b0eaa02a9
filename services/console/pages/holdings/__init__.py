"""What funds hold (投后): the list by fund and state, one holding with its steps, and what its firm reports."""

from starlette.routing import Route

from services.console.pages.holdings import listed, monitoring, one, steps
from services.console.web.answering import Desk


def routes(desk: Desk) -> list[Route]:
    """Every page about holdings."""
    at = "/investments/{id:str}"
    return [
        Route("/investments", desk.endpoint(listed.show)),
        Route(at, desk.endpoint(one.show)),
        Route(f"{at}/step", desk.endpoint(steps.show), methods=["GET"]),
        Route(f"{at}/step", desk.endpoint(steps.take), methods=["POST"]),
        Route(f"{at}/reports", desk.endpoint(monitoring.report), methods=["POST"]),
        Route(f"{at}/answers", desk.endpoint(monitoring.answer), methods=["POST"]),
    ]
