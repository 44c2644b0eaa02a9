"""The one registry of the talent service's tables, with those that every service has."""

from sqlalchemy import text

from services.chassis.audit.exports import define_exports
from services.chassis.house import define_shared_tables
from services.chassis.imports.tables import define_imports
from services.chassis.imports.taken_back import define_taken_back
from services.chassis.people_budget import PARTS
from services.chassis.storage.columns import new_metadata

metadata = new_metadata()
shared = define_shared_tables(metadata, who_looked=True, people_part=PARTS["talent"])
imports = define_imports(metadata)
taken_back = define_taken_back(metadata, shared.history)
exports = define_exports(metadata)
is_sample = text("origin = 'SYNTHETIC'")
"""Rows of sample data; literal, so that the partial indices on them are used."""
