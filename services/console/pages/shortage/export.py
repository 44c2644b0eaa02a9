"""The matrix of the shortage map as a file, one row a cell, and the comparison of cities, one row a city: as XLSX or
CSV, marked where it holds sample data.
"""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from bole.talent.v1 import shortage_analysis_pb2 as analysis
from bole.talent.v1 import shortage_pb2
from bole.talent.v1 import shortage_service_pb2_grpc as service_grpc
from services.chassis.rpc.wire import date_from_wire
from services.console.pages import origins
from services.console.pages.scopes import day_of, scope_of
from services.console.pages.shortage.causes import asked_cause, causes_of, has_cause
from services.console.pages.shortage.compare import chosen_cities, fetch
from services.console.pages.shortage.looks import STAR_IN_DOUBT, grade_of, instead
from services.console.pages.shortage.shortage import fetch_grid, matrix
from services.console.web.tables import csv_file, xlsx_file
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.periods import quarter_code
from services.kernel.text import Text
from services.wording.causes import CAUSES

_SUBJECT = (
    Text("产业/方向", "field"),
    Text("设区市", "city"),
    Text("人才类别", "category"),
)
_FACTS = (
    Text("指数", "index"),
    Text("90%区间下限", "90 % low"),
    Text("90%区间上限", "90 % high"),
    Text("星级", "stars"),
    Text("证据", "grade"),
    Text("在招（人）", "open (people)"),
    Text("可得（人，折算）", "available (people, weighed)"),
    Text("缺口（人）", "gap (people)"),
    Text("成因", "causes"),
    Text("说明", "note"),
)
_STANDING = (
    Text("名次最高", "first rank"),
    Text("名次最低", "last rank"),
    Text("标准化指数", "standardised index"),
    Text("标准化90%区间下限", "standardised 90 % low"),
    Text("标准化90%区间上限", "standardised 90 % high"),
    Text("需求区位商", "demand LQ"),
    Text("供给区位商", "supply LQ"),
)
_ORIGIN = (
    Text("季度", "quarter"),
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


def comparison_csv(visit: Visit) -> Response:
    """The comparison of the cities in the address, likewise."""
    return csv_file(_comparison(visit), "shortage-cities.csv")


def comparison_xlsx(visit: Visit) -> Response:
    """The same as one sheet."""
    title = visit.say("城市比较", "cities compared")
    return xlsx_file(_comparison(visit), title, "shortage-cities.xlsx", fixed_columns=2)


def _table(visit: Visit) -> list[Sequence[Any]]:
    scope, cause, words = scope_of(visit), asked_cause(visit), Words(visit.catalogue, visit.language)
    grid = fetch_grid(visit.stub(service_grpc.ShortageServiceStub), scope, day_of(visit))
    origin, category, day = _origin(visit, grid), _category(visit, scope), _day(words, grid)
    rows = [
        [row.name, words.city(code), category, *_facts(visit, cell), *day, origin]
        for row in matrix(visit, grid, scope).rows
        for code, cell, _ in row.cells
        if scope.city_code in ("", code) and has_cause(cell, cause)
    ]
    return [_headed(visit, *_SUBJECT, *_FACTS, *_ORIGIN), *rows]


def _comparison(visit: Visit) -> list[Sequence[Any]]:
    """A city has the probability that it is tighter than each of the others in a column of that one's."""
    scope, words = scope_of(visit), Words(visit.catalogue, visit.language)
    found = fetch(visit, chosen_cities(visit))
    cities = [each.cell.scope.city_code for each in found.cities]
    tighter = {(each.city_code, each.other_city_code): each.probability for each in found.pairs}
    tighter |= {(other, city): 1 - chance for (city, other), chance in tighter.items()}
    than = [Text(f"比{words.city(each)}更紧的概率", f"tighter than {words.city(each)}") for each in cities]
    rows = [
        [
            _field(visit, scope),
            words.city(city),
            _category(visit, scope),
            *_facts(visit, each.cell),
            *_standing(each),
            *(_rounded(tighter.get((city, other)), 3) for other in cities),
            *_day(words, found),
            _origin(visit, found),
        ]
        for city, each in zip(cities, found.cities, strict=True)
    ]
    return [_headed(visit, *_SUBJECT, *_FACTS, *_STANDING, *than, *_ORIGIN), *rows]


def _headed(visit: Visit, *headers: Text) -> list[str]:
    return [header.to(visit.language) for header in headers]


def _field(visit: Visit, scope: shortage_pb2.ShortageScope) -> str:
    words = Words(visit.catalogue, visit.language)
    if scope.direction_code:
        return words.direction(scope.direction_code)
    return words.industry(scope.industry_code) if scope.industry_code else visit.say("全部", "all")


def _category(visit: Visit, scope: shortage_pb2.ShortageScope) -> str:
    words = Words(visit.catalogue, visit.language)
    return words.category(scope.category_code) if scope.category_code else visit.say("全部", "all")


def _day(words: Words, found: Any) -> list[str]:
    """The quarter that is counted up to its last day or today, and the day."""
    return [quarter_code(date_from_wire(found.as_of_date)), words.day(found.as_of_date)]


def _origin(visit: Visit, found: Any) -> str:
    if origins.is_sample(found):
        return visit.say("演示数据 SYNTHETIC", "SYNTHETIC")
    return visit.say("真实数据", "REAL")


def _standing(city: analysis.ShortageCityStanding) -> list[Any]:
    """From the ranks to the quotients; nothing where a number is not shown."""
    decimals = {
        "standardised_index": 1,
        "standardised_low": 1,
        "standardised_high": 1,
        "demand_quotient": 2,
        "supply_quotient": 2,
    }
    known = [
        _rounded(getattr(city, name) if city.HasField(name) else None, to) for name, to in decimals.items()
    ]
    return [city.first_rank or None, city.last_rank or None, *known]


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)


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
