"""`bole position list`."""

import typer

from services.cli.commands.options import File, Filter, Lang, Limit, OrderBy, Out, session
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
    """岗位列表 positions by filter."""
    from services.cli import positions

    with session(lang, output, file) as opened:
        positions.show(opened, positions.fetch(opened, filter_, order_by, limit))
