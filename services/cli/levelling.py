"""Waiting until the matcher has worked off all that was imported."""

import time
from collections.abc import Callable

from bole.matcher.v1 import matching_service_pb2 as service
from services.cli import matching
from services.cli.session import Session
from services.kernel.errors import Unavailable
from services.kernel.text import Text

_QUIET_LOOKS = 5
_PAUSE_SECONDS = 0.3


def wait_level(
    session: Session, seconds: float, pause: Callable[[float], None] = time.sleep
) -> service.IndexStatus:
    """The status once the index is level and has stood still for a moment: relays bring events in batches.

    Raises Unavailable (INDEX_NOT_LEVEL) when that takes longer than `seconds`.
    """
    deadline, quiet, last = time.monotonic() + seconds, 0, -1
    while True:
        status = matching.index_status(session)
        still = status.level and status.last_sequence == last
        quiet, last = (quiet + 1 if still else 0), status.last_sequence
        if quiet >= _QUIET_LOOKS:
            return status
        if time.monotonic() > deadline:
            raise Unavailable(
                Text(
                    f"匹配索引 {seconds:.0f} 秒内未追平，请稍后用 bole status 查看",
                    f"the index is not level after {seconds:.0f} s; look again with `bole status`",
                ),
                reason="INDEX_NOT_LEVEL",
            )
        pause(_PAUSE_SECONDS)  # asks a service; there is nothing here to be woken by


def behind(status: service.IndexStatus) -> int:
    """Records on the log that the index has not read."""
    return sum(max(each.end_offset - each.next_offset, 0) for each in status.topics)
