"""The matrix of the shortage map as a file: one row a cell, as XLSX or CSV, marked where it holds sample data."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from bole.talent.v1 import shortage_pb2
from bole.talent.v1 import shortage_service_pb2_grpc as service_grpc
from services.console.pages import origins
from services.console.pages.scopes import day_of, scope_of
from services.console.pages.shortage.causes import asked_cause, causes_of, has_cause
from services.console.pages.shortage.looks import STAR_IN_DOUBT, grade_of, instead
from services.console.pages.shortage.shortage import fetch_grid, matrix
from services.console.web.tables import csv_file, xlsx_file
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.text import Text
from services.wording.causes import CAUSES

_HEADERS = (
    Text("产业/方向", "field"),
    Text("设区市", "city"),
    Text("人才类别", "category"),
    Text("指数", "index"),
    Text("90%区间下限", "90 % low"),
    Text("90%区间上限", "90 % high"),
    Text("星级", "stars"),
    Text("证据", "grade"),
    Text("在招", "open"),
    Text("可得", "available"),
    Text("缺口", "gap"),
    Text("成因", "causes"),
    Text("说明", "note"),
    Text("截至", "as of"),
    Text("数据来源", "origin"),
)


def export_csv(visit: Visit) -> Response:
    """UTF-8 with a byte order mark; nothing a spreadsheet program would compute."""
    return csv_file(_table(visit), "shortage.csv")


def export_xlsx(visit: Visit) -> Response:
    """One sheet."""
    return xlsx_file(
        _table(visit), visit.say("紧缺人才图谱", "shortage map"), "shortage.xlsx", fixed_columns=2
    )


def _table(visit: Visit) -> list[Sequence[Any]]:
    scope, cause, words = scope_of(visit), asked_cause(visit), Words(visit.catalogue, visit.language)
    grid = fetch_grid(visit.stub(service_grpc.ShortageServiceStub), scope, day_of(visit))
    sample = origins.is_sample(grid)
    origin = visit.say("演示数据 SYNTHETIC", "SYNTHETIC") if sample else visit.say("真实数据", "REAL")
    category = words.category(scope.category_code) if scope.category_code else visit.say("全部", "all")
    rows = [
        [row.name, words.city(code), category, *_facts(visit, cell), words.day(grid.as_of_date), origin]
        for row in matrix(visit, grid, scope).rows
        for code, cell, _ in row.cells
        if scope.city_code in ("", code) and has_cause(cell, cause)
    ]
    return [[header.to(visit.language) for header in _HEADERS], *rows]


def _facts(visit: Visit, cell: shortage_pb2.ShortageCell) -> list[Any]:
    """From the index to causes and note, as exact as the page tells them or a digit more."""
    known = {
        name: round(getattr(cell, name), 1) if cell.HasField(name) else None
        for name in ("index", "low", "high", "supply", "gap")
    }
    note = instead(visit, cell) if known["index"] is None else ""
    if cell.watch:
        note = visit.text(STAR_IN_DOUBT)
    return [
        *(known[name] for name in ("index", "low", "high")),
        cell.stars,
        grade_of(cell),
        cell.open_headcount,
        known["supply"],
        known["gap"],
        visit.say("、", ", ").join(visit.text(CAUSES[each]) for each in causes_of(cell)),
        note,
    ]
