"""Nominations: the list, one with its steps, how they are begun from a person or a team, and the places there are."""

from starlette.routing import Route

from services.console.pages.nominations import nominations, quotas
from services.console.web.answering import Desk


def routes(desk: Desk) -> list[Route]:
    """Every page about nominations."""
    return [
        Route("/nominations", desk.endpoint(nominations.show)),
        Route(quotas.PATH, desk.endpoint(quotas.show), methods=["GET"]),
        Route(quotas.PATH, desk.endpoint(quotas.record), methods=["POST"]),
        Route("/nominations/{id}", desk.endpoint(nominations.show_one), methods=["GET"]),
        Route("/nominations/{id}", desk.endpoint(nominations.take), methods=["POST"]),
    ]
