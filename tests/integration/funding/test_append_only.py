"""Histories only grow: no statement changes, replaces or empties them."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.integration.funding.installed import Funding

STATEMENTS = {
    "sqlite": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "postgresql": "TRUNCATE {table} CASCADE",
}


def test_a_history_is_neither_replaced_nor_emptied(funding: Funding, workbook: bytes) -> None:
    funding.load(workbook)
    statement = STATEMENTS[funding.database.engine.dialect.name]
    for table in ("history", "mandate", "deal_transition", "firm_version", "firm_snapshot"):
        with funding.database.read() as session:
            count = session.scalar(text(f"SELECT count(*) FROM {table}"))
        with pytest.raises(DBAPIError, match="append-only"), funding.database.write() as session:
            session.execute(text(statement.format(table=table)))
        with funding.database.read() as session:
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == count > 0
