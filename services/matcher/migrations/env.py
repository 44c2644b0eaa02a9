"""Alembic's entry point for the matcher service."""

from services.chassis.migration_env import run
from services.matcher.store.schema import metadata

run(metadata)
