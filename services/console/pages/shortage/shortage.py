"""The shortage map (紧缺人才图谱): cities as map, tiles or table; field by city; one cell in full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from google.type.date_pb2 import Date
from starlette.responses import RedirectResponse, Response

from bole.talent.v1 import shortage_pb2 as shortage
from bole.talent.v1 import shortage_service_pb2 as service
from bole.talent.v1 import shortage_service_pb2_grpc as service_grpc
from services.console.backend import SECONDS
from services.console.draw.classes import Classes
from services.console.pages import origins
from services.console.pages.beside import beside, together
from services.console.pages.scopes import asking, day_of, scope_of
from services.console.pages.shortage.causes import asked_cause, causes_among, has_cause
from services.console.pages.shortage.cell import card
from services.console.pages.shortage.looks import Cell, Look, look, shades
from services.console.pages.shortage.months import PARAMETER as MONTHS_BACK
from services.console.pages.shortage.months import asked_back, months
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.clock import civil_date
from services.paper.geography import TILES, Map
from services.wording.causes import CAUSES

Dimension = shortage.ShortageDimension
VIEWS = ("map", "tiles", "table")
_TIGHTEST = 6
_LOOKED_AT = 100
"""As many as the service ranks at a time."""
_INDUSTRY, _CITY = Dimension.SHORTAGE_DIMENSION_INDUSTRY, Dimension.SHORTAGE_DIMENSION_CITY
_DIRECTION = Dimension.SHORTAGE_DIMENSION_DIRECTION


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the matrix: a field, and its cells by city."""

    code: str
    name: str
    link: str
    cells: Sequence[tuple[str, Cell, Look]]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Fields by cities."""

    cities: Sequence[str]
    rows: Sequence[Row]
    classes: Classes | None


def show(visit: Visit, drawn: Map) -> Response:
    """The page. One query's answer is map, tiles and table; another's is the matrix."""
    turned = asked_back(visit)
    if turned is not None:
        today = civil_date(visit.now)
        return RedirectResponse(
            visit.link(**{MONTHS_BACK: None, "as_of": None if turned == today else str(turned)}), 303
        )
    scope, day, cause = scope_of(visit), day_of(visit), asked_cause(visit)
    stub = visit.stub(service_grpc.ShortageServiceStub)
    laid_out = not (scope.city_code or scope.direction_code)
    grid, chosen, tightest, turns = together(
        lambda: fetch_grid(stub, scope, day),
        lambda: card(visit, stub, asking(scope), day) if asked(scope) else None,
        lambda: fetch_tightest(stub, day, scope, cause) if laid_out else None,
        lambda: beside(lambda: months(visit, day)),
    )
    cities = fetch_cities(stub, scope, grid, day)
    classes = shades(cities.values())
    looks = {code: look(visit, cell, classes, cause) for code, cell in cities.items()}
    view = visit.get("view") if visit.get("view") in VIEWS else "map"
    return render(
        visit,
        "shortage/page.html",
        active="map",
        tab="map",
        synthetic=origins.is_sample(grid),
        scope=scope,
        view=view,
        views=VIEWS,
        drawn=drawn,
        tiles=TILES,
        cities={code: cell for code, cell in cities.items() if has_cause(cell, cause)},
        looks=looks,
        classes=classes,
        matrix=matrix(visit, grid, scope, cause),
        cause=cause,
        causes=CAUSES,
        seen_causes=causes_among((*grid.cells, *cities.values())),
        grid=grid,
        card=chosen,
        tightest=tightest,
        unranked=unranked(grid) if tightest == [] and not cause else [],
        months=turns.answer,
    )


def asked(scope: shortage.ShortageScope) -> bool:
    """Whether one cell is asked for."""
    return bool(scope.ByteSize())


def fetch_grid(
    stub: service_grpc.ShortageServiceStub, scope: shortage.ShortageScope, day: Date | None = None
) -> service.GetShortageGridResponse:
    """Industries by cities, or an industry's directions by cities if one is chosen; with the cities' totals."""
    request = service.GetShortageGridRequest(
        rows=_rows(scope),
        columns=_CITY,
        scope=_around(scope),
        as_of_date=day,
        column_totals=True,
        drivers=True,
    )
    return stub.GetShortageGrid(request, timeout=SECONDS)


def fetch_cities(
    stub: service_grpc.ShortageServiceStub,
    scope: shortage.ShortageScope,
    grid: service.GetShortageGridResponse,
    day: Date | None = None,
) -> Mapping[str, Cell]:
    """The cell of every city for what is chosen, whatever city is."""
    chosen, whole = scope.direction_code, grid
    if not chosen:
        return dict(zip(grid.column_codes, grid.column_totals, strict=True))
    if chosen not in grid.row_codes:
        whole = _own_directions(stub, scope, day)
    at = list(whole.row_codes).index(chosen) * len(whole.column_codes)
    return dict(zip(whole.column_codes, whole.cells[at:], strict=False))


def _own_directions(
    stub: service_grpc.ShortageServiceStub, scope: shortage.ShortageScope, day: Date | None
) -> service.GetShortageGridResponse:
    request = service.GetShortageGridRequest(
        rows=Dimension.SHORTAGE_DIMENSION_LOCAL_DIRECTION,
        columns=_CITY,
        scope=shortage.ShortageScope(category_code=scope.category_code),
        as_of_date=day,
        drivers=True,
    )
    return stub.GetShortageGrid(request, timeout=SECONDS)


def fetch_tightest(
    stub: service_grpc.ShortageServiceStub,
    day: Date | None,
    scope: shortage.ShortageScope | None = None,
    cause: str = "",
) -> list[Cell]:
    """The tightest cells of the matrix of this scope, with reasons; without one, of the province's industries.

    With a `cause`, those that it explains among the hundred tightest.
    """
    scope = scope or shortage.ShortageScope()
    request = service.RankShortageCellsRequest(
        rows=_rows(scope),
        columns=_CITY,
        page_size=_LOOKED_AT if cause else _TIGHTEST,
        scope=_around(scope),
        as_of_date=day,
    )
    found = stub.RankShortageCells(request, timeout=SECONDS).cells
    return [cell for cell in found if has_cause(cell, cause)][:_TIGHTEST]


def unranked(grid: service.GetShortageGridResponse) -> list[tuple[str, str, Cell]]:
    """The highest indices of a grid of which no cell can be ranked, each with its row and its city."""
    places = ((row, city) for row in grid.row_codes for city in grid.column_codes)
    seen = [(*at, cell) for at, cell in zip(places, grid.cells, strict=True) if cell.HasField("index")]
    return sorted(seen, key=lambda each: -each[2].index)[:_TIGHTEST]


def _rows(scope: shortage.ShortageScope) -> Dimension:
    return _DIRECTION if scope.industry_code else _INDUSTRY


def _around(scope: shortage.ShortageScope) -> shortage.ShortageScope:
    return shortage.ShortageScope(industry_code=scope.industry_code, category_code=scope.category_code)


def matrix(
    visit: Visit, grid: service.GetShortageGridResponse, scope: shortage.ShortageScope, cause: str = ""
) -> Matrix:
    """The grid as rows to draw; with a `cause`, cells that it does not explain are blank."""
    words, width = Words(visit.catalogue, visit.language), len(grid.column_codes)
    field, name = ("direction", words.direction) if scope.industry_code else ("industry", words.industry)
    cells = {code: grid.cells[at * width : (at + 1) * width] for at, code in enumerate(grid.row_codes)}
    classes = shades(cell for row in cells.values() for cell in row)
    rows = [
        Row(
            code,
            name(code),
            visit.link(city=None, **{field: code}),
            [
                (city, cell, look(visit, cell, classes, cause))
                for city, cell in zip(grid.column_codes, row, strict=True)
            ],
        )
        for code, row in cells.items()
    ]
    return Matrix(list(grid.column_codes), rows, classes)
