"""`bole partner-certificate add|list|revoke`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Limit, Out
from services.cli.commands.partner import Held, Partner, opened_with

app = typer.Typer(no_args_is_help=True)


@app.command("add")
def add(
    partner: Annotated[str, typer.Argument(help="partners/…")],
    certificate: Annotated[Path, typer.Argument(help="PEM 文件 a file")],
    title: Annotated[str, typer.Option(help="用途 what it is for")] = "",
    events_only: Annotated[
        bool, typer.Option("--events-only", help="只能读取事件 reads events alone")
    ] = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """登记客户端证书（管理员），凭该证书连接无需密钥 register a client certificate; at most two count."""
    from services.cli.matcher import partner_certificates

    with opened_with("", lang, output, file) as opened:
        made = partner_certificates.add(opened, partner, certificate, title, events_only=events_only)
        partner_certificates.show(opened, [made])


@app.command("list")
def list_(
    partner: Partner = "partners/me",
    held: Held = "",
    limit: Limit = 50,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """证书一览 the certificates, newest first."""
    from services.cli.matcher import partner_certificates

    with opened_with(held, lang, output, file) as opened:
        partner_certificates.show(opened, partner_certificates.listed(opened, partner, limit))


@app.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(help="partners/…/certificates/…")],
    held: Held = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """立即停用证书 let a certificate count no more, at once."""
    from services.cli.matcher import partner_certificates

    with opened_with(held, lang, output, file) as opened:
        partner_certificates.show(opened, [partner_certificates.revoke(opened, name)])
