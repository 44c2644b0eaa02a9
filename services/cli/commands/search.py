"""`bole search save|list|show|delete|alerts|ack`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, Limit, OrderBy, Out, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="savedSearches/…")]


@app.command("save")
def save(
    fund: Annotated[str, typer.Argument(help="funds/…，或名称 or its name")],
    title: Annotated[str, typer.Option(help="名称 title")],
    filter_: Filter = "",
    order_by: OrderBy = "",
    crossing: Annotated[str, typer.Option(help="得分越过即提醒，如 hard=60")] = "",
    below: Annotated[str, typer.Option("--headroom-below", help="基金可用额度低于即提醒，如 5000万")] = "",
    revision: Annotated[int, typer.Option(min=0, help="固定按某次规则修订；0为现行 the one in force")] = 0,
    lang: Lang = None,
) -> None:
    """保存筛选条件，有变化即提醒 keep a question; you are told what changes."""
    from services.cli.funding import searches
    from services.cli.funding.funds import named

    with session(lang) as opened:
        searches.save(opened, named(opened, fund), title, filter_, order_by, crossing, below, revision)


@app.command("list")
def list_(lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """本人保存的筛选 your saved searches."""
    from services.cli.funding import searches

    with session(lang, output, file) as opened:
        searches.show(opened)


@app.command("show")
def show(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """一个保存的筛选及其提醒 one saved search with what it has told."""
    from services.cli.funding import searches

    with session(lang, output, file) as opened:
        searches.show_one(opened, name)


@app.command("delete")
def delete(name: Name, lang: Lang = None) -> None:
    """删除筛选及其提醒 give a search up with its alerts."""
    from services.cli.funding import searches

    with session(lang) as opened:
        searches.delete(opened, name)


@app.command("alerts")
def alerts(
    search: Annotated[str, typer.Option(help="savedSearches/…；留空为全部 all by default")] = "",
    everything: Annotated[bool, typer.Option("--all", help="含已阅 noted ones too")] = False,
    limit: Limit = 50,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """提醒 what has changed about your saved searches."""
    from services.cli.funding import searches

    with session(lang, output, file) as opened:
        searches.alerts(opened, search, limit, everything=everything)


@app.command("ack")
def ack(names: Annotated[list[str], typer.Argument(help="screeningAlerts/…")], lang: Lang = None) -> None:
    """标记已阅 take note of alerts."""
    from services.cli.funding import searches

    with session(lang) as opened:
        searches.acknowledge(opened, names)
