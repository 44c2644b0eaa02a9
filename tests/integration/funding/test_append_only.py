"""Histories only grow: no statement changes, replaces or empties them."""

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from services.chassis.storage import append_only
from services.funding.store import schema
from tests.integration.funding.installed import Funding

STATEMENTS = {
    "sqlite": "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
    "postgresql": "TRUNCATE {table} CASCADE",
}
TRIGGERS = {
    "sqlite": "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = tbl_name || '_no_{verb}'",
    "postgresql": "SELECT event_object_table FROM information_schema.triggers "
    "WHERE trigger_name = event_object_table || '_no_{verb}'",
}
NEVER_CHANGED = {
    "journal", "journal_line", "deal_transition", "investment_step", "deal_document", "document_erasure", "ballot",
    "veto", "decision", "determination", "trail", "mandate", "compliance_report", "first_loan", "loan", "history",
}  # fmt: skip


def test_what_never_changes_is_protected_wherever_the_schema_came_from(
    funding: Funding, workbook: bytes
) -> None:
    """Tables that are made to grow only, those that the migrations protect, and what a database refuses, agree."""
    made = {
        each.name
        for each in schema.metadata.tables.values()
        if event.contains(each, "after_create", append_only.protect)
    }
    assert made >= NEVER_CHANGED
    funding.load(workbook)
    dialect = funding.database.engine.dialect.name
    with funding.database.read() as session:
        for verb in ("update", "delete"):
            assert set(session.scalars(text(TRIGGERS[dialect].format(verb=verb)))) == made
        filled = [name for name in sorted(made) if session.scalar(text(f"SELECT count(*) FROM {name}"))]
    assert len(filled) > len(NEVER_CHANGED) // 3
    for table in filled:
        column = next(iter(schema.metadata.tables[table].primary_key.columns)).name
        changes = (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", STATEMENTS[dialect])
        for statement in changes:
            with pytest.raises(DBAPIError, match="append-only"), funding.database.write() as session:
                session.execute(text(statement.format(table=table)))
