"""`bole firm list|import|show|figures|record`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.commands.options import (
    AllOrNothing,
    DryRun,
    Encoding,
    Errors,
    File,
    Filter,
    Lang,
    Limit,
    OrderBy,
    Out,
    session,
)
from services.cli.formats import Format

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="firms/…")]


@app.command("list")
def list_(
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """企业列表 firms by filter."""
    from services.cli import firms

    with session(lang, output, file) as opened:
        firms.show(opened, firms.fetch(opened, filter_, order_by, limit))


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    dry_run: DryRun = False,
    all_or_nothing: AllOrNothing = False,
    sheet: Annotated[str, typer.Option(help="CSV 文件对应的表：firms、funds、deals")] = "",
    encoding: Encoding = "",
    errors: Errors = None,
    lang: Lang = None,
) -> None:
    """导入企业、基金、项目 import firms, funds and deals."""
    from services.cli.importing import Wish, import_file, mode_of

    with session(lang) as opened:
        wish = Wish(mode_of(dry_run=dry_run, all_or_nothing=all_or_nothing), sheet, errors, encoding)
        raise typer.Exit(import_file(opened, "funding", path, wish))


@app.command("show")
def show(
    name: Name,
    known: Annotated[str, typer.Option(help="当时所知，如 2026-06-30T15:00 as known then")] = "",
    as_of: Annotated[str, typer.Option(help="哪一天的数据，如 2026-03-31 figures of this day")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """一家企业，或当时所知的情况 one firm, or what was known of it at a time."""
    from services.cli import firm_figures as figures

    with session(lang, output, file) as opened:
        instant = figures.moment(known, field="--known") if known else None
        day = figures.moment(as_of, field="--as-of").date() if as_of else None
        figures.show(opened, name, instant, day)


@app.command("figures")
def figures(
    name: Name,
    filter_: Filter = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """数据快照 figures on record; none ever changes."""
    from services.cli import firm_figures

    with session(lang, output, file) as opened:
        firm_figures.figures(opened, name, filter_, limit)


@app.command("record")
def record(
    name: Name,
    as_of: Annotated[str, typer.Option(help="数据截止日期，如 2026-06-30")],
    values: Annotated[list[str], typer.Argument(help="指标=数值，如 staff_count=31 revenue=500万元")],
    source: Annotated[str, typer.Option(help="依据，如 2025年度审计报告 where the figures come from")] = "",
    verified: Annotated[bool, typer.Option("--verified", help="已核验 proved by documents")] = False,
    check: Annotated[bool, typer.Option("--check", help="只检查，不写入 check only")] = False,
    lang: Lang = None,
) -> None:
    """登记数据快照 record figures; amounts are echoed back."""
    from services.cli import firm_figures

    with session(lang) as opened:
        day = firm_figures.moment(as_of, field="--as-of").date()
        firm_figures.record(opened, name, day, values, source=source, verified=verified, check_only=check)
