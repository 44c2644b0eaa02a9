"""`bole dossier …`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
Deal = Annotated[str, typer.Argument(help="deals/…")]


@app.command("show")
def show(deal: Deal, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """三要件逐项所见 what the record says on the three statutory tests."""
    from services.cli.funding import dossiers

    with session(lang, output, file) as opened:
        dossiers.show(opened, deal)


@app.command("export")
def export(
    deal: Deal,
    path: Annotated[Path, typer.Argument(dir_okay=False, help="写入的 .zip 文件")],
    purpose: Purpose = None,
    lang: Lang = None,
) -> None:
    """导出可离线核验的材料包 a bundle that is verified offline: python3 verify.py FILE."""
    from services.cli.funding import dossiers

    with session(lang, purpose=purpose) as opened:
        dossiers.export(opened, deal, path)


@app.command("determine")
def determine(
    deal: Deal,
    outcome: Annotated[str, typer.Argument(help="exempt、mitigated、not-exempt")],
    organ: Annotated[str, typer.Option(help="认定机关 the authority")],
    number: Annotated[str, typer.Option(help="文号 number of its document")],
    day: Annotated[datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="文件日期")],
    text: Annotated[str, typer.Option(help="理由 grounds")] = "",
    lang: Lang = None,
) -> None:
    """录入主管部门的认定 enter what the competent authority determined."""
    from services.cli.funding import dossiers

    with session(lang) as opened:
        dossiers.determine(opened, deal, outcome, organ, number, day.date(), text)


@app.command("erase-words")
def erase_words(
    name: Annotated[str, typer.Argument(help="deals/…/interests/… 或 deals/…/notes/…")],
    reason: Annotated[str, typer.Option(help="原因 why")],
    lang: Lang = None,
) -> None:
    """删除声明或备注的文字 erase words about people in a declaration or a note; the trail stays whole."""
    from services.cli.funding import dossiers

    with session(lang) as opened:
        dossiers.erase(opened, name, reason)
