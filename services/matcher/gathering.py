"""What one transaction of the feed writes most of, gathered: a bulk load costs a few statements a batch.

Keys and items wait here until somebody must see them in the database; what the feed asks of keys, it asks here.
"""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.matcher.domain.item import ItemKind
from services.matcher.domain.known import Known, Written
from services.matcher.store import items, keys


class Key(NamedTuple):
    """Somebody's wrapped key, None once it is destroyed, under its version."""

    version: int
    wrapped: bytes | None


class Gathered:
    """The keys and items of one transaction that are not in the database yet."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._keys: dict[str, Key | None] = {}
        self._parked: set[str] = set()
        self._new_keys: dict[str, Key] = {}
        self._items: dict[tuple[ItemKind, str], Known] = {}

    def foresee(self, people: Collection[str]) -> None:
        """Read in one go what is known of these people's keys, and whose state waits for one."""
        unknown = [each for each in people if each not in self._keys]
        if not unknown:
            return
        self._keys |= dict.fromkeys(unknown)
        found = keys.of(self.session, unknown)
        self._keys |= {id_: Key(version, wrapped) for id_, (version, wrapped) in found.items()}
        self._parked |= keys.parked(self.session, unknown)

    def key(self, person: str) -> Key | None:
        """Somebody's key as it is by now; None where none has come."""
        if person not in self._keys:
            self.foresee([person])
        return self._keys[person]

    def park(self, person: str, *, waiting: bool) -> None:
        """Note that a state waits for a key, or does so no more."""
        self.key(person)
        (self._parked.add if waiting else self._parked.discard)(person)

    def put_key(self, person: str, key: Key) -> bool:
        """Take over a key, unless a newer one is known; whether a state waited for it, which it does no more."""
        known = self.key(person)
        if known is None or known.version < key.version:
            self._keys[person] = self._new_keys[person] = key
        waited = person in self._parked
        self._parked.discard(person)
        return waited

    def put(self, known: Known) -> None:
        """Take over an item, unless a newer version of it waits."""
        waiting = self._items.get((known.kind, known.id))
        if waiting is None or waiting.version < known.version:
            self._items[known.kind, known.id] = known

    def write(self) -> Written | None:
        """Write what waits; the items that were news, None if none was."""
        new_keys, self._new_keys = self._new_keys, {}
        waiting, self._items = self._items, {}
        keys.put_all(self.session, {id_: (key.version, key.wrapped) for id_, key in new_keys.items()})
        return items.put_all(self.session, list(waiting.values()))
