"""People of the library: the list, one person with who says what, consents, nomination, erasure."""

from starlette.routing import Route

from services.console.pages.people import erase, export, library, person
from services.console.web.answering import Desk


def routes(desk: Desk) -> list[Route]:
    """Every page about people."""
    at = "/people/{id}"
    return [
        Route("/people", desk.endpoint(library.show)),
        Route("/people/export", desk.endpoint(export.take), methods=["POST"]),
        Route("/people/erased", desk.endpoint(erase.done)),
        Route(at, desk.endpoint(person.show)),
        Route(f"{at}/consent", desk.endpoint(person.record_consent), methods=["POST"]),
        Route(f"{at}/nominate", desk.endpoint(person.nominate), methods=["POST"]),
        Route(f"{at}/erase", desk.endpoint(erase.show), methods=["GET"]),
        Route(f"{at}/erase", desk.endpoint(erase.erase), methods=["POST"]),
    ]
