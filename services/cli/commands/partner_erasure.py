"""`bole partner-erasure list|acknowledge`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Limit, Out
from services.cli.commands.partner import Held, Partner, opened_with

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(
    partner: Partner = "partners/me",
    everything: Annotated[
        bool, typer.Option("--all", help="含已确认的 those that were acknowledged, too")
    ] = False,
    held: Held = "",
    limit: Limit = 50,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """合作方尚未确认的删除 erasures that a partner has not acknowledged, the oldest first."""
    from services.cli.matcher import partner_erasures

    with opened_with(held, lang, output, file) as opened:
        found = partner_erasures.listed(opened, partner, limit, open_only=not everything)
        partner_erasures.show(opened, found)


@app.command("acknowledge")
def acknowledge(
    sequences: Annotated[
        list[int], typer.Argument(help="TYPE_ERASED 事件的编号 numbers of the events that told it")
    ],
    subjects: Annotated[
        list[str] | None,
        typer.Option(
            "--subject",
            help="每个事件告知的化名，依编号顺序；恢复备份后编号会重新发放，有化名即不会误认 "
            "the name under which each event told of somebody, in the order of the numbers: after a restore a number "
            "may be another's",
        ),
    ] = None,
    held: Held = "",
    lang: Lang = None,
) -> None:
    """合作方确认已删除 say, as the partner, that nothing is kept of them any more."""
    from services.cli.matcher import partner_erasures

    with opened_with(held, lang) as opened:
        partner_erasures.acknowledge(opened, sequences, subjects or ())
