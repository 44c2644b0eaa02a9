"""Follows the library's own changes and keeps what is found about duplicates level with them.

Writing people stays as fast as it was; a suggestion is there a moment later. The first start, and the first
start with another method, read every person once.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from services.chassis.feed.received import Received, TooMuch
from services.chassis.log.topics import PERSONS, TEAMS
from services.talent.service.people.duplicates.finding import Finding

TOPICS = (PERSONS.name, TEAMS.name)
_CHANGED = "duplicates.changed"
MOST_PAIRS: Final = 20_000
"""So many pairs are compared in one transaction, if more than one record is in it: about a second, in which nobody else
writes to SQLite and the process does not end. A thousand people of one name are half a million.
"""


@dataclass(frozen=True)
class DuplicateFeed:
    """The handler: notes who changed, and finds anew what they resemble at the end of the batch."""

    finding: Finding
    most_pairs: int = MOST_PAIRS

    def handle(self, session: Session, event: Received) -> None:
        """Note one person or team. What the event says is not used: the library's rows are as new or newer."""
        noted: dict[str, set[str]] = session.info.setdefault(_CHANGED, {topic: set() for topic in TOPICS})
        noted[event.topic].add(event.key)

    def finish(self, session: Session, level: bool) -> None:  # noqa: ARG002 (the feed's)
        """Find anew."""
        noted = session.info.pop(_CHANGED, None)
        if noted:
            events = sum(map(len, noted.values()))
            in_teams = self.finding.follow_teams(session, noted[TEAMS.name])
            self.finding.refresh(
                session, noted[PERSONS.name] | in_teams, lambda pairs: self._require_few(pairs, events)
            )

    def _require_few(self, pairs: int, events: int) -> None:
        if events > 1 and pairs > self.most_pairs:
            raise TooMuch(max(1, events * self.most_pairs // pairs))
