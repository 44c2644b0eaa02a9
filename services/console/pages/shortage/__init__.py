"""The shortage map: one query as map, tiles and table, its cells, its exports, comparison, weights and watches."""

from functools import partial

from starlette.routing import Route

from services.console.pages.shortage import compare, export, picture, shortage, watches, weights
from services.console.web.answering import Desk
from services.paper.geography import Map


def routes(desk: Desk, drawn: Map) -> list[Route]:
    """Every page of the map. `drawn`: the map of the province."""
    return [
        Route("/map", desk.endpoint(partial(shortage.show, drawn=drawn))),
        Route("/map/export.csv", desk.endpoint(export.export_csv)),
        Route("/map/export.xlsx", desk.endpoint(export.export_xlsx)),
        Route("/map/export.svg", desk.endpoint(partial(picture.export_svg, drawn=drawn))),
        Route("/map/export.png", desk.endpoint(partial(picture.export_png, drawn=drawn))),
        Route("/map/compare", desk.endpoint(compare.show)),
        Route("/map/compare/export.csv", desk.endpoint(export.comparison_csv)),
        Route("/map/compare/export.xlsx", desk.endpoint(export.comparison_xlsx)),
        Route("/map/weights", desk.endpoint(weights.show)),
        Route("/map/watches", desk.endpoint(watches.show), methods=["GET"]),
        Route("/map/watches", desk.endpoint(watches.create), methods=["POST"]),
        Route("/map/watches/{id}/delete", desk.endpoint(watches.delete), methods=["POST"]),
    ]
