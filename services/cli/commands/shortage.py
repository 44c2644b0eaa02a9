"""`bole shortage map|top|cell|method`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands import analysis, release, watch
from services.cli.commands.options import File, Lang, Limit, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
analysis.register(app)
app.add_typer(release.app, name="release", help="发布 frozen releases")
watch.register(app)
Dimension = Annotated[str, typer.Option(help="industry、direction、local（地方方向）、city、category")]
Side = Annotated[
    str,
    typer.Option(
        help="industry、direction、local、city、category；默认展开范围未定的 what is left open, by default"
    ),
]
Industry = Annotated[str, typer.Option(help="产业 industry, any spelling the catalogue knows")]
Direction = Annotated[str, typer.Option(help="方向 direction")]
City = Annotated[str, typer.Option(help="城市 city")]
Category = Annotated[str, typer.Option(help="人才类别 talent category")]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="截至哪一天，默认今天 as of which day, today")
]


@app.command("map")
def show_map(
    rows: Side = "",
    columns: Side = "",
    industry: Industry = "",
    direction: Direction = "",
    city: City = "",
    category: Category = "",
    day: Day = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """热力图 the heat grid of two dimensions."""
    from services.cli.talent import heat, shortage
    from services.cli.talent.grid_sides import sides
    from services.kernel.text import Text

    with session(lang, output, file) as opened:
        scope = shortage.scope_of(industry, direction, city, category)
        rows, columns = sides(rows, columns, scope)
        grid = shortage.fetch_grid(opened, rows, columns, scope, day and day.date())
        if opened.output.for_people:
            heat.show_grid(opened.output, grid, rows, columns)
            shortage.note_method(opened, grid.method_version)
        else:
            title = Text("紧缺人才图谱", "shortage map")
            shortage.show_cells(opened, list(grid.cells), grid.origin, title, grid.as_of_date)


@app.command("top")
def top(
    rows: Side = "",
    columns: Side = "",
    limit: Limit = 5,
    industry: Industry = "",
    direction: Direction = "",
    city: City = "",
    category: Category = "",
    day: Day = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """最紧缺的单元格及理由 the tightest cells with their reasons."""
    from services.cli.talent import shortage, tightest
    from services.cli.talent.grid_sides import sides

    with session(lang, output, file) as opened:
        scope = shortage.scope_of(industry, direction, city, category)
        rows, columns = sides(rows, columns, scope)
        on = day and day.date()
        grid = shortage.fetch_grid(opened, rows, columns, scope, on)
        cells = tightest.fetch_tightest(opened, rows, columns, limit, scope, on)
        tightest.show_tightest(opened, cells, grid, limit)


@app.command("cell")
def cell(
    industry: Industry = "",
    direction: Direction = "",
    city: City = "",
    category: Category = "",
    day: Day = None,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """一个单元格的完整解释，及可以填补的人才 one cell in full, and who could fill it."""
    from services.cli.talent import shortage

    with session(lang, output, file, purpose) as opened:
        scope = shortage.scope_of(industry, direction, city, category)
        origin = shortage.fetch_grid(opened, "industry", "city").origin
        shortage.show_cell(opened, shortage.fetch_cell(opened, scope, day and day.date()), origin)


@app.command("method")
def method(lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """指数的算法与全部参数 how the index is made, with every value."""
    from services.cli.talent import shortage

    with session(lang, output, file) as opened:
        shortage.show_method(opened)


@app.command("rebuild")
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="只核对，不写入 compare, change nothing")] = False,
    lang: Lang = None,
) -> None:
    """按全部记录重新统计 count all records anew; with --check, prove that the kept counts are the same."""
    from services.cli.running import installation

    with session(lang) as opened:
        raise typer.Exit(installation.recount(opened, check=check))
