"""Waiting until the matcher has worked off all that was imported."""

import time
from collections.abc import Callable

from bole.matcher.v1 import matching_service_pb2 as service
from services.cli.matcher import matching
from services.cli.session import Session
from services.kernel.errors import Unavailable
from services.kernel.text import Text

_QUIET_LOOKS = 5
_PAUSE_SECONDS = 0.3


def wait_level(
    session: Session,
    seconds: float,
    pause: Callable[[float], None] = time.sleep,
    now: Callable[[], float] = time.monotonic,
) -> service.IndexStatus:
    """The status once the index is level and has stood still for a moment: relays bring events in batches.

    Waits as long as the index moves. Raises Unavailable (INDEX_NOT_LEVEL) when it is behind and has not moved
    for `seconds`.
    """
    moved, quiet, last = now(), 0, None
    while True:
        status = matching.index_status(session)
        here = (status.last_sequence, sum(each.next_offset for each in status.topics))
        quiet = quiet + 1 if status.level and here == last else 0
        moved, last = (moved if here == last else now()), here
        if quiet >= _QUIET_LOOKS:
            return status
        if not status.level and now() - moved > seconds:
            waiting = behind(status)
            raise Unavailable(
                Text(
                    f"匹配索引 {seconds:.0f} 秒没有进展，尚有 {waiting} 条未读；请看 bole status 或 matcher 的日志",
                    f"the index has not moved for {seconds:.0f} s, {waiting} records unread; "
                    "look with `bole status`, or into the matcher's log",
                ),
                reason="INDEX_NOT_LEVEL",
            )
        pause(_PAUSE_SECONDS)  # asks a service; there is nothing here to be woken by


def behind(status: service.IndexStatus) -> int:
    """Records on the log that the index has not read."""
    return sum(max(each.end_offset - each.next_offset, 0) for each in status.topics)
