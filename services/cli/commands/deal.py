"""`bole deal …`: the deal flow, a deal's steps, its terms and its documents."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands import deal_analysis
from services.cli.commands.options import File, Filter, Lang, Limit, OrderBy, Out, session

app = typer.Typer(no_args_is_help=True)
deal_analysis.register(app)
Name = Annotated[str, typer.Argument(help="deals/…")]
Words = Annotated[
    str,
    typer.Argument(
        help="企业名称、拼音、首字母、城市或方向，或 firms/…、funds/… name, pinyin, initials, city or direction"
    ),
]
BusiestFund = Annotated[str, typer.Option("--fund", help="funds/… 或名称；留空为项目最多的基金")]
Terms = Annotated[
    list[str], typer.Argument(help="字段=值，写法同工作簿，可多次，如 拟投金额=500万元 固定回报条款=否")
]


@app.command("list")
def list_(
    words: Words = "",
    fund: Annotated[str, typer.Option(help="funds/… 或名称；留空为全部基金 all funds without it")] = "",
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """全部基金的项目 deals of all funds, the last changed first."""
    from services.cli.funding import asking, deal_list

    with session(lang, output, file) as opened:
        asked = asking.of_fund(*asking.asked(opened, words, fund, filter_))
        deal_list.show(opened, asked, order_by, limit)


@app.command("screen")
def screen(
    words: Words = "",
    fund: BusiestFund = "",
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    facet: Annotated[
        list[str] | None, typer.Option(help="分面，可多次：state、city_code、stage、band、blocking…")
    ] = None,
    on: Annotated[str, typer.Option(help="按哪一天判断，如 2026-06-30；默认今天 the day to judge by")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """按投资规则筛选 one fund's deal flow by its mandate."""
    from services.cli.answers import dates
    from services.cli.funding import asking, screening

    with session(lang, output, file) as opened:
        day = dates.day(on, "--on") if on else None
        asked = asking.asked(opened, words, fund, filter_)
        screening.show_fund(opened, *asked, order_by, limit, tuple(facet or ()), day)


