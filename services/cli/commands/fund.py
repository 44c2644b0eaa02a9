"""`bole fund list`."""

import typer

from services.cli.commands.options import File, Lang, Out, session
from services.cli.formats import Format

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """基金列表 funds with size and headroom."""
    from services.cli import funds

    with session(lang, output, file) as opened:
        funds.show(opened)
