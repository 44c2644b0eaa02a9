"""Who is known to stand around a firm (企业关联人): ties on record, and the firm's own people by their names."""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.funding.domain.deal.interest import InterestKind, KnownLink
from services.funding.domain.deal.trail import canonical
from services.funding.domain.findings import normal
from services.funding.domain.firm.firm_people import FirmPerson, Part
from services.funding.store import schema
from services.funding.store.deals import interests
from services.funding.store.firms import identity
from services.kernel.clock import midnight

# Shortened so far that nobody's name can be confirmed by it; one change in a million goes unnoticed.
_DIGITS = 5
_KINDS = {Part.SHAREHOLDER: InterestKind.EQUITY, Part.BENEFICIAL_OWNER: InterestKind.EQUITY}
_PARTS = {
    Part.LEGAL_REPRESENTATIVE: "法定代表人 legal representative",
    Part.DIRECTOR: "董事 director",
    Part.SUPERVISOR: "监事 supervisor",
    Part.MANAGER: "高管 manager",
    Part.SHAREHOLDER: "股东 shareholder",
    Part.BENEFICIAL_OWNER: "受益所有人 beneficial owner",
}
_ALWAYS = date(1949, 10, 1)


@dataclass(frozen=True)
class Circle:
    """What is known of a firm: ties to accounts, and a digest of its people that changes when they do."""

    links: tuple[KnownLink, ...]
    digest: str


def circles_of(session: Session, firm_ids: Sequence[str]) -> dict[str, Circle]:
    """The circles of these firms. Members of committees are found among a firm's people by their names."""
    links, people = interests.known_links(session, firm_ids), identity.people_of(session, firm_ids)
    accounts = _accounts(session) if any(people.values()) else {}
    found = {}
    for firm_id in firm_ids:
        behind = people.get(firm_id, [])
        tied = (*links.get(firm_id, ()), *_by_name(firm_id, behind, accounts))
        found[firm_id] = Circle(tied, _digest(firm_id, behind))
    return found


def _accounts(session: Session) -> Mapping[str, set[str]]:
    """Accounts of members by their names."""
    found = defaultdict[str, set[str]](set)
    for seats in session.scalars(select(schema.committee.c.seats)):
        for seat in seats:
            if seat.name:
                found[normal(seat.name)].add(seat.member)
    return found


def _by_name(firm_id: str, people: Sequence[FirmPerson], accounts: Mapping[str, set[str]]) -> list[KnownLink]:
    return [
        KnownLink(
            id="",
            firm_id=firm_id,
            member=member,
            kind=_KINDS.get(each.part, InterestKind.EMPLOYMENT),
            source=f"企业人员同名：{_PARTS[each.part]}, of the same name",
            actor="system",
            at=midnight(each.since or _ALWAYS),
        )
        for each in people
        if each.until is None
        for member in sorted(accounts.get(normal(each.name), ()))
    ]


def _digest(firm_id: str, people: Sequence[FirmPerson]) -> str:
    if not people:
        return ""
    listed = sorted((each.part.name, each.name, each.share_ppm or 0, str(each.until)) for each in people)
    return hashlib.sha256(canonical([firm_id, listed]).encode()).hexdigest()[:_DIGITS]
