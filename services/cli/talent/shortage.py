"""`bole shortage …`: cells of the shortage map (紧缺人才图谱) as rows, one in full."""

from datetime import date
from typing import Any

from google.type import date_pb2

from bole.talent.v1 import shortage_pb2 as shortage
from bole.talent.v1 import shortage_service_pb2 as service
from bole.talent.v1 import shortage_service_pb2_grpc as service_grpc
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, interval, number
from services.cli.session import Session
from services.cli.talent import cell_people
from services.kernel.errors import InvalidArgument
from services.kernel.periods import quarter_code
from services.kernel.text import Language, Text
from services.wording import codes, persons
from services.wording.chances import share_in_hundredths

Dimension = shortage.ShortageDimension
_SURPLUS_SHOWN = 5
DIMENSIONS = {
    "industry": Dimension.SHORTAGE_DIMENSION_INDUSTRY,
    "direction": Dimension.SHORTAGE_DIMENSION_DIRECTION,
    "local": Dimension.SHORTAGE_DIMENSION_LOCAL_DIRECTION,
    "city": Dimension.SHORTAGE_DIMENSION_CITY,
    "category": Dimension.SHORTAGE_DIMENSION_CATEGORY,
}


def stub(session: Session) -> service_grpc.ShortageServiceStub:
    """The shortage service."""
    return service_grpc.ShortageServiceStub(session.channel("talent"))


def dimension(option: str, given: str) -> Dimension:
    """A dimension named as on the command line. Raises InvalidArgument for another name."""
    if given not in DIMENSIONS:
        known = ", ".join(DIMENSIONS)
        raise InvalidArgument.field(
            option,
            "UNKNOWN_DIMENSION",
            f"没有维度“{given}”，可用：{known}",
            f"no dimension {given!r}; use {known}",
        )
    return DIMENSIONS[given]


def fetch_grid(
    session: Session,
    rows: str,
    columns: str,
    scope: shortage.ShortageScope | None = None,
    day: date | None = None,
) -> service.GetShortageGridResponse:
    """The grid of two dimensions, named as on the command line. Raises InvalidArgument for another name."""
    request = service.GetShortageGridRequest(
        rows=dimension("--rows", rows),
        columns=dimension("--columns", columns),
        scope=scope,
        as_of_date=on_day(day),
    )
    return stub(session).GetShortageGrid(request, timeout=30)


def on_day(day: date | None) -> Any:
    """A day as the services take it; None, which is today, stays None."""
    return None if day is None else date_to_wire(day)


def show_method(session: Session) -> None:
    """How the index is made, every value printed."""
    grid = fetch_grid(session, "industry", "city")
    row = {"version": grid.method_version, "note": wording.say(grid.method_note, session.language)}
    session.output.rows(Text("紧缺指数的方法", "the method of the index"), _METHOD_COLUMNS, [row])


def note_method(session: Session, version: str) -> None:
    """Below a table: which method, and where it is printed."""
    session.output.note(
        Text(f"方法 {version}，全文：bole shortage method", f"method {version}: bole shortage method").to(
            session.language
        )
    )


def name(code: str, dimension: str, language: Language) -> str:
    """A code of a dimension as people read it."""
    words = {
        "industry": wording.industry,
        "direction": wording.direction,
        "local": wording.direction,
        "city": wording.city,
        "category": wording.category,
    }
    return words[dimension](code, language)


def _stars(value: dict[str, Any], language: Language) -> str:
    doubt = Text("（观察）", " (watch)").to(language) if value["watch"] else ""
    return "★" * value["stars"] + doubt


