"""`bole investment list|show|actions|history|marks|move`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, Limit, OrderBy, Out, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="investments/…")]


@app.command("list")
def list_(
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """持仓列表 holdings with cost, value and multiple."""
    from services.cli.funding import investments

    with session(lang, output, file) as opened:
        investments.show_list(opened, filter_, order_by, limit)


@app.command("show")
def show(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """分期与金额 one holding and its tranches."""
    from services.cli.funding import investments

    with session(lang, output, file) as opened:
        investments.show_one(opened, name)


@app.command("actions")
def actions(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """所有操作及能否执行 every action, permitted or not, with the reasons."""
    from services.cli.funding import investments

    with session(lang, output, file) as opened:
        investments.show_actions(opened, name)


@app.command("history")
def history(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """办理过程 the holding's steps."""
    from services.cli.funding import investments

    with session(lang, output, file) as opened:
        investments.show_history(opened, name)


@app.command("marks")
def marks(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """估值记录 valuations, corrected ones too."""
    from services.cli.funding import investments

    with session(lang, output, file) as opened:
        investments.show_marks(opened, name)


@app.command("move")
def move(
    name: Name,
    action: Annotated[
        str, typer.Argument(help="见 bole investment actions，如 PAY_TRANCHE、MARK、RECORD_EXIT")
    ],
    tranche: Annotated[int, typer.Option(min=0, help="第几期 number of the tranche")] = 0,
    amount: Annotated[
        str, typer.Option(help="估值、回款或核销金额 value, proceeds or cost written off")
    ] = "",
    cost: Annotated[str, typer.Option(help="退出部分的成本 cost of what was sold")] = "",
    by: Annotated[str, typer.Option(help="估值方法或退出方式，如 LAST_ROUND、TRANSFER")] = "",
    on: Annotated[str, typer.Option(help="估值日期或新的到期日 day of the valuation, new due date")] = "",
    milestone: Annotated[str, typer.Option(help="新的里程碑 new milestone")] = "",
    reason: Annotated[str, typer.Option(help="原因 why")] = "",
    evidence: Annotated[
        list[str] | None,
        typer.Option(help="材料，写作 类型=文件，或登记的 类型=#号 kind=file or kind=#number，可多次"),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="只检查，不执行 check only")] = False,
    lang: Lang = None,
) -> None:
    """执行一步 take one step."""
    from services.cli.funding import investment_steps

    stated = investment_steps.Stated(tranche, amount, cost, by, on, milestone)
    with session(lang) as opened:
        investment_steps.move(opened, name, action, stated, reason, evidence or [], check_only=check)


@app.command("credit")
def credit(
    name: Name,
    city: Annotated[str, typer.Argument(help="城市，如 苏州")],
    amount: Annotated[str, typer.Argument(help="计入金额，如 500万元；0元为撤回")],
    document: Annotated[str, typer.Option(help="依据文件 the document that shows it")],
    basis: Annotated[str, typer.Option(help="REGISTERED、MOVED、SUBSIDIARY、OTHER")] = "REGISTERED",
    fund: Annotated[str, typer.Option(help="计入的基金，默认为本基金 the fund's own by default")] = "",
    check: Annotated[bool, typer.Option("--check", help="只检查，不写入 check only")] = False,
    lang: Lang = None,
) -> None:
    """认定返投 let an investment count for a city."""
    from services.cli.funding import reinvestment

    with session(lang) as opened:
        reinvestment.credit(opened, name, city, amount, document, basis, fund, check_only=check)


@app.command("credits")
def credits_(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """返投认定记录 what of an investment counts for which city."""
    from services.cli.funding import reinvestment

    with session(lang, output, file) as opened:
        reinvestment.show_credits(opened, name)
