"""What is in a process's memory stays there: names, contact data and keys in clear."""

import resource


def leave_no_core() -> None:
    """Let the kernel write no file of this process's memory when it crashes, nor of those that it starts."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
