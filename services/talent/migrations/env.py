"""Alembic's entry point for the talent service."""

from services.chassis.storage.migration_env import run
from services.talent.store.schema import metadata

run(metadata)
