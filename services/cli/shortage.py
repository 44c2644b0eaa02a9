"""`bole shortage …`: the shortage map (紧缺人才图谱) as a heat grid, its tightest cells, one cell in full."""

from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from bole.talent.v1 import shortage_pb2 as shortage
from bole.talent.v1 import shortage_service_pb2 as service
from bole.talent.v1 import shortage_service_pb2_grpc as service_grpc
from services.cli import wording
from services.cli.output import Column
from services.cli.session import Session
from services.kernel.text import Language, Text

Dimension = shortage.ShortageDimension
DIMENSIONS = {
    "industry": Dimension.SHORTAGE_DIMENSION_INDUSTRY,
    "direction": Dimension.SHORTAGE_DIMENSION_DIRECTION,
    "city": Dimension.SHORTAGE_DIMENSION_CITY,
    "category": Dimension.SHORTAGE_DIMENSION_CATEGORY,
}
# From plenty (blue) over balance (grey) to shortage (red); the bands of the stars.
_HEAT = (
    (80, "white on #a50026"),
    (70, "white on #d73027"),
    (60, "black on #f46d43"),
    (50, "black on #fdae61"),
    (40, "black on #e0e0e0"),
    (0, "black on #abd9e9"),
)


def stub(session: Session) -> service_grpc.ShortageServiceStub:
    """The shortage service."""
    return service_grpc.ShortageServiceStub(session.channel("talent"))


def fetch_grid(
    session: Session, rows: str, columns: str, scope: shortage.ShortageScope | None = None
) -> service.GetShortageGridResponse:
    """The grid of two dimensions, named as on the command line."""
    request = service.GetShortageGridRequest(rows=DIMENSIONS[rows], columns=DIMENSIONS[columns], scope=scope)
    return stub(session).GetShortageGrid(request, timeout=30)


def fetch_tightest(session: Session, rows: str, columns: str, limit: int) -> list[shortage.ShortageCell]:
    """The tightest cells, with contributions and reasons."""
    request = service.RankShortageCellsRequest(
        rows=DIMENSIONS[rows], columns=DIMENSIONS[columns], page_size=limit
    )
    return list(stub(session).RankShortageCells(request, timeout=30).cells)


def name(code: str, dimension: str, language: Language) -> str:
    """A code of a dimension as people read it."""
    words = {
        "industry": wording.industry,
        "direction": wording.direction,
        "city": wording.city,
        "category": wording.category,
    }
    return words[dimension](code, language)


def show_grid(
    console: Console, grid: service.GetShortageGridResponse, rows: str, columns: str, language: Language
) -> None:
    """The grid as a heat table; `~` marks grade D, `观` a star in doubt, a dot an empty cell."""
    table = Table(
        title=Text("紧缺人才图谱（紧缺指数，50为供需平衡）", "Shortage map (50 is balance)").to(language),
        title_justify="left",
        title_style="bold",
        padding=(0, 0),
        collapse_padding=True,
    )
    table.add_column("")
    for code in grid.column_codes:
        table.add_column(name(code, columns, language)[:6], justify="center", no_wrap=True)
    width = len(grid.column_codes)
    for at, code in enumerate(grid.row_codes):
        cells = grid.cells[at * width : (at + 1) * width]
        table.add_row(name(code, rows, language)[:18], *(_heat(cell) for cell in cells))
    console.print(table)
    console.print(
        Text(
            "颜色由蓝（充裕）到红（紧缺）；~ 证据不足（D级）；· 无数据；○ 有供给无需求；△ 库内空白；▒ 样本过少不显示",
            "blue: plenty, red: shortage; ~ grade D; · no data; ○ supply only; △ nobody in the library; ▒ hidden",
        ).to(language),
        style="dim",
    )


def _heat(cell: shortage.ShortageCell) -> RichText:
    state = shortage.ShortageCell.State.Name(cell.state)
    if state == "STATE_NO_DATA":
        return RichText(" · ", style="dim")
    if state == "STATE_NO_DEMAND":
        return RichText(" ○ ", style="dim")
    mark = "△" if state == "STATE_LIBRARY_GAP" else ""
    if cell.hidden or not cell.HasField("index"):
        return RichText(f" ▒{mark} ", style="dim")
    style = next(style for floor, style in _HEAT if cell.index >= floor)
    doubt = "~" if cell.grade == shortage.ShortageCell.Grade.GRADE_D else ""
    return RichText(f"{cell.index:3.0f}{doubt}{mark}", style=style)


