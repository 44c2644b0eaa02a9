"""`bole partner-topic open|show|close`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out
from services.cli.commands.partner import Held, Partner, opened_with

app = typer.Typer(no_args_is_help=True)
_Stated = Annotated[str, typer.Argument(help="partners/…")]


@app.command("open")
def open_(
    partner: _Stated,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="自现存最早事件起 from the oldest event that is kept")
    ] = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """为合作方开通专属主题（管理员） open a topic of the partner's own on the log."""
    from services.cli.matcher import partner_topics

    with opened_with("", lang, output, file) as opened:
        partner_topics.show(opened, partner_topics.open_(opened, partner, from_start=from_start))


@app.command("show")
def show(
    partner: Partner = "partners/me",
    held: Held = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """查看主题及其进度 the topic, and how far it has been told."""
    from services.cli.matcher import partner_topics

    with opened_with(held, lang, output, file) as opened:
        partner_topics.show(opened, partner_topics.get(opened, partner))


@app.command("close")
def close(partner: _Stated, lang: Lang = None) -> None:
    """停止写入合作方主题（管理员） tell a partner's topic no more."""
    from services.cli.matcher import partner_topics

    with opened_with("", lang, Format.TABLE, None) as opened:
        partner_topics.close(opened, partner)
