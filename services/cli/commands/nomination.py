"""`bole nomination list|steps|nominate|check|conflict|review|decide|fund|follow|withdraw|quotas|quota`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, Limit, OrderBy, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="nominations/…")]
Note = Annotated[str, typer.Option(help="理由或意见 why")]
Document = Annotated[str, typer.Option(help="文件 document")]
Programme = Annotated[str, typer.Option(help="top-talent、shuangchuang、project-333，或名称 or its name")]
Year = Annotated[int, typer.Option(help="年度 year")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="日期 the day")]
Unit = Annotated[str, typer.Option(help="本人单位 your unit")]


@app.command("list")
def list_(
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """申报列表 nominations by filter."""
    from services.cli.talent import nominations

    with session(lang, output, file) as opened:
        nominations.show(opened, filter_, order_by, limit)


@app.command("steps")
def steps(
    name: Name, purpose: Purpose = None, lang: Lang = None, output: Out = Format.TABLE, file: File = None
) -> None:
    """一项申报的全过程 every step of a nomination."""
    from services.cli.talent import nominations

    with session(lang, output, file, purpose) as opened:
        nominations.show_steps(opened, name)


@app.command("nominate")
def nominate(
    nominee: Annotated[str, typer.Argument(help="persons/… 或 teams/…")],
    programme: Programme,
    year: Year,
    industry: Annotated[str, typer.Option(help="产业，占其名额 industry on whose quota it counts")],
    unit: Annotated[str, typer.Option(help="申报单位 unit that nominates")],
    reason: Annotated[str, typer.Option(help="申报理由 why")] = "",
    lang: Lang = None,
) -> None:
    """申报 nominate a person or a team."""
    from services.cli.talent import nominations

    with session(lang) as opened:
        nominations.nominate(opened, nominee, programme, year, industry, unit, reason)


@app.command("check")
def check(
    name: Name,
    clause: Annotated[
        list[str], typer.Option(help="条款=是|否[:说明]，逐条 each clause with 是 or 否 (yes or no)")
    ],
    unit: Unit = "",
    note: Note = "",
    lang: Lang = None,
) -> None:
    """资格审查 check the eligibility clause by clause."""
    from services.cli.talent import nomination_steps

    with session(lang) as opened:
        nomination_steps.check(opened, name, clause, unit, note)


@app.command("conflict")
def conflict(name: Name, note: Note, lang: Lang = None) -> None:
    """申报利益冲突并回避 declare a conflict of interest of one's own."""
    from services.cli.talent import nomination_steps

    with session(lang) as opened:
        nomination_steps.declare(opened, name, note)


@app.command("review")
def review(
    name: Name,
    unit: Unit,
    note: Note,
    recommend: Annotated[bool, typer.Option("--recommend/--oppose", help="推荐或不推荐")] = True,
    lang: Lang = None,
) -> None:
    """评审 review a nomination."""
    from services.cli.talent import nomination_steps

    with session(lang) as opened:
        nomination_steps.review(opened, name, unit, note, recommends=recommend)


@app.command("decide")
def decide(
    name: Name,
    note: Note,
    award: Annotated[bool, typer.Option("--award/--decline", help="入选或不入选")] = True,
    document: Document = "",
    lang: Lang = None,
) -> None:
    """审定 decide on a nomination."""
    from services.cli.talent import nomination_steps

    with session(lang) as opened:
        nomination_steps.decide(opened, name, note, document, awards=award)


@app.command("fund")
def fund(
    name: Name,
    amount: Annotated[str, typer.Option(help="金额，如 50万元 amount")],
    day: Day,
    document: Document,
    another: Annotated[
        bool,
        typer.Option(
            "--another", help="是另一笔，虽与已登记的相同 another one, though an equal one is recorded"
        ),
    ] = False,
    lang: Lang = None,
) -> None:
    """登记拨付 record a payment."""
    from services.cli.talent import nomination_steps

    with session(lang) as opened:
        nomination_steps.fund(opened, name, amount, day.date(), document, another=another)


@app.command("follow")
def follow(
    name: Name,
    result: Annotated[str, typer.Option(help="in_post、moved、left_province")],
    day: Day,
    note: Note = "",
    lang: Lang = None,
) -> None:
    """登记跟踪结果 record what became of the nominee."""
    from services.cli.talent import nomination_steps

    with session(lang) as opened:
        nomination_steps.follow_up(opened, name, result, day.date(), note)


@app.command("withdraw")
def withdraw(name: Name, note: Note, lang: Lang = None) -> None:
    """撤回申报 withdraw a nomination that is not decided."""
    from services.cli.talent import nomination_steps

    with session(lang) as opened:
        nomination_steps.withdraw(opened, name, note)


@app.command("quotas")
def quotas(
    programme: Programme, year: Year, lang: Lang = None, output: Out = Format.TABLE, file: File = None
) -> None:
    """各产业名额、已用与紧缺程度 places, awards and shortage by industry."""
    from services.cli.talent import nominations

    with session(lang, output, file) as opened:
        nominations.show_quotas(opened, programme, year)


@app.command("quota")
def quota(
    programme: Programme,
    year: Year,
    industry: Annotated[str, typer.Option(help="产业 industry")],
    places: Annotated[int, typer.Option(min=0, help="名额，0 为不限 places; 0 for no limit")],
    lang: Lang = None,
) -> None:
    """设定名额 set how many of an industry may be awarded."""
    from services.cli.talent import nominations

    with session(lang) as opened:
        nominations.set_quota(opened, programme, year, industry, places)
