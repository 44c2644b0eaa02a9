"""A process that does something and dies at a fail point, as the service's own processes do when they are armed."""

import os
from collections.abc import Callable

from services.chassis import fail_points


def dies_at(point: str, act: Callable[[], object]) -> int:
    """The exit code of a process that does it, armed with `name:hit`. A fork: what this one has loaded is at hand."""
    if pid := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        os.environ["BOLE_FAILPOINT"] = point
        fail_points._armed.cache_clear()
        act()
    finally:
        os._exit(1)
