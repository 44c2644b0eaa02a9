"""`bole firm-report figures|indicators|document|list|confirm|reject|withdraw`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Limit, Out, session

app = typer.Typer(no_args_is_help=True)
Firm = Annotated[str, typer.Argument(help="firms/…")]
Name = Annotated[str, typer.Argument(help="firms/…/reports/…")]
Check = Annotated[bool, typer.Option("--check", help="只检查，不写入 check only")]
Why = Annotated[str, typer.Option(help="理由 why")]


@app.command("figures")
def figures(
    firm: Firm,
    as_of: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="数据日期 day of the figures")],
    values: Annotated[list[str], typer.Argument(help="指标=数值，如 revenue=120万元 staff_count=25")],
    source: Annotated[str, typer.Option(help="出处 where they come from")] = "",
    check: Check = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
) -> None:
    """填报本企业数据快照 report figures of one's own firm."""
    from bole.funding.v1.firm_report_pb2 import FirmReport
    from services.cli.funding import firm_figures, firm_reports

    with session(lang, output) as opened:
        snapshot = firm_figures.snapshot_of(opened, as_of.date(), values, source=source)
        firm_reports.report(opened, firm, FirmReport(snapshot=snapshot), check_only=check)


@app.command("indicators")
def indicators(
    firm: Firm,
    period: Annotated[str, typer.Argument(help="2026-06 或 2026Q2")],
    values: Annotated[list[str], typer.Argument(help="指标=数值，如 REVENUE=120万元 STAFF=25")],
    document: Annotated[str, typer.Option(help="依据文件 the document that shows it")],
    check: Check = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
) -> None:
    """填报本企业投后指标 report indicators of one's own firm."""
    from bole.funding.v1.firm_report_pb2 import FirmReport
    from services.cli.funding import firm_reports
    from services.cli.funding import indicators as shared

    with session(lang, output) as opened:
        made = shared.report_of(opened, period, values, document, by_firm=True)
        firm_reports.report(opened, firm, FirmReport(indicator_report=made), check_only=check)


@app.command("document")
def document(
    firm: Firm,
    deal: Annotated[str, typer.Argument(help="deals/…")],
    file: Annotated[str, typer.Argument(metavar="DOCUMENT", help="类型=文件 kind=path")],
    title: Annotated[str, typer.Option(help="名称 title")] = "",
    check: Check = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
) -> None:
    """提交本企业项目材料 hand in a document for a deal of one's own firm."""
    from bole.funding.v1.firm_report_pb2 import FirmReport
    from services.cli.funding import dossiers, firm_reports

    with session(lang, output) as opened:
        stated, content = dossiers.document_of(file, title)
        part = FirmReport.Document(deal=deal, document=stated, content=content)
        firm_reports.report(opened, firm, FirmReport(document=part), check_only=check)


@app.command("list")
def list_(
    firm: Annotated[str, typer.Argument(help="firms/…；留空为全部")] = "firms/-",
    state: Annotated[str, typer.Option(help="REPORTED、CONFIRMED、REJECTED、WITHDRAWN")] = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """企业自报清单 what firms have reported, newest first."""
    from services.cli.funding import firm_reports

    with session(lang, output, file) as opened:
        firm_reports.show_list(opened, firm, state, limit)


@app.command("confirm")
def confirm(name: Name, lang: Lang = None, output: Out = Format.TABLE) -> None:
    """确认并登记 confirm a report that somebody else made."""
    from services.cli.funding import firm_reports

    with session(lang, output) as opened:
        firm_reports.confirm(opened, name)


@app.command("reject")
def reject(name: Name, reason: Why, lang: Lang = None, output: Out = Format.TABLE) -> None:
    """不予确认 reject a report."""
    from services.cli.funding import firm_reports

    with session(lang, output) as opened:
        firm_reports.reject(opened, name, reason)


@app.command("withdraw")
def withdraw(name: Name, reason: Why, lang: Lang = None, output: Out = Format.TABLE) -> None:
    """撤回填报 take a report back that nobody has decided on."""
    from services.cli.funding import firm_reports

    with session(lang, output) as opened:
        firm_reports.withdraw(opened, name, reason)
