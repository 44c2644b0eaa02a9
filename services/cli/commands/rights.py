"""`bole ip list|add|own|pledges|pledge|move|loan|check|status`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, session

app = typer.Typer(no_args_is_help=True)
Firm = Annotated[str, typer.Argument(help="firms/…")]
Document = Annotated[str, typer.Option(help="依据文件 the document that shows it")]
Amount = Annotated[str, typer.Argument(help="金额，如 500万元")]


@app.command("list")
def list_(firm: Firm, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """权利清单 rights of a firm, free or pledged."""
    from services.cli.funding import rights

    with session(lang, output, file) as opened:
        rights.show_rights(opened, firm)


@app.command("add")
def add(
    firm: Firm,
    kind: Annotated[str, typer.Argument(help="INVENTION、UTILITY_MODEL、SOFTWARE…")],
    number: Annotated[str, typer.Argument(help="证书编号 number of the certificate")],
    title: Annotated[str, typer.Argument(help="名称 title")],
    granted: Annotated[str, typer.Option(help="授权日 day of the grant")],
    expires: Annotated[str, typer.Option(help="到期日 day on which it ends")],
    document: Document,
    lang: Lang = None,
) -> None:
    """登记权利 record a right."""
    from services.cli.funding import rights

    with session(lang) as opened:
        rights.add(opened, firm, kind, number, title, granted, expires, document)


@app.command("own")
def own(
    name: Annotated[str, typer.Argument(help="firms/…/ipRights/…")],
    ownership: Annotated[
        str, typer.Argument(help="OWNED、EXCLUSIVE_LICENCE、SHARED_BY_AGREEMENT、SHARED、DISPUTED")
    ],
    document: Document,
    lang: Lang = None,
    output: Out = Format.TABLE,
) -> None:
    """登记权属 put down whose a right is."""
    from services.cli.funding import rights

    with session(lang, output) as opened:
        rights.state_ownership(opened, name, ownership, document)


@app.command("pledges")
def pledges(firm: Firm, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """质押清单 pledges of a firm."""
    from services.cli.funding import rights

    with session(lang, output, file) as opened:
        rights.show_pledges(opened, firm)


@app.command("pledge")
def pledge(
    rights_: Annotated[list[str], typer.Argument(metavar="RIGHTS", help="firms/…/ipRights/…，可多项")],
    to: Annotated[str, typer.Option(help="质权人 the bank")],
    secured: Annotated[str, typer.Option(help="担保金额 the debt, e.g. 500万元")],
    starts: Annotated[str, typer.Option(help="起始日 first day")],
    ends: Annotated[str, typer.Option(help="到期日 last day")],
    document: Document,
    rank: Annotated[int, typer.Option(min=1, max=9, help="顺位 rank")] = 1,
    valuation: Annotated[str, typer.Option(help="评估价值 what the rights were valued at")] = "",
    basis: Annotated[str, typer.Option(help="评估依据 who valued them and how")] = "",
    lang: Lang = None,
) -> None:
    """拟定质押 draft a pledge."""
    from services.cli.funding import rights

    with session(lang) as opened:
        rights.draft(opened, rights_, to, secured, starts, ends, document, rank, valuation, basis)


@app.command("move")
def move(
    name: Annotated[str, typer.Argument(help="firms/…/pledges/…")],
    step: Annotated[str, typer.Argument(help="REGISTER、RELEASE、ENFORCE、EXPIRE")],
    on: Annotated[str, typer.Option(help="生效日 day on which it took effect")],
    document: Document,
    number: Annotated[str, typer.Option(help="登记编号 number of the registration")] = "",
    lang: Lang = None,
) -> None:
    """登记、解除、实现质权或到期 take a step of a pledge."""
    from services.cli.funding import rights

    with session(lang) as opened:
        rights.move(opened, name, step, on, document, number)


@app.command("loan")
def loan(
    firm: Firm,
    lender: Annotated[str, typer.Argument(help="贷款银行 the bank")],
    amount: Amount,
    paid: Annotated[str, typer.Option(help="放款日 day on which it was paid out")],
    due: Annotated[str, typer.Option(help="到期日 day by which it is due")],
    document: Document,
    security: Annotated[str, typer.Option(help="CREDIT、IP_PLEDGE、GUARANTEE、MORTGAGE")] = "CREDIT",
    pledge: Annotated[str, typer.Option(help="质押 firms/…/pledges/…")] = "",
    lang: Lang = None,
) -> None:
    """登记贷款 record a loan."""
    from services.cli.funding import loans

    with session(lang) as opened:
        loans.record(opened, firm, lender, amount, paid, due, document, security, pledge)


@app.command("loans")
def loans_(firm: Firm, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """贷款与首贷 loans of a firm, the first of them marked."""
    from services.cli.funding import loans

    with session(lang, output, file) as opened:
        loans.show(opened, firm)


@app.command("first-loan")
def first_loan(firm: Firm, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """首贷认定的经过 what was taken for the first loan, and what moved it."""
    from services.cli.funding import loans

    with session(lang, output, file) as opened:
        loans.show_first(opened, firm)


@app.command("check")
def check(
    firm: Firm,
    source: Annotated[str, typer.Argument(help="征信来源 whose record it is")],
    on: Annotated[str, typer.Option(help="查询日 day of the look")],
    consent: Annotated[str, typer.Option(help="企业授权书 the firm's written consent")],
    earliest: Annotated[str, typer.Option(help="最早贷款日，无贷款留空 earliest loan on it, if any")] = "",
    lang: Lang = None,
) -> None:
    """登记征信查询 record a look at the credit record."""
    from services.cli.funding import loans

    with session(lang) as opened:
        loans.check(opened, firm, source, on, consent, earliest)


@app.command("status")
def status(firm: Firm, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """可质押权利与首贷 what could be pledged, and whether a loan would be the first."""
    from services.cli.funding import loans

    with session(lang, output, file) as opened:
        loans.show_status(opened, firm)
