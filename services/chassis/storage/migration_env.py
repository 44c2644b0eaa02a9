"""What every service's `migrations/env.py` runs.

from services.chassis.storage.migration_env import run
from services.talent.store import metadata

run(metadata)
"""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, MetaData, TypeDecorator, text

from services.chassis.storage.migration import version_table


def run(metadata: MetaData) -> None:
    """Run the pending revisions on the connection that `services.chassis.storage.migration` passes on."""
    attributes = context.config.attributes
    connection: Connection = attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=version_table(attributes["service"]),
        compare_type=True,
        render_item=_plain_type,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        _check_foreign_keys(connection)


def _plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our column types as what they are in the database: an old revision must not depend on our code."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl!r}"
    return False


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    connection.rollback()
    if broken:
        raise RuntimeError(f"the migration left {len(broken)} rows that refer to nothing, e.g. {broken[0]}")
