"""Alembic's entry point for the funding service."""

from services.chassis.storage.migration_env import run
from services.funding.store.schema import metadata

run(metadata)
