"""Items as the feed has committed them, until the lists follow: what stands in memory is not read again."""

import threading
from collections.abc import Iterable, Sequence

from services.matcher.domain.known import Written

_MOST = 100_000


class Recent:
    """What was written last, at most so many items; whoever takes it empties it. Safe between threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._written: list[Written] = []
        self._size = 0

    def add(self, written: Iterable[Written]) -> None:
        """Keep what was committed, as far as there is room."""
        with self._lock:
            for each in written:
                if self._size + len(each.items) <= self._most:
                    self._written.append(each)
                    self._size += len(each.items)

    def take(self) -> Sequence[Written]:
        """What is kept, which is kept no more."""
        with self._lock:
            taken, self._written, self._size = self._written, [], 0
        return taken
