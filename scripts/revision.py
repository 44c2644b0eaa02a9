"""Write the Alembic revision that brings a service's schema up to its tables: `revision.py SERVICE MESSAGE`."""

import importlib
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from services.chassis.storage.db import open_engine
from services.chassis.storage.migration import migrate


def main(service: str, message: str) -> None:
    """Compare an upgraded empty database with the tables and write what is missing."""
    importlib.import_module(f"services.{service}.store.schema")
    location = f"services/{service}/migrations"
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'empty.db'}")
        if any(Path(location, "versions").glob("*.py")):
            migrate(engine, location, service)
        config = Config()
        config.set_main_option("script_location", location)
        with engine.connect() as connection:
            config.attributes.update(connection=connection, service=service)
            command.revision(config, message=message, autogenerate=True)


if __name__ == "__main__":
    main(*sys.argv[1:3])
