"""While replicas are replaced, the program of the last release works on the schema of this one: what its statements can
name is there and means the same, and nothing asks more of a row than it did. PostgreSQL alone has replicas.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from services.chassis.house import Blueprint
from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import downgrade
from services.funding.app import BLUEPRINT as FUNDING
from services.matcher.app import BLUEPRINT as MATCHER
from services.talent.app import BLUEPRINT as TALENT
from tests.integration.templates import Templates

RELEASED = {"talent": "talent_0030", "funding": "funding_0032", "matcher": "matcher_0014"}
_TRIGGERS = {
    "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT event_object_table, trigger_name FROM information_schema.triggers",
}


class Relation(NamedTuple):
    """A table: its columns (type, may be left out, may be NULL), what tells rows apart, what else rows must fulfil."""

    columns: dict[str, tuple[str, bool, bool]]
    keys: set[str]
    demands: set[str]


def surface(engine: Engine) -> dict[str, Relation]:
    """All tables, as the database has them."""
    asked = inspect(engine)
    with engine.connect() as connection:
        triggers = [
            (str(table), f"trigger {name}")
            for table, name in connection.execute(text(_TRIGGERS[engine.dialect.name]))
        ]
    unique, indices = asked.get_multi_unique_constraints(), asked.get_multi_indexes()
    primary, checks, foreign = (
        asked.get_multi_pk_constraint(),
        asked.get_multi_check_constraints(),
        asked.get_multi_foreign_keys(),
    )
    found = {}
    for place, columns in asked.get_multi_columns().items():
        keys = [primary[place]["constrained_columns"], *(each["column_names"] for each in unique[place])]
        keys += [[*_parts(each), _where(each)] for each in indices[place] if each["unique"]]
        demands = [f"CHECK {each['sqltext']}" for each in checks[place]]
        demands += [
            f"REFERENCES {each['referred_table']} {each['constrained_columns']}" for each in foreign[place]
        ]
        demands += [name for table, name in triggers if table == place[1]]
        found[place[1]] = Relation(
            {
                str(each["name"]): (str(each["type"]), _may_be_left_out(each), bool(each["nullable"]))
                for each in columns
            },
            {f"KEY {[part for part in key if part]}" for key in keys},
            set(demands),
        )
    return found


def _parts(index: Any) -> list[str]:
    return list(index.get("expressions", index["column_names"]))


def _where(index: Any) -> str:
    options = index.get("dialect_options", {})
    return next((f"WHERE {value}" for name, value in options.items() if name.endswith("_where")), "")


def _may_be_left_out(column: Any) -> bool:
    return column["nullable"] or column["default"] is not None or column.get("identity") is not None


def broken(before: dict[str, Relation], now: dict[str, Relation]) -> Iterator[str]:
    """What a program written for `before` would notice of `now`."""
    for name, old in before.items():
        if (new := now.get(name)) is None:
            yield f"{name} is gone"
            continue
        added = new.columns.keys() - old.columns.keys()
        for column, (type_, optional, null) in old.columns.items():
            if (found := new.columns.get(column)) is None:
                yield f"{name}.{column} is gone"
            elif found[0] != type_ or (optional, null) > (found[1], found[2]):
                yield f"{name}.{column} is another"
        yield from (f"{name}.{each} is asked for" for each in added if not new.columns[each][1])
        yield from (f"{name}: {each} is gone" for each in old.keys - new.keys)
        asked = (new.keys | new.demands) - (old.keys | old.demands)
        yield from (f"{name}: {each} is new" for each in asked if not any(column in each for column in added))


@pytest.mark.parametrize("blueprint", [TALENT, FUNDING, MATCHER], ids=lambda blueprint: blueprint.name)
def test_the_program_of_the_last_release_works_on_this_schema(
    blueprint: Blueprint, postgres_url: str, templates: Templates
) -> None:
    database = Database(open_engine(postgres_url))
    templates.fill(database, blueprint)
    now = surface(database.engine)
    downgrade(database.engine, blueprint.migrations, blueprint.name, revision=RELEASED[blueprint.name])
    before = surface(database.engine)
    database.close()
    assert len(before) > 10
    assert list(broken(before, now)) == []


def test_whatever_it_would_notice_is_found() -> None:
    def of(*statements: str) -> dict[str, Relation]:
        engine = create_engine("sqlite://")
        with engine.begin() as connection:
            for each in statements:
                connection.execute(text(each))
        found = surface(engine)
        engine.dispose()
        return found

    before = of("CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT, UNIQUE (b))")
    room = "CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT, d INT CHECK (d > 0), e INT NOT NULL DEFAULT 1, UNIQUE (b))"
    assert list(broken(before, of(room, "CREATE TABLE u (a INT)", "CREATE INDEX i ON t (c)"))) == []
    for change, said in {
        "CREATE TABLE u (a INT)": "t is gone",
        "CREATE TABLE t (a INT PRIMARY KEY, b INT, UNIQUE (b))": "t.c is gone",
        "CREATE TABLE t (a INT PRIMARY KEY, b INT, c TEXT, UNIQUE (b))": "t.c is another",
        "CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT NOT NULL, UNIQUE (b))": "t.c is another",
        "CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT, d INT NOT NULL, UNIQUE (b))": "t.d is asked for",
        "CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT)": "t: KEY ['b'] is gone",
        "CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT, UNIQUE (b), UNIQUE (c))": "t: KEY ['c'] is new",
        "CREATE TABLE t (a INT PRIMARY KEY, b INT, c INT, UNIQUE (b), CHECK (c > 0))": "t: CHECK c > 0 is new",
    }.items():
        assert list(broken(before, of(change))) == [said]
