"""The pages, one module a subject; each asks the services in the visitor's name and decides nothing itself."""

from functools import partial

from starlette.routing import Route

from services.console.geography import Map
from services.console.pages import shortage, shortage_export, start
from services.console.web.answering import Desk


def pages(desk: Desk, drawn: Map) -> list[Route]:
    """Every page behind the sign-in."""
    return [
        Route("/", desk.endpoint(start.show)),
        Route("/map", desk.endpoint(partial(shortage.show, drawn=drawn))),
        Route("/map/export.csv", desk.endpoint(shortage_export.export_csv)),
        Route("/map/export.xlsx", desk.endpoint(shortage_export.export_xlsx)),
    ]
