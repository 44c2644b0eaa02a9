"""`bole doctor`: what keeps this machine from running the services, and what to do about each."""

import os
import shutil
import socket
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.chassis.configuration import ConfigurationError
from services.chassis.identity.tokens import StaffTokens, load_verification_key
from services.chassis.keys import LOCAL_KEYS, PAIRS
from services.chassis.settings import Settings, without_secrets
from services.chassis.tls import load_files
from services.cli import contexts
from services.cli.answers.output import Column
from services.cli.running import console_process, processes
from services.cli.running.backup import ASIDE
from services.cli.session import Session, settings_of_context, token_path
from services.kernel.clock import CIVIL_ZONE, SystemClock
from services.kernel.errors import BoleError
from services.kernel.text import Text, counted
from services.paper.fonts import chinese, require_chinese

LEAST_FREE_BYTES = 1 << 30
LEAST_TEMPORARY_BYTES = 1 << 28
"""Where uploads, exports and reports lie while they are read or made."""
_FORMER_KEPT = timedelta(days=7)
_CLOCK_SLACK = timedelta(minutes=2)
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_COLUMNS = (
    Column("subject", Text("检查", "check")),
    Column("verdict", Text("结果", "verdict")),
    Column("found", Text("情况与办法", "what was found, and what to do")),
)
_SOURCES = (
    Column("setting", Text("设置", "setting"), whole=True),
    Column("value", Text("值", "value"), wraps=True),
    Column("source", Text("来源", "from"), wraps=True),
)
_STORES = ("log_url", *(f"{name}_database_url" for name in processes.SERVICES))
"""Where this machine's installation keeps what it knows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: whether it is as it should be, and the remedy if not."""

    subject: Text
    ok: bool
    found: Text


def show(session: Session) -> int:
    """All findings; 0 if all is well, else 1."""
    findings = [*examine(session.settings, SystemClock().now()), *of_context(os.environ)]
    rows = [
        {
            "subject": each.subject.to(session.language),
            "verdict": "✓" if each.ok else "✗",
            "found": each.found.to(session.language),
        }
        for each in findings
    ]
    session.output.rows(Text("体检", "doctor"), _COLUMNS, rows)
    session.output.rows(Text("设置的来源", "where settings come from"), _SOURCES, sources(session))
    return 0 if all(each.ok for each in findings) else 1


