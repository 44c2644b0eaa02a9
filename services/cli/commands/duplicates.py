"""`bole talent duplicates …`, and `bole talent merge|unmerge`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import DryRun, File, Filter, Lang, Limit, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
Left = Annotated[str, typer.Argument(help="persons/…")]
Right = Annotated[str, typer.Argument(help="persons/…")]
Reason = Annotated[str, typer.Option("--reason", help="理由 why")]


@app.command("list")
def list_(
    filter_: Filter = "",
    limit: Limit = 20,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """待审核的疑似重复 pairs that may be one person."""
    from services.cli.talent import duplicates

    with session(lang, output, file, purpose) as opened:
        duplicates.list_pairs(opened, filter_, limit)


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="duplicateSuggestions/…")],
    purpose: Purpose = None,
    lang: Lang = None,
) -> None:
    """一对记录与证据 one pair with its evidence."""
    from services.cli.talent import duplicates

    with session(lang, purpose=purpose) as opened:
        duplicates.show_pair(opened, name)


@app.command("check")
def check(
    name: Annotated[str, typer.Argument(help="姓名 name")],
    employer: Annotated[str, typer.Option(help="单位 employer")] = "",
    phone: Annotated[str, typer.Option(help="电话 telephone")] = "",
    email: Annotated[str, typer.Option(help="邮箱 e-mail")] = "",
    orcid: Annotated[str, typer.Option(help="ORCID")] = "",
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """录入前查重 records that a person about to be entered resembles."""
    from services.cli.talent import duplicates

    with session(lang, output, file, purpose) as opened:
        duplicates.check(opened, duplicates.Known(name, employer, phone, email, orcid))


@app.command("apart")
def apart(left: Left, right: Right, reason: Reason, purpose: Purpose = None, lang: Lang = None) -> None:
    """判定为不同的人 decide that two records are of two people."""
    from services.cli.talent import duplicates

    with session(lang, purpose=purpose) as opened:
        duplicates.judge(opened, left, right, "NEGATIVE", reason)


@app.command("unsure")
def unsure(left: Left, right: Right, reason: Reason, purpose: Purpose = None, lang: Lang = None) -> None:
    """记录无法判断 note that it cannot be told."""
    from services.cli.talent import duplicates

    with session(lang, purpose=purpose) as opened:
        duplicates.judge(opened, left, right, "UNSURE", reason)


@app.command("judgements")
def judgements(
    filter_: Filter = "",
    limit: Limit = 20,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """历次判定 what was decided, and what was taken back."""
    from services.cli.talent import duplicates

    with session(lang, output, file, purpose) as opened:
        duplicates.list_judgements(opened, filter_, limit)


@app.command("take-back")
def take_back(name: Annotated[str, typer.Argument(help="duplicateJudgements/…")], lang: Lang = None) -> None:
    """撤回判定 take a decision back."""
    from services.cli.talent import duplicates

    with session(lang) as opened:
        duplicates.take_back(opened, name)


@app.command("link")
def link(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="对数 pairs")] = 100,
    dry_run: DryRun = False,
    lang: Lang = None,
) -> None:
    """合并证据充分的各对 merge the pairs that are safe to link."""
    from services.cli.talent import duplicates

    with session(lang) as opened:
        duplicates.link(opened, limit, dry_run=dry_run)


def merge(left: Left, right: Right, reason: Reason, purpose: Purpose = None, lang: Lang = None) -> None:
    """合并两条记录，可撤销 merge two people into one record; it can be undone."""
    from services.cli.talent import duplicates

    with session(lang, purpose=purpose) as opened:
        duplicates.merge(opened, left, right, reason)


def unmerge(
    name: Annotated[str, typer.Argument(help="duplicateJudgements/… 或 persons/…")], lang: Lang = None
) -> None:
    """撤销合并 undo a merge."""
    from services.cli.talent import duplicates

    with session(lang) as opened:
        duplicates.unmerge(opened, name)