_COLUMNS = (
    Column("industry", Text("产业/方向", "industry or direction")),
    Column("city", Text("城市", "city")),
    Column("index", Text("指数", "index"), right=True),
    Column("interval", Text("90%区间", "90 % interval")),
    Column("stars", Text("星级", "stars")),
    Column("grade", Text("证据", "grade")),
    Column("demand", Text("在招", "open"), right=True),
    Column("supply", Text("可得", "available"), right=True),
    Column("reasons", Text("理由", "reasons")),
)


def show_tightest(session: Session, cells: list[shortage.ShortageCell]) -> None:
    """The tightest cells with their reasons."""
    session.output.rows(
        Text("最紧缺的单元格", "the tightest cells"),
        _COLUMNS,
        [_row(cell, session.language) for cell in cells],
    )


def _row(cell: shortage.ShortageCell, language: Language) -> dict[str, Any]:
    scope = cell.scope
    watch = Text("（观察）", " (watch)").to(language) if cell.watch else ""
    return {
        "industry": (
            wording.direction(scope.direction_code, language)
            if scope.direction_code
            else wording.industry(scope.industry_code, language)
        ),
        "city": wording.city(scope.city_code, language) if scope.city_code else "",
        "index": f"{cell.index:.1f}" if cell.HasField("index") else None,
        "interval": f"{cell.low:.0f}–{cell.high:.0f}" if cell.HasField("low") else None,
        "stars": "★" * cell.stars + watch,
        "grade": shortage.ShortageCell.Grade.Name(cell.grade).removeprefix("GRADE_"),
        "demand": cell.open_headcount,
        "supply": f"{cell.supply:.1f}" if cell.HasField("supply") else None,
        "reasons": "\n".join(each.zh if language == "zh" else each.en for each in cell.reasons),
    }


def facts(cell: shortage.ShortageCell, *, whole: bool) -> dict[str, Any]:
    """A cell as the demonstration's JSON has it."""
    number = {
        field: getattr(cell, field) if cell.HasField(field) else None for field in ("index", "low", "high")
    }
    grade = shortage.ShortageCell.Grade.Name(cell.grade).removeprefix("GRADE_")
    short = {
        "industry": cell.scope.industry_code,
        "city": cell.scope.city_code,
        **number,
        "grade": None if grade == "UNSPECIFIED" else grade,
        "state": shortage.ShortageCell.State.Name(cell.state).removeprefix("STATE_"),
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


def show_cells(session: Session, cells: list[shortage.ShortageCell]) -> None:
    """Cells as rows."""
    show_tightest(session, cells)


def scope_of(industry: str, direction: str, city: str, category: str) -> shortage.ShortageScope:
    """A scope from any spelling that the catalogue knows. Raises InvalidArgument with near names."""
    known = wording.catalogue()
    return shortage.ShortageScope(
        industry_code=known.resolve_industry(industry, field="--industry") if industry else "",
        direction_code=known.resolve_direction(direction, field="--direction") if direction else "",
        city_code=known.resolve_city(city, field="--city") if city else "",
        category_code=known.resolve_category(category, field="--category") if category else "",
    )


def fetch_cell(session: Session, scope: shortage.ShortageScope) -> service.GetShortageCellResponse:
    """One cell with its explanation."""
    return stub(session).GetShortageCell(service.GetShortageCellRequest(scope=scope), timeout=30)


def show_cell(session: Session, found: service.GetShortageCellResponse) -> None:
    """The cell and its parent, the contributions, the causes and what helps."""
    language, console = session.language, session.output.console
    show_tightest(session, [found.cell, found.parent] if found.HasField("parent") else [found.cell])
    if found.cell.HasField("band"):
        console.print(found.cell.band.zh if language == "zh" else found.cell.band.en)
    for part in found.cell.contributions:
        console.print(f"  {part.reason.zh if language == 'zh' else part.reason.en} {part.value:+.3f}")
    for driver in found.cell.drivers:
        cause, remedy = (
            (driver.cause.zh, driver.remedy.zh) if language == "zh" else (driver.cause.en, driver.remedy.en)
        )
        console.print(f"  {cause} → {remedy}")
    console.print(found.method_note.zh if language == "zh" else found.method_note.en, style="dim")
