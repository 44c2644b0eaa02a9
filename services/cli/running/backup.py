"""Backup and restore of an embedded installation: three databases and the log, sealed, and never its keys."""

import hashlib
import hmac
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.chassis.fail_points import reach
from services.chassis.files.embedded import SIDES
from services.chassis.keys import BACKUP_KEY, ensure_local_keys, load_key
from services.chassis.log_url import parse_log_url
from services.chassis.process.occupied import vacated
from services.chassis.settings import Settings
from services.cli.running import processes
from services.cli.running.snapshots import SEALED, Manifest, put_back, read_manifest, take_sealed
from services.cli.session import Session
from services.kernel.clock import SystemClock
from services.kernel.errors import AlreadyExists, FailedPrecondition, Unavailable
from services.kernel.text import Text

LOG = "log.db"
ASIDE = "before-restore-"
_STAGES = ".restoring-*"


@dataclass(frozen=True, slots=True)
class Again:
    """What a restore would take back and is done again: `tell` of a service lists it, `again` does what is listed."""

    service: str
    tell: str
    again: str

    @property
    def file(self) -> str:
        """The list, among the files of a restore."""
        return f"{self.tell}.txt"


ERASURES = Again("talent", "erasures", "erase-again")
REVOCATIONS = Again("matcher", "revocations", "revoke-again")


def back_up(session: Session, target: Path) -> None:
    """Copy the installation to the new directory `target` while it runs.

    Its files are sealed under the key `backup`, which a local installation makes with its first backup.
    Raises AlreadyExists, FailedPrecondition for engines that are not embedded, ConfigurationError for no such key,
    Unavailable.
    """
    if target.exists():
        raise AlreadyExists(
            Text(f"{target} 已存在，请另选目录", f"{target} exists; choose another directory"),
            reason="TARGET_EXISTS",
        )
    settings, now = session.settings, SystemClock().now()
    files = _files(settings)
    if settings.environment == "local":
        ensure_local_keys(settings.keys_dir, [BACKUP_KEY])
    key = load_key(settings.keys_dir, BACKUP_KEY)
    made = take_sealed(
        files,
        target,
        key,
        beside=settings.data_dir,
        described=lambda digests: Manifest(SEALED, now.isoformat(), _fingerprint(settings), digests),
    )
    size = sum((target / name).stat().st_size for name in made.files) / 1e6
    session.output.say(
        Text(
            f"已加密备份到 {target}（{size:.1f} MB，不含密钥：{settings.keys_dir} 须另行保管，没有它无法恢复）",
            f"backed up to {target}, sealed ({size:.1f} MB, without the keys: keep {settings.keys_dir} elsewhere, "
            "nothing can be restored without it)",
        )
    )


def write_erasures(session: Session, path: Path) -> None:
    """Add whom the library has erased, and what people took back of their consent, to a file that is kept beside the
    backups, and keeps what it names already.

    Raises Unavailable in the tool's words, as for a file that is no such list.
    """
    session.output.say(
        Text(*_tool("talent", ["erasures", str(path.absolute())], session.settings).splitlines())
    )


def write_revocations(session: Session, path: Path) -> None:
    """Add what was taken back of partners (keys, certificates, topics, webhooks) to a file, as `write_erasures` does
    whom it erased.
    """
    session.output.say(
        Text(*_tool("matcher", ["revocations", str(path.absolute())], session.settings).splitlines())
    )


def restore(
    session: Session, source: Path, erasures: Path | None = None, revocations: Path | None = None
) -> None:
    """Put a backup in the place of this installation, which must be down; what was there is moved aside.

    Before it can serve, whoever was erased or withdrew since, as this installation or the file `erasures` knows, is
    erased in it or withdraws, and what was taken back of partners, as it or the file `revocations` knows, is taken
    back.
    Raises FailedPrecondition for services that run, other keys or a damaged backup, SealBroken for one that is sealed
    under another key, ConfigurationError for none; then nothing was changed.
    """
    settings = session.settings
    require_down(settings)
    with vacated(path for name, path in _files(settings).items() if name != LOG):
        manifest = read_manifest(source)
        _require_keys(settings, manifest)
        again = {each: _to_be_done_again(settings, each, kept) for each, kept in _kept(erasures, revocations)}
        stage = settings.data_dir / f".restoring-{os.getpid()}"
        try:
            done = _prepare(settings, source, manifest, stage, again)
            aside = _exchange(settings, stage, SystemClock().now())
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        for left in settings.data_dir.glob(_STAGES):
            shutil.rmtree(left, ignore_errors=True)
    session.output.say(
        Text(
            f"已恢复到 {manifest.made_at} 的状态；{done.zh}；原有数据移至 {aside}。"
            "其中是未加密的个人信息，今后删除的人仍在其中：确认不再需要后请删除该目录",
            f"restored as of {manifest.made_at}; {done.en}; what was there is in {aside}: people in clear, and "
            "whoever is erased from now on stays in it, so delete it once it is not needed",
        )
    )


