"""What makes people and positions findable by words, and people sortable by name."""

from sqlalchemy import Column, Index, Integer, Text

from services.chassis.searching.tables import text_table
from services.talent.store.schema.registry import metadata

_BY_BYTES = Text(collation="C").with_variant(Text(), "sqlite")
"""In the order of its letters, whatever language the database is set up for."""

person_text = text_table(
    metadata,
    "person",
    Column("sound", _BY_BYTES, nullable=False, server_default=""),
    Column("made", Integer, nullable=False, server_default="0"),
)
Index("ix_person_text_sound", person_text.c.sound, person_text.c.person_id)
position_text = text_table(metadata, "position")
