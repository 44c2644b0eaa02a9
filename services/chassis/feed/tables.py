"""The tables by which a database stands to its log: how far each feed has read, what it could not handle, and where
its own topics ended when it last wrote to them.
"""

from dataclasses import dataclass

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, Text

from services.chassis.storage.columns import Json, UtcInstant, big_integer


@dataclass(frozen=True, slots=True)
class FeedTables:
    """`feed_offset`, `dead_letter` and `log_place`."""

    offsets: Table
    dead_letters: Table
    places: Table


def define_feed_tables(metadata: MetaData) -> FeedTables:
    """Define them. `next_offset`: the first not yet handled, or not yet there when the last batch was written;
    `attempts`: unfinished tries; `log_id`: of which log (`Log.identity`), NULL until it is known.
    """
    offsets = Table(
        "feed_offset",
        metadata,
        Column("feed", String(64), primary_key=True),
        Column("topic", String(128), primary_key=True),
        Column("next_offset", big_integer(), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("updated_at", UtcInstant, nullable=False),
        Column("log_id", String(64)),
    )
    places = Table(
        "log_place",
        metadata,
        Column("topic", String(128), primary_key=True),
        Column("next_offset", big_integer(), nullable=False),
        Column("updated_at", UtcInstant, nullable=False),
        Column("log_id", String(64)),
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
    return FeedTables(offsets, dead_letters, places)
