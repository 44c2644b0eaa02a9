"""Nominations: the list, one with its steps, and how they are begun from a person or a team."""

from starlette.routing import Route

from services.console.pages.nominations import nominations
from services.console.web.answering import Desk


def routes(desk: Desk) -> list[Route]:
    """Every page about nominations."""
    return [
        Route("/nominations", desk.endpoint(nominations.show)),
        Route("/nominations/{id}", desk.endpoint(nominations.show_one), methods=["GET"]),
        Route("/nominations/{id}", desk.endpoint(nominations.take), methods=["POST"]),
    ]
