"""What the texts of a bulk load say is worked out while the feed reads on, by a process on the second core.

The lists, which wait for the end of the load, then find it done.
"""

import threading
from collections.abc import Callable, Sequence
from functools import partial

from services.catalogue import Catalogue, load
from services.chassis.beside import Beside
from services.kernel.side_by_side import one_by_one
from services.matcher.corpus.said import Said, Sayings, said
from services.matcher.domain.catalogue_items import codes_of

_WORTH = 500_000
"""Characters for which a process is started: a fifth of a second's work."""
_MOST = 25_000_000
"""Characters of texts at hand at a time: what they say takes about ten bytes for each."""
_Working = Beside[Sequence[str], Said]


class Ahead:
    """Texts as they come in, until somebody takes what they say. Safe between threads."""

    def __init__(self, catalogue: Catalogue, worth: int = _WORTH, most: int = _MOST) -> None:
        self._local_file, self._codes = catalogue.local_file, codes_of(catalogue)
        self._worth, self._most = worth, most
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._beside: _Working | None = None
        self._characters = 0
        self._waiting: list[str] = []
        self._asked: list[str] = []
        self._known = Sayings()

    def add(self, texts: Sequence[str]) -> None:
        """Have these worked out, if they and those before are long, and there is room."""
        characters = sum(map(len, texts))
        with self._lock:
            if not texts or self._characters + characters > self._most:
                return
            self._characters += characters
            self._waiting += texts
            if self._beside is None and self._characters >= self._worth:
                self._beside = Beside(partial(said, self._codes), _over_there, self._local_file, after=1)
            if self._beside is not None and (not self._asked or self._beside.is_answered()):
                self._pass_on(self._beside)

    def _pass_on(self, beside: _Working) -> None:
        """What was asked for is kept, what came meanwhile is asked for."""
        if self._asked:
            self._known.add(self._asked, beside.answer())
        self._asked, self._waiting = self._waiting, []
        beside.submit(self._asked)

    def take(self) -> Sayings:
        """What the texts say, which is kept no more; nothing where they were few."""
        with self._lock:
            beside, asked, waiting, known = self._beside, self._asked, self._waiting, self._known
            self._begin()
        if beside is not None:
            with beside:
                if waiting:
                    known.add(waiting, said(self._codes, waiting))
                known.add(asked, beside.answer())
        return known

    def drop(self) -> None:
        """Forget the texts, and end the process: somebody else follows them, or nobody any more."""
        with self._lock:
            beside = self._beside
            self._begin()
        if beside is not None:
            beside.close()


def _over_there(local_file: bytes) -> Callable[[Sequence[str]], Said]:
    """As `said`, on one core: the others are in use."""
    one_by_one()
    return partial(said, codes_of(load(local_file)))
