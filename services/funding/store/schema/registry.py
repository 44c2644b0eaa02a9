"""The one registry of the funding service's tables, with those that every service has."""

from services.chassis.house import define_shared_tables
from services.chassis.people_budget import PARTS
from services.chassis.storage.columns import new_metadata

metadata = new_metadata()
shared = define_shared_tables(metadata, people_part=PARTS["funding"])
