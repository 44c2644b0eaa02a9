"""What the matcher shows of people counts for the budget of its reader, as it does in the library."""

from dataclasses import replace
from datetime import UTC, datetime
from math import inf

import pytest
from sqlalchemy import select

from services.chassis.audit.reveals import audit_reveal
from services.chassis.house import House
from services.chassis.identity.identity import Grant, Principal
from services.chassis.policy import clearance
from services.chassis.rpc.call import Call
from services.chassis.settings import load_settings
from services.chassis.telemetry.trace import start
from services.kernel.errors import ResourceExhausted
from tests.integration.matcher.installed import Matcher, load_some
from tests.integration.matcher.producing import Producer

NOW = datetime(2026, 7, 1, 2, tzinfo=UTC)
NAME = frozenset({"candidates.person_name"})


def call() -> Call:
    grant = Grant("talent_officer", purposes=frozenset({"talent-service"}))
    principal = Principal("li", "staff", (grant,))
    cleared = clearance(principal, "talent-service", NOW)
    method = "bole.matcher.v1.MatchingService.FindMatches"
    return Call(principal, cleared, "talent-service", "r", start(), method, "", NOW, inf)


def test_people_count_once_firms_never_and_who_is_erased_is_forgotten(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    two = load_settings({"BOLE_DATA_DIR": str(house.settings.data_dir), "BOLE_PEOPLE_PER_DAY": "7"})
    reveal = audit_reveal(replace(house, settings=two))
    for names in ({"persons/p0", "firms/f0", "firms/f1"}, {"persons/p0", "persons/p1", "positions/o0"}):
        reveal(call(), NAME, frozenset(names))
    with pytest.raises(ResourceExhausted):
        reveal(call(), NAME, frozenset({"persons/p2"}))
    producer.erase("p0")
    matcher.follow()
    seen = house.tables.budget.seen
    with house.database.read() as session:
        assert set(session.scalars(select(seen.c.id))) == {"p1"}
