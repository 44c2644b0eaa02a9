"""`bole mandate list|show|propose|approve|reject|rulesets`."""

from datetime import datetime
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, session

app = typer.Typer(no_args_is_help=True)
Fund = Annotated[str, typer.Argument(help="funds/…，或名称 or its name")]
Name = Annotated[str, typer.Argument(help="funds/…/mandates/2")]
Day = Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="生效日期 first day in force")]
Until = Annotated[
    datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="失效日期 first day no longer")
]


@app.command("list")
def list_(fund: Fund, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """投资规则的各次修订 revisions of a fund's rules."""
    from services.cli.funding import mandates
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        mandates.show_list(opened, named(opened, fund))


@app.command("show")
def show(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """一次修订的全部参数及依据 one revision, rule by rule."""
    from services.cli.funding import mandates

    with session(lang, output, file) as opened:
        mandates.show(opened, name)


@app.command("rulesets")
def rulesets(lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """可引用的规则集 the published rule sets."""
    from services.cli.funding import mandates

    with session(lang, output, file) as opened:
        mandates.rule_sets(opened)


@app.command("propose")
def propose(
    fund: Fund,
    begins: Day,
    reason: Annotated[str, typer.Option(help="理由 why")],
    ruleset: Annotated[str, typer.Option(help="suzhou-522、national-2025、tax-2018-55")] = "national-2025",
    until: Until = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", help="参数=取值，可多次：concentration_max=20%、ticket_max=2000万、city=苏州"),
    ] = None,
    cite: Annotated[list[str] | None, typer.Option(help="参数=依据，可多次 parameter=source")] = None,
    check: Annotated[bool, typer.Option("--check", help="只检查，不提出 check only")] = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
) -> None:
    """提出修订 propose a revision; nothing is judged by it before somebody else approves it."""
    from services.cli.funding import mandates
    from services.cli.funding.funds import named

    days = (begins.date(), until.date() if until else None)
    with session(lang, output) as opened:
        mandates.propose(
            opened, named(opened, fund), ruleset, days, set_ or [], cite or [], reason, check=check
        )


@app.command("approve")
def approve(
    name: Name,
    document: Annotated[str, typer.Option(help="批准文件 document of the approval")],
    lang: Lang = None,
) -> None:
    """批准修订 approve a revision that somebody else proposed."""
    from services.cli.funding import mandates

    with session(lang) as opened:
        mandates.approve(opened, name, document)


@app.command("reject")
def reject(name: Name, reason: Annotated[str, typer.Option(help="理由 why")], lang: Lang = None) -> None:
    """驳回修订 reject a revision."""
    from services.cli.funding import mandates

    with session(lang) as opened:
        mandates.reject(opened, name, reason)
