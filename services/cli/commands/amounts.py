"""`bole amount approve|list`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, session

app = typer.Typer(no_args_is_help=True)
Subject = Annotated[str, typer.Argument(help="拒收信息中给出的记录，如 deal:d-0001 as the refusal names it")]


@app.command("approve")
def approve(
    subject: Subject,
    column: Annotated[str, typer.Argument(help="金额列，如 ticket、pre_money、size")],
    amount: Annotated[str, typer.Argument(help="金额，如 600亿元")],
    reason: Annotated[str, typer.Option(help="为何属实 why it is right")],
    lang: Lang = None,
) -> None:
    """复核超限金额 confirm an amount over the sanity cap; it counts for somebody else's entry only."""
    from services.cli.funding import approvals

    with session(lang) as opened:
        approvals.approve(opened, subject, column, amount, reason)


@app.command("list")
def list_(subject: Subject, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """某记录的复核 what was confirmed of a record."""
    from services.cli.funding import approvals

    with session(lang, output, file) as opened:
        approvals.show(opened, subject)
