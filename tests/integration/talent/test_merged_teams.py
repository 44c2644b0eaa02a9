"""Teams of people who are merged or may be one person."""

import pytest
from sqlalchemy import select

from bole.events.v1 import team_event_pb2
from services.talent.store import schema
from tests.integration.talent.library import Library
from tests.integration.talent.merging import Duplicates, enter, found_team


@pytest.fixture
def both(library: Library) -> Duplicates:
    return Duplicates(library)


def test_teams_know_the_one_person(both: Duplicates) -> None:
    lead, old, new = enter(both, "P-1", "P-2", "P-3")
    team = found_team(both, lead, (old, new))
    _, first = both.merge(old, new)
    assert told_team(both, team) == (lead, [old])
    _, second = both.merge(lead, old)
    assert told_team(both, team) == (lead, [])
    both.part(second)
    both.part(first)
    assert told_team(both, team) == (lead, [old, new])


def test_common_team_mates_are_evidence_and_standing_side_by_side_is_not(both: Duplicates) -> None:
    mate, one, other = enter(both, "P-1", "P-2", "P-3")
    for ref, members in (("T-1", (one,)), ("T-2", (other,))):
        found_team(both, mate, members, ref)
    follow_teams(both)
    assert evidence(both, one, other)["team"] == "mates"
    found_team(both, mate, (one, other), "T-3")
    follow_teams(both)
    assert evidence(both, one, other)["team"] == "together"


def follow_teams(both: Duplicates) -> None:
    with both.library.database.write() as session:
        teams = list(session.scalars(select(schema.team.c.id)))
        both.finding.refresh(session, both.finding.follow_teams(session, teams))


def evidence(both: Duplicates, left: str, right: str) -> dict[str, str]:
    _, _, pieces, _ = both.suggested()[left, right]
    return {feature: outcome for feature, outcome, _ in pieces}


def told_team(both: Duplicates, id_: str) -> tuple[str, list[str]]:
    """Lead and members in the last event of a team."""
    outbox = schema.shared.outbox
    query = select(outbox.c.payload).where(outbox.c.aggregateid == id_).order_by(outbox.c.position)
    state = team_event_pb2.TeamState.FromString(both.library.rows(query)[-1].payload)
    return state.lead_id, list(state.member_ids)
