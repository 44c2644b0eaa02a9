"""The two tables of a database that feeds write to: how far each has read, and what it could not handle."""

from dataclasses import dataclass

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

from services.chassis.columns import Json, UtcInstant, big_integer


@dataclass(frozen=True, slots=True)
class FeedTables:
    """`feed_offset` and `dead_letter`."""

    offsets: Table
    dead_letters: Table


def define_feed_tables(metadata: MetaData) -> FeedTables:
    """Define both tables. `next_offset`: the first not yet handled; `attempts`: unfinished tries."""
    offsets = Table(
        "feed_offset",
        metadata,
        Column("feed", String(64), primary_key=True),
        Column("topic", String(128), primary_key=True),
        Column("next_offset", big_integer(), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("updated_at", UtcInstant, nullable=False),
    )
    dead_letters = Table(
        "dead_letter",
        metadata,
        Column("id", big_integer(), primary_key=True, autoincrement=True),
        Column("feed", String(64), nullable=False),
        Column("topic", String(128), nullable=False),
        Column("offset", big_integer(), nullable=False),
        Column("key", Text, nullable=False),
        Column("value", LargeBinary),
        Column("headers", Json, nullable=False),
        Column("recorded_at", UtcInstant, nullable=False),
        Column("reason", Text, nullable=False),
        Column("buried_at", UtcInstant, nullable=False),
        Column("forwarded_at", UtcInstant),
        Column("replay_requested_at", UtcInstant),
        Column("replayed_at", UtcInstant),
        sqlite_autoincrement=True,
    )
    Index("ix_dead_letter_forwarded_at", dead_letters.c.forwarded_at)
    Index("ix_dead_letter_replay_requested_at", dead_letters.c.replay_requested_at)
    Index("ix_dead_letter_topic_key", dead_letters.c.topic, dead_letters.c.key)
    return FeedTables(offsets, dead_letters)
