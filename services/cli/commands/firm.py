"""`bole firm list|import`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.commands.options import (
    AllOrNothing,
    DryRun,
    Encoding,
    Errors,
    File,
    Filter,
    Lang,
    Limit,
    OrderBy,
    Out,
    session,
)
from services.cli.formats import Format

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
    dry_run: DryRun = False,
    all_or_nothing: AllOrNothing = False,
    sheet: Annotated[str, typer.Option(help="CSV 文件对应的表：firms、funds、deals")] = "",
    encoding: Encoding = "",
    errors: Errors = None,
    lang: Lang = None,
) -> None:
    """导入企业、基金、项目 import firms, funds and deals."""
    from services.cli.importing import Wish, import_file, mode_of

    with session(lang) as opened:
        wish = Wish(mode_of(dry_run=dry_run, all_or_nothing=all_or_nothing), sheet, errors, encoding)
        raise typer.Exit(import_file(opened, "funding", path, wish))
