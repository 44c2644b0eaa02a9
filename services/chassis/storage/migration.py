"""Schema versions: one Alembic history and version table per service, upgraded by the program itself."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect

from services.chassis.configuration import ConfigurationError
from services.chassis.process.leadership import leader_lock


@dataclass(frozen=True, slots=True)
class SchemaVersions:
    """The revision found in the database (None: no schema yet) and the one this program was written for."""

    found: str | None
    expected: str | None

    @property
    def current(self) -> bool:
        """Whether they are the same."""
        return self.found == self.expected


def version_table(service: str) -> str:
    """The table that holds the revision of `service`."""
    return f"alembic_version_{service}"


def migrate(engine: Engine, script_location: str, service: str, *, revision: str = "head") -> None:
    """Upgrade to `revision`, one transaction per step. Processes take turns; the later find it done.

    `script_location`: a directory, or `package:migrations`. Raises ConfigurationError as `require_own`.
    """
    require_own(engine, script_location, service)
    _run(engine, script_location, service, lambda config: command.upgrade(config, revision))


def downgrade(engine: Engine, script_location: str, service: str, *, revision: str = "base") -> None:
    """Go back to `revision`. Data that the older schema cannot hold are lost."""
    _run(engine, script_location, service, lambda config: command.downgrade(config, revision))


def schema_versions(engine: Engine, script_location: str, service: str) -> SchemaVersions:
    """The revisions found and expected."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": version_table(service)})
        found = context.get_current_revision()
    return SchemaVersions(found, expected_version(script_location))


@cache
def expected_version(script_location: str) -> str | None:
    """The last revision of the program; read once per process."""
    return ScriptDirectory.from_config(_config(script_location)).get_current_head()


def schema_is_current(engine: Engine, script_location: str, service: str) -> bool:
    """Whether the database has exactly the schema that this program was written for."""
    return schema_versions(engine, script_location, service).current


def require_own(engine: Engine, script_location: str, service: str) -> None:
    """Raises ConfigurationError for a database of another service, or one that a newer program has written."""
    versions = schema_versions(engine, script_location, service)
    key, prefix = f"BOLE_{service.upper()}_DATABASE_URL", version_table("")
    tables = inspect(engine).get_table_names() if versions.found is None else []
    others = sorted(each.removeprefix(prefix) for each in tables if each.startswith(prefix))
    if others and service not in others:
        raise ConfigurationError(
            key,
            f"所指的数据库属于服务 {others[0]}，不是 {service}（应为结构版本 {versions.expected}），请更正地址",
            f"points to a database of the service {others[0]}, not of {service} (schema {versions.expected}); "
            "point it to the right database",
        )
    known = {
        script.revision for script in ScriptDirectory.from_config(_config(script_location)).walk_revisions()
    }
    if versions.found is not None and versions.found not in known:
        raise ConfigurationError(
            key,
            f"数据库结构版本 {versions.found} 比本程序（{versions.expected}）新，请升级程序或更正地址",
            f"the database has schema {versions.found}, newer than this program's {versions.expected}; "
            "upgrade the program or point it to the right database",
        )


def differences(engine: Engine, metadata: MetaData, service: str) -> list[Any]:
    """What the database lacks or has too much of, compared with `metadata`: Alembic's operations."""
    with engine.connect() as connection:
        options = {
            "version_table": version_table(service),
            "compare_type": True,
            "include_object": _is_of_the_tables,
        }
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def _is_of_the_tables(_item: object, name: str | None, _kind: str, reflected: bool, twin: object) -> bool:
    """All but what one engine keeps for its own search beside the tables: FTS5 tables, GIN indices."""
    own = reflected and twin is None and name is not None
    return not (own and ("_fts" in str(name) or str(name).startswith("gin_")))


def _run(engine: Engine, script_location: str, service: str, step: Callable[[Config], None]) -> None:
    config = _config(script_location)
    lock = leader_lock(engine, f"migrate-{service}")
    lock.acquire(wait=True)
    try:
        with engine.connect() as connection:
            _enforce_foreign_keys(connection, on=False)
            config.attributes.update(connection=connection, service=service)
            step(config)
            _enforce_foreign_keys(connection, on=True)
    finally:
        lock.release()


def _config(script_location: str) -> Config:
    config = Config()
    config.set_main_option("script_location", script_location.replace("%", "%%"))
    return config


def _enforce_foreign_keys(connection: Connection, *, on: bool) -> None:
    """SQLite rebuilds a table to alter it, which must not delete what refers to the old one.

    The pragma is ignored inside a transaction, so it goes to the driver directly.
    """
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        if driver is not None:
            driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")
