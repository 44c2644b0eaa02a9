"""What lies in the memory of running processes, and whether any of them would leave it in a file when it dies."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.promises.residue import words_in

_PIECE = 1 << 24


def kept(processes: Mapping[str, int], words: Sequence[bytes]) -> Iterator[str]:
    """Those of the words that stand in the memory of processes, given by what they are called and their ids."""
    own = list(_words(os.getpid(), words))
    if len(own) < len(words):
        yield "this process does not find the words in its own memory: nothing was looked for"
    for name, pid in processes.items():
        yield from (f"the memory of {name}: {word}" for word in sorted(set(_words(pid, words))))


def leaves_a_core(processes: Mapping[str, int]) -> Iterator[str]:
    """Processes whose memory the kernel would write to a file."""
    for name, pid in processes.items():
        limits = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
        line = next(each for each in limits.splitlines() if each.startswith("Max core file size"))
        if line.split()[4:6] != ["0", "0"]:
            yield f"{name} would leave a core: {line}"


def _words(pid: int, words: Sequence[bytes]) -> set[str]:
    longest = max(map(len, words))
    found: set[str] = set()
    for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8", errors="replace").splitlines():
        area, rights, *_ = line.split()
        if rights.startswith("rw"):
            start, end = (int(each, 16) for each in area.split("-"))
            for content in _read(pid, start, end, longest):
                found.update(words_in(content, words))
    return found


def _read(pid: int, start: int, end: int, overlap: int) -> Iterator[bytes]:
    """The bytes of an area piece by piece; what the kernel does not let be read of it is left out."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for at in range(start, end, _PIECE):
            try:
                memory.seek(at)
                yield memory.read(min(_PIECE + overlap, end - at))
            except OSError:
                return
