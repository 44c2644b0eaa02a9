"""`bole note …`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Limit, Out, session

app = typer.Typer(no_args_is_help=True)
Deal = Annotated[str, typer.Argument(help="deals/…")]


@app.command("add")
def add(
    deal: Deal,
    text: Annotated[str, typer.Argument(help="内容，不写个人信息 what to write down, nothing about persons")],
    remind: Annotated[str, typer.Option(help="提醒日期，如 2026-12-31 the day of a reminder")] = "",
    account: Annotated[str, typer.Option(help="提醒谁；默认本人 who is reminded, by default you")] = "",
    documents: Annotated[
        list[int] | None, typer.Option("--document", help="所附材料的序号，可多次 numbers of documents")
    ] = None,
    attach: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="一并登记的附件，最大3MB a file that goes on the register, 3 MB"
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """记一条备注 write a note, which is never changed; with a day it is a reminder as well."""
    from services.cli.funding import notes

    with session(lang) as opened:
        notes.add(opened, deal, text, remind, account, documents or [], attach)


@app.command("list")
def list_(
    deal: Deal, limit: Limit = 50, lang: Lang = None, output: Out = Format.TABLE, file: File = None
) -> None:
    """项目的备注 the notes of a deal, newest first."""
    from services.cli.funding import notes

    with session(lang, output, file) as opened:
        notes.show(opened, deal, limit)


@app.command("due")
def due(
    until: Annotated[str, typer.Option(help="到哪一天为止；默认今天 due by this day")] = "",
    everybody: Annotated[
        bool, typer.Option("--everybody", help="所管基金上所有人的 of everybody, on the funds you manage")
    ] = False,
    limit: Limit = 50,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """到期的提醒 what you are reminded of, or everybody on your funds."""
    from services.cli.funding import notes

    with session(lang, output, file) as opened:
        notes.due(opened, until, limit, everybody=everybody)


@app.command("settle")
def settle(
    name: Annotated[str, typer.Argument(help="deals/…/notes/…")],
    lang: Lang = None,
) -> None:
    """办结提醒 settle a reminder: it does not come up again."""
    from services.cli.funding import notes

    with session(lang) as opened:
        notes.settle(opened, name)
