"""What leaves the library within the budget of its reader, and what is refused stands in the audit trail."""

from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import select

from services.chassis.audit.audit import Audit
from services.chassis.audit.reveals import audit_reveal, before_change, within_budget
from services.chassis.house import House
from services.chassis.identity.identity import Grant, Principal
from services.chassis.policy import clearance
from services.chassis.rpc.call import Call
from services.chassis.settings import load_settings
from services.chassis.storage.db import Database
from services.chassis.telemetry.trace import start
from services.kernel.errors import ResourceExhausted
from services.talent.store import schema
from tests.integration.talent.installed import Talent

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
PHONE = frozenset({"person.phone"})


@pytest.fixture
def house(talent: Talent, database: Database, tmp_path: Path) -> House:
    """A house whose library shows nobody more than two people a day."""
    settings = load_settings({"BOLE_DATA_DIR": str(tmp_path), "BOLE_PEOPLE_PER_DAY": "4"})
    unused = cast(Any, None)
    audit = Audit(schema.shared.audit)
    return House(
        settings, unused, unused, database, unused, schema.shared, unused, unused, audit, unused, unused
    )


def call(method: str) -> Call:
    principal = Principal("li", "staff", (Grant("talent_officer", purposes=frozenset({"contact"})),))
    cleared = clearance(principal, "contact", NOW)
    return Call(
        principal, cleared, "contact", "r", start(), f"bole.talent.v1.LibraryService.{method}", "", NOW, inf
    )


def test_a_refusal_is_audited_and_shows_nothing(house: House) -> None:
    reveal, before = audit_reveal(house), before_change(house)
    reveal(call("ListPersons"), PHONE, frozenset({"persons/a", "persons/a/statements/1"}))
    before(call("UpdatePerson"))
    reveal(call("UpdatePerson"), PHONE, frozenset({"persons/b"}))
    for refused in (
        lambda: reveal(call("ListPersons"), PHONE, frozenset({"persons/b", "persons/c"})),
        lambda: before(call("UpdatePerson")),
        lambda: within_budget(house, call("ListPersons"), {"d"}).__enter__(),
    ):
        with pytest.raises(ResourceExhausted):
            refused()
    entries = schema.shared.audit.entries
    shown = schema.metadata.tables["audit_shown"]
    with house.database.read() as session:
        outcomes = list(session.scalars(select(entries.c.outcome).order_by(entries.c.sequence)))
        assert outcomes == ["shown", "shown", *["PEOPLE_BUDGET"] * 3]
        assert set(session.scalars(select(shown.c.id))) == {"a", "b"}
        assert set(session.scalars(select(house.tables.budget.seen.c.id))) == {"a", "b"}
