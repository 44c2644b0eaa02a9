"""The shortage map (紧缺人才图谱) as a heat grid: two dimensions, one coloured number in each cell."""

from rich.table import Table
from rich.text import Text as RichText

from bole.talent.v1 import shortage_pb2 as shortage
from bole.talent.v1 import shortage_service_pb2 as service
from services.cli.answers import wording
from services.cli.answers.output import Output
from services.cli.talent.shortage import name as shortage_name
from services.kernel.text import Text

# From plenty (blue) over balance (grey) to shortage (red); the bands of the stars.
_HEAT = (
    (80, "white on #a50026"),
    (70, "white on #d73027"),
    (60, "black on #f46d43"),
    (50, "black on #fdae61"),
    (40, "black on #e0e0e0"),
    (0, "black on #abd9e9"),
)
_NAME_COLUMNS = 6
_ROW_NAME_COLUMNS = 30
_LEGEND = Text(
    "颜色由蓝（充裕）到红（紧缺）；~ 证据不足（D级）；· 无数据；○ 有供给无需求；△ 库内空白；▒ 样本过少不显示",
    "blue: plenty, red: shortage; ~ grade D; · no data; ○ supply only; △ nobody in the library; ▒ hidden",
)


def show_grid(output: Output, grid: service.GetShortageGridResponse, rows: str, columns: str) -> None:
    """The grid as a heat table, the legend below it."""
    language = output.language
    table = Table(
        title=Text("紧缺人才图谱（紧缺指数，50为供需平衡）", "Shortage map (50 is balance)").to(language),
        title_justify="left",
        title_style="bold",
        padding=(0, 0),
        collapse_padding=True,
    )
    table.add_column("")
    width = len(grid.column_codes)
    room = max(_NAME_COLUMNS, (output.console.width - _ROW_NAME_COLUMNS) // max(width, 1) - 1)
    for code in grid.column_codes:
        table.add_column(
            shortage_name(code, columns, language), justify="center", max_width=room, overflow="fold"
        )
    for at, code in enumerate(grid.row_codes):
        cells = grid.cells[at * width : (at + 1) * width]
        table.add_row(shortage_name(code, rows, language), *(_heat(cell) for cell in cells))
    output.console.print(table)
    output.note(_LEGEND.to(language))
    if wording.origin(grid.origin) == "SYNTHETIC":
        output.mark()


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
