"""`bole firm list|import|show|figures|record|people|set-people|forget-person|duplicates|merge|split|withdraw`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import (
    AllOrNothing,
    DryRun,
    Encoding,
    Errors,
    File,
    Fills,
    Filter,
    Lang,
    Limit,
    Maps,
    OrderBy,
    Out,
    Purpose,
    session,
)

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="firms/…")]


@app.command("list")
def list_(
    words: Annotated[
        str, typer.Argument(help="名称、拼音、首字母、城市或方向 name, pinyin, initials, city or direction")
    ] = "",
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """企业列表 firms by words and filter."""
    from services.cli.funding import firms

    with session(lang, output, file) as opened:
        firms.show(opened, firms.fetch(opened, filter_, order_by, limit, words))


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    dry_run: DryRun = False,
    all_or_nothing: AllOrNothing = False,
    sheet: Annotated[str, typer.Option(help="CSV 文件对应的表：firms、funds、deals")] = "",
    encoding: Encoding = "",
    errors: Errors = None,
    maps: Maps = None,
    fills: Fills = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """导入企业、基金、项目 import firms, funds and deals."""
    from services.cli.workbooks.importing import Wish, import_file, mode_of

    with session(lang, output, file) as opened:
        mode = mode_of(dry_run=dry_run, all_or_nothing=all_or_nothing)
        wish = Wish(mode, sheet, errors, encoding, maps=maps or (), fills=fills or ())
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
    from services.cli.funding import firm_figures as figures

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
    from services.cli.funding import firm_figures

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
    from services.cli.funding import firm_figures

    with session(lang) as opened:
        day = firm_figures.moment(as_of, field="--as-of").date()
        firm_figures.record(opened, name, day, values, source=source, verified=verified, check_only=check)


@app.command("seek")
def seek(
    name: Name,
    amount: Annotated[
        str, typer.Argument(help="融资需求，如 3000万元；不写则清除 what it wants to raise; none clears it")
    ] = "",
    check: Annotated[bool, typer.Option("--check", help="只检查，不写入 check only")] = False,
    lang: Lang = None,
) -> None:
    """登记企业的融资需求 record what a firm wants to raise; amounts are echoed back."""
    from services.cli.funding import firm_seeking

    with session(lang) as opened:
        firm_seeking.seek(opened, name, amount, check_only=check)


@app.command("people")
def people(
    name: Name,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """法定代表人、董监高、股东 who is behind a firm; names are masked unless a purpose is stated."""
    from services.cli.funding import firm_identity

    with session(lang, output, file, purpose) as opened:
        firm_identity.show_people(opened, name)


@app.command("set-people")
def set_people(
    name: Name,
    people: Annotated[
        list[str] | None, typer.Argument(help="身份=姓名，如 法定代表人=张三 股东=某公司=40%；留空为清除")
    ] = None,
    lang: Lang = None,
) -> None:
    """登记全部人员，未列出者即删除 state them all; whoever is not named is forgotten."""
    from services.cli.funding import firm_identity

    with session(lang) as opened:
        firm_identity.set_people(opened, name, people or [])


@app.command("forget-person")
def forget_person(
    name: Annotated[str, typer.Argument(help="姓名 the name as it is on the lists")],
    reason: Annotated[str, typer.Option(help="理由，勿写姓名 why, without naming anybody")],
    lang: Lang = None,
) -> None:
    """从所有企业的人员中删除此人 take somebody off the lists of all firms."""
    from services.cli.funding import firm_identity

    with session(lang) as opened:
        firm_identity.forget(opened, name, reason)


@app.command("duplicates")
def duplicates(
    name: Annotated[str, typer.Argument(help="firms/…；留空为全部")] = "firms/-",
    limit: Limit = 20,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """可能重复的企业 records that may be one firm, and why."""
    from services.cli.funding import firm_identity

    with session(lang, output, file, purpose) as opened:
        firm_identity.show_duplicates(opened, name, limit)


@app.command("merge")
def merge(
    duplicate: Annotated[str, typer.Argument(help="被并入的 firms/…")],
    survivor: Annotated[str, typer.Argument(help="保留的 firms/…")],
    reason: Annotated[str, typer.Option(help="理由 why they are one firm")],
    lang: Lang = None,
) -> None:
    """合并 let one record stand for another firm; nothing is lost."""
    from services.cli.funding import firm_identity

    with session(lang) as opened:
        firm_identity.merge(opened, duplicate, survivor, reason)


@app.command("split")
def split(
    name: Name, reason: Annotated[str, typer.Option(help="理由 why they are two firms")], lang: Lang = None
) -> None:
    """撤销合并 take a merge back exactly."""
    from services.cli.funding import firm_identity

    with session(lang) as opened:
        firm_identity.split(opened, name, reason)


@app.command("withdraw")
def withdraw(
    name: Name,
    reason: Annotated[str, typer.Option(help="原因 why")],
    lang: Lang = None,
) -> None:
    """停用企业，不再参与匹配与项目流 take a firm out of matching and the deal flow."""
    from services.cli.funding import firm_figures

    with session(lang) as opened:
        firm_figures.withdraw(opened, name, reason)
