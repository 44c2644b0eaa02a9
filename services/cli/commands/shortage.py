"""`bole shortage map|top|cell`."""

from typing import Annotated

import typer

from services.cli.commands import analysis, release, watch
from services.cli.commands.options import File, Lang, Limit, Out, session
from services.cli.formats import Format

app = typer.Typer(no_args_is_help=True)
analysis.register(app)
app.add_typer(release.app, name="release", help="发布 frozen releases")
watch.register(app)
Dimension = Annotated[str, typer.Option(help="industry、direction、city、category")]


@app.command("map")
def show_map(
    rows: Dimension = "industry",
    columns: Dimension = "city",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """热力图 the heat grid of two dimensions."""
    from services.cli import heat, shortage
    from services.cli.wording import say
    from services.kernel.text import Text

    with session(lang, output, file) as opened:
        grid = shortage.fetch_grid(opened, rows, columns)
        if opened.output.for_people:
            heat.show_grid(opened.output, grid, rows, columns)
            opened.output.note(say(grid.method_note, opened.language))
        else:
            shortage.show_cells(opened, list(grid.cells), grid.origin, Text("紧缺人才图谱", "shortage map"))


@app.command("top")
def top(
    rows: Dimension = "industry",
    columns: Dimension = "city",
    limit: Limit = 5,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """最紧缺的单元格及理由 the tightest cells with their reasons."""
    from services.cli import shortage
    from services.kernel.text import Text

    with session(lang, output, file) as opened:
        origin = shortage.fetch_grid(opened, rows, columns).origin
        cells = shortage.fetch_tightest(opened, rows, columns, limit)
        shortage.show_cells(opened, cells, origin, Text("最紧缺的单元格", "the tightest cells"))


@app.command("cell")
def cell(
    industry: Annotated[str, typer.Option(help="产业 industry, any spelling the catalogue knows")] = "",
    direction: Annotated[str, typer.Option(help="方向 direction")] = "",
    city: Annotated[str, typer.Option(help="城市 city")] = "",
    category: Annotated[str, typer.Option(help="人才类别 talent category")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """一个单元格的完整解释 one cell in full."""
    from services.cli import shortage

    with session(lang, output, file) as opened:
        scope = shortage.scope_of(industry, direction, city, category)
        origin = shortage.fetch_grid(opened, "industry", "city").origin
        shortage.show_cell(opened, shortage.fetch_cell(opened, scope), origin)


@app.command("rebuild")
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="只核对，不写入 compare, change nothing")] = False,
    lang: Lang = None,
) -> None:
    """按全部记录重新统计 count all records anew; with --check, prove that the kept counts are the same."""
    from services.cli import installation

    with session(lang) as opened:
        raise typer.Exit(installation.recount(opened, check=check))
