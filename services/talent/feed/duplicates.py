"""Follows the library's own changes and keeps what is found about duplicates level with them.

Writing people stays as fast as it was; a suggestion is there a moment later. The first start, and the first
start with another method, read every person once.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.chassis.received import Received
from services.chassis.topics import PERSONS
from services.talent.service.duplicates.finding import Finding

TOPICS = (PERSONS.name,)
_CHANGED = "duplicates.changed"


@dataclass(frozen=True)
class DuplicateFeed:
    """The handler: notes who changed, and finds anew what they resemble at the end of the batch."""

    finding: Finding

    def handle(self, session: Session, event: Received) -> None:
        """Note one person. What the event says is not used: the library's own rows are as new or newer."""
        session.info.setdefault(_CHANGED, set()).add(event.key)

    def finish(self, session: Session, level: bool) -> None:  # noqa: ARG002 (the feed's)
        """Find anew."""
        changed = session.info.pop(_CHANGED, set())
        if changed:
            self.finding.refresh(session, changed)