PROVINCE = Text("全省", "province")
"""What a cell of no city counts."""
OF_DAY = (
    Column("quarter", Text("季度", "quarter"), whole=True),
    Column("as_of", Text("截至", "as of"), whole=True),
)
HEADS_OPEN = Text("在招（人）", "open (people)")
HEADS_AVAILABLE = Text("可得（人，折算）", "available (people, weighed)")
_METHOD_COLUMNS = (
    Column("version", Text("版本", "version")),
    Column("note", Text("说明", "note"), wraps=True),
)
_COLUMNS = (
    Column("scope", Text("产业/方向", "field"), wraps=True),
    Column("city", Text("城市", "city")),
    Column("index", Text("指数", "index"), right=True, show=number(1)),
    interval("interval", Text("90%区间", "90 %"), 0),
    Column(
        "rating", Text("星级", "stars"), show=_stars, parts=(Text("星级", "stars"), Text("观察", "watch"))
    ),
    Column("grade", Text("证据", "grade")),
    Column("demand", Text("在招", "open"), right=True, parts=(HEADS_OPEN,)),
    Column("supply", Text("可得", "avail."), right=True, show=number(1), parts=(HEADS_AVAILABLE,)),
    Column("reasons", Text("理由", "reasons"), wraps=True, room=24),
)


def show_cells(
    session: Session,
    cells: list[shortage.ShortageCell],
    origin: int,
    title: Text,
    day: date_pb2.Date | None = None,
) -> None:
    """Cells as rows. `origin` is the one that the grid states; so is `day`, which files and programs are told with its
    quarter.
    """
    mark = {"origin": wording.origin(origin), **(of_day(date_from_wire(day)) if day else {})}
    rows = [{**_row(cell, session.language), **mark} for cell in cells]
    if session.output.for_people:
        rows = [{**row, "city": row["city"] or PROVINCE.to(session.language)} for row in rows]
    dated = day and not session.output.for_people
    session.output.rows(title, (*_COLUMNS, *OF_DAY) if dated else _COLUMNS, rows)


def of_day(day: date) -> dict[str, str]:
    """What `OF_DAY` shows: the day that is counted, and its quarter."""
    return {"quarter": quarter_code(day), "as_of": day.isoformat()}


def _row(cell: shortage.ShortageCell, language: Language) -> dict[str, Any]:
    scope = cell.scope
    state = shortage.ShortageCell.State.Name(cell.state)
    said = [wording.say(each, language) for each in cell.reasons]
    return {
        **place(scope, language),
        "index": cell.index if cell.HasField("index") else None,
        "interval": [cell.low, cell.high] if cell.HasField("low") else None,
        "rating": {"stars": cell.stars, "watch": cell.watch},
        "grade": _grade(cell),
        "state": _state(cell),
        "demand": cell.open_headcount,
        "supply": cell.supply if cell.HasField("supply") else None,
        "hidden": cell.hidden,
        "reasons": said or [_instead(cell, state, language)],
    }


def place(scope: shortage.ShortageScope, language: Language) -> dict[str, str]:
    """What a cell counts: its codes for machines, its names for people."""
    return {
        "scope": _place(scope, language),
        "industry": scope.industry_code,
        "direction": scope.direction_code,
        "city_code": scope.city_code,
        "category": scope.category_code,
        "city": wording.city(scope.city_code, language) if scope.city_code else "",
    }


def _place(scope: shortage.ShortageScope, language: Language) -> str:
    if scope.direction_code:
        return wording.direction(scope.direction_code, language)
    if scope.industry_code:
        return wording.industry(scope.industry_code, language)
    return wording.category(scope.category_code, language) if scope.category_code else ""


def _grade(cell: shortage.ShortageCell) -> str | None:
    grade = shortage.ShortageCell.Grade.Name(cell.grade).removeprefix("GRADE_")
    return None if grade == "UNSPECIFIED" else grade


def _state(cell: shortage.ShortageCell) -> str:
    """Whether there is an index, and why not; WITHHELD where the public edition does not tell."""
    state = shortage.ShortageCell.State.Name(cell.state).removeprefix("STATE_")
    return "WITHHELD" if state == "UNSPECIFIED" else state


def _instead(cell: shortage.ShortageCell, state: str, language: Language) -> str:
    """What may be said of a cell that has no reasons."""
    if cell.HasField("band"):
        return wording.say(cell.band, language)
    return codes.SHORTAGE_STATES[state].to(language) if state in codes.SHORTAGE_STATES else ""


