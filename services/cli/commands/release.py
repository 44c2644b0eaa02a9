"""`bole shortage release draft|check|sign|reject|list|show|cells|compare|verify`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import DryRun, File, Filter, Lang, Limit, Out, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="shortageReleases/…")]
Remark = Annotated[str, typer.Option(help="意见 a remark")]
Dimension = Annotated[str, typer.Option(help="industry、direction、city、category；不填为全部 empty for all")]


@app.command("draft")
def draft(
    quarter: Annotated[str, typer.Argument(help="已结束的季度 a quarter that has ended, e.g. 2026Q3")],
    edition: Annotated[str, typer.Option(help="internal 或 public")] = "internal",
    dry_run: DryRun = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """起草 draft a release from what is known now."""
    from services.cli.talent import releases

    with session(lang, output, file) as opened:
        releases.draft(opened, quarter, edition, trial=dry_run)


@app.command("check")
def check(name: Name, remark: Remark = "", lang: Lang = None, output: Out = Format.TABLE) -> None:
    """核稿 check a draft; somebody else than who drafted it."""
    from services.cli.talent import releases

    with session(lang, output) as opened:
        releases.step(opened, name, "Check", remark)


@app.command("sign")
def sign(name: Name, remark: Remark = "", lang: Lang = None, output: Out = Format.TABLE) -> None:
    """签发 sign a checked release; a third person."""
    from services.cli.talent import releases

    with session(lang, output) as opened:
        releases.step(opened, name, "Sign", remark)


@app.command("reject")
def reject(
    name: Name,
    reason: Annotated[str, typer.Option(help="原因 why")],
    lang: Lang = None,
    output: Out = Format.TABLE,
) -> None:
    """退回 turn a release down."""
    from services.cli.talent import releases

    with session(lang, output) as opened:
        releases.step(opened, name, "Reject", reason)


@app.command("list")
def list_(
    filter_: Filter = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """发布列表 releases, the newest quarter first."""
    from services.cli.talent import releases

    with session(lang, output, file) as opened:
        releases.show_list(opened, filter_, limit)


@app.command("show")
def show(name: Name, lang: Lang = None, output: Out = Format.TABLE) -> None:
    """一份发布及下一步 one release: who did what to it, and what comes next."""
    from services.cli.talent import releases

    with session(lang, output) as opened:
        releases.show(opened, name)


@app.command("cells")
def cells(
    name: Name,
    rows: Dimension = "",
    columns: Dimension = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """发布内容 the cells of a release, with method note and symbols."""
    from services.cli.talent import releases

    with session(lang, output, file) as opened:
        releases.show_cells(opened, name, rows, columns)


@app.command("compare")
def compare(
    name: Name,
    other: Annotated[
        str, typer.Option("--with", help="另一份发布；不填为与当前数据比较 today if empty")
    ] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """比较 how a release differs from another one, or from today's knowledge of the same day."""
    from services.cli.talent import releases

    with session(lang, output, file) as opened:
        releases.compare(opened, name, other)


@app.command("verify")
def verify(name: Name, lang: Lang = None) -> None:
    """重算核对 compute a release again from its snapshot."""
    from services.cli.talent import releases

    with session(lang) as opened:
        raise typer.Exit(releases.verify(opened, name))
