"""What the texts of a bulk load say, as far as it is worked out while the feed reads on; the lists, which wait for the
end of the load, then find it done.
"""

import threading
from collections.abc import Sequence

from services.catalogue import Catalogue
from services.matcher.corpus.said import Said, Sayings, said
from services.matcher.domain.catalogue_items import codes_of

_MOST = 25_000_000
"""Characters of texts at hand at a time: what they say takes about ten bytes for each."""
_PORTION = 512
"""Texts: a fiftieth of a second's work."""


class Ahead:
    """Texts as they come in, and what is known of them, until somebody takes it. Safe between threads."""

    def __init__(self, catalogue: Catalogue, most: int = _MOST) -> None:
        self._codes, self._most = codes_of(catalogue), most
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._characters = 0
        self._waiting: list[str] = []
        self._known = Sayings()

    def add(self, texts: Sequence[str]) -> None:
        """These will be wanted."""
        with self._lock:
            fresh = self._known.unknown(texts)
            if self._has_room(fresh):
                self._waiting += fresh

    def learn(self, texts: Sequence[str], found: Said) -> None:
        """What these say was worked out elsewhere."""
        with self._lock:
            if self._has_room(texts):
                self._known.add(texts, found)

    def work(self) -> bool:
        """Work out what a portion of those that wait says; false if none does."""
        with self._lock:
            texts, self._waiting = self._waiting[:_PORTION], self._waiting[_PORTION:]
        if texts:
            found = said(self._codes, texts)
            with self._lock:
                self._known.add(texts, found)
        return bool(texts)

    def take(self) -> Sayings:
        """What is known, which is kept no more."""
        with self._lock:
            known = self._known
            self._begin()
        return known

    drop = take

    def _has_room(self, texts: Sequence[str]) -> bool:
        characters = self._characters + sum(map(len, texts))
        if characters > self._most:
            return False
        self._characters = characters
        return True
