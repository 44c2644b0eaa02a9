"""How large an upload may be, and how slow: the same for the service that takes it and for the gateway that passes it
on.
"""

import time
from collections.abc import Callable
from typing import Final

from google.protobuf.descriptor import MethodDescriptor

from services.chassis.contract import access_of
from services.kernel.errors import ResourceExhausted
from services.kernel.text import Text

DEFAULT_UPLOAD_MIB: Final = 32
SLOWEST_UPLOAD: Final = 1024
"""Bytes a second that an upload brings at least, after its first moments of patience."""
_MIB: Final = 1024 * 1024
_EACH: Final = 4


class Allowance:
    """What an upload of `method` still may bring. `size`: bytes that were taken, with those by which they are kept."""

    def __init__(self, method: MethodDescriptor) -> None:
        self._most = (access_of(method).largest_upload_mib or DEFAULT_UPLOAD_MIB) * _MIB
        self.size = 0

    def take(self, size: int) -> None:
        """One more message of so many bytes. Raises ResourceExhausted (UPLOAD_TOO_LARGE)."""
        if self.size + size > self._most:
            limit = self._most // _MIB
            raise ResourceExhausted(
                Text(
                    f"文件超过 {limit} MiB，请拆分后上传", f"the upload is over {limit} MiB; split the file"
                ),
                reason="UPLOAD_TOO_LARGE",
            )
        self.size += size + _EACH


class Pace:
    """How long the next part of an upload is waited for: `idle` seconds, and no longer than what has come has earned.
    Whoever sends a byte now and then would otherwise never be given up.
    """

    def __init__(self, idle: float, seconds: Callable[[], float] = time.monotonic) -> None:
        self._idle, self._seconds, self._began = idle, seconds, seconds()

    def patience(self, size: int) -> float:
        """Seconds, after `size` bytes have come."""
        bought = self._began + self._idle + size / SLOWEST_UPLOAD
        return max(0.0, min(self._idle, bought - self._seconds()))
