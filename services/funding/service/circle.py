"""Who is known to stand around a firm (企业关联人)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.funding.domain.interest import KnownLink
from services.funding.store import interests


@dataclass(frozen=True)
class Circle:
    """What is known of a firm: ties to accounts, and a digest of its people that changes when they do."""

    links: tuple[KnownLink, ...]
    digest: str


def circles_of(session: Session, firm_ids: Sequence[str]) -> dict[str, Circle]:
    """The circles of these firms."""
    links = interests.known_links(session, firm_ids)
    return {firm_id: Circle(tuple(links.get(firm_id, ())), "") for firm_id in firm_ids}
