"""Puts proposals, runs, partners and webhooks onto their tables, so that the domain knows nothing of it."""

from functools import cache

from sqlalchemy.orm import registry

from services.matcher.domain.partners.partner import Key, Partner
from services.matcher.domain.partners.partner_certificate import Certificate
from services.matcher.domain.partners.partner_erasure import PartnerErasure
from services.matcher.domain.partners.partner_topic import PartnerTopic
from services.matcher.domain.proposal import Proposal
from services.matcher.domain.run import MatchRun
from services.matcher.domain.webhooks.attempt import Attempt
from services.matcher.domain.webhooks.webhook import Webhook
from services.matcher.store.partners.certificate_schema import partner_certificate
from services.matcher.store.partners.partner_erasure_schema import partner_erasure
from services.matcher.store.partners.partner_topic_schema import partner_topic
from services.matcher.store.partners.webhook_schema import webhook, webhook_attempt
from services.matcher.store.schema import match_run, metadata, partner, partner_key, proposal


@cache
def map_aggregates() -> registry:
    """Map the classes, once per process."""
    mapping = registry(metadata=metadata)
    mapping.map_imperatively(Proposal, proposal)
    mapping.map_imperatively(MatchRun, match_run)
    mapping.map_imperatively(Partner, partner, properties={"title": partner.c.name})
    mapping.map_imperatively(Key, partner_key)
    mapping.map_imperatively(Certificate, partner_certificate)
    mapping.map_imperatively(
        PartnerErasure,
        partner_erasure,
        primary_key=[partner_erasure.c.partner_id, partner_erasure.c.sequence],
    )
    mapping.map_imperatively(PartnerTopic, partner_topic)
    mapping.map_imperatively(Webhook, webhook)
    mapping.map_imperatively(Attempt, webhook_attempt)
    return mapping
