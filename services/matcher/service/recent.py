"""Items as the feed has committed them, until the lists follow: what stands in memory is not read again."""

import threading
from collections.abc import Iterable, Mapping

from services.matcher.domain.known import Known, Version

_MOST = 100_000


class Recent:
    """The versions that were committed last, at most so many; whoever takes them empties it. Safe between threads."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._known: dict[Version, Known] = {}

    def add(self, known: Iterable[Known]) -> None:
        """Keep what was committed, as far as there is room."""
        with self._lock:
            for each in known:
                if len(self._known) >= self._most:
                    return
                self._known[each.kind, each.id, each.version] = each

    def take(self) -> Mapping[Version, Known]:
        """What is kept, which is kept no more."""
        with self._lock:
            taken, self._known = self._known, {}
        return taken