def examine(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Look at directory, disk, clock, font, keys, token and addresses; nothing is changed."""
    yield _directory(settings.data_dir)
    yield _disk(Text("可用磁盘", "free disk"), settings.data_dir, LEAST_FREE_BYTES)
    yield _disk(Text("临时目录空间", "room for temporary files"), _temporary(), LEAST_TEMPORARY_BYTES)
    if found := _former(settings.data_dir, now):
        yield found
    yield _clock(settings.data_dir, now)
    yield _font()
    yield _keys(settings.keys_dir)
    yield _token(token_path(settings), settings.keys_dir, now)
    if settings.tls_dir is not None:
        yield _certificate(settings.tls_dir, now)
    for name in processes.SERVICES:
        yield _address(name, str(getattr(settings, f"{name}_address")), settings)
    yield _console(settings)


def of_context(environ: Mapping[str, str]) -> Iterator[Finding]:
    """Which installation the commands talk to, and whether its services answer; nothing is changed."""
    subject = Text("连接", "context")
    try:
        context = contexts.in_use(environ)
        settings = settings_of_context(context)
    except ConfigurationError as error:
        yield Finding(subject, False, error.text)
        return
    if context is None:
        yield Finding(subject, True, Text("本机 local", "local, this machine's"))
        return
    place = contexts.place_of(environ)
    yield Finding(subject, True, Text(f"（{context.name}），见 {place}", f"({context.name}), in {place}"))
    for name in (each for each in processes.SERVICES if context.knows(each, environ)):
        address = processes.address(settings, name)
        ready = processes.is_ready(address, settings.tls_dir)
        yield Finding(
            Text(f"（{context.name}）{name} {address}", f"({context.name}) {name} {address}"),
            ready,
            Text("服务就绪", "the service is ready")
            if ready
            else Text(
                f"没有应答：请核对地址与证书（bole context add {context.name} …），或联系该处管理员",
                f"no answer: check address and certificates (`bole context add {context.name} …`), or ask there",
            ),
        )


def sources(session: Session) -> list[dict[str, str]]:
    """Every place that commands go to, and whatever else is set in the environment, with where it comes from."""
    try:
        context = contexts.in_use(os.environ)
        settings = settings_of_context(context)
    except ConfigurationError:
        context, settings = None, session.settings
    said = context.unsaid_by(os.environ) if context else {}
    by_context = Text(f"连接（{context.name}）", f"the context ({context.name})") if context else None
    environment, default = Text("环境变量", "the environment"), Text("默认", "the default")
    rows = []
    for name in ("data_dir", *contexts.PLACES, *(() if context else _STORES)):
        variable = contexts.variable(name)
        given = variable in os.environ or f"{variable}_FILE" in os.environ
        by = environment if given else by_context if name in said else default
        value = without_secrets(variable, str(getattr(settings, name) or "—")).to(session.language)
        rows.append({"setting": variable, "value": value, "source": (by or default).to(session.language)})
    shown = {each["setting"] for each in rows}
    for variable in sorted(each for each in os.environ if each.startswith("BOLE_") and each not in shown):
        value = without_secrets(variable, os.environ[variable]).to(session.language)
        rows.append({"setting": variable, "value": value, "source": environment.to(session.language)})
    return rows


def _directory(path: Path) -> Finding:
    there = _nearest(path)
    ok = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    remedy = Text(
        f"无法写入 {there}，请改权限或设置 BOLE_DATA_DIR",
        f"cannot write to {there}; change its permissions or set BOLE_DATA_DIR",
    )
    return Finding(Text("数据目录", "data directory"), ok, _same(str(path.absolute())) if ok else remedy)


def _disk(subject: Text, path: Path, least: int) -> Finding:
    free = shutil.disk_usage(_nearest(path)).free
    size, wanted = f"{free / (1 << 30):.1f} GiB", f"{least / (1 << 30):g} GiB"
    remedy = Text(
        f"{path} 仅剩 {size}，请腾出至少 {wanted}", f"{size} left for {path}; free at least {wanted}"
    )
    return Finding(subject, free >= least, _same(size) if free >= least else remedy)


def _temporary() -> Path:
    """As TMPDIR says it; `tempfile` would pass over one that is full."""
    return Path(os.environ.get("TMPDIR") or "/tmp")  # noqa: S108 - where the system has them, and nothing is written


def _former(path: Path, now: datetime) -> Finding | None:
    """What a restore moved aside: no erasure reaches it, so that it must not lie there for long. None for none."""
    found = sorted(each for each in path.glob(f"{ASIDE}*") if each.is_dir())
    if not found:
        return None
    names = ", ".join(each.name for each in found)
    oldest = min(datetime.fromtimestamp(each.stat().st_mtime, UTC) for each in found)
    said = Text(
        f"{path} 下的 {names} 是恢复前的数据，未加密，此后删除的人仍在其中；请删除",
        f"{names} in {path}: what was there before a restore, in clear, with whoever was erased since; delete it",
    )
    return Finding(Text("恢复前的数据", "data of before a restore"), now - oldest < _FORMER_KEPT, said)


def _clock(path: Path, now: datetime) -> Finding:
    """Whatever was written was written before now, or somebody set the clock back."""
    subject = Text("时钟", "clock")
    written = [datetime.fromtimestamp(each.stat().st_mtime, UTC) for each in path.glob("*.db*")]
    last = max(written, default=now)
    said = f"{now.astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M}"
    if last - now <= _CLOCK_SLACK:
        return Finding(subject, True, _same(said))
    later = f"{last.astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M}"
    return Finding(
        subject,
        False,
        Text(
            f"现为 {said}，而数据写于 {later}：请校准系统时间后再启动",
            f"it is {said}, but data was written at {later}: set the system's time before you start",
        ),
    )


def _font() -> Finding:
    subject = Text("中文字体", "Chinese font")
    try:
        require_chinese("PDF")
    except BoleError as error:
        return Finding(subject, False, error.text)
    return Finding(subject, True, _same(chinese()[0]))


def _keys(directory: Path) -> Finding:
    subject = Text("密钥", "keys")
    files = [directory / name for name in (*LOCAL_KEYS, *PAIRS)]
    absent = [file.name for file in files if not file.exists()]
    if absent:
        names = ", ".join(absent)
        return Finding(
            subject,
            False,
            Text(f"缺少 {names}：运行 bole login 生成", f"no {names}: `bole login` makes them"),
        )
    exposed = [str(file) for file in files if file.stat().st_mode & _OPEN_TO_OTHERS]
    if exposed:
        command = f"chmod 600 {' '.join(exposed)}"
        return Finding(
            subject, False, Text(f"他人可读，请运行 {command}", f"open to other users; run {command}")
        )
    return Finding(subject, True, _same(str(directory)))


def _token(path: Path, keys: Path, now: datetime) -> Finding:
    subject = Text("登录", "sign-in")
    if not path.exists():
        return Finding(subject, False, Text("尚未登录，请运行 bole login", "not signed in; run `bole login`"))
    if path.stat().st_mode & _OPEN_TO_OTHERS:
        command = f"chmod 600 {path}"
        return Finding(
            subject, False, Text(f"他人可读，请运行 {command}", f"open to other users; run {command}")
        )
    try:
        who = StaffTokens(load_verification_key(keys)).authenticate(path.read_text().strip(), now)
    except BoleError as error:
        return Finding(subject, False, error.text)
    return Finding(subject, True, _same(who.subject))


def _certificate(directory: Path, now: datetime) -> Finding:
    subject = Text("TLS 证书", "TLS certificate")
    try:
        expires = load_files(directory, now).expires
    except BoleError as error:
        return Finding(subject, False, error.text)
    left = (expires - now).days
    return Finding(
        subject, True, Text(f"还有 {left} 天到期：{directory}", f"{counted(left, 'day')} left: {directory}")
    )


def _address(name: str, address: str, settings: Settings) -> Finding:
    subject = _same(f"{name} {address}")
    if processes.is_foreign(address, settings):
        return Finding(
            subject,
            False,
            Text(
                f"另一个安装在使用：请在其目录 bole down，或设置 BOLE_{name.upper()}_ADDRESS",
                f"another installation uses it: `bole down` there, or set BOLE_{name.upper()}_ADDRESS",
            ),
        )
    if processes.is_ready(address, settings.tls_dir):
        return Finding(subject, True, Text("服务就绪", "the service is ready"))
    if _listens(address):
        return Finding(
            subject,
            False,
            Text(
                f"端口已被占用或服务未就绪：查看日志，或设置 BOLE_{name.upper()}_ADDRESS",
                f"the port is taken, or the service is not ready: see its log, or set BOLE_{name.upper()}_ADDRESS",
            ),
        )
    metrics = str(getattr(settings, f"{name}_metrics_address"))
    if _listens(metrics):
        return Finding(
            subject,
            False,
            Text(
                f"指标页端口 {metrics} 已被占用：设置 BOLE_{name.upper()}_METRICS_ADDRESS",
                f"the port of its metrics, {metrics}, is taken: set BOLE_{name.upper()}_METRICS_ADDRESS",
            ),
        )
    return Finding(subject, True, Text("空闲，可运行 bole up", "free; `bole up` starts the service"))


def _console(settings: Settings) -> Finding:
    subject = Text(f"控制台 {settings.console_address}", f"console {settings.console_address}")
    if console_process.is_foreign(settings):
        return Finding(subject, False, console_process.of_another(settings))
    if console_process.is_ready(settings):
        return Finding(subject, True, _same(settings.console_url))
    if _listens(settings.console_address):
        return Finding(
            subject,
            False,
            Text(
                "端口已被其他程序占用：请设置 BOLE_CONSOLE_ADDRESS 与 BOLE_CONSOLE_URL",
                "another program has the port: set BOLE_CONSOLE_ADDRESS and BOLE_CONSOLE_URL",
            ),
        )
    return Finding(subject, True, Text("空闲，可运行 bole up", "free; `bole up` starts it"))


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=1).close()
    except OSError:
        return False
    return True


def _nearest(path: Path) -> Path:
    """The path itself, or the nearest parent that exists."""
    return next(each for each in (path.absolute(), *path.absolute().parents) if each.exists())


def _same(text: str) -> Text:
    return Text(text, text)
