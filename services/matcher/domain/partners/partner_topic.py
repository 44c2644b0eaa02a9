"""A partner's own topic on the log: what it is called, and how far it has been told."""

from dataclasses import dataclass
from datetime import datetime


def topic_of(partner_id: str) -> str:
    """What the topic of a partner is called."""
    return f"bole.partner.{partner_id}.matches.v1"


@dataclass(eq=False, kw_only=True)
class PartnerTopic:
    """`position`: the last event that was looked at; `sent`: the last one that is on the topic, 0 before the first."""

    partner_id: str
    position: int
    sent: int
    created_at: datetime

    @property
    def name(self) -> str:
        """The resource name."""
        return f"partners/{self.partner_id}/topic"

    @property
    def topic(self) -> str:
        """What it is called on the log."""
        return topic_of(self.partner_id)
