"""Commands about the installation: demo, up, down, status, login, doctor, backup, restore, move, accept-log, audit …"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli.commands.options import Lang, here

if TYPE_CHECKING:
    from services.cli.session import Session

audit = typer.Typer(no_args_is_help=True)


@audit.callback()
def _group() -> None:
    """A group, even with a single command."""


Profile = Annotated[str, typer.Option(help="small 或 demo")]


def _tell_of_context(opened: "Session") -> None:
    """Say to whose other commands go elsewhere that this was about this machine."""
    from services.cli import contexts

    if (said := contexts.elsewhere(os.environ)) is not None:
        opened.output.say(said)


def register(app: typer.Typer) -> None:
    """Add them to the application."""
    for name, command in (
        ("demo", demo),
        ("up", up),
        ("down", down),
        ("status", status),
        ("login", login),
        ("template", template),
        ("sample", sample),
        ("doctor", doctor),
        ("backup", backup),
        ("restore", restore),
        ("erasures", erasures),
        ("revocations", revocations),
        ("move", move),
        ("accept-log", accept_log),
    ):
        app.command(name)(command)
    app.add_typer(audit, name="audit", help="审计记录 the audit trail")


def demo(
    json: Annotated[bool, typer.Option("--json", help="输出一份JSON one JSON document")] = False,
    data: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="自己的工作簿 your own workbook")
    ] = None,
    profile: Profile = "demo",
    directory: Annotated[
        Path | None,
        typer.Option(
            "--dir",
            help="数据目录，空的或以前演示用过的 empty or of an earlier run；默认 BOLE_DATA_DIR 下的 demo",
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """演示主要工作：启动、导入、回答、订阅、停止 the main job in front of you."""
    from services.cli.answers.errors import shown
    from services.cli.demo.run import run
    from services.cli.session import language_of

    language = language_of(lang)
    with shown(language):
        raise typer.Exit(run(language, as_json=json, data=data, directory=directory, profile=profile))


def up(profile: Profile = "demo", lang: Lang = None) -> None:
    """启动服务并保持运行，首次装入演示数据 start the services and keep them running."""
    from services.cli.running import installation

    with here(lang) as opened:
        installation.up(opened, profile)


def down(lang: Lang = None) -> None:
    """停止 bole up 启动的服务 stop what `bole up` started."""
    from services.cli.running import installation

    with here(lang) as opened:
        installation.down(opened)


def status(lang: Lang = None) -> None:
    """服务是否就绪 whether the services are ready."""
    from services.cli.running import standing

    with here(lang) as opened:
        found = standing.status(opened)
        _tell_of_context(opened)
        raise typer.Exit(found)


def login(
    role: Annotated[
        list[str] | None, typer.Option(help="角色，代码或中文名，可多次；默认人才专员与基金管理人 a role")
    ] = None,
    city: Annotated[str, typer.Option(help="只限一个城市 one city only")] = "",
    fund: Annotated[str, typer.Option(help="只限一只基金 one fund only, funds/…")] = "",
    firm: Annotated[str, typer.Option(help="只限一家企业 one firm only, firms/…")] = "",
    account: Annotated[
        str,
        typer.Option(
            help="以另一账号登录，在一台机器上试须两三人经手的事 another account, to try what takes several"
        ),
    ] = "",
    hours: Annotated[int, typer.Option(min=1, max=72)] = 12,
    lang: Lang = None,
) -> None:
    """本机登录，并给出控制台的一次性链接 sign in on this machine, and a one-time link to the console."""
    from services.cli.running import installation, signing_in

    with here(lang) as opened:
        signing_in.login(opened, role or [], (city, fund, firm), hours, account)
        installation.tell_link(opened)
        _tell_of_context(opened)


def template(path: Annotated[Path, typer.Argument()], lang: Lang = None) -> None:
    """写出带下拉选项的空白工作簿 write the empty workbook with drop-downs."""
    from services.cli.answers.wording import catalogue
    from services.kernel.text import Text
    from services.workbook.template import write_template

    with here(lang) as opened:
        write_template(path, catalogue())
        opened.output.say(Text(f"已写入 {path}", f"wrote {path}"))


def sample(path: Annotated[Path, typer.Argument()], profile: Profile = "demo", lang: Lang = None) -> None:
    """写出演示数据工作簿 write a workbook of synthetic sample data."""
    from services.kernel.clock import SystemClock, civil_date
    from services.kernel.text import Text
    from services.sample import write_sample

    with here(lang) as opened:
        write_sample(path, profile, as_of=civil_date(SystemClock().now()))
        opened.output.say(Text(f"已写入 {path}（演示数据）", f"wrote {path} (SYNTHETIC)"))


def doctor(lang: Lang = None) -> None:
    """检查本机能否运行 what keeps this machine from running the services."""
    from services.cli.running import doctor as examination

    with here(lang) as opened:
        raise typer.Exit(examination.show(opened))


def backup(path: Annotated[Path, typer.Argument(file_okay=False)], lang: Lang = None) -> None:
    """备份嵌入式安装，运行中亦可 back up an embedded installation, while it runs."""
    from services.cli.running import backup as keeping

    with here(lang) as opened:
        keeping.back_up(opened, path)


def restore(
    path: Annotated[Path, typer.Argument(exists=True, file_okay=False)],
    erasures: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="bole erasures 写出的名单 what `bole erasures` wrote"),
    ] = None,
    revocations: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="bole revocations 写出的名单 what `bole revocations` wrote"
        ),
    ] = None,
    lang: Lang = None,
) -> None:
    """从备份恢复，已删除、撤回、停用的不会复活 restore a backup; who was erased or withdrew stays so."""
    from services.cli.running import backup as keeping

    with here(lang) as opened:
        keeping.restore(opened, path, erasures, revocations)


def move(
    directory: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="原数据目录 its data directory")
    ],
    lang: Lang = None,
) -> None:
    """把嵌入式安装迁入 PostgreSQL 与 Kafka move an embedded installation to the engines of the settings."""
    from services.cli.running import moving

    with here(lang) as opened:
        moving.move(opened, directory)


def accept_log(lang: Lang = None) -> None:
    """确认改用重建的或丢失末尾的事件日志 take a log that was begun anew, or lost its end, for the one now."""
    from services.cli.running import log_accepting

    with here(lang) as opened:
        raise typer.Exit(log_accepting.accept_log(opened))


def erasures(path: Annotated[Path, typer.Argument(dir_okay=False)], lang: Lang = None) -> None:
    """写出已删除者与已撤回的同意，供恢复时重放 write whom the library erased, and who withdrew, for a restore."""
    from services.cli.running import backup as keeping

    with here(lang) as opened:
        keeping.write_erasures(opened, path)


def revocations(path: Annotated[Path, typer.Argument(dir_okay=False)], lang: Lang = None) -> None:
    """写出已停用的合作方密钥、证书、主题与回调，供恢复时重放 write what was taken back of partners, for a restore."""
    from services.cli.running import backup as keeping

    with here(lang) as opened:
        keeping.write_revocations(opened, path)


@audit.command("verify")
def verify(
    heads: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="留存的签名链头文件 signed heads kept elsewhere"),
    ] = None,
    lang: Lang = None,
) -> None:
    """核验审计链与签名链头 check every service's audit trail against its signed heads."""
    from services.cli.running import installation

    with here(lang) as opened:
        raise typer.Exit(installation.verify_audit(opened, heads))


@audit.command("heads")
def heads(path: Annotated[Path, typer.Argument(dir_okay=False)], lang: Lang = None) -> None:
    """签署并写出审计链头，供异地留存 sign the heads of the audit trails and write them, to be kept elsewhere."""
    from services.cli.running import installation

    with here(lang) as opened:
        installation.write_audit_heads(opened, path)
