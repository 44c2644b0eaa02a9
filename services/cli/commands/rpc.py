"""`bole rpc call`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Purpose, session

app = typer.Typer(no_args_is_help=True)


@app.callback()
def _group() -> None:
    """A group, even with a single command."""


@app.command("call")
def call(
    method: Annotated[str, typer.Argument(help="如 GetPerson、ShortageService/GetShortageGrid")],
    request: Annotated[str, typer.Argument(help='请求 JSON the request, e.g. {"name": "persons/…"}')] = "",
    purpose: Purpose = None,
    key: Annotated[str, typer.Option(envvar="BOLE_KEY", help="合作方密钥 partner key")] = "",
    lang: Lang = None,
    file: File = None,
) -> None:
    """以 JSON 调用契约中的任一方法 call any method of the contract with JSON."""
    from services.cli import calling

    with session(lang, Format.JSON, file, purpose) as opened:
        opened.speak_as_partner(key)
        calling.call(opened, method, request)
