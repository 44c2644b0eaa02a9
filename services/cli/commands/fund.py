"""`bole fund …`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands import fund_capital
from services.cli.commands.options import File, Lang, Limit, Out, session

app = typer.Typer(no_args_is_help=True)
fund_capital.register(app)


@app.command("list")
def list_(lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """基金列表 funds with size and headroom."""
    from services.cli.funding import funds

    with session(lang, output, file) as opened:
        funds.show(opened)


Fund = Annotated[str, typer.Argument(help="funds/…，或名称 or its name")]


@app.command("commitments")
def commitments(fund: Fund, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """认缴出资 who subscribed to a fund."""
    from services.cli.funding import capital
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        capital.commitments(opened, named(opened, fund))


@app.command("ledger")
def ledger(
    fund: Fund, limit: Limit = 20, lang: Lang = None, output: Out = Format.TABLE, file: File = None
) -> None:
    """科目余额与分录 balances and newest journals of a fund."""
    from services.cli.funding import capital
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        capital.ledger(opened, named(opened, fund), limit)


@app.command("portfolio")
def portfolio(fund: Fund, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """投资组合 what a fund holds, tied to its ledger."""
    from services.cli.funding import investments
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        investments.show_portfolio(opened, named(opened, fund))


@app.command("cities")
def cities(
    funds: Annotated[list[str] | None, typer.Argument(help="funds/… 或名称；默认全部 all by default")] = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """各设区市出资、投资与返投 what cities put in and what was invested there, nothing twice."""
    from services.cli.funding import reinvestment
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        reinvestment.show_cities(opened, [named(opened, each) for each in funds or []])


@app.command("look-through")
def look_through(
    funds: Annotated[list[str] | None, typer.Argument(help="funds/… 或名称；默认全部 all by default")] = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """名义规模与穿透规模 size with and without what is counted twice."""
    from services.cli.funding import capital
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        capital.look_through(opened, [named(opened, each) for each in funds or []])


@app.command("leverage")
def leverage(fund: Fund, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """带动社会资本 leverage of social capital by its three definitions."""
    from services.cli.funding import capital
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        capital.leverage(opened, named(opened, fund))


@app.command("headroom")
def headroom(
    fund: Fund,
    what_if: Annotated[
        list[str] | None, typer.Option(help="设想投资的项目，可多次：deals/… 或 deals/…=2000万")
    ] = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """可用额度与各项限额的余量 what is left, now and after deals only thought of."""
    from services.cli.funding import deal_analysis
    from services.cli.funding.funds import named

    with session(lang, output, file) as opened:
        deal_analysis.headroom(opened, named(opened, fund), what_if or [])
