"""The collector rests until the last block that asks for it has ended; in a process where nobody else asks."""

import subprocess
import sys

_WITHIN_BLOCKS = """
import gc
from services.chassis.process.collecting import collector_rests
states = [gc.isenabled()]
with collector_rests():
    with collector_rests():
        states.append(gc.isenabled())
    states.append(gc.isenabled())
states.append(gc.isenabled())
try:
    with collector_rests():
        raise ValueError
except ValueError:
    states.append(gc.isenabled())
print(states)
"""


def test_the_collector_rests_within_blocks_and_works_after_them() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _WITHIN_BLOCKS], capture_output=True, text=True, check=True, timeout=300
    )
    assert ended.stdout.strip() == "[True, False, False, True, True]"
