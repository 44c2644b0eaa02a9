"""Databases as tests begin with them, made once for each engine, then copied into the empty ones of tests."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from services.chassis.house import Blueprint
from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import migrate
from tests.servers.postgres import PostgresServer
from tests.servers.schemas import empty_schema
from tests.servers.workspace import made_once, shelf


class Stock(NamedTuple):
    """What is put into a migrated database; the name tells the templates apart."""

    name: str
    put: Callable[[Database], object]


class Templates:
    """SQLite's of one run, PostgreSQL's of one session: `postgres` is asked for its server only when one is needed."""

    def __init__(self, postgres: Callable[[], PostgresServer]) -> None:
        self._postgres = postgres
        self._names: dict[str, str] = {}

    def fill(self, database: Database, blueprint: Blueprint, *stock: Stock) -> None:
        """Give a database that is empty and not connected to the service's newest schema, and what `stock` puts into
        it: once, into the template.
        """
        name = "_".join([blueprint.name, *(each.name for each in stock)])
        if database.engine.dialect.name == "sqlite":
            shutil.copyfile(self._file(name, blueprint, stock), str(database.engine.url.database))
        else:
            server, template = self._postgres(), self._database(name, blueprint, stock)
            server.copy_database(template, str(database.engine.url.database))

    def _file(self, name: str, blueprint: Blueprint, stock: Sequence[Stock]) -> Path:
        if not stock:
            return empty_schema(blueprint)
        return made_once(
            shelf() / f"{name}.db", lambda path: self._make(f"sqlite:///{path}", blueprint, stock)
        )

    def _database(self, name: str, blueprint: Blueprint, stock: Sequence[Stock]) -> str:
        if name not in self._names:
            server = self._postgres()
            made = server.create_database(f"template_{name}")
            self._make(server.database_url(made), blueprint, stock)
            self._names[name] = made
        return self._names[name]

    def _make(self, url: str, blueprint: Blueprint, stock: Sequence[Stock]) -> None:
        database = Database(open_engine(url))
        if stock:
            self.fill(database, blueprint, *stock[:-1])
            stock[-1].put(database)
        else:
            migrate(database.engine, blueprint.migrations, blueprint.name)
        database.close()
