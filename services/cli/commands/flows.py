"""`bole training list|search|add|change|cancel`, `bole mobility list|search|record|void`, `bole hire list`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, Limit, OrderBy, Out, Purpose, session

training = typer.Typer(no_args_is_help=True)
mobility = typer.Typer(no_args_is_help=True)
hires = typer.Typer(no_args_is_help=True)
Why = Annotated[str, typer.Option("--reason", help="原因 why")]
Places = Annotated[
    list[str],
    typer.Argument(
        metavar="字段=值…",
        help="如 培养单位=南京大学 city=南通 direction=海水制氢 category=卓越工程师 places=30 starts=2026-03-01 "
        "completes=2026-09-15",
    ),
]


@training.command("list")
def list_training(
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """培养名额与预计到岗 training places and what is expected of them."""
    from services.cli.talent import flows

    with session(lang, output, file) as opened:
        flows.show_training(opened, filter_, order_by, limit)


@training.command("search")
def search_training(
    query: Annotated[str, typer.Argument(help="培养单位、专业中的文字，或方向、城市、类别的名称与拼音")] = "",
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """检索培养名额 search training places."""
    from services.cli.talent import flows

    with session(lang, output, file) as opened:
        flows.search_training(opened, query, filter_, order_by, limit)


@training.command("add")
def add_training(
    ref: Annotated[str, typer.Argument(help="来源编号 number in the source")],
    stated: Places,
    lang: Lang = None,
) -> None:
    """登记培养名额 record training places."""
    from services.cli.talent import flows

    with session(lang) as opened:
        flows.add_training(opened, ref, stated)


@training.command("change")
def change_training(
    name: Annotated[str, typer.Argument(help="trainingPlaces/…")], stated: Places, lang: Lang = None
) -> None:
    """修改培养名额 change training places."""
    from services.cli.talent import flows

    with session(lang) as opened:
        flows.change_training(opened, name, stated)


@training.command("cancel")
def cancel_training(
    name: Annotated[str, typer.Argument(help="trainingPlaces/…")], reason: Why, lang: Lang = None
) -> None:
    """取消培养名额 nobody will come of these places."""
    from services.cli.talent import flows

    with session(lang) as opened:
        flows.cancel_training(opened, name, reason)


@mobility.command("search")
def search_moves(
    query: Annotated[str, typer.Argument(help="备注、原因中的文字，或方向、城市、类别的名称与拼音")] = "",
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """检索人才流动 search moves."""
    from services.cli.talent import flows

    with session(lang, output, file, purpose) as opened:
        flows.search_moves(opened, query, filter_, order_by, limit)


@mobility.command("list")
def list_moves(
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """人才流动记录 moves by filter."""
    from services.cli.talent import flows

    with session(lang, output, file, purpose) as opened:
        flows.show_moves(opened, filter_, order_by, limit)


@mobility.command("record")
def record_move(
    person: Annotated[str, typer.Argument(help="persons/…")],
    from_city: Annotated[str, typer.Option("--from", help="流出地 city they leave")],
    day: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="日期 day")],
    to_city: Annotated[str, typer.Option("--to", help="流入地；退休、离开本领域请勿填写")] = "",
    reason: Annotated[
        str, typer.Option(help="job、pay、housing、family、study、field_left、retired、other")
    ] = "",
    note: Annotated[str, typer.Option(help="备注 a note")] = "",
    lang: Lang = None,
) -> None:
    """登记一次流动 record a move of a person of the library."""
    from services.cli.talent import flows

    with session(lang) as opened:
        flows.record_move(opened, person, from_city, to_city, day.date(), reason, note)


@mobility.command("void")
def void_move(name: Annotated[str, typer.Argument(help="moves/…")], reason: Why, lang: Lang = None) -> None:
    """撤销有误的流动记录 take a wrong record back."""
    from services.cli.talent import flows

    with session(lang) as opened:
        flows.void_move(opened, name, reason)


@hires.command("list")
def list_hires(
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """投资带动用人 hires expected of funded deals."""
    from services.cli.talent import flows

    with session(lang, output, file) as opened:
        flows.show_hires(opened, filter_, order_by, limit)
