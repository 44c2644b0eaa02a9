"""The tables of the matcher."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

from services.chassis.columns import Json, Strings, UtcInstant, big_integer, new_metadata
from services.chassis.db import append_only
from services.chassis.house import define_shared_tables

metadata = new_metadata()
shared = define_shared_tables(metadata)

# What is known of an entity. `settled` is false until the lists have followed; a gone item keeps its version only.
item = Table(
    "item",
    metadata,
    Column("kind", String(16), nullable=False),
    Column("id", String(64), nullable=False),
    Column("version", big_integer(), nullable=False),
    Column("facts", Json),
    Column("person_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
    Column("settled", Boolean, nullable=False),
    PrimaryKeyConstraint("kind", "id"),
    Index("ix_item_settled", "settled"),
)
subject_key = Table(
    "subject_key",
    metadata,
    Column("person_id", String(64), primary_key=True),
    Column("version", big_integer(), nullable=False),
    Column("wrapped", LargeBinary),
)
# States of people whose key has not arrived yet: two topics are read independently.
parked_person = Table(
    "parked_person",
    metadata,
    Column("person_id", String(64), primary_key=True),
    Column("version", big_integer(), nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
)
# Who is in a team, by ids alone: what a team allows is what all of them allow.
team_member = Table(
    "team_member",
    metadata,
    Column("team_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False, index=True),
    PrimaryKeyConstraint("team_id", "person_id"),
)
standing_match = Table(
    "standing_match",
    metadata,
    Column("kind", String(32), nullable=False),
    Column("anchor_id", String(64), nullable=False),
    Column("candidate_id", String(64), nullable=False),
    Column("log_odds", Float, nullable=False),
    Column("announced", Float, nullable=False),
    Column("rank", Integer, nullable=False),
    PrimaryKeyConstraint("kind", "anchor_id", "candidate_id"),
)
match_event = append_only(
    Table(
        "match_event",
        metadata,
        Column("sequence", big_integer(), primary_key=True, autoincrement=False),
        Column("type", String(16), nullable=False),
        Column("kind", String(32), nullable=False),
        Column("anchor_id", String(64), nullable=False),
        Column("candidate_id", String(64), nullable=False),
        Column("log_odds", Float, nullable=False),
        Column("rank", Integer, nullable=False),
        Column("directions", Strings, nullable=False),
        Column("city", String(63), nullable=False),
        Column("changed_at", UtcInstant, nullable=False),
        Column("event_at", UtcInstant, nullable=False),
        Index("ix_match_event_anchor", "anchor_id", "sequence"),
    )
)
# One row: the last sequence number allotted, and the encoder that the stored lists were made with.
match_counter = Table(
    "match_counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", big_integer(), nullable=False),
    Column("encoder_version", String(128)),
)
partner = Table(
    "partner",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
)
partner_key = Table(
    "partner_key",
    metadata,
    Column("key_id", String(40), primary_key=True),
    Column("partner_id", String(64), nullable=False, index=True),
    Column("digest", LargeBinary, nullable=False),
    Column("not_after", UtcInstant),
)
