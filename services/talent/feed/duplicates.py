"""Follows the library's own changes and keeps what is found about duplicates level with them.

Writing people stays as fast as it was; a suggestion is there a moment later. The first start, and the first
start with another method, read every person once.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.chassis.received import Received
from services.chassis.topics import PERSONS, TEAMS
from services.talent.service.duplicates.finding import Finding

TOPICS = (PERSONS.name, TEAMS.name)
_CHANGED = "duplicates.changed"


@dataclass(frozen=True)
class DuplicateFeed:
    """The handler: notes who changed, and finds anew what they resemble at the end of the batch."""

    finding: Finding

    def handle(self, session: Session, event: Received) -> None:
        """Note one person or team. What the event says is not used: the library's rows are as new or newer."""
        noted: dict[str, set[str]] = session.info.setdefault(_CHANGED, {topic: set() for topic in TOPICS})
        noted[event.topic].add(event.key)

    def finish(self, session: Session, level: bool) -> None:  # noqa: ARG002 (the feed's)
        """Find anew."""
        noted = session.info.pop(_CHANGED, None)
        if noted:
            in_teams = self.finding.follow_teams(session, noted[TEAMS.name])
            self.finding.refresh(session, noted[PERSONS.name] | in_teams)
