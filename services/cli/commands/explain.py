"""`bole explain`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, session


def explain(
    name: Annotated[
        str, typer.Argument(help="服务、方法、消息、字段或代码表，如 Person.city_code; empty: all services")
    ] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """契约怎么说：服务、方法、消息与字段 what the contract says of a service, method, message or field."""
    from services.cli import explaining

    with session(lang, output, file) as opened:
        explaining.explain(opened, name)
