"""`bole compliance check|report|reports|recompute|verify|waive|waivers`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Limit, Out, session

app = typer.Typer(no_args_is_help=True)
Deal = Annotated[str, typer.Argument(help="deals/…")]
Report = Annotated[str, typer.Argument(help="deals/…/complianceReports/1")]


@app.command("check")
def check(deal: Deal, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """立即检查并存档 run all checks of a deal now and keep the run."""
    from services.cli.funding import compliance

    with session(lang, output, file) as opened:
        compliance.check(opened, deal)


@app.command("reports")
def reports(
    deal: Deal, limit: Limit = 20, lang: Lang = None, output: Out = Format.TABLE, file: File = None
) -> None:
    """历次合规检查 the kept runs of a deal."""
    from services.cli.funding import compliance

    with session(lang, output, file) as opened:
        compliance.reports(opened, deal, limit)


@app.command("report")
def report(name: Report, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """一次合规检查 one kept run."""
    from services.cli.funding import compliance

    with session(lang, output, file) as opened:
        compliance.report(opened, name)


@app.command("recompute")
def recompute(name: Report, lang: Lang = None) -> None:
    """按存档输入重算并比对 make a run again from what it looked at, and compare."""
    from services.cli.funding import compliance

    with session(lang) as opened:
        compliance.recompute(opened, name)


@app.command("verify")
def verify(
    fund: Annotated[str, typer.Argument(help="funds/…，或名称 or its name")],
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """逐次重算一只基金的全部合规检查 make every kept run of a fund again; exit status 1 if one differs."""
    from services.cli.funding import compliance_proof
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        raise typer.Exit(compliance_proof.verify(opened, named(opened, fund)))


@app.command("waive")
def waive(
    deal: Deal,
    code: Annotated[str, typer.Argument(help="检查项代码，如 EVIDENCE_STALE")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="有效至 last day, within a year")],
    document: Annotated[str, typer.Option(help="投委会文件 document of the committee")],
    reason: Annotated[str, typer.Option(help="理由 why")],
    check_only: Annotated[bool, typer.Option("--check", help="只检查，不登记 check only")] = False,
    lang: Lang = None,
) -> None:
    """登记豁免 record that the committee accepts a breach."""
    from services.cli.funding import compliance

    with session(lang) as opened:
        compliance.waive(opened, deal, code, document, until.date(), reason, check_only=check_only)


@app.command("waivers")
def waivers(deal: Deal, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """豁免记录 the waivers of a deal."""
    from services.cli.funding import compliance

    with session(lang, output, file) as opened:
        compliance.waivers(opened, deal)
