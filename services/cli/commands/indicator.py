"""`bole indicator list|report|reports|series|requests|alerts|answer`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, session

app = typer.Typer(no_args_is_help=True)
Fund = Annotated[str, typer.Argument(help="funds/…，或名称 or its name")]
Firm = Annotated[str, typer.Argument(help="firms/…")]
Period = Annotated[str, typer.Argument(help="2026-06 或 2026Q2")]


@app.command("list")
def list_(lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """指标与口径 the ten indicators and what each means."""
    from services.cli.funding import indicators

    with session(lang, output, file) as opened:
        indicators.show_list(opened)


@app.command("report")
def report(
    firm: Firm,
    period: Period,
    values: Annotated[list[str], typer.Argument(help="指标=数值，如 REVENUE=120万元 STAFF=25")],
    document: Annotated[str, typer.Option(help="依据文件 the document that shows it")],
    by_firm: Annotated[bool, typer.Option("--by-firm/--by-manager", help="企业填报或管理人填报")] = True,
    check: Annotated[bool, typer.Option("--check", help="只检查，不写入 check only")] = False,
    lang: Lang = None,
) -> None:
    """填报 record a report; a later one of the period restates."""
    from services.cli.funding import indicators

    with session(lang) as opened:
        indicators.report(opened, firm, period, values, document, by_firm=by_firm, check_only=check)


@app.command("reports")
def reports(firm: Firm, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """各次填报 every report of a firm, with who sent it and whether it came late."""
    from services.cli.funding import indicators

    with session(lang, output, file) as opened:
        indicators.show_reports(opened, firm)


@app.command("series")
def series(firm: Firm, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """历期数值 what is known of a firm, what was restated, and the runway."""
    from services.cli.funding import indicators

    with session(lang, output, file) as opened:
        indicators.show_series(opened, firm)


@app.command("requests")
def requests(
    fund: Annotated[str, typer.Argument(help="funds/… 或 firms/…")],
    all_: Annotated[bool, typer.Option("--all", help="含已报 received ones too")] = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """催报清单 reports that are due or late."""
    from services.cli.funding import indicators
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        indicators.show_requests(opened, named(opened, fund), open_only=not all_)


@app.command("alerts")
def alerts(fund: Fund, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """预警 what asks for an answer."""
    from services.cli.funding import indicators
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        indicators.show_alerts(opened, named(opened, fund))


@app.command("answer")
def answer(
    firm: Firm,
    code: Annotated[str, typer.Argument(help="预警代码，如 RUNWAY_SHORT")],
    period: Period,
    text: Annotated[str, typer.Argument(help="处置情况 what was done")],
    lang: Lang = None,
) -> None:
    """登记处置 state what was done about an alert."""
    from services.cli.funding import indicators

    with session(lang) as opened:
        indicators.answer(opened, firm, code, period, text)
