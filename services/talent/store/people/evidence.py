"""Queries about the evidence register and what it needs to know of talents."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalogue import OUTSIDE, Catalogue
from services.chassis.filtering import Field, Schema
from services.chassis.storage.chunks import chunks
from services.chassis.storage.listing import Listing
from services.kernel.errors import InvalidArgument
from services.talent.domain.evidence.counting import Library
from services.talent.domain.evidence.kinds import EvidenceKind
from services.talent.domain.evidence.record import Evidence, EvidenceState
from services.talent.domain.people.person import PersonStatus
from services.talent.domain.people.team import Team, TeamStatus
from services.talent.store import schema
from services.talent.store.lists import IMPORT, ORIGINS, Imported

_TABLE = schema.evidence


def listing(catalogue: Catalogue) -> Listing:
    """Records: ListEvidenceRecords."""
    return Listing(
        "ListEvidenceRecords",
        Schema.of(
            Field.enum("kind", "EVIDENCE_KIND", tuple(each.name for each in EvidenceKind)),
            Field.enum("state", "STATE", tuple(each.name for each in EvidenceState)),
            Field.text("type_code"),
            Field.code("city_code", resolve=catalogue.resolve_city),
            Field.code("industry_code", resolve=catalogue.resolve_industry),
            Field.text("department_code"),
            Field.text("title"),
            Field.text("document"),
            Field.date("approved_date"),
            Field.date("opened_date"),
            Field.date("closed_date"),
            Field.integer("quantity"),
            Field.enum("origin", "DATA_ORIGIN", ORIGINS),
            Field.text("source_ref"),
            IMPORT,
        ),
        {
            "kind": _TABLE.c.kind,
            "state": _TABLE.c.state,
            "type_code": _TABLE.c.type_code,
            "city_code": _TABLE.c.city,
            "industry_code": _TABLE.c.industry,
            "department_code": _TABLE.c.department,
            "title": _TABLE.c.title,
            "document": _TABLE.c.document,
            "approved_date": _TABLE.c.approved,
            "opened_date": _TABLE.c.opened,
            "closed_date": _TABLE.c.closed,
            "quantity": _TABLE.c.quantity,
            "origin": _TABLE.c.origin,
            "source_ref": _TABLE.c.ref,
            "import": Imported(_TABLE.c.id, "evidence"),
        },
        {
            "opened_date": _TABLE.c.opened,
            "approved_date": _TABLE.c.approved,
            "update_time": _TABLE.c.updated_at,
        },
        _TABLE.c.id,
    )


def by_id(session: Session, id_: str) -> Evidence | None:
    """The record, or None."""
    return session.get(Evidence, id_)


def all_records(session: Session) -> list[Evidence]:
    """The whole register, in the order of entry."""
    return list(session.scalars(select(Evidence).order_by(_TABLE.c.created_at, _TABLE.c.id)))


def library(session: Session, records: Sequence[Evidence]) -> Library:
    """What is known today of the persons and teams that these records name."""
    teams = _teams(session, [each.team_id for each in records if each.team_id is not None])
    members = {team.id: [team.lead, *(each.person_id for each in team.members)] for team in teams}
    named = {each.person_id for each in records if each.person_id is not None}
    same = _links(session, sorted(named.union(*members.values())))
    persons = sorted({same.get(id_, id_) for id_ in named})
    here = {f"persons/{id_}" for id_ in _in_province(session, persons)}
    here |= {
        f"teams/{team.id}" for team in teams if team.status is TeamStatus.ACTIVE and team.city != OUTSIDE
    }
    return Library(
        frozenset(here),
        {f"teams/{id_}": frozenset(f"persons/{same.get(m, m)}" for m in ids) for id_, ids in members.items()},
        {f"persons/{record}": f"persons/{person}" for record, person in same.items()},
    )


def require_present(session: Session, subject: str) -> None:
    """Raise InvalidArgument (UNKNOWN_SUBJECT) for a person or team that the library does not have in the province.

    What is empty, or no such name, is left to the rules of the record.
    """
    collection, _, id_ = subject.partition("/")
    if collection == "persons":
        here = bool(_in_province(session, [_links(session, [id_]).get(id_, id_)]))
    elif collection == "teams":
        here = any(team.status is TeamStatus.ACTIVE for team in _teams(session, [id_]))
    else:
        return
    if not here:
        raise InvalidArgument.field(
            "subject",
            "UNKNOWN_SUBJECT",
            f"人才库中没有 {subject[:80]}，或不在省内，请先登记",
            f"{subject[:80]} is not in the library, or not in the province; register it first",
        )


def of_person(session: Session, person_id: str) -> list[str]:
    """Ids of the records that name a person's record."""
    return list(session.scalars(select(_TABLE.c.id).where(_TABLE.c.person_id == person_id)))


def _teams(session: Session, ids: Sequence[str]) -> list[Team]:
    found: list[Team] = []
    for chunk in chunks(ids):
        found += session.scalars(select(Team).where(schema.team.c.id.in_(chunk)))
    return found


def _links(session: Session, ids: Sequence[str]) -> dict[str, str]:
    link, found = schema.record_link, dict[str, str]()
    for chunk in chunks(ids):
        query = select(link.c.record_id, link.c.person_id).where(link.c.record_id.in_(chunk))
        found.update({row.record_id: row.person_id for row in session.execute(query)})
    return found


def _in_province(session: Session, ids: Sequence[str]) -> list[str]:
    person, found = schema.person, list[str]()
    for chunk in chunks(ids):
        query = select(person.c.id).where(
            person.c.id.in_(chunk), person.c.status == PersonStatus.ACTIVE, person.c.city != OUTSIDE
        )
        found += session.scalars(query)
    return found
