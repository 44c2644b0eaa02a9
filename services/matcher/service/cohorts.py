"""Who was born in which decade: for the report on whom matching shows, and for nothing else.

No row of the matcher holds it. The log does, sealed under the key of each person: it is read there when the report is
made, and whoever was erased has no key.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from services.chassis.log.log import Log, Stored
from services.chassis.log.topics import PERSONS
from services.chassis.storage.db import Database
from services.matcher.opening import UNUSABLE, Opener
from services.matcher.store import keys

PAGE: Final = 500


@dataclass(frozen=True)
class Cohorts:
    """Opens the states of people on the log by the keys that have come."""

    log: Log
    database: Database
    opener: Opener

    def read(self) -> dict[str, str]:
        """The decade of birth (`1980s`) of everybody of whom it is told, by id."""
        found: dict[str, str] = {}
        for page in self._pages():
            with self.database.read() as session:
                known = keys.of(session, {each.key for each in page})
            for each in page:
                _, wrapped = known.get(each.key, (0, None))
                decade = self._decade(each, wrapped)
                if decade:
                    found[each.key] = f"{decade}s"
                else:
                    found.pop(each.key, None)
        return found

    def _pages(self) -> Iterator[Sequence[Stored]]:
        topic = PERSONS.name
        offset, end = self.log.first(topic), self.log.end(topic)
        while offset < end and (page := self.log.read(topic, offset, PAGE)):
            yield page
            offset = page[-1].offset + 1

    def _decade(self, record: Stored, wrapped: bytes | None) -> int:
        """0 for a tombstone, for a key that is destroyed or has not come, and for what cannot be opened."""
        if record.value is None or wrapped is None:
            return 0
        try:
            return self.opener.decade(record.key, record.value, wrapped)
        except UNUSABLE:
            return 0
