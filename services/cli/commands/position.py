"""`bole position search|list|show|publish|outcomes|change|renew|fill|refuse|void|close|reopen`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, Limit, OrderBy, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="positions/…")]
Stated = Annotated[
    list[str],
    typer.Argument(
        metavar="字段=值…",
        help="如 岗位名称=电解槽工程师 employer=… city=南通 direction=海水制氢 category=卓越工程师 headcount=5",
    ),
]
Person = Annotated[str, typer.Option(help="persons/…：库内人才 the person of the library")]
Reason = Annotated[str, typer.Option(help="原因 why")]


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
    from services.cli.talent import positions

    with session(lang, output, file) as opened:
        positions.show(opened, positions.fetch(opened, filter_, order_by, limit))


@app.command("search")
def search(
    query: Annotated[
        str, typer.Argument(help="岗位、单位、要求中的文字，或方向、城市、类别的名称与拼音")
    ] = "",
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """检索岗位 search positions."""
    from services.cli.talent import positions

    with session(lang, output, file) as opened:
        positions.show_search(opened, positions.search(opened, query, filter_, order_by, limit))


@app.command("show")
def show(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """一个岗位，含续期与到期日 one position, with its renewal and its last day."""
    from services.cli.talent import position_life, positions

    with session(lang, output, file) as opened:
        positions.show_one(opened, position_life.get(opened, name))


@app.command("publish")
def publish(
    ref: Annotated[str, typer.Argument(help="来源编号 number in the source")],
    stated: Stated,
    lang: Lang = None,
) -> None:
    """发布岗位 publish a position."""
    from services.cli.talent import position_life

    with session(lang) as opened:
        position_life.publish(opened, ref, stated)


@app.command("outcomes")
def outcomes(
    name: Name,
    limit: Limit = 50,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """到岗与撤回、过期记录 how heads were filled and searches ended."""
    from services.cli.talent import position_life

    with session(lang, output, file, purpose) as opened:
        position_life.show_outcomes(opened, name, limit)


@app.command("change")
def change(
    name: Name,
    stated: Stated,
    lang: Lang = None,
) -> None:
    """修改岗位 change fields of a position."""
    from services.cli.talent import position_life

    with session(lang) as opened:
        position_life.change(opened, name, stated)


@app.command("renew")
def renew(name: Name, lang: Lang = None) -> None:
    """续期 180 天 count for 180 days more."""
    from services.cli.talent import position_life

    with session(lang) as opened:
        position_life.renew(opened, name)


@app.command("fill")
def fill(
    name: Name,
    heads: Annotated[int, typer.Option(min=1, help="人数 people")] = 1,
    person: Person = "",
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="到岗日期 since when")] = None,
    note: Annotated[str, typer.Option(help="备注 a note")] = "",
    lang: Lang = None,
) -> None:
    """登记到岗 record that people have started."""
    from services.cli.talent import position_life

    with session(lang) as opened:
        position_life.fill(opened, name, heads, person, day.date() if day else None, note)


@app.command("refuse")
def refuse(
    name: Name,
    skill: Annotated[str, typer.Option(help="缺失技能 the skill for want of which")] = "",
    person: Person = "",
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="日期 the day")] = None,
    note: Annotated[str, typer.Option(help="备注 a note")] = "",
    lang: Lang = None,
) -> None:
    """登记推荐被拒 record that somebody was proposed and not taken."""
    from services.cli.talent import position_life

    with session(lang) as opened:
        position_life.refuse(opened, name, skill, person, day.date() if day else None, note)


@app.command("void")
def void(
    name: Annotated[str, typer.Argument(help="positions/…/outcomes/…")], reason: Reason, lang: Lang = None
) -> None:
    """撤销有误的到岗登记 take a wrong record of a fill back."""
    from services.cli.talent import position_life

    with session(lang) as opened:
        position_life.void(opened, name, reason)


@app.command("close")
def close(
    name: Name,
    outcome: Annotated[
        str, typer.Option(help="filled_from_library、filled_elsewhere、withdrawn；留空为未注明")
    ] = "",
    filled: Annotated[int | None, typer.Option(min=0, help="累计到岗人数 filled by now")] = None,
    person: Person = "",
    reason: Reason = "",
    lang: Lang = None,
) -> None:
    """关闭岗位 end the search."""
    from services.cli.talent import position_life

    with session(lang) as opened:
        position_life.close(opened, name, outcome, filled, person, reason)


@app.command("reopen")
def reopen(name: Name, reason: Reason, lang: Lang = None) -> None:
    """重新开放 look for people again."""
    from services.cli.talent import position_life

    with session(lang) as opened:
        position_life.reopen(opened, name, reason)
