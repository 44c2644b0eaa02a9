"""`bole direction list|check`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, session

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def show(
    industry: Annotated[str, typer.Option(help="产业 industry, any spelling the catalogue knows")] = "",
    origin: Annotated[str, typer.Option(help="policy（政策文件）或 local（地方补充）")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """目录中的方向及其来源 the directions of the catalogue and where they come from."""
    from services.cli.talent import directions

    with session(lang, output, file) as opened:
        directions.show(opened, industry, origin)


@app.command("check")
def check(
    path: Annotated[Path, typer.Argument(help="地方方向文件 a file of local directions")],
    lang: Lang = None,
    output: Out = Format.TABLE,
) -> None:
    """启用前检查地方方向文件 check a file of local directions before it is put in place."""
    from services.cli.talent import directions

    with session(lang, output) as opened:
        directions.check(opened, path)
