"""TeamService: changing teams, and what they lack."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import team_pb2, team_service_pb2_grpc
from bole.talent.v1 import team_service_pb2 as wire
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.masks import apply_mask
from services.chassis.rpc.wire import check_etag
from services.kernel.errors import BoleError
from services.talent.domain.people.team import Team
from services.talent.rpc.people.persons import require_city
from services.talent.rpc.people.team_wire import FIELDS, team_facts, team_to_wire
from services.talent.rpc.wire import id_of, origin_from_wire
from services.talent.service.people.teams import Teams
from services.talent.store import repository


@dataclass(frozen=True)
class TeamRoom(team_service_pb2_grpc.TeamServiceServicer):
    """The servicer."""

    house: House
    teams: Teams

    def CreateTeam(self, request: wire.CreateTeamRequest, context: Any) -> team_pb2.Team:
        """Register a team."""
        call = current_call()
        require_city(call, request.team.city_code)

        def act(session: Session) -> Team:
            facts, origin = team_facts(request.team), origin_from_wire(request.team.origin)
            return self.teams.register(session, facts, origin, call.principal.subject)

        return self._once(call, "create", request, act)

    def UpdateTeam(self, request: wire.UpdateTeamRequest, context: Any) -> team_pb2.Team:
        """Change fields of a team."""
        call, given = current_call(), request.team

        def act(session: Session) -> Team:
            team = self._mine(session, call, given.name, given.etag, "team.etag")
            merged = team_to_wire(team, repository.shown_as(session, [team]))
            apply_mask(request.update_mask, given, merged)
            named = request.update_mask.paths or [each.name for each, _ in given.ListFields()]
            if "members" in named and "team_members" not in named:
                del merged.team_members[:]
            facts = team_facts(merged)
            require_city(call, facts.city)
            self.teams.revise(session, team, facts, call.principal.subject)
            return team

        return self._once(call, "update", request, act)

    def DissolveTeam(self, request: wire.DissolveTeamRequest, context: Any) -> team_pb2.Team:
        """End a team."""
        call = current_call()

        def act(session: Session) -> Team:
            team = self._mine(session, call, request.name, request.etag)
            self.teams.dissolve(session, team, call.principal.subject)
            return team

        return self._once(call, "dissolve", request, act)

    def GetTeamGaps(self, request: wire.GetTeamGapsRequest, context: Any) -> wire.TeamGaps:
        """What a team has and lacks."""
        with self.house.database.read() as session:
            found = self.teams.gaps(session, self.teams.get(session, id_of(request.name, "teams")))
        return wire.TeamGaps(
            name=request.name,
            directions=[
                wire.TeamGaps.Direction(
                    direction_code=each.leaf,
                    wanted_headcount=each.wanted,
                    present_permille=each.present,
                    lacking_permille=each.lacking,
                )
                for each in found
            ],
        )

    def _mine(self, session: Session, call: Call, name: str, etag: str, field: str = "etag") -> Team:
        team = self.teams.get(session, id_of(name, "teams"))
        require_city(call, team.city)
        check_etag(etag, team.version, name, field=field)
        return team

    def _once(self, call: Call, action: str, request: Any, act: Callable[[Session], Team]) -> team_pb2.Team:
        with _in_words_of_the_request(), self.house.database.write() as session:

            def answer() -> team_pb2.Team:
                team = act(session)
                session.flush()
                self.house.audit.append(session, entry_of(call, action, f"teams/{team.id}", "done", {}))
                return team_to_wire(team, repository.shown_as(session, [team]))

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, team_pb2.Team, answer
            )


@contextmanager
def _in_words_of_the_request() -> Iterator[None]:
    try:
        yield
    except BoleError as error:
        if any(violation.field in FIELDS for violation in error.violations):
            raise error.renamed(FIELDS) from None
        raise
