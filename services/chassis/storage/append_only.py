"""Tables that only grow: the database itself refuses UPDATE, DELETE, REPLACE and TRUNCATE."""

from typing import Protocol

from sqlalchemy import Connection, Table, event

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only', ERRCODE = 'restrict_violation';
END $$"""


class Operations(Protocol):
    """What is used of Alembic's `op`."""

    def execute(self, sqltext: str) -> None:
        """Run one statement."""
        ...

    def get_bind(self) -> Connection:
        """The connection of the migration."""
        ...


def append_only(table: Table) -> Table:
    """Protect `table` when `metadata.create_all` makes it; returns it. Violations raise IntegrityError."""
    event.listen(table, "after_create", protect)
    return table


def create_append_only(op: Operations, table_name: str) -> None:
    """In a migration: protect a table that exists."""
    for statement in _protection(table_name, op.get_bind().dialect.name):
        op.execute(statement)


def drop_append_only(op: Operations, table_name: str) -> None:
    """In a migration: lift the protection, for a downgrade or a rebuild of the table."""
    on_table = f' ON "{table_name}"' if op.get_bind().dialect.name == "postgresql" else ""
    for verb in ("truncate", "delete", "update"):
        op.execute(f'DROP TRIGGER IF EXISTS "{_trigger(table_name, verb)}"{on_table}')


def protect(table: Table, connection: Connection, **_options: object) -> None:
    """Protect a table that was just made."""
    for statement in _protection(table.name, connection.dialect.name):
        connection.exec_driver_sql(statement)


def _trigger(table: str, verb: str) -> str:
    return f"{table}_no_{verb}"


def _protection(table: str, dialect: str) -> list[str]:
    if dialect == "sqlite":
        # REPLACE deletes the old row: the delete trigger sees it because recursive_triggers is on.
        return [
            f'CREATE TRIGGER "{_trigger(table, verb)}" BEFORE {verb.upper()} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
    row = [
        f'CREATE TRIGGER "{_trigger(table, verb)}" BEFORE {verb.upper()} ON "{table}" '
        f"FOR EACH {'STATEMENT' if verb == 'truncate' else 'ROW'} EXECUTE FUNCTION refuse_change()"
        for verb in ("update", "delete", "truncate")
    ]
    return [_FUNCTION, *row]
