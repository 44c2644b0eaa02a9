"""The one registry of the funding service's tables, with those that every service has."""

from services.chassis.columns import new_metadata
from services.chassis.house import define_shared_tables
from services.chassis.people_budget import PARTS

metadata = new_metadata()
shared = define_shared_tables(metadata, people_part=PARTS["funding"])
