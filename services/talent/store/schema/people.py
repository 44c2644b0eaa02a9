"""People, what makes them findable, and the keys of their personal fields.

`person.phone`, `person.email` and `person.birth_year` are what older versions filled: sensitive facts are in the
statements alone, and the service empties the columns. A key outlives the row of its person where the record was merged.
"""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from services.chassis.storage.columns import Document, EnumName, Members, Shares, Strings, UtcInstant
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.biography import Affiliation, Education, OtherName, Work
from services.talent.domain.people.person import PersonStatus, Purpose
from services.talent.store.schema.registry import is_sample, metadata

person = Table(
    "person",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("ref", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("category", String(63), nullable=False),
    Column("city", String(63), nullable=False),
    Column("mobility", Strings, nullable=False),
    Column("availability", EnumName(Availability), nullable=False),
    Column("direction_shares", Shares, nullable=False),
    Column("employer", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("works", Strings, nullable=False),
    Column("phone", String(32)),
    Column("email", String(254)),
    Column("id_digest", String(64), index=True),
    Column("other_names", Document(tuple[OtherName, ...]), nullable=False, server_default="[]"),
    Column("affiliations", Document(tuple[Affiliation, ...]), nullable=False, server_default="[]"),
    Column("education", Document(tuple[Education, ...]), nullable=False, server_default="[]"),
    Column("work_items", Document(tuple[Work, ...]), nullable=False, server_default="[]"),
    Column("birth_year", Integer),
    Column("orcid", String(19), nullable=False, server_default=""),
    Column("observed", Date, nullable=False),
    Column("purposes", Members(Purpose), nullable=False),
    Column("status", EnumName(PersonStatus), nullable=False),
    Column("status_reason", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    Index("ix_person_sample", "id", sqlite_where=is_sample, postgresql_where=is_sample),
    Index("ix_person_faceted", "city", "category", "availability", "status"),
    Index("ix_person_updated_at", "updated_at", "id"),
)
_named = person.c.orcid != ""
Index("ix_person_orcid", person.c.orcid, sqlite_where=_named, postgresql_where=_named)
person_direction = Table(
    "person_direction",
    metadata,
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("code", String(63), primary_key=True),
    Column("is_industry", Boolean, primary_key=True),
    Index("ix_person_direction_found", "is_industry", "code", "person_id"),
)
person_key = Table(
    "person_key",
    metadata,
    Column("person_id", String(64), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)