def _kept(erasures: Path | None, revocations: Path | None) -> tuple[tuple[Again, Path | None], ...]:
    """What is done again after a restore, and the list of it that is kept beside the backup."""
    return (ERASURES, erasures), (REVOCATIONS, revocations)


def _prepare(
    settings: Settings, source: Path, manifest: Manifest, stage: Path, again: Mapping[Again, set[str]]
) -> Text:
    """Copies of the backup in `stage`, brought to this program's schema, with all done again that is to be."""
    stage.mkdir(parents=True)
    put_back(source, manifest, stage, lambda: load_key(settings.keys_dir, BACKUP_KEY))
    staged = settings.model_copy(
        update={f"{name}_database_url": f"sqlite:///{stage / f'{name}.db'}" for name in processes.SERVICES}
        | {"log_url": f"sqlite:///{stage / LOG}"}
    )
    for name in processes.SERVICES:
        _tool(name, ["migrate"], staged)
    for each, entries in again.items():
        (stage / each.file).write_text("".join(f"{entry}\n" for entry in sorted(entries)), encoding="utf-8")
    said = [_tool(each.service, [each.again, str(stage / each.file)], staged).splitlines() for each in again]
    (zh, en) = zip(*said, strict=True)
    return Text("；".join(zh), "; ".join(en))


def _exchange(settings: Settings, stage: Path, now: datetime) -> Path:
    """Put the staged files in place; where the former ones are."""
    aside = settings.data_dir / f"{ASIDE}{now:%Y%m%dT%H%M%S}"
    aside.mkdir(parents=True)
    for path in _files(settings).values():
        for former in (path, *(path.with_name(path.name + side) for side in SIDES)):
            if former.exists():
                former.rename(aside / former.name)
                reach("restore.after_aside")
    for name, path in _files(settings).items():
        for side in ("", *SIDES):
            if (stage / (name + side)).exists():
                (stage / (name + side)).rename(path.with_name(path.name + side))
                reach("restore.after_place")
    return aside


def _files(settings: Settings) -> dict[str, Path]:
    """The files by their name in a backup. Raises FailedPrecondition for engines that are not embedded."""
    urls = {f"{name}.db": settings.database_url(name) for name in processes.SERVICES}
    log = parse_log_url(settings.log_url)
    if log.kind != "sqlite" or not all(url.startswith("sqlite:///") for url in urls.values()):
        raise FailedPrecondition(
            Text(
                "只备份嵌入式安装；PostgreSQL 与 Kafka 请用各自的备份（见 docs/reliability.md）",
                "only an embedded installation is backed up here; PostgreSQL and Kafka have backups of their own "
                "(docs/reliability.md)",
            ),
            reason="NOT_EMBEDDED",
        )
    return {name: Path(url.removeprefix("sqlite:///")) for name, url in urls.items()} | {
        LOG: Path(log.address)
    }


def _to_be_done_again(settings: Settings, again: Again, kept: Path | None) -> set[str]:
    """What the installation that is to be replaced knows of it, if it can still be read, what the file does, and a
    restore that was broken off: it may have moved aside what knew it.

    Raises FailedPrecondition for a file that is no such list.
    """
    try:
        listed = kept.read_text(encoding="utf-8").split() if kept else []
    except UnicodeDecodeError as error:
        raise FailedPrecondition(
            Text(
                f"{kept} 不是 bole {again.tell} 写出的名单",
                f"{kept} is no list that `bole {again.tell}` wrote",
            ),
            reason=f"NO_{again.tell.upper()}",
        ) from error
    for left in settings.data_dir.glob(f"{_STAGES}/{again.file}"):
        listed += left.read_text(encoding="utf-8").split()
    if _files(settings)[f"{again.service}.db"].exists():
        listed += _tool(again.service, [again.tell], settings).split()
    return set(listed)


def require_down(settings: Settings) -> None:
    """Raises FailedPrecondition that names the services which run."""
    running = [
        name
        for name in processes.SERVICES
        if processes.is_ready(processes.address(settings, name), settings.tls_dir)
    ]
    if running:
        names = ", ".join(running)
        raise FailedPrecondition(
            Text(
                f"服务仍在运行：{names}，请先 bole down", f"services are running: {names}; `bole down` first"
            ),
            reason="SERVICES_RUNNING",
        )


def _require_keys(settings: Settings, manifest: Manifest) -> None:
    if not hmac.compare_digest(_fingerprint(settings), manifest.keys):
        raise FailedPrecondition(
            Text(
                f"备份是用另一套密钥做的，请把当时的密钥放回 {settings.keys_dir}",
                f"the backup was made under other keys; put those back into {settings.keys_dir}",
            ),
            reason="OTHER_KEYS",
        )


def _fingerprint(settings: Settings) -> str:
    """Tells the first key encryption key from any other, and nothing of it."""
    return hmac.new(load_key(settings.keys_dir, "kek"), b"bole-backup-1", hashlib.sha256).hexdigest()


def _tool(name: str, arguments: list[str], settings: Settings) -> str:
    done = processes.run_tool(name, arguments, settings)
    if done.returncode:
        raise Unavailable(Text(done.stderr.strip(), done.stderr.strip()), reason="TOOL_FAILED")
    return done.stdout
