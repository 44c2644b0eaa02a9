"""Commands that start or stop the services of one data folder take turns: else one ends what the other starts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from services.chassis.files.file_lock import FileLock
from services.cli.session import Session
from services.kernel.text import Text

LOCK_FILE: Final = "starting.lock"


@contextmanager
def in_turn(session: Session) -> Iterator[None]:
    """The only such command in the data folder; waits for another one, and says so. A command that dies gives its turn
    back. Raises OSError where there can be no such folder.
    """
    folder = session.settings.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK_FILE)
    if not lock.acquire():
        session.output.say(
            Text(
                f"另一条 bole up 或 bole down 正在启动或停止 {folder} 的服务，等它结束……（按 Ctrl-C 可放弃等待）",
                f"another `bole up` or `bole down` is starting or stopping the services of {folder}; waiting for it … "
                "(Ctrl-C to leave)",
            )
        )
        lock.acquire(wait=True)
    try:
        yield
    finally:
        lock.release()
