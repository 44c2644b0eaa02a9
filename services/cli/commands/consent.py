"""`bole consent list|give|withdraw|looks|anomalies`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Limit, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="persons/…")]
Uses = Annotated[
    list[str], typer.Argument(help="用途 match-position、match-firm、statistics，可多项 one or more uses")
]
Document = Annotated[str, typer.Option(help="依据：表单、来信、电话 form, letter or call")]


@app.command("list")
def list_(
    name: Name, purpose: Purpose = None, lang: Lang = None, output: Out = Format.TABLE, file: File = None
) -> None:
    """同意台账 the consent ledger of a person."""
    from services.cli.talent import consents

    with session(lang, output, file, purpose) as opened:
        consents.show(opened, name)


@app.command("give")
def give(
    name: Name,
    uses: Uses,
    document: Document,
    duty: Annotated[bool, typer.Option("--duty", help="依据法定职责 rests on a statutory duty")] = False,
    lang: Lang = None,
) -> None:
    """登记同意 record that a person allows these uses."""
    from services.cli.talent import consents

    with session(lang) as opened:
        consents.record(opened, name, "GIVEN", uses, document, duty=duty)


@app.command("withdraw")
def withdraw(name: Name, uses: Uses, document: Document, lang: Lang = None) -> None:
    """登记撤回 record that a person takes these uses back."""
    from services.cli.talent import consents

    with session(lang) as opened:
        consents.record(opened, name, "WITHDRAWN", uses, document, duty=False)


@app.command("looks")
def looks(
    name: Name, limit: Limit = 50, lang: Lang = None, output: Out = Format.TABLE, file: File = None
) -> None:
    """谁查看过、改过此人 who looked at a person, and who changed the record."""
    from services.cli.talent import consents

    with session(lang, output, file) as opened:
        consents.show_looks(opened, name, limit)


@app.command("anomalies")
def anomalies(
    days: Annotated[int, typer.Option(min=1, max=366, help="最近多少天 days back")] = 30,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """批量查看告警 accounts that looked at unusually many people."""
    from services.cli.talent import consents

    with session(lang, output, file) as opened:
        consents.show_anomalies(opened, days)
