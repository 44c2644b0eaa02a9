"""Doubles that are kept: every finite one comes back as it was, and no other is written, in one way or in bulk."""

import math
from importlib import import_module

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Float, Integer, Table, delete, insert, select, update
from sqlalchemy.exc import StatementError

from services.chassis.storage.bulk import add_rows
from services.chassis.storage.columns import Real, new_metadata
from services.chassis.storage.db import Database

METADATA = new_metadata()
FIGURE = Table(
    "figure",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("value", Real),
    sqlite_autoincrement=True,
)


@pytest.fixture
def opened(database: Database) -> Database:
    METADATA.create_all(database.engine)
    return database


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(allow_nan=False, allow_infinity=False) | st.none())
def test_a_finite_number_comes_back_as_it_was(opened: Database, value: float | None) -> None:
    with opened.write() as session:
        session.execute(delete(FIGURE))
        session.execute(insert(FIGURE).values(id=1, value=value))
        add_rows(session, FIGURE, ("id", "value"), [(2, value)])
    with opened.read() as session:
        assert list(session.scalars(select(FIGURE.c.value))) == [value, value]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_not_written(opened: Database, value: float) -> None:
    with opened.write() as session:
        session.execute(insert(FIGURE).values(id=1, value=0.5))
    for statement in (insert(FIGURE).values(id=2, value=value), update(FIGURE).values(value=value)):
        with pytest.raises(StatementError, match="no number to keep"), opened.write() as session:
            session.execute(statement)
    with pytest.raises(ValueError, match="no number to keep"), opened.write() as session:
        add_rows(session, FIGURE, ("id", "value"), [(3, 1.0), (4, value)])
    with opened.read() as session:
        assert list(session.scalars(select(FIGURE.c.value))) == [0.5]


def test_a_bound_may_be_infinite(opened: Database) -> None:
    with opened.write() as session:
        session.execute(insert(FIGURE).values(id=1, value=0.5))
    with opened.read() as session:
        assert list(session.scalars(select(FIGURE.c.id).where(FIGURE.c.value > -math.inf))) == [1]


@pytest.mark.parametrize("service", ["talent", "funding", "matcher"])
def test_every_double_of_a_service_is_kept_so(service: str) -> None:
    tables = import_module(f"services.{service}.store.schema").metadata.tables.values()
    columns = [column for table in tables for column in table.columns]
    assert any(isinstance(column.type, Real) for column in columns)
    assert [str(column) for column in columns if isinstance(column.type, Float)] == []
