"""`bole shortage top`: the tightest cells of the shortage map, and what there is to go by where none can be ranked."""

from datetime import date

from bole.talent.v1 import shortage_pb2 as shortage
from bole.talent.v1 import shortage_service_pb2 as service
from services.cli.session import Session
from services.cli.talent.shortage import DIMENSIONS, on_day, show_cells, stub
from services.kernel.text import Text

_NONE_RANKED = Text(
    "没有可排名的单元格：样本过少不显示、证据不足（D 级）或没有需求的都不排名",
    "no cell can be ranked: hidden cells, grade D and cells without demand are not",
)
_LEADS = Text(
    "未排名的单元格中指数最高的，只作线索",
    "the highest indices among cells that are not ranked, as leads alone",
)


def fetch_tightest(
    session: Session,
    rows: str,
    columns: str,
    limit: int,
    scope: shortage.ShortageScope | None = None,
    day: date | None = None,
) -> list[shortage.ShortageCell]:
    """The tightest cells, with contributions and reasons; dimensions as `fetch_grid` has checked them."""
    request = service.RankShortageCellsRequest(
        rows=DIMENSIONS[rows],
        columns=DIMENSIONS[columns],
        page_size=limit,
        scope=scope,
        as_of_date=on_day(day),
    )
    return list(stub(session).RankShortageCells(request, timeout=30).cells)


def show_tightest(
    session: Session, cells: list[shortage.ShortageCell], grid: service.GetShortageGridResponse, limit: int
) -> None:
    """The tightest cells of a grid; where none can be ranked people are told so, and which have the highest indices."""
    title = Text("最紧缺的单元格", "the tightest cells")
    show_cells(session, cells, grid.origin, title, grid.as_of_date)
    if cells:
        return
    session.output.note(_NONE_RANKED.to(session.language))
    seen = (cell for cell in grid.cells if cell.HasField("index"))
    leads = sorted(seen, key=lambda cell: -cell.index)[:limit]
    if leads and session.output.for_people:
        show_cells(session, leads, grid.origin, _LEADS)
