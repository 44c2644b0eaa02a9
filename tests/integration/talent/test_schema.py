"""The schema of the talent service: up, level with the tables, down."""

from services.chassis.db import Database
from services.chassis.migration import differences, downgrade, migrate, schema_is_current, schema_versions
from services.talent.app import BLUEPRINT


def test_up_is_level_with_the_tables_and_down_leaves_nothing(database: Database) -> None:
    engine, where, name = database.engine, BLUEPRINT.migrations, BLUEPRINT.name
    migrate(engine, where, name)
    assert schema_is_current(engine, where, name)
    assert differences(engine, BLUEPRINT.metadata, name) == []
    downgrade(engine, where, name)
    assert schema_versions(engine, where, name).found is None
    migrate(engine, where, name)
    assert differences(engine, BLUEPRINT.metadata, name) == []
