"""Opening and closing partners' own topics."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists, NotFound
from services.kernel.text import Text
from services.matcher.domain.partners.partner_topic import PartnerTopic
from services.matcher.store import matches
from services.matcher.store.partners import partner_topics, partners


@dataclass(frozen=True)
class PartnerTopics:
    """The use cases."""

    clock: Clock

    def open(self, session: Session, partner_id: str, *, from_start: bool) -> PartnerTopic:
        """Begin to tell a partner's topic, from now on or from the oldest event that is kept.

        Raises NotFound, AlreadyExists (TOPIC_OPEN).
        """
        if not partners.lock(session, partner_id):
            raise NotFound.resource(f"partners/{partner_id}")
        known = partner_topics.get(session, partner_id)
        if known is not None:
            raise AlreadyExists(
                Text(
                    f"该合作方的主题 {known.topic} 已开通",
                    f"this partner's topic {known.topic} is open already",
                ),
                reason="TOPIC_OPEN",
                metadata={"topic": known.topic},
            )
        made = PartnerTopic(
            partner_id=partner_id,
            position=(matches.first_sequence(session) or 1) - 1 if from_start else matches.mark(session).last,
            sent=0,
            created_at=self.clock.now(),
        )
        session.add(made)
        return made

    def close(self, session: Session, partner_id: str) -> PartnerTopic:
        """Tell it no more. Raises NotFound."""
        found = partner_topics.get(session, partner_id, lock=True)
        if found is None:
            raise NotFound.resource(f"partners/{partner_id}/topic")
        session.delete(found)
        return found
