"""`bole evidence list|add|edit|confirm|void|delete`, `bole target progress`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, OrderBy, Out, session

app = typer.Typer(no_args_is_help=True)
target = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="evidenceRecords/…")]
Most = Annotated[int, typer.Option("--limit", "-n", min=1, max=100_000, help="行数 rows")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


@app.command("list")
def list_(
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Most = 50,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """佐证台账 the evidence register."""
    from services.cli.talent import evidence

    with session(lang, output, file) as opened:
        evidence.show_list(opened, filter_, order_by, limit)


@app.command("add")
def add(
    ref: Annotated[str, typer.Argument(help="来源编号 number in the source")],
    kind: Annotated[str, typer.Option(help="platform、pilot_zone、scenario、rd_project、leading_talent …")],
    city: Annotated[str, typer.Option(help="城市 city")],
    title: Annotated[str, typer.Option(help="名称；人才类留空 name, none for talents")] = "",
    type_: Annotated[str, typer.Option("--type", help="类型代码，如 fi-institute")] = "",
    industry: Annotated[str, typer.Option(help="产业 industry")] = "",
    approved: Day = None,
    opened: Day = None,
    closed: Day = None,
    document: Annotated[str, typer.Option(help="文件 document")] = "",
    department: Annotated[str, typer.Option(help="确认部门代码，如 gongxinting")] = "",
    subject: Annotated[str, typer.Option(help="persons/… 或 teams/…")] = "",
    quantity: Annotated[int, typer.Option(help="数量（能力类）amount")] = 0,
    remark: Annotated[str, typer.Option(help="备注 a remark")] = "",
    lang: Lang = None,
) -> None:
    """录入佐证 enter a record; it counts once somebody else confirms it."""
    from services.cli.talent import evidence

    values = {
        "source_ref": ref,
        "title": title,
        "type_code": type_,
        "city_code": city,
        "industry_code": industry,
        "document": document,
        "department_code": department,
        "subject": subject,
        "quantity": quantity,
        "remark": remark,
    }
    days = {"approved_date": approved, "opened_date": opened, "closed_date": closed}
    with session(lang) as surroundings:
        evidence.add(surroundings, kind, values, {name: day and day.date() for name, day in days.items()})


@app.command("edit")
def edit(
    name: Name,
    city: Annotated[str | None, typer.Option(help="城市 city")] = None,
    title: Annotated[str | None, typer.Option(help="名称 name")] = None,
    type_: Annotated[str | None, typer.Option("--type", help="类型代码 code of the type")] = None,
    industry: Annotated[str | None, typer.Option(help="产业 industry")] = None,
    approved: Day = None,
    opened: Day = None,
    closed: Day = None,
    document: Annotated[str | None, typer.Option(help="文件 document")] = None,
    department: Annotated[str | None, typer.Option(help="确认部门代码 department")] = None,
    subject: Annotated[str | None, typer.Option(help="persons/… 或 teams/…")] = None,
    quantity: Annotated[int | None, typer.Option(help="数量 amount")] = None,
    remark: Annotated[str | None, typer.Option(help="备注 a remark")] = None,
    lang: Lang = None,
) -> None:
    """更正佐证，空文本清空该字段 change a record; an empty text clears the field. It is to be confirmed again."""
    from services.cli.talent import evidence

    values = {
        "title": title,
        "type_code": type_,
        "city_code": city,
        "industry_code": industry,
        "document": document,
        "department_code": department,
        "subject": subject,
        "quantity": quantity,
        "remark": remark,
    }
    days = {"approved_date": approved, "opened_date": opened, "closed_date": closed}
    with session(lang) as surroundings:
        evidence.edit(surroundings, name, values, {field: day and day.date() for field, day in days.items()})


@app.command("confirm")
def confirm(name: Name, lang: Lang = None) -> None:
    """确认 let a record count; somebody else than who entered it."""
    from services.cli.talent import evidence

    with session(lang) as opened:
        evidence.confirm(opened, name)


@app.command("void")
def void(name: Name, reason: Annotated[str, typer.Option(help="原因 why")], lang: Lang = None) -> None:
    """作废 take a record back."""
    from services.cli.talent import evidence

    with session(lang) as opened:
        evidence.void(opened, name, reason)


@app.command("delete")
def delete(name: Name, lang: Lang = None) -> None:
    """删除未确认的记录 delete a record that was never confirmed."""
    from services.cli.talent import evidence

    with session(lang) as opened:
        evidence.delete(opened, name)


@target.command("progress")
def progress(
    goal: Annotated[str, typer.Argument(help="如 T2030-scenarios；不填为全部 empty for all")] = "",
    as_of: Annotated[
        datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="计数日 day")
    ] = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """目标进度 how far the policy's goals have come."""
    from services.cli.talent import evidence

    with session(lang, output, file) as opened:
        evidence.show_progress(opened, goal, as_of and as_of.date())
