"""Teams whose needs a program before this kept to itself are told anew, once."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bole.events.v1 import team_event_pb2
from services.talent import events
from services.talent.domain.people.team import Team
from services.talent.service.people.teams import Teams
from services.talent.service.telling_needs import TellingNeeds
from services.talent.store.schema import shared
from tests.integration.talent.library import Library
from tests.integration.talent.test_teams import facts

NEEDS = (("seawater-h2", 3),)


def told(library: Library) -> list[tuple[str, int, int]]:
    """Of every state of a team in the history its id, version and needs."""
    query = select(shared.history).where(shared.history.c.entity == "team").order_by(shared.history.c.version)
    with library.database.read() as session:
        states = [(row.id, row.version, row.state) for row in session.execute(query)]
    read = team_event_pb2.TeamState.FromString
    return [(id_, version, len(read(state).needs) if state else 0) for id_, version, state in states]


def test_a_team_is_told_anew_if_its_needs_were_not_told_and_only_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, teams = library.register(), Teams(library.people)
    now = events.team_event

    def before(team: Team, shown_as: dict[str, str]) -> team_event_pb2.TeamState | None:
        state = now(team, shown_as)
        if state is not None:
            state.ClearField("needs")
            state.ClearField("parts")
        return state

    def register(ref: str, needs: tuple[tuple[str, int], ...]) -> str:
        with library.database.write() as session:
            return teams.register(session, replace(facts(lead), ref=ref, needs=needs), "REAL", "tester").id

    with monkeypatch.context() as patched:
        patched.setattr(events, "team_event", before)
        needing, wanting_nobody, ended = register("T-1", NEEDS), register("T-2", ()), register("T-3", NEEDS)
        with library.database.write() as session:
            teams.dissolve(session, teams.get(session, ended), "tester")
    told_since = register("T-4", NEEDS)
    assert {each for each in told(library) if each[0] != ended} == {
        (needing, 1, 0),
        (wanting_nobody, 1, 0),
        (told_since, 1, 1),
    }
    assert TellingNeeds(teams).run(library.database) == 1
    assert TellingNeeds(teams).run(library.database) == 0
    assert [each for each in told(library) if each[1] > 1 and each[0] != ended] == [(needing, 2, 1)]
