"""`bole approval export|erase|list`."""

from typing import Annotated

import typer

from services.cli.commands.options import File, Filter, Lang, Out, session
from services.cli.formats import Format

app = typer.Typer(no_args_is_help=True)
Account = Annotated[str, typer.Argument(help="将执行操作的账号，见拒绝信息 the account that is about to act")]
Reason = Annotated[str, typer.Option(help="为何应当 why it is right")]


@app.command("export")
def export(
    sheet: Annotated[str, typer.Argument(help="persons、outcomes、moves、evidence")],
    account: Account,
    reason: Reason,
    purpose: Annotated[str, typer.Option("--for", help="导出声明的用途 the purpose that the export states")],
    people: Annotated[int, typer.Option(help="至多显示多少人 the most people it may show")],
    filter_: Filter = "",
    lang: Lang = None,
) -> None:
    """复核他人的大批导出 confirm a large export of somebody else's: once, within 7 days."""
    from services.cli import act_approvals

    with session(lang) as opened:
        act_approvals.approve_export(opened, account, sheet, purpose, filter_, people, reason)


@app.command("erase")
def erase(
    name: Annotated[str, typer.Argument(help="persons/…")],
    account: Account,
    reason: Reason,
    lang: Lang = None,
) -> None:
    """复核他人的彻底删除 confirm an erasure by somebody else: once, within 7 days."""
    from services.cli import act_approvals

    with session(lang) as opened:
        act_approvals.approve_erasure(opened, account, name, reason)


@app.command("list")
def list_(
    account: Annotated[str, typer.Option(help="只看此账号 only of this account")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """复核记录 what was confirmed, and what came of it."""
    from services.cli import act_approvals

    with session(lang, output, file) as opened:
        act_approvals.show(opened, account)
