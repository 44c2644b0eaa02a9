"""The one registry of the talent service's tables, with those that every service has."""

from sqlalchemy import text

from services.chassis.columns import new_metadata
from services.chassis.house import define_shared_tables

metadata = new_metadata()
shared = define_shared_tables(metadata)
is_sample = text("origin = 'SYNTHETIC'")
"""Rows of sample data; literal, so that the partial indices on them are used."""
