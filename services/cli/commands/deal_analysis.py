"""`bole deal show|simulate|compare|why|funnel|stalled|completion|forecast|method`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, Limit, Out, session

Name = Annotated[str, typer.Argument(help="deals/…")]
Fund = Annotated[str, typer.Argument(help="funds/…，或名称 or its name")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]


def register(app: typer.Typer) -> None:
    """Add the questions about deals to the commands of deals."""
    app.command("show")(show)
    app.command("simulate")(simulate)
    app.command("compare")(compare)
    app.command("why")(why)
    app.command("funnel")(funnel)
    app.command("stalled")(stalled)
    app.command("completion")(completion)
    app.command("forecast")(forecast)
    app.command("method")(method)


def show(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """一个项目：条件、得分与每项检查 one deal: its terms, scores and every check."""
    from services.cli.funding import deal_analysis

    with session(lang, output, file) as opened:
        deal_analysis.show_one(opened, name)


def simulate(
    name: Name,
    ticket: Annotated[str, typer.Option(help="设想的金额，如 3000万 another ticket")] = "",
    pre_money: Annotated[str, typer.Option(help="设想的投前估值 another valuation")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """试算：投不投得出去，之后还剩多少 what if: is it possible, what is left, what else would be legal."""
    from services.cli.funding import deal_analysis

    with session(lang, output, file) as opened:
        deal_analysis.simulate(opened, name, ticket, pre_money)


def compare(
    names: Annotated[list[str], typer.Argument(help="2至6个 deals/…")],
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """并列对比 deals side by side."""
    from services.cli.funding import deal_analysis

    with session(lang, output, file) as opened:
        deal_analysis.compare(opened, names)


def why(
    name: Name,
    versus: Annotated[str, typer.Argument(help="对比的 deals/…")],
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """为什么排在这里 why a deal ranks where it does, against another."""
    from services.cli.funding import deal_analysis

    with session(lang, output, file) as opened:
        deal_analysis.why(opened, name, versus)


def funnel(
    begins: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="申报日期起，默认止前一年 first day; a year before"
        ),
    ] = None,
    ends: Annotated[
        datetime | None,
        typer.Option(
            "--until", formats=["%Y-%m-%d"], help="止（不含），默认明天 first day no longer; tomorrow"
        ),
    ] = None,
    fund: Annotated[str, typer.Option(help="funds/…；留空为全部 all by default")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """某一时期申报项目的转化 how far the deals submitted in a period came."""
    from services.cli.funding import deal_analysis
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        deal_analysis.funnel(opened, named(opened, fund), begins and begins.date(), ends and ends.date())


def stalled(
    fund: Fund,
    limit: Limit = 50,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """哪些项目卡住了，卡在谁 deals over the time of their stage, and whom they wait for."""
    from services.cli.funding import deal_analysis
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        deal_analysis.stalled(opened, named(opened, fund), limit)


def completion(
    fund: Fund,
    filter_: Filter = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """各阶段还缺什么：须有的材料与事项，哪些项目没有 what each stage asks for, and which deals lack it."""
    from services.cli.funding import deal_flow
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        deal_flow.completion(opened, named(opened, fund), filter_)


def forecast(
    fund: Fund,
    filter_: Filter = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """按往期项目预计：各阶段走得过多少、要多久，年内还将出资多少 what past deals say of those on the board."""
    from services.cli.funding import deal_flow
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        deal_flow.forecast(opened, named(opened, fund), filter_)


def method(
    fund: Annotated[str, typer.Option(help="funds/…，同时列出其授权参数")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """筛选方法：公式、权重、门槛 formulas, weights and gates."""
    from services.cli.funding import deal_analysis
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        deal_analysis.method(opened, named(opened, fund))
