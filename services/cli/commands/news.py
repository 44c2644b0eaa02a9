"""`bole news`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, session


def news(
    since: Annotated[
        str,
        typer.Option(
            help="自何时起，如 2026-11-29T08:30；默认上次查看以来 from when on; since you last looked by default"
        ),
    ] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """上次查看以来的变化 what changed in your own work since you last looked."""
    from services.cli.news import telling

    with session(lang, output, file) as opened:
        telling.tell(opened, since)