@app.command("board")
def board(
    words: Words = "",
    fund: BusiestFund = "",
    filter_: Filter = "",
    most: Annotated[int, typer.Option(min=1, max=20, help="每个阶段最多列几个 deals of each state")] = 5,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """按阶段分列的项目看板 a fund's deals by state, side by side."""
    from services.cli.funding import asking, deal_board

    with session(lang, output, file) as opened:
        deal_board.show(opened, *asking.asked(opened, words, fund, filter_), most)


@app.command("timeline")
def timeline(
    words: Words = "",
    fund: BusiestFund = "",
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """各项目走过的阶段与天数 the way of a fund's deals through their states."""
    from services.cli.funding import asking, deal_timeline

    with session(lang, output, file) as opened:
        asked = asking.asked(opened, words, fund, filter_)
        deal_timeline.show(opened, *asked, order_by, limit)


@app.command("actions")
def actions(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """所有操作及能否执行 every action, permitted or not, with the reasons."""
    from services.cli.funding import deals

    with session(lang, output, file) as opened:
        deals.show_actions(opened, name)


@app.command("history")
def history(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """办理过程 the deal's steps."""
    from services.cli.funding import deals

    with session(lang, output, file) as opened:
        deals.show_history(opened, name)


@app.command("add")
def add(
    fund: Annotated[str, typer.Argument(help="funds/…，或名称 or its name")],
    firm: Annotated[str, typer.Argument(help="firms/…")],
    round_: Annotated[str, typer.Argument(metavar="ROUND", help="轮次，如 天使轮 the financing round")],
    facts: Terms,
    lang: Lang = None,
) -> None:
    """登记线索 enter a lead of a fund."""
    from services.cli.funding import deal_terms

    with session(lang) as opened:
        deal_terms.add(opened, fund, firm, round_, facts)


@app.command("terms")
def terms(name: Name, facts: Terms, lang: Lang = None) -> None:
    """修改交易条件 other terms, until the deal is initiated; what is not stated stays."""
    from services.cli.funding import deal_terms

    with session(lang) as opened:
        deal_terms.change(opened, name, facts)


@app.command("move")
def move(
    name: Name,
    action: Annotated[
        str, typer.Argument(help="见 bole deal actions；APPROVE、DECLINE=TEAM、HOLD=2026-09-30")
    ],
    reason: Annotated[str, typer.Option(help="原因 why")] = "",
    evidence: Annotated[
        list[str] | None,
        typer.Option(help="材料，写作 类型=文件，或登记的 类型=#号 kind=file or kind=#number，可多次"),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="只检查，不执行 check only")] = False,
    lang: Lang = None,
) -> None:
    """执行一步 take one step."""
    from services.cli.funding import deals

    with session(lang) as opened:
        deals.move(opened, name, action, reason, evidence or [], check_only=check)


@app.command("plan")
def plan(
    name: Name,
    hires: Annotated[
        list[str] | None,
        typer.Argument(help="用人：类别=人数 或 方向:类别=人数，如 卓越工程师=6；留空为撤销计划"),
    ] = None,
    months: Annotated[int | None, typer.Option(min=1, max=60, help="几个月内 within so many months")] = None,
    lang: Lang = None,
) -> None:
    """填写用人计划 what the firm plans to hire with the money."""
    from services.cli.funding import hiring

    with session(lang) as opened:
        hiring.plan(opened, name, hires or [], months)


@app.command("tranches")
def tranches(
    name: Name,
    payments: Annotated[
        list[str] | None,
        typer.Argument(
            help="各期：金额[:里程碑[@到期日]]，如 300万元 200万元:样机通过检测@2027-06-30；留空为查看 empty: show it"
        ),
    ] = None,
    document: Annotated[
        str, typer.Option(help="依据的协议，安排时须填 the contract that says so, needed to plan")
    ] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """查看或安排分期出资 how a signed deal is paid: as planned, or planned anew."""
    from services.cli.funding import investment_steps

    with session(lang, output, file) as opened:
        if payments:
            investment_steps.plan(opened, name, payments, document)
        else:
            investment_steps.show_plan(opened, name)


@app.command("reopen")
def reopen(
    name: Name,
    reason: Annotated[str, typer.Option(help="有何变化 what has changed since")],
    lang: Lang = None,
) -> None:
    """重启已否决、撤回或失效的项目 a new lead on the terms of a deal that has ended."""
    from services.cli.funding import deals

    with session(lang) as opened:
        deals.reopen(opened, name, reason)


@app.command("documents")
def documents(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """材料登记 the documents on the register."""
    from services.cli.funding import dossiers

    with session(lang, output, file) as opened:
        dossiers.show_documents(opened, name)


@app.command("register")
def register(
    name: Name,
    document: Annotated[str, typer.Argument(help="材料，写作 类型=文件 kind=file")],
    title: Annotated[str, typer.Option(help="标题；默认文件名 title")] = "",
    digest_only: Annotated[bool, typer.Option("--digest-only", help="只登记摘要 do not keep it")] = False,
    lang: Lang = None,
) -> None:
    """登记材料 put a document on the register."""
    from services.cli.funding import dossiers

    with session(lang) as opened:
        dossiers.register(opened, name, document, title, digest_only=digest_only)


@app.command("take-document", epilog="例 e.g.  bole deal take-document deals/…/documents/3 尽调报告.pdf")
def take_document(
    name: Annotated[str, typer.Argument(help="deals/…/documents/…")],
    path: Annotated[Path, typer.Argument(dir_okay=False, help="写入何处 where to write it")],
    lang: Lang = None,
) -> None:
    """取出材料原文，并核对摘要 take the content of a document away, held against its digest."""
    from services.cli.funding import dossiers

    with session(lang) as opened:
        dossiers.take_document(opened, name, path)


@app.command("verify-document")
def verify_document(
    name: Annotated[str, typer.Argument(help="deals/…/documents/…")], lang: Lang = None
) -> None:
    """核验材料与原件一致 confirm that a document was checked against its original."""
    from services.cli.funding import dossiers

    with session(lang) as opened:
        dossiers.verify_document(opened, name)


@app.command("ask-erasure")
def ask_erasure(
    name: Annotated[str, typer.Argument(help="deals/…/documents/…")],
    reason: Annotated[str, typer.Option(help="原因 why")],
    lang: Lang = None,
) -> None:
    """申请删除材料内容 ask that the content of a document be erased; another person carries it out."""
    from services.cli.funding import dossiers

    with session(lang) as opened:
        dossiers.ask_erasure(opened, name, reason)


@app.command("erase-document")
def erase_document(
    name: Annotated[str, typer.Argument(help="deals/…/documents/…")], lang: Lang = None
) -> None:
    """删除他人申请删除的材料内容 erase a content that somebody else asked to have erased; its digest stays."""
    from services.cli.funding import dossiers

    with session(lang) as opened:
        dossiers.erase_document(opened, name)
