"""`bole report create|list|calendar|show|check|sign|reject|recompute|download`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import DryRun, File, Lang, Limit, Out, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="reports/…")]
Filter = Annotated[
    str, typer.Option("--filter", help="AIP-160，如 state = SIGNED AND edition = PUBLIC AND period = 2026Q3")
]
Remark = Annotated[str, typer.Option(help="意见 a remark")]


@app.command("create")
def create(
    period: Annotated[
        str, typer.Argument(help="已结束的季度或年度 a quarter or year that has ended: 2026Q3, 2025")
    ],
    edition: Annotated[str, typer.Option(help="internal 或 public")] = "internal",
    corrects: Annotated[str, typer.Option(help="所更正的已签发报告 the signed report to correct")] = "",
    reason: Annotated[str, typer.Option(help="更正了什么 what is corrected")] = "",
    dry_run: DryRun = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """起草 draft a report from the newest signed release."""
    from services.cli.talent import reports

    with session(lang, output, file) as opened:
        reports.create(opened, period, edition, corrects=corrects, reason=reason, trial=dry_run)


@app.command("list")
def list_(
    filter_: Filter = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """报告列表 reports, the newest period first."""
    from services.cli.talent import reports

    with session(lang, output, file) as opened:
        reports.show_list(opened, filter_, limit)


@app.command("calendar")
def calendar(
    edition: Annotated[str, typer.Option(help="internal 或 public")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """发布日历 by when reports are to be out, and which one is due next."""
    from services.cli.talent import reports

    with session(lang, output, file) as opened:
        reports.show_calendar(opened, edition)


@app.command("show")
def show(name: Name, lang: Lang = None, output: Out = Format.TABLE) -> None:
    """查看 what a report says first, who did what, and what comes next."""
    from services.cli.talent import reports

    with session(lang, output) as opened:
        reports.show(opened, name)


@app.command("check")
def check(name: Name, remark: Remark = "", lang: Lang = None, output: Out = Format.TABLE) -> None:
    """核稿 check a draft; somebody else than who drafted it."""
    from services.cli.talent import reports

    with session(lang, output) as opened:
        reports.step(opened, name, "Check", remark)


@app.command("sign")
def sign(name: Name, remark: Remark = "", lang: Lang = None, output: Out = Format.TABLE) -> None:
    """签发 sign a checked report; a third person."""
    from services.cli.talent import reports

    with session(lang, output) as opened:
        reports.step(opened, name, "Sign", remark)


@app.command("reject")
def reject(
    name: Name,
    reason: Annotated[str, typer.Option(help="原因 why")],
    lang: Lang = None,
    output: Out = Format.TABLE,
) -> None:
    """退回 turn a report down."""
    from services.cli.talent import reports

    with session(lang, output) as opened:
        reports.step(opened, name, "Reject", reason)


@app.command("recompute")
def recompute(name: Name, lang: Lang = None) -> None:
    """重算核对 compose a report again from its release and facts."""
    from services.cli.talent import reports

    with session(lang) as opened:
        raise typer.Exit(reports.recompute(opened, name))


@app.command("download")
def download(
    name: Name,
    form: Annotated[str, typer.Option(help="html、docx、xlsx、pdf")] = "pdf",
    to: Annotated[Path | None, typer.Option("--to", "--file", help="写到哪个文件 where to write it")] = None,
    lang: Lang = None,
) -> None:
    """下载 a report as a file, in Chinese or English."""
    from services.cli.talent import reports

    with session(lang) as opened:
        reports.download(opened, name, form, to)
