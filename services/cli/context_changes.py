"""`bole context`: the installations that a user talks to: listing, choosing, adding, removing them."""

import os
import sys
from dataclasses import replace
from pathlib import Path

from services.cli import contexts
from services.cli.answers.columns import Column
from services.cli.contexts import LOCAL, PLACES, Context
from services.cli.session import Session, settings_of_environment
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

_MOST_SECRET = 16_384
_STANDARD_INPUT = "-"
_LOOPBACK = ("127.", "localhost:", "[::1]:")
_COLUMNS = (
    Column("name", Text("名称", "name"), whole=True),
    Column("in_use", Text("使用中", "in use"), show=lambda chosen, _: "✓" if chosen else ""),
    Column("talent_address", Text("人才服务", "talent")),
    Column("funding_address", Text("基金服务", "funding")),
    Column("matcher_address", Text("匹配服务", "matcher")),
    Column("console_url", Text("控制台", "console")),
    Column("tls_dir", Text("证书目录", "certificates"), wraps=True),
    Column("secrets", Text("凭证", "signs in by")),
)


def show(session: Session) -> None:
    """All of them, this machine's first; never a secret."""
    chosen = contexts.in_use(os.environ)
    here = settings_of_environment()
    local = Context(LOCAL, **{name: str(getattr(here, name) or "") for name in PLACES})
    rows = [
        {
            "name": each.name,
            "in_use": each.name == (chosen.name if chosen else LOCAL),
            **{name: getattr(each, name) for name in PLACES},
            "secrets": _secrets(each).to(session.language),
        }
        for each in (local, *contexts.load(os.environ).known.values())
    ]
    session.output.rows(Text("连接", "contexts"), _COLUMNS, rows)
    session.output.note(
        Text(
            f"环境变量优先于连接；{contexts.CHOICE}=名称 只用于一条命令",
            f"the environment goes before a context; {contexts.CHOICE}=NAME is for one command",
        ).to(session.language)
    )


def use(session: Session, name: str) -> None:
    """Talk to this one from now on. Raises InvalidArgument for one that is not known."""
    known = contexts.load(os.environ)
    if name != LOCAL:
        known.require(name)
    contexts.save(replace(known, current=name), os.environ)
    session.output.say(
        Text(f"之后的命令发往连接（{name}）", f"commands go to the context ({name}) from now on")
    )
    if os.environ.get(contexts.CHOICE):
        session.output.say(
            Text(
                f"但 {contexts.CHOICE} 优先，请先取消它",
                f"but {contexts.CHOICE} goes before it; unset it first",
            )
        )


def add(
    session: Session, name: str, places: dict[str, str], token_file: str, key_file: str, *, chosen: bool
) -> None:
    """Add a context, or change what is given of it. Secrets are read from files or standard input.

    Raises InvalidArgument for a name or secret that cannot be, ConfigurationError for an address that cannot.
    """
    contexts.require_name(name)
    given = {each: value for each, value in places.items() if value}
    settings_of_environment(**given)
    if token_file == key_file == _STANDARD_INPUT:
        raise InvalidArgument.field(
            "--key-file",
            "ONE_FROM_INPUT",
            "标准输入只能给出一个凭证",
            "standard input brings one secret, not two",
        )
    for option, secret, path in (("--token-file", "token", token_file), ("--key-file", "key", key_file)):
        if path:
            given[secret] = _read(option, path)
    known = contexts.load(os.environ)
    made = replace(known.known.get(name, Context(name)), **given)
    after = known.with_(made)
    contexts.save(replace(after, current=name) if chosen else after, os.environ)
    session.output.say(
        Text(f"已修改连接（{name}）", f"changed the context ({name})")
        if name in known.known
        else Text(f"已添加连接（{name}）", f"added the context ({name})")
    )
    if open_to_view := _in_clear(made):
        session.output.say(
            Text(
                f"注意：{open_to_view} 不在本机而未给出 --tls-dir，凭证与数据将明文传输",
                f"note: {open_to_view} is another machine and there is no --tls-dir: secrets and data go in clear",
            )
        )


def remove(session: Session, name: str) -> None:
    """Forget one with its secrets. Raises InvalidArgument for one that is not known."""
    known = contexts.load(os.environ)
    contexts.save(known.without(name), os.environ)
    session.output.say(Text(f"已删除连接（{name}）及其凭证", f"removed the context ({name}) and its secrets"))
    if known.current == name:
        session.output.say(
            Text("之后的命令发往本机", "commands go to this machine's installation from now on")
        )


def _read(option: str, path: str) -> str:
    try:
        text = (
            sys.stdin.read(_MOST_SECRET + 1)
            if path == _STANDARD_INPUT
            else Path(path).read_text("utf-8")[: _MOST_SECRET + 1]
        )
    except (OSError, UnicodeDecodeError):
        raise InvalidArgument.field(
            option, "UNREADABLE", f"无法读取文件 {path}", f"cannot read the file {path}"
        ) from None
    secret = text.strip()
    if not secret or len(secret) > _MOST_SECRET or not secret.isascii() or len(secret.split()) != 1:
        raise InvalidArgument.field(
            option,
            "NO_SECRET",
            "应是一行 ASCII 文本，如 bole login 写下的令牌或 bole partner add 显示的密钥",
            "it is one line of ASCII, such as the token `bole login` wrote or the key `bole partner add` showed",
        )
    return secret


def _secrets(context: Context) -> Text:
    if context.name == LOCAL:
        return Text("本机登录", "this machine's sign-in")
    held = [
        said
        for value, said in (
            (context.token, Text("员工令牌", "staff token")),
            (context.key, Text("合作方密钥", "partner key")),
            (context.tls_dir, Text("客户端证书", "client certificate")),
        )
        if value
    ]
    return Text("、".join(each.zh for each in held) or "无", ", ".join(each.en for each in held) or "none")


def _in_clear(context: Context) -> str:
    """The addresses of other machines that are spoken to without TLS."""
    if context.tls_dir:
        return ""
    addresses = [context.talent_address, context.funding_address, context.matcher_address]
    return ", ".join(each for each in addresses if each and not each.startswith(_LOOPBACK))
