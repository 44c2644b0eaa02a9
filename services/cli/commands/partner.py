"""`bole partner add|list|show` and `bole partner-key create|list|revoke`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Limit, Out, session

if TYPE_CHECKING:
    from services.cli.session import Session

app = typer.Typer(no_args_is_help=True)
keys = typer.Typer(no_args_is_help=True)
Held = Annotated[str, typer.Option("--key", envvar="BOLE_KEY", help="合作方密钥 partner key")]
Partner = Annotated[str, typer.Argument(help="partners/…；合作方自己用 partners/me")]


@contextmanager
def opened_with(
    held: str, lang: str | None, output: Format = Format.TABLE, file: Path | None = None
) -> Iterator["Session"]:
    """A session with a partner's key, or of who is signed in."""
    with session(lang, output, file) as opened:
        opened.speak_as_partner(held)
        yield opened


@app.command("add")
def add(name: Annotated[str, typer.Argument()], lang: Lang = None) -> None:
    """在本机登记合作方，密钥只显示一次 register a partner on this machine; the key is shown once."""
    from services.cli.running import installation

    with session(lang) as opened:
        installation.add_partner(opened, name)


@app.command("create")
def create(
    title: Annotated[str, typer.Argument()], lang: Lang = None, output: Out = Format.TABLE, file: File = None
) -> None:
    """登记合作方（管理员） register a partner, by the administrator; then `bole partner-key create`."""
    from services.cli.matcher import partners

    with session(lang, output, file) as opened:
        partners.show(opened, [partners.create(opened, title)])


@app.command("list")
def list_(limit: Limit = 50, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """合作方一览（管理员） all partners, for the administrator."""
    from services.cli.matcher import partners

    with session(lang, output, file) as opened:
        partners.show(opened, partners.listed(opened, limit))


@app.command("show")
def show(
    name: Partner = "partners/me",
    held: Held = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """一个合作方 one partner."""
    from services.cli.matcher import partners

    with opened_with(held, lang, output, file) as opened:
        partners.show(opened, [partners.get(opened, name)])


@keys.command("create")
def create_key(
    partner: Partner = "partners/me",
    title: Annotated[str, typer.Option(help="用途 what it is for")] = "",
    events_only: Annotated[
        bool, typer.Option("--events-only", help="只能读取事件 reads events alone")
    ] = False,
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="有效天数，不填为长期 days that it counts")
    ] = None,
    held: Held = "",
    lang: Lang = None,
) -> None:
    """新建密钥，只显示一次 a new key, shown once; at most two count."""
    from services.cli.matcher import partners

    with opened_with(held, lang) as opened:
        partners.create_key(opened, partner, title, days, events_only=events_only)


@keys.command("list")
def list_keys(
    partner: Partner = "partners/me",
    held: Held = "",
    limit: Limit = 50,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """密钥一览 the keys, newest first."""
    from services.cli.matcher import partners

    with opened_with(held, lang, output, file) as opened:
        partners.show_keys(opened, partners.keys(opened, partner, limit))


@keys.command("revoke")
def revoke(
    name: Annotated[str, typer.Argument(help="partners/…/keys/…")],
    held: Held = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """立即停用密钥 let a key count no more, at once."""
    from services.cli.matcher import partners

    with opened_with(held, lang, output, file) as opened:
        partners.show_keys(opened, [partners.revoke(opened, name)])
