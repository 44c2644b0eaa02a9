"""`bole statement list|add|retract|confirm`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="persons/…")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="日期，默认今天 the day, today")]
Document = Annotated[str, typer.Option(help="依据文件 where it is written")]


@app.command("list")
def list_(
    name: Name,
    field: Annotated[list[str] | None, typer.Option(help="只看这些字段 only these fields")] = None,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """谁怎么说、采用哪一个、为什么 who says what of a person, and which is shown."""
    from services.cli.talent import statements

    with session(lang, output, file, purpose) as opened:
        statements.show(opened, name, field or [])


@app.command("add")
def add(
    name: Name,
    stated: Annotated[list[str], typer.Argument(help="字段=值，如 employer=南京大学 city=suzhou")],
    source: Annotated[str, typer.Option(help="来源 self、registry、employer、web …")],
    day: Day = None,
    document: Document = "",
    confirmed: Annotated[bool, typer.Option("--confirmed", help="已核实 a document was seen")] = False,
    lang: Lang = None,
) -> None:
    """登记一个来源的说法 state something on behalf of a source."""
    from services.cli.talent import statements

    with session(lang) as opened:
        said = statements.Said(source, day.date() if day else None, document, confirmed)
        statements.add(opened, name, stated, said)


@app.command("retract")
def retract(
    name: Annotated[str, typer.Argument(help="persons/…/statements/…")],
    reason: Annotated[str, typer.Option(help="原因 why")],
    lang: Lang = None,
) -> None:
    """撤销一条说法 take a statement back."""
    from services.cli.talent import statements

    with session(lang) as opened:
        statements.retract(opened, name, reason)


@app.command("confirm")
def confirm(name: Name, day: Day = None, document: Document = "", lang: Lang = None) -> None:
    """年度核实：信息仍然有效 the facts shown were confirmed with the person."""
    from services.cli.talent import statements

    with session(lang) as opened:
        statements.confirm(opened, name, day.date() if day else None, document)
