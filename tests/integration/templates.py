"""The schema of each service, migrated once for each engine, then copied into the empty databases of tests."""

import shutil
from collections.abc import Callable
from pathlib import Path

from services.chassis.db import Database, open_engine
from services.chassis.house import Blueprint
from services.chassis.migration import migrate
from tests.servers.postgres import PostgresServer


class Templates:
    """Migrated databases of one session. `postgres` is asked for its server only when one is needed."""

    def __init__(self, directory: Path, postgres: Callable[[], PostgresServer]) -> None:
        self._directory = directory
        self._postgres = postgres
        self._names: dict[str, str] = {}

    def fill(self, database: Database, blueprint: Blueprint) -> None:
        """Give a database that is empty and not connected to the service's newest schema."""
        if database.engine.dialect.name == "sqlite":
            shutil.copyfile(self._file(blueprint), str(database.engine.url.database))
        else:
            server, template = self._postgres(), self._database(blueprint)
            server.copy_database(template, str(database.engine.url.database))

    def _file(self, blueprint: Blueprint) -> Path:
        path = self._directory / f"{blueprint.name}.db"
        if not path.exists():
            _migrated(f"sqlite:///{path}", blueprint)
        return path

    def _database(self, blueprint: Blueprint) -> str:
        if blueprint.name not in self._names:
            server = self._postgres()
            name = server.create_database(f"template_{blueprint.name}")
            _migrated(server.database_url(name), blueprint)
            self._names[blueprint.name] = name
        return self._names[blueprint.name]


def _migrated(url: str, blueprint: Blueprint) -> None:
    engine = open_engine(url)
    migrate(engine, blueprint.migrations, blueprint.name)
    engine.dispose()
