"""The roles of the manifests' databases on a real PostgreSQL: what serves reads and writes every table and owns none,
so that the audit stays as it was written.
"""

import secrets
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from services.chassis.audit.audit import Audit, AuditEntry, define_audit, verify
from services.chassis.storage.columns import new_metadata
from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import migrate, schema_is_current
from tests.servers.postgres import PostgresServer
from tests.unit.deploy.manifests import SERVICES, named, pod, workloads

AUDIT = define_audit(new_metadata())
ENTRY = AuditEntry(
    datetime(2026, 1, 1, tzinfo=UTC), "li.si", ["auditor"], "Look", "persons/1", "", "OK", "r-1"
)
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
PASSWORD = secrets.token_hex(12)


@pytest.fixture(scope="module", params=SERVICES)
def serving(request: pytest.FixtureRequest, postgres: PostgresServer) -> Iterator[tuple[str, Database]]:
    """A service, and its database as the role that serves has it; the owner has brought it to its schema."""
    service: str = request.param
    (spec,) = (
        item["spec"] for name, item in named("production", "Cluster").items() if name.startswith(service)
    )
    made = spec["bootstrap"]["initdb"]
    (role,) = (each["name"] for each in spec["managed"]["roles"])
    name = postgres.create_database()
    with closing(postgres.connect(name)) as admin:
        admin.execute(f"CREATE ROLE {made['owner']} LOGIN PASSWORD '{PASSWORD}'")
        admin.execute(f'ALTER DATABASE "{name}" OWNER TO {made["owner"]}')
        for statement in made["postInitApplicationSQL"]:
            admin.execute(statement)
        admin.execute(f"ALTER ROLE {role} PASSWORD '{PASSWORD}'")
    owner = open_engine(_as(made["owner"], postgres, name))
    migrate(owner, f"services.{service}:migrations", service)
    owner.dispose()
    with closing(Database(open_engine(_as(role, postgres, name)))) as database:
        yield service, database
    postgres.drop_database(name)
    with closing(postgres.connect()) as admin:
        admin.execute(f"DROP ROLE {role}, {made['owner']}")


def _as(role: str, postgres: PostgresServer, name: str) -> str:
    url = make_url(postgres.database_url(name)).set(username=role, password=PASSWORD)
    return url.render_as_string(hide_password=False)


def _found(engine: Engine, query: str) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text(query)))


def test_what_serves_may_read_and_write_every_table(serving: tuple[str, Database]) -> None:
    service, database = serving
    assert schema_is_current(database.engine, f"services.{service}:migrations", service)
    assert len(_found(database.engine, TABLES)) > 10
    for right in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        assert _found(database.engine, f"{TABLES} AND NOT has_table_privilege(oid, '{right}')") == []
    sequences = "SELECT sequencename FROM pg_sequences"
    numbered = _found(database.engine, sequences)
    assert (
        _found(database.engine, f"{sequences} WHERE has_sequence_privilege(sequencename::text, 'USAGE')")
        == numbered
    )
    owned = "SELECT relname FROM pg_class WHERE relowner = current_user::regrole"
    assert _found(database.engine, owned) == []


def test_what_serves_adds_to_the_audit_and_changes_nothing_of_it(serving: tuple[str, Database]) -> None:
    _service, database = serving
    with database.write() as session:
        Audit(AUDIT).append(session, ENTRY)
    for statement in (
        "UPDATE audit_entry SET actor = 'nobody'",
        "DELETE FROM audit_entry",
    ):
        with pytest.raises(IntegrityError, match="append-only"), database.write() as session:
            session.execute(text(statement))
    for statement in (
        "TRUNCATE audit_entry",
        "DROP TABLE audit_entry",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_no_delete ON audit_entry",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'",
        "SET session_replication_role = replica",
    ):
        with (
            pytest.raises(ProgrammingError, match=r"must be owner|permission denied"),
            database.write() as session,
        ):
            session.execute(text(statement))
    assert verify(database, AUDIT).problem is None


def test_another_services_role_sees_and_changes_nothing_on_a_server_that_both_share(
    serving: tuple[str, Database], postgres: PostgresServer
) -> None:
    """Production has a cluster for each; whoever has one for all has tables that their owner opened to one role."""
    _service, database = serving
    name = str(database.engine.url.database)
    with closing(postgres.connect(name)) as admin:
        admin.execute(f"CREATE ROLE another_serving LOGIN PASSWORD '{PASSWORD}'")
    try:
        with closing(Database(open_engine(_as("another_serving", postgres, name)))) as strange:
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"):
                assert _found(strange.engine, f"{TABLES} AND has_table_privilege(oid, '{right}')") == []
            assert _found(strange.engine, "SELECT 'x' WHERE has_schema_privilege('public', 'CREATE')") == []
            for table in _found(strange.engine, TABLES):
                with pytest.raises(ProgrammingError, match="permission denied"):
                    _found(strange.engine, f'SELECT count(*) FROM "{table}"')
    finally:
        with closing(postgres.connect(name)) as admin:
            admin.execute("DROP ROLE another_serving")


def test_what_serves_has_the_secret_of_its_role_and_jobs_that_of_the_owner() -> None:
    for item in workloads("production"):
        names = {each.get("secret", {}).get("secretName", "") for each in pod(item)["volumes"]}
        databases = {each for each in names if each.endswith(("-postgres-app", "-postgres-serving"))}
        job = item["kind"] in {"Job", "CronJob"}
        assert all(each.endswith("-app") == job for each in databases), item["metadata"]["name"]
