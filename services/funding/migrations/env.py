"""Alembic's entry point for the funding service."""

from services.chassis.migration_env import run
from services.funding.store.schema import metadata

run(metadata)
