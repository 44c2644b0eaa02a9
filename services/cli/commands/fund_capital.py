"""`bole fund commit|calls|call|receive|fee|distribute`: what goes into a fund and out of it, put on record."""

from enum import StrEnum
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, session


class Distributed(StrEnum):
    """What is paid out to the parties of a fund."""

    GAINS = "gains"
    CAPITAL = "capital"


Fund = Annotated[str, typer.Argument(help="funds/…，或名称 or its name")]
Amount = Annotated[str, typer.Argument(help="金额，如 5000万元 an amount")]
Paper = Annotated[str, typer.Option("--document", help="依据文件：文号或标题 the document that shows it")]


def register(app: typer.Typer) -> None:
    """Add the commands to `bole fund`."""
    for name, command, example in (
        (
            "commit",
            commit,
            "bole fund commit 苏州 5000万元 --kind CITY --party 苏州市财政局 --signed 2026-11-01 --document 认缴书",
        ),
        ("calls", calls, "bole fund calls 苏州 -o xlsx --file calls.xlsx"),
        ("call", call, "bole fund call 苏州 2000万元 --due 2026-12-31 --document 缴款通知3号"),
        (
            "receive",
            receive,
            "bole fund receive funds/…/capitalCalls/… funds/…/commitments/… 500万元 --on 2026-12-20 --document 回单",
        ),
        ("fee", fee, "bole fund fee 苏州 20万元 --document 管理费发票"),
        ("distribute", distribute, "bole fund distribute 苏州 gains 300万元 --document 分配决议"),
    ):
        app.command(name, epilog=f"例 e.g.  {example}")(command)


def commit(
    fund: Fund,
    amount: Amount,
    kind: Annotated[str, typer.Option(help="出资人类型，如 CITY、SOCIAL_PRIVATE、FUND what the party is")],
    signed: Annotated[str, typer.Option(help="签署日期 day of signing")],
    document: Paper,
    party: Annotated[str, typer.Option(help="出资人；基金出资则用 --investor name of the party")] = "",
    investor: Annotated[
        str, typer.Option(help="出资的基金：funds/…，或名称 the fund that subscribes, for FUND")
    ] = "",
    city: Annotated[
        str,
        typer.Option(help="市区财政出资属于哪个城市，默认基金所在 whose money it is, of a city or district"),
    ] = "",
    new_capital: Annotated[
        bool, typer.Option("--new-capital", help="增加基金规模 it adds to the fund's size")
    ] = False,
    lang: Lang = None,
) -> None:
    """登记认缴 who subscribes to a fund, and how much."""
    from services.cli.funding import capital_entries as entries

    stated = entries.Subscription(kind, party, investor, city, signed, new_capital)
    with session(lang) as opened:
        entries.commit(opened, fund, amount, stated, document)


def calls(fund: Fund, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """缴款通知与到账 what was called of each commitment, and what has come in."""
    from services.cli.funding import capital_entries as entries

    with session(lang, output, file) as opened:
        entries.show_calls(opened, fund)


def call(
    fund: Fund,
    amount: Amount,
    due: Annotated[str, typer.Option(help="缴款期限 day by which it is due")],
    document: Paper,
    lang: Lang = None,
) -> None:
    """通知缴款，按认缴比例分摊 call capital of everybody who subscribed, in proportion."""
    from services.cli.funding import capital_entries as entries

    with session(lang) as opened:
        entries.call(opened, fund, amount, due, document)


def receive(
    name: Annotated[str, typer.Argument(metavar="CALL", help="funds/…/capitalCalls/…，见 bole fund calls")],
    commitment: Annotated[str, typer.Argument(help="funds/…/commitments/…，谁的出资 whose money")],
    amount: Amount,
    on: Annotated[str, typer.Option(help="到账日期 day on which it came in")],
    document: Paper,
    lang: Lang = None,
) -> None:
    """登记到账 what came in of one part of a call."""
    from services.cli.funding import capital_entries as entries

    with session(lang) as opened:
        entries.receive(opened, name, commitment, amount, on, document)


def fee(fund: Fund, amount: Amount, document: Paper, lang: Lang = None) -> None:
    """登记费用 a fee that a fund paid."""
    from services.cli.funding import capital_entries as entries

    with session(lang) as opened:
        entries.fee(opened, fund, amount, document)


def distribute(
    fund: Fund,
    kind: Annotated[Distributed, typer.Argument(help="gains 收益、capital 本金")],
    amount: Amount,
    document: Paper,
    lang: Lang = None,
) -> None:
    """登记分配 gains or capital paid out to the parties."""
    from services.cli.funding import capital_entries as entries

    with session(lang) as opened:
        entries.distribute(opened, fund, kind.value, amount, document)
