"""`bole webhook create|list|show|update|delete|rotate|test|replay|log|redeliver|listen`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, Limit, Out, session

if TYPE_CHECKING:
    from services.cli.session import Session

app = typer.Typer(no_args_is_help=True)
Key = Annotated[str, typer.Option(envvar="BOLE_KEY", help="合作方密钥 partner key")]
Partner = Annotated[str, typer.Option(help="partners/…，管理员用 for the administrator")]
Name = Annotated[str, typer.Argument(help="partners/…/webhooks/…")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="只要这些类型 these kinds alone")]
Anchor = Annotated[str | None, typer.Option(help="只要这个对象 this anchor alone, positions/…")]
Directions = Annotated[list[str] | None, typer.Option("--direction", help="只要这些方向或产业")]
Cities = Annotated[list[str] | None, typer.Option("--city", help="只要这些城市 these cities alone")]
Title = Annotated[str | None, typer.Option(help="用途 what it is for")]


@contextmanager
def _opened(
    key: str, lang: str | None, output: Format = Format.TABLE, file: Path | None = None
) -> Iterator["Session"]:
    with session(lang, output, file) as opened:
        opened.speak_as_partner(key)
        yield opened


@app.command("create")
def create(
    url: Annotated[str, typer.Argument(help="https://…")],
    partner: Partner = "partners/me",
    kind: Kinds = None,
    anchor: Anchor = None,
    direction: Directions = None,
    city: Cities = None,
    title: Title = None,
    key: Key = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """登记回调地址，签名密钥只显示一次 register an endpoint; its secret is shown once."""
    from bole.matcher.v1 import webhook_pb2
    from services.cli.matcher import webhooks

    with _opened(key, lang, output, file) as opened:
        stated = webhook_pb2.Webhook(
            url=url,
            title=title or "",
            kinds=kind or [],
            anchor=anchor or "",
            direction_codes=direction or [],
            city_codes=city or [],
        )
        webhooks.create(opened, partner, stated)


@app.command("list")
def list_(
    partner: Partner = "partners/-",
    key: Key = "",
    limit: Limit = 50,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """回调及其进度 webhooks, and how far they have come."""
    from services.cli.matcher import webhooks

    with _opened(key, lang, output, file) as opened:
        webhooks.show(opened, webhooks.listed(opened, partner, limit))


@app.command("show")
def show(name: Name, key: Key = "", lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """一个回调 one webhook."""
    from services.cli.matcher import webhooks

    with _opened(key, lang, output, file) as opened:
        webhooks.show(opened, [webhooks.get(opened, name)])


@app.command("update")
def update(
    name: Name,
    url: Annotated[str | None, typer.Option(help="https://…")] = None,
    kind: Kinds = None,
    anchor: Anchor = None,
    direction: Directions = None,
    city: Cities = None,
    title: Title = None,
    enabled: Annotated[
        bool | None, typer.Option("--enable/--disable", help="启用或停用 tell it, or tell it nothing")
    ] = None,
    key: Key = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """修改、启用或停用 change it, enable or disable it; an empty text takes a restriction away."""
    from services.cli.matcher import webhooks

    stated: dict[str, object] = {
        "url": url,
        "title": title,
        "anchor": anchor,
        "kinds": _given(kind),
        "direction_codes": _given(direction),
        "city_codes": _given(city),
        "state": None if enabled is None else "STATE_ENABLED" if enabled else "STATE_DISABLED",
    }
    with _opened(key, lang, output, file) as opened:
        given = {field: value for field, value in stated.items() if value is not None}
        webhooks.show(opened, [webhooks.update(opened, name, given)])


@app.command("delete")
def delete(name: Name, key: Key = "", lang: Lang = None) -> None:
    """删除 send nothing there any more."""
    from services.cli.matcher import webhooks

    with _opened(key, lang) as opened:
        webhooks.delete(opened, name)


@app.command("rotate")
def rotate(
    name: Name,
    overlap: Annotated[
        int, typer.Option(min=1, max=720, help="旧密钥还有效的小时数 hours that the old one signs too")
    ] = 24,
    key: Key = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """更换签名密钥，只显示一次 a new secret, shown once."""
    from services.cli.matcher import webhooks

    with _opened(key, lang, output, file) as opened:
        webhooks.rotate(opened, name, overlap)


@app.command("test")
def try_now(
    name: Name, key: Key = "", lang: Lang = None, output: Out = Format.TABLE, file: File = None
) -> None:
    """立即发送一条测试；未送达则以 1 退出 send a test now; exits with 1 unless it is delivered."""
    from services.cli.matcher import webhooks

    with _opened(key, lang, output, file) as opened:
        raise typer.Exit(webhooks.test(opened, name))


@app.command("replay")
def replay(
    name: Name,
    after: Annotated[int, typer.Option(min=0, help="从此序号之后重新投递 go on after this event")],
    key: Key = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """从某事件之后重新投递，或跳过 send again from an event on, or pass over some."""
    from services.cli.matcher import webhooks

    with _opened(key, lang, output, file) as opened:
        webhooks.show(opened, [webhooks.replay(opened, name, after)])


@app.command("log")
def log(
    name: Name,
    filter_: Filter = "",
    key: Key = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """投递记录 the delivery log, newest first."""
    from services.cli.matcher import webhooks

    with _opened(key, lang, output, file) as opened:
        webhooks.show_attempts(opened, webhooks.attempts(opened, name, filter_, limit))


@app.command("redeliver")
def redeliver(
    name: Annotated[str, typer.Argument(help="partners/…/webhooks/…/attempts/…")],
    key: Key = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """重发一次投递的事件；未送达则以 1 退出 send the event of an attempt again; exits with 1 unless it is delivered."""
    from services.cli.matcher import webhooks

    with _opened(key, lang, output, file) as opened:
        raise typer.Exit(webhooks.redeliver(opened, name))


@app.command("listen")
def listen(
    secret: Annotated[
        str, typer.Option(envvar="BOLE_WEBHOOK_SECRET", help="签名密钥 whsec_… the secret, shown once")
    ],
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 为任意空闲端口 0 for any free one")] = 8787,
    host: Annotated[str, typer.Option(help="监听地址 where to listen")] = "127.0.0.1",
    most: Annotated[int, typer.Option("--count", min=0, help="收到几条后结束 stop after so many")] = 0,
    forward_to: Annotated[
        str, typer.Option(help="验签后原样转发到的地址，答复其状态 http://… to send verified ones on to")
    ] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
) -> None:
    """在本机接收并验签，逐条打印 receive here, verify signatures, print each delivery."""
    from services.cli.matcher import listening

    with session(lang, output) as opened:
        listening.listen(opened, secret, host, port, most, onward=forward_to)


def _given(values: list[str] | None) -> list[str] | None:
    """None where nothing was given; without the empty ones, which take a restriction away."""
    return None if values is None else [each for each in values if each]
