"""Reading and writing declarations of interest, known links and the parties of deals."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import delete, exists, func, insert, select
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.interest import Declaration, InterestKind, KnownLink, Resolution
from services.funding.domain.deal.parties import Capacity, Parties
from services.funding.store import schema


def declarations(session: Session, deal_ids: Sequence[str]) -> list[Declaration]:
    """The declarations on these deals in order."""
    table = schema.interest
    query = select(table).where(table.c.deal_id.in_(deal_ids)).order_by(table.c.deal_id, table.c.number)
    return [Declaration(**row) for row in session.execute(query).mappings()]


def deals_declared_by(session: Session, member: str) -> Sequence[str]:
    """Ids of the deals on which somebody has declared."""
    table = schema.interest
    return session.scalars(select(table.c.deal_id).where(table.c.member == member).distinct()).all()


def families(session: Session, firm_ids: Iterable[str]) -> dict[str, str]:
    """By each of these firms, the one that stands for it."""
    table, found = schema.firm.c, dict[str, str]()
    for some in chunks(sorted(firm_ids)):
        query = select(table.id, func.coalesce(table.merged_into, table.id)).where(table.id.in_(some))
        found |= dict(session.execute(query).all())
    return found


def deals_of_families(session: Session, homes: Iterable[str]) -> dict[str, list[Deal]]:
    """By the firm that stands for it, the deals of each of these on which somebody has declared."""
    deal, firm, found = schema.deal.c, schema.firm.c, defaultdict[str, list[Deal]](list)
    home = func.coalesce(firm.merged_into, firm.id)
    declared = exists().where(schema.interest.c.deal_id == deal.id)
    for some in chunks(sorted(homes)):
        query = select(home, Deal).join(schema.firm, firm.id == deal.firm_id).where(home.in_(some), declared)
        for home_, each in session.execute(query):
            found[home_].append(each)
    return found


def firms_tied(session: Session) -> list[str]:
    """Firms on whose deals somebody has ever declared an interest, or was found to have one."""
    deal, interest, resolution = schema.deal.c, schema.interest.c, schema.interest_resolution.c
    declared = session.execute(select(interest.deal_id, interest.kinds).distinct())
    tied = {row.deal_id for row in declared if row.kinds != (InterestKind.NONE,)}
    tied |= set(session.scalars(select(resolution.deal_id).where(resolution.recused)))
    firms = set[str]()
    for some in chunks(sorted(tied)):
        firms |= set(session.scalars(select(deal.firm_id).where(deal.id.in_(some))))
    return sorted(firms)


def next_number(session: Session, deal_id: str) -> int:
    """The number of the next declaration on a deal."""
    table = schema.interest
    query = select(func.max(table.c.number)).where(table.c.deal_id == deal_id)
    return (session.execute(query).scalar_one() or 0) + 1


def save_declaration(session: Session, declaration: Declaration) -> None:
    """Add a declaration."""
    facts = {name: getattr(declaration, name) for name in declaration.__dataclass_fields__}
    session.execute(insert(schema.interest).values(**facts))


def resolutions(session: Session, deal_ids: Sequence[str]) -> dict[tuple[str, int], Resolution]:
    """The last resolution of each declaration, by deal and number."""
    table = schema.interest_resolution
    query = select(table).where(table.c.deal_id.in_(deal_ids)).order_by(table.c.at)
    return {
        (row["deal_id"], row["number"]): Resolution(**{k: v for k, v in row.items() if k != "deal_id"})
        for row in session.execute(query).mappings()
    }


def save_resolution(session: Session, deal_id: str, resolution: Resolution) -> None:
    """Add a resolution."""
    session.execute(insert(schema.interest_resolution).values(deal_id=deal_id, **asdict(resolution)))


def known_links(session: Session, firm_ids: Sequence[str]) -> dict[str, list[KnownLink]]:
    """What is known from elsewhere, by firm, oldest first."""
    table, found = schema.known_link, defaultdict[str, list[KnownLink]](list)
    query = select(table).where(table.c.firm_id.in_(firm_ids)).order_by(table.c.at, table.c.id)
    for row in session.execute(query).mappings():
        found[row["firm_id"]].append(KnownLink(**row))
    return found


def save_link(session: Session, link: KnownLink) -> None:
    """Add a known link."""
    session.execute(insert(schema.known_link).values(**asdict(link)))


def parties(session: Session, deal_ids: Sequence[str]) -> dict[str, Parties]:
    """Who has to do with these deals, by deal."""
    table, found = schema.deal_party, defaultdict[str, list[tuple[Capacity, str]]](list)
    for some in chunks(deal_ids):
        query = select(table).where(table.c.deal_id.in_(some))
        for row in session.execute(query):
            found[row.deal_id].append((row.capacity, row.subject))
    return {deal_id: Parties.of(pairs) for deal_id, pairs in found.items()}


def save_parties(session: Session, deal_id: str, found: Parties) -> None:
    """Replace the parties of a deal."""
    table = schema.deal_party
    session.execute(delete(table).where(table.c.deal_id == deal_id))
    _insert(session, deal_id, found.pairs())


def _insert(session: Session, deal_id: str, pairs: Iterable[tuple[Capacity, str]]) -> None:
    rows = [{"deal_id": deal_id, "capacity": capacity, "subject": subject} for capacity, subject in pairs]
    if rows:
        session.execute(insert(schema.deal_party), rows)
