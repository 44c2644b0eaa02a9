"""What makes people and positions findable by words."""

from services.chassis.searching.tables import text_table
from services.talent.store.schema.registry import metadata

person_text = text_table(metadata, "person")
position_text = text_table(metadata, "position")
