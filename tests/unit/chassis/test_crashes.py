"""A process that crashes says where, and leaves nothing of its memory."""

import signal
import subprocess
import sys

_CRASHING = """
import os, resource, signal
from services.chassis.process.crashes import tell_where_and_leave_no_core

def work(name):
    os.kill(os.getpid(), signal.SIGSEGV)

tell_where_and_leave_no_core()
print(resource.getrlimit(resource.RLIMIT_CORE), flush=True)
work("张三丰")
"""


def test_a_crash_tells_where_it_was_without_what_it_was_about() -> None:
    ended = subprocess.run([sys.executable, "-c", _CRASHING], capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGSEGV
    assert ended.stdout == "(0, 0)\n"
    assert "Segmentation fault" in ended.stderr
    assert "in work" in ended.stderr
    assert "张三丰" not in ended.stderr
