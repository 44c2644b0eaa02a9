"""`bole firm list|import`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.commands.options import File, Filter, Lang, Limit, OrderBy, Out, session
from services.cli.output import Format

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """企业列表 firms by filter."""
    from services.cli import firms

    with session(lang, output, file) as opened:
        firms.show(opened, firms.fetch(opened, filter_, order_by, limit))


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入")] = False,
    all_or_nothing: Annotated[bool, typer.Option("--all-or-nothing", help="有一行不合格就全部不写")] = False,
    sheet: Annotated[str, typer.Option(help="CSV 文件对应的表：firms、funds、deals")] = "",
    lang: Lang = None,
) -> None:
    """导入企业、基金、项目 import firms, funds and deals."""
    from services.cli.importing import import_file

    with session(lang) as opened:
        raise typer.Exit(import_file(opened, "funding", path, dry_run, all_or_nothing, sheet))