def facts(cell: shortage.ShortageCell, *, whole: bool) -> dict[str, Any]:
    """A cell as the demonstration's JSON has it."""
    number = {
        field: getattr(cell, field) if cell.HasField(field) else None for field in ("index", "low", "high")
    }
    short = {
        "industry": cell.scope.industry_code,
        "city": cell.scope.city_code,
        **number,
        "grade": _grade(cell),
        "state": _state(cell),
    }
    if not whole:
        return short
    return {
        **short,
        "log_odds": cell.log_odds,
        "stars": cell.stars,
        "open_headcount": cell.open_headcount,
        "supply": cell.supply if cell.HasField("supply") else None,
        "contributions": [{"name": each.name, "value": each.value} for each in cell.contributions],
        "reasons": [each.zh for each in cell.reasons],
    }


def scope_of(industry: str, direction: str, city: str, category: str) -> shortage.ShortageScope:
    """A scope from any spelling that the catalogue knows. Raises InvalidArgument with near names."""
    known = wording.catalogue()
    return shortage.ShortageScope(
        industry_code=known.resolve_industry(industry, field="--industry") if industry else "",
        direction_code=known.resolve_direction(direction, field="--direction") if direction else "",
        city_code=known.resolve_city(city, field="--city") if city else "",
        category_code=known.resolve_category(category, field="--category") if category else "",
    )


def fetch_cell(
    session: Session, scope: shortage.ShortageScope, day: date | None = None
) -> service.GetShortageCellResponse:
    """One cell with its explanation."""
    request = service.GetShortageCellRequest(scope=scope, as_of_date=on_day(day))
    return stub(session).GetShortageCell(request, timeout=30)


def show_cell(session: Session, found: service.GetShortageCellResponse, origin: int) -> None:
    """The cell and its parent, the contributions, the causes and what helps."""
    language, output = session.language, session.output
    cells = [found.cell, found.parent] if found.HasField("parent") else [found.cell]
    show_cells(session, cells, origin, Text("单元格与上级", "the cell and its parent"))
    if found.cell.contributions:
        parts = [
            f"{wording.contribution(part.name, language)} {part.value:+.3f}"
            for part in found.cell.contributions
            if part.name != "constant" or part.value
        ]
        output.note(
            Text(
                f"指数由各项对数几率相加而得，0 为中性：{' · '.join(parts)}",
                f"the index adds up from log-odds, 0 is neutral: {' · '.join(parts)}",
            ).to(language)
        )
    if found.cell.HasField("funded_headcount"):
        heads = found.cell.funded_headcount
        output.note(
            Text(
                f"  投资带动用人 {heads:.1f} 人（未计入在招岗位）",
                f"  {heads:.1f} hires expected of funded deals, beside the open positions",
            ).to(language)
        )
    if found.cell.HasField("expected_arrivals"):
        people = found.cell.expected_arrivals
        output.note(
            Text(f"  培养名额预计到岗 {people:.1f} 人", f"  {people:.1f} expected from training").to(language)
        )
    output.note(f"  {_coverage(found.cell.coverage, language)}")
    for driver in found.cell.drivers:
        output.note(f"  {wording.say(driver.cause, language)} → {wording.say(driver.remedy, language)}")
    if found.surplus_cities:
        listed = [_surplus(each, language) for each in found.surplus_cities[:_SURPLUS_SHOWN]]
        output.note(
            Text("有富余的设区市：" + "、".join(listed), "surplus: " + ", ".join(listed)).to(language)
        )
    cell_people.show(session, found.cell.scope)
    note_method(session, found.method_version)


def _coverage(found: shortage.ShortageCoverage, language: Language) -> str:
    if not found.HasField("share"):
        return Text(
            f"库覆盖率{wording.say(found.unknown_because, language)}",
            f"coverage {wording.say(found.unknown_because, language)}",
        ).to(language)
    span = f"{share_in_hundredths(found.low)}–{share_in_hundredths(found.high)}"
    pair, share = [persons.source(each, language) for each in found.sources], share_in_hundredths(found.share)
    return Text(
        f"库覆盖率估计 {share}（90% 区间 {span}，来源：{'、'.join(pair)}）",
        f"the library is estimated to know {share} (90 % {span}; sources: {', '.join(pair)})",
    ).to(language)


def _surplus(each: service.ShortageSurplus, language: Language) -> str:
    far = f" {each.distance_km:.0f} km" if each.HasField("distance_km") else ""
    return f"{wording.city(each.city_code, language)} {each.people:.0f}{far}"
