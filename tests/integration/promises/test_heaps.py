"""A word in another process's memory is found, and one that is not there is not."""

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.promises import heaps

HOLDING = """
import sys
word = bytes(int(each) for each in sys.stdin.readline().split())
print("ready", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def holder() -> Iterator[tuple[int, bytes]]:
    """A process that holds a word, which was told it as numbers."""
    word = b"".join((b"heap", b"-canary-", b"zqxjkvbp"))
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(" ".join(map(str, word)) + "\n")
        child.stdin.flush()
        assert child.stdout.readline() == "ready\n"
        yield child.pid, word
        child.kill()


def test_what_a_process_holds_is_found(holder: tuple[int, bytes]) -> None:
    pid, word = holder
    assert list(heaps.kept({"it": pid}, [word])) == [f"the memory of it: {word.decode()}"]
    other = b"".join((b"heap", b"-canary-", b"wwwwwwww"))
    assert list(heaps.kept({"it": pid}, [other])) == []
