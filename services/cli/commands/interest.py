"""`bole interest …`: ties between people and firms, and who works on a deal."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
Deal = Annotated[str, typer.Argument(help="deals/…")]
Firm = Annotated[str, typer.Argument(help="firms/…")]


@app.command("declare")
def declare(
    deal: Deal,
    kinds: Annotated[
        list[str] | None, typer.Argument(help="equity、employment、kinship …；不填为无 none by default")
    ] = None,
    text: Annotated[str, typer.Option(help="具体说明 what exactly")] = "",
    lang: Lang = None,
) -> None:
    """声明本人与企业的利益关系 say what ties you to the firm."""
    from services.cli.funding import interests

    with session(lang) as opened:
        interests.declare(opened, deal, kinds or [], text)


@app.command("list")
def list_(
    deal: Deal, purpose: Purpose = None, lang: Lang = None, output: Out = Format.TABLE, file: File = None
) -> None:
    """项目的声明 the declarations on a deal, and who has yet to declare."""
    from services.cli.funding import interests

    with session(lang, output, file, purpose) as opened:
        interests.show(opened, deal)


@app.command("resolve")
def resolve(
    name: Annotated[str, typer.Argument(help="deals/…/interests/…")],
    reason: Annotated[str, typer.Option(help="查明情况 what was found")],
    recuse: Annotated[bool, typer.Option("--recuse", help="须回避 recuse its author")] = False,
    lang: Lang = None,
) -> None:
    """处理与已知事实不符的声明 decide on a contradicted declaration."""
    from services.cli.funding import interests

    with session(lang) as opened:
        interests.resolve(opened, name, reason, recused=recuse)


@app.command("link")
def link(
    firm: Firm,
    account: Annotated[str, typer.Argument(help="账号 account")],
    kind: Annotated[str, typer.Argument(help="equity、employment、inventor …")],
    source: Annotated[str, typer.Option(help="依据，如 工商登记 where it is known from")],
    lang: Lang = None,
) -> None:
    """记录已知的关系 record a tie that is known from elsewhere."""
    from services.cli.funding import interests

    with session(lang) as opened:
        interests.link(opened, firm, account, kind, source)


@app.command("firm")
def firm(name: Firm, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """谁与企业有利益关系 who has an interest in a firm, declared or known."""
    from services.cli.funding import interests

    with session(lang, output, file) as opened:
        interests.show_firm(opened, name)


@app.command("team")
def team(
    deal: Deal,
    members: Annotated[list[str], typer.Argument(help="项目组账号 accounts of the team")],
    representatives: Annotated[
        list[str] | None, typer.Option("--representative", help="企业代表 for the firm")
    ] = None,
    scouts: Annotated[list[str] | None, typer.Option("--scout", help="推荐方 who recommended it")] = None,
    lang: Lang = None,
) -> None:
    """设定项目组与企业代表 who works on a deal and who speaks for the firm."""
    from services.cli.funding import interests

    with session(lang) as opened:
        interests.set_team(opened, deal, members, representatives or [], scouts or [])
