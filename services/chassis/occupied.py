"""Who works on an embedded database: a lock beside its file, shared by those who serve, alone for who moves it.

The operating system frees it when its holder dies. Addresses say less: an installation may serve at others than the
settings of whoever asks.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from services.chassis.configuration import ConfigurationError
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text

_EMBEDDED = "sqlite:///"


@contextmanager
def occupying(key: str, url: str) -> Iterator[None]:
    """Serve from the database of a URL, which the setting `key` names; nothing where it is not embedded.

    Raises ConfigurationError while somebody moves or restores it.
    """
    if not url.startswith(_EMBEDDED):
        yield
        return
    descriptor = os.open(
        _lock_of(Path(url.removeprefix(_EMBEDDED))), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
    )
    try:
        if not _locked(descriptor, fcntl.LOCK_SH):
            raise ConfigurationError(
                key,
                "指向的数据库正在迁移或恢复，请完成后再启动",
                "names a database that is being moved or restored; start when that is done",
            )
        yield
    finally:
        os.close(descriptor)


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
            try:
                descriptor = os.open(_lock_of(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError:
                continue
            stack.callback(os.close, descriptor)
            if not _locked(descriptor, fcntl.LOCK_EX):
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


def _lock_of(database: Path) -> Path:
    return database.with_name(f"{database.name}.serving.lock")


def _locked(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
