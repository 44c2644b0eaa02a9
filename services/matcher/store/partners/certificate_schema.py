"""The table of partners' client certificates: what they say and by what they are recognised, not they themselves."""

from sqlalchemy import Column, String, Table, Text

from services.chassis.storage.columns import EnumName, UtcInstant
from services.matcher.domain.partners.partner import Scope
from services.matcher.store.schema import metadata

partner_certificate = Table(
    "partner_certificate",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("partner_id", String(64), nullable=False, index=True),
    Column("fingerprint", String(64), nullable=False, unique=True),
    Column("subject", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("not_before", UtcInstant, nullable=False),
    Column("not_after", UtcInstant, nullable=False),
    Column("title", Text, nullable=False),
    Column("scope", EnumName(Scope), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("last_used_at", UtcInstant),
    Column("revoked_at", UtcInstant),
)
