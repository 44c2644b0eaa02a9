"""Empty schemas of the services: migrated once in a run, then copied."""

import shutil
from importlib import import_module
from pathlib import Path

from sqlalchemy import make_url

from services.chassis.house import Blueprint
from services.chassis.storage.db import open_engine
from services.chassis.storage.migration import migrate
from tests.servers.workspace import made_once, shelf


def empty_schema(blueprint: Blueprint) -> Path:
    """A SQLite file with the newest schema of a service."""

    def make(path: Path) -> None:
        engine = open_engine(f"sqlite:///{path}")
        migrate(engine, blueprint.migrations, blueprint.name)
        engine.dispose()

    return made_once(shelf() / f"{blueprint.name}.db", make)


def give_schema(service: str, url: str) -> None:
    """Put the schema where `url` names a SQLite file that is not there yet; leave everything else to the service."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(str(parsed.database)).exists():
        blueprint: Blueprint = import_module(f"services.{service}.app").BLUEPRINT
        shutil.copyfile(empty_schema(blueprint), str(parsed.database))
