"""`bole round list|show|record|correct|revisions`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Limit, Out, session

app = typer.Typer(no_args_is_help=True)


@app.command("list")
def list_(
    firm: Annotated[str, typer.Argument(help="firms/…；留空为全部 all if empty")] = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """轮次列表 financing rounds."""
    from services.cli.funding import rounds

    with session(lang, output, file) as opened:
        rounds.show_list(opened, firm, limit)


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="firms/…/rounds/…")],
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """各方出资与带动 who took part, and what of it our funds may claim."""
    from services.cli.funding import rounds

    with session(lang, output, file) as opened:
        rounds.show_one(opened, name)


@app.command("record")
def record(
    firm: Annotated[str, typer.Argument(help="firms/…")],
    name: Annotated[str, typer.Argument(help="轮次 round, e.g. 天使轮")],
    parts: Annotated[
        list[str], typer.Argument(help="出资方，领投在前：funds/…=300万元、SOCIAL_PRIVATE:某创投=700万元")
    ],
    closed: Annotated[str, typer.Option(help="交割日 day of closing")],
    document: Annotated[str, typer.Option(help="依据文件 the document that shows it")],
    pre_money: Annotated[str, typer.Option(help="投前估值 valuation before the round")] = "",
    check: Annotated[bool, typer.Option("--check", help="只检查，不写入 check only")] = False,
    lang: Lang = None,
) -> None:
    """登记轮次 record a round."""
    from services.cli.funding import rounds

    with session(lang) as opened:
        rounds.record(opened, firm, name, parts, closed, pre_money, document, check_only=check)


@app.command(
    "correct", epilog="例 e.g.  bole round correct firms/…/rounds/… --pre-money 3000万元 --document 补充协议"
)
def correct(
    name: Annotated[str, typer.Argument(help="firms/…/rounds/…")],
    document: Annotated[str, typer.Option(help="依据文件 the document that shows it")],
    parts: Annotated[
        list[str] | None,
        typer.Argument(
            help="更正后的全部出资方，写法同 record；留空为不变 all parties, as `record` has them"
        ),
    ] = None,
    closed: Annotated[str, typer.Option(help="交割日 day of closing")] = "",
    pre_money: Annotated[str, typer.Option(help="投前估值 valuation before the round")] = "",
    lang: Lang = None,
) -> None:
    """更正轮次，保留各版 correct a round; every revision is kept."""
    from services.cli.funding import rounds

    with session(lang) as opened:
        rounds.correct(opened, name, parts or [], closed, pre_money, document)


@app.command("revisions")
def revisions(
    name: Annotated[str, typer.Argument(help="firms/…/rounds/…")],
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """轮次的各版 every revision of a round."""
    from services.cli.funding import rounds

    with session(lang, output, file) as opened:
        rounds.show_revisions(opened, name)
