"""Holds the messages of an upload until it is complete: in memory while small, then in a nameless file."""

import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from services.kernel.errors import Aborted, Unavailable
from services.kernel.text import Text

IN_MEMORY: Final = 1024 * 1024
_LENGTH_BYTES: Final = 4


class Spool:
    """Messages in the order they came. The file has no name, and is gone when the spool or the process ends.

    Whoever gives up an upload leaves its spool while a thread may still read it: the thread reads to the end, and the
    file goes then.
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=in_memory)  # noqa: SIM115 (__exit__ closes it)
        self._in_memory = in_memory
        self._lock, self._read, self._left = threading.Lock(), False, False
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._left = True
            if not self._read:
                self._file.close()

    def on_disk_with(self, message: bytes) -> bool:
        """Whether adding `message` writes to a disk, which no event loop should wait for."""
        return self.size + len(message) + _LENGTH_BYTES > self._in_memory

    def add(self, message: bytes) -> None:
        """Append one message. Raises Unavailable when the disk is full."""
        with spooling():
            self._file.write(len(message).to_bytes(_LENGTH_BYTES, "big") + message)
        self.size += len(message) + _LENGTH_BYTES

    def __iter__(self) -> Generator[bytes]:
        """The messages. Whoever does not read to the end closes this, or the file stays until it is collected."""
        with self._reading():
            with spooling():
                self._file.seek(0)
            while head := self._file.read(_LENGTH_BYTES):
                yield self._file.read(int.from_bytes(head, "big"))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Raises Aborted (UPLOAD_GIVEN_UP) after the spool was left."""
        with self._lock:
            if self._left:
                zh, en = "上传已取消", "the upload was given up"
                raise Aborted(Text(zh, en), reason="UPLOAD_GIVEN_UP")
            self._read = True
        try:
            yield
        finally:
            with self._lock:
                self._read = False
                if self._left:
                    self._file.close()


@contextmanager
def spooling() -> Iterator[None]:
    """Around writing a temporary file. Raises Unavailable (NO_SPACE_FOR_UPLOAD) when the disk takes no more."""
    try:
        yield
    except OSError as error:
        raise Unavailable(
            Text(
                "服务器存放临时文件的空间不足，未保存任何内容，请稍后重试",
                "the server has no room for temporary files; nothing was kept, retry later",
            ),
            reason="NO_SPACE_FOR_UPLOAD",
        ) from error
