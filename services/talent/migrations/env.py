"""Alembic's entry point for the talent service."""

from services.chassis.migration_env import run
from services.talent.store.schema import metadata

run(metadata)
