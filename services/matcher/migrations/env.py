"""Alembic's entry point for the matcher service."""

from services.chassis.storage.migration_env import run
from services.matcher.store.schema import metadata

run(metadata)
