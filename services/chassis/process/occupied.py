"""Who works on an embedded database: a lock beside its file, shared by those who serve, alone for who moves it.

The operating system frees it when its holder dies. Addresses say less: an installation may serve at others than the
settings of whoever asks. A lock is on the file and not on its name: who serves looks now and then whether the name
still leads to what it locked, and locks what does.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from services.chassis.configuration import ConfigurationError
from services.chassis.files.file_lock import FileLock
from services.chassis.process.background import Background, Rounds
from services.kernel.errors import Aborted, FailedPrecondition
from services.kernel.text import Text

_EMBEDDED: Final = "sqlite:///"
_LOOK_SECONDS: Final = 0.5
_LOST: Final = "the lock beside the database was deleted and cannot be taken again"


@contextmanager
def occupying(key: str, url: str) -> Iterator[None]:
    """Serve from the database of a URL, which the setting `key` names; nothing where it is not embedded.

    Raises ConfigurationError while somebody moves or restores it.
    """
    if not url.startswith(_EMBEDDED):
        yield
        return
    database = Path(url.removeprefix(_EMBEDDED))
    lock = _lock(database, shared=True)
    try:
        if not lock.acquire():
            raise ConfigurationError(
                key,
                "指向的数据库正在迁移或恢复，请完成后再启动",
                "names a database that is being moved or restored; start when that is done",
            )
        watching = Background(
            "serving lock", Rounds(lambda _stop: _keep(lock, database), _LOST, every=_LOOK_SECONDS)
        )
        watching.start()
        try:
            yield
        finally:
            watching.stop()
    finally:
        lock.release()


def embedded(urls: Iterable[str]) -> list[Path]:
    """The files of those of these databases that are embedded."""
    return [Path(url.removeprefix(_EMBEDDED)) for url in urls if url.startswith(_EMBEDDED)]


@contextmanager
def vacated(databases: Iterable[Path]) -> Iterator[None]:
    """Keep everybody from serving from these databases. A directory that is not there, or in which nobody may write,
    has none who serve.

    Raises FailedPrecondition (SERVICES_RUNNING) that names those from which somebody serves.
    """
    with ExitStack() as stack:
        served = []
        for path in databases:
            lock = _lock(path, shared=False)
            stack.callback(lock.release)
            with suppress(OSError):
                if not lock.acquire():
                    served.append(path)
        if served:
            names = ", ".join(map(str, served))
            raise FailedPrecondition(
                Text(
                    f"服务仍在使用：{names}，请先在其安装处运行 bole down",
                    f"services still work on {names}; `bole down` where they are installed first",
                ),
                reason="SERVICES_RUNNING",
            )
        yield


def _lock(database: Path, *, shared: bool) -> FileLock:
    return FileLock(database.with_name(f"{database.name}.serving.lock"), shared=shared)


def _keep(lock: FileLock, database: Path) -> None:
    """Take it again where its file was deleted.

    Raises Aborted (DATABASE_TAKEN) where somebody moves or restores the database meanwhile.
    """
    if not lock.acquire():
        raise Aborted(
            Text(
                f"{lock.path} 被删除，且 {database} 正在迁移或恢复。请停止本服务，待完成后再启动",
                f"{lock.path} was deleted, and {database} is being moved or restored: stop this service, "
                "and start it when that is done",
            ),
            reason="DATABASE_TAKEN",
        )
