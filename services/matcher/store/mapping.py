"""Puts proposals onto their table, so that the domain knows nothing of it."""

from functools import cache

from sqlalchemy.orm import registry

from services.matcher.domain.proposal import Proposal
from services.matcher.store.schema import metadata, proposal


@cache
def map_aggregates() -> registry:
    """Map the class, once per process."""
    mapping = registry(metadata=metadata)
    mapping.map_imperatively(Proposal, proposal)
    return mapping
