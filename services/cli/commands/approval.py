"""`bole approval ask|waiting|answer`, and `bole approval export|erase|undo|list`."""

from enum import StrEnum
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, Out, session


class Verdict(StrEnum):
    """An answer."""

    APPROVE = "approve"
    REFUSE = "refuse"


app = typer.Typer(no_args_is_help=True)
asking = typer.Typer(no_args_is_help=True)
app.add_typer(asking, name="ask", help="申请复核 ask somebody else for it")
Sheet = Annotated[str, typer.Argument(help="persons、outcomes、moves、evidence")]
Person = Annotated[str, typer.Argument(help="persons/…")]
Batch = Annotated[str, typer.Argument(help="imports/…")]
For = Annotated[str, typer.Option("--for", help="导出声明的用途 the purpose that the export states")]
People = Annotated[int, typer.Option(help="至多显示多少人 the most people it may show")]
Why = Annotated[str, typer.Option("--reason", help="为何需要 why it is to be done")]

Account = Annotated[str, typer.Argument(help="将执行操作的账号，见拒绝信息 the account that is about to act")]
Reason = Annotated[str, typer.Option(help="为何应当 why it is right")]


@app.command("export")
def export(
    sheet: Sheet,
    account: Account,
    reason: Reason,
    purpose: For,
    people: People,
    filter_: Filter = "",
    lang: Lang = None,
) -> None:
    """复核他人的大批导出 confirm a large export of somebody else's: once, within 7 days."""
    from services.cli.talent import act_approvals

    with session(lang) as opened:
        act_approvals.approve_export(opened, account, sheet, purpose, filter_, people, reason)


@app.command("erase")
def erase(
    name: Person,
    account: Account,
    reason: Reason,
    lang: Lang = None,
) -> None:
    """复核他人的彻底删除 confirm an erasure by somebody else: once, within 7 days."""
    from services.cli.talent import act_approvals

    with session(lang) as opened:
        act_approvals.approve_erasure(opened, account, name, reason)


@app.command("undo")
def undo(name: Batch, account: Account, reason: Reason, lang: Lang = None) -> None:
    """复核他人的撤销导入 confirm that somebody else undoes an import: once, within 7 days."""
    from services.cli.talent import act_approvals

    with session(lang) as opened:
        act_approvals.approve_undo(opened, account, name, reason)


@asking.command("export")
def ask_export(
    sheet: Sheet,
    reason: Why,
    purpose: For,
    people: People,
    filter_: Filter = "",
    lang: Lang = None,
) -> None:
    """申请大批导出 a large export."""
    from services.cli.talent import act_applications

    with session(lang) as opened:
        act_applications.ask_export(opened, sheet, purpose, filter_, people, reason)


@asking.command("erase")
def ask_erasure(name: Person, reason: Why, lang: Lang = None) -> None:
    """申请彻底删除 an erasure."""
    from services.cli.talent import act_applications

    with session(lang) as opened:
        act_applications.ask_erasure(opened, name, reason)


@asking.command("undo")
def ask_undo(name: Batch, reason: Why, lang: Lang = None) -> None:
    """申请撤销导入 the undoing of an import."""
    from services.cli.talent import act_applications

    with session(lang) as opened:
        act_applications.ask_undo(opened, name, reason)


@app.command("waiting")
def waiting(
    everything: Annotated[
        bool, typer.Option("--all", help="包括已答复的 those that are answered too")
    ] = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """待复核的申请 what waits for a second person."""
    from services.cli.talent import act_applications

    with session(lang, output, file) as opened:
        act_applications.show(opened, everything=everything)


@app.command("answer")
def answer(
    name: Annotated[str, typer.Argument(help="actApplications/…")],
    verdict: Annotated[Verdict, typer.Argument(help="approve 同意、refuse 拒绝")],
    reason: Annotated[str, typer.Option(help="为何如此答复 why so")],
    lang: Lang = None,
) -> None:
    """同意或拒绝 approve or refuse an application; refusing one's own takes it back."""
    from services.cli.talent import act_applications

    with session(lang) as opened:
        act_applications.answer(opened, name, verdict.value, reason)


@app.command("list")
def list_(
    account: Annotated[str, typer.Option(help="只看此账号 only of this account")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """复核记录 what was confirmed, and what came of it."""
    from services.cli.talent import act_approvals

    with session(lang, output, file) as opened:
        act_approvals.show(opened, account)
