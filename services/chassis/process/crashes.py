"""What is left of a process that crashes: where each thread was, and nothing of its memory."""

import faulthandler
import resource


def tell_where_and_leave_no_core() -> None:
    """On a crash, have every thread's frames written to standard error, functions and lines without values; and let the
    kernel write no file of the memory of this process, nor of those that it starts: names, contact data and keys stand
    there in clear.
    """
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
