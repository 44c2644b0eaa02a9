"""Teams (团队) of the talent library: the list, and one with its people, what it lacks, and its nominations."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bole.matcher.v1 import anchor_pb2, matching_service_pb2, matching_service_pb2_grpc
from bole.talent.v1 import (
    library_service_pb2,
    library_service_pb2_grpc,
    nomination_service_pb2,
    nomination_service_pb2_grpc,
    team_pb2,
    team_service_pb2,
    team_service_pb2_grpc,
)
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import lists, origins
from services.console.pages.beside import beside
from services.console.pages.called import Called, called
from services.console.pages.nominations import nominating
from services.console.pages.scopes import asking, scope_of
from services.console.web.answering import Desk
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.wording.library import TEAM_STATES

_MATCHES = 6
_PEOPLE = 60


def routes(desk: Desk) -> list[Route]:
    """The pages."""
    return [
        Route("/teams", desk.endpoint(show)),
        Route("/teams/{id}", desk.endpoint(show_one)),
        Route("/teams/{id}/nominate", desk.endpoint(nominate), methods=["POST"]),
    ]


def show(visit: Visit) -> Response:
    """Teams by field of work, city and state."""
    scope = scope_of(visit)
    fields = {name.name: value for name, value in asking(scope).ListFields()}
    fields["state"] = lists.one_of(visit, "state", TEAM_STATES)
    fields[lists.MADE_BY] = visit.get(lists.MADE_BY)
    request = library_service_pb2.ListTeamsRequest(
        page_size=lists.ROWS,
        page_token=lists.page_token(visit),
        filter=lists.condition(fields, (*lists.FIELDS_OF_WORK, lists.MADE_BY)),
    )
    found = _library(visit).ListTeams(request, timeout=SECONDS)
    return render(
        visit,
        "teams/list.html",
        active="people",
        tab="teams",
        synthetic=origins.among(visit, found.teams),
        found=found,
        leads=called(visit, [each.lead for each in found.teams if each.lead]),
        scope=scope,
        states=TEAM_STATES,
        first=lists.first_link(visit),
        next=lists.next_link(visit, found),
    )


def show_one(visit: Visit) -> Response:
    """The page of one."""
    return _page(visit)


def nominate(visit: Visit) -> Response:
    """Nominate as the form says and go on to the nomination, or say on the page why not."""
    return answered(
        lambda: RedirectResponse(f"/{nominating.nominate(visit, team=_name(visit))}", 303),
        lambda failure: _page(visit, failure, "nomination"),
    )


def _page(visit: Visit, failure: Failure | None = None, about: str = "") -> Response:
    name = _name(visit)
    team = _library(visit).GetTeam(library_service_pb2.GetTeamRequest(name=name), timeout=SECONDS)
    return render(
        visit,
        "teams/one.html",
        status_of(failure),
        active="people",
        tab="teams",
        synthetic=origins.is_sample(team),
        team=team,
        page=f"/teams/{visit.part('id')}",
        people=_people(visit, team),
        more=max(0, len(team.team_members) - _PEOPLE),
        gaps=beside(lambda: _gaps(visit, name)),
        nominations=beside(lambda: _nominations(visit, name)),
        positions=beside(lambda: _positions(visit, name)),
        nominating=nominating.offered(visit, team.direction_codes),
        request_id=str(uuid4()),
        problem=failure,
        about=about,
        form=visit.form,
    )


def _people(visit: Visit, team: team_pb2.Team) -> Sequence[tuple[team_pb2.TeamMember, Called]]:
    """The lead and the members, called as they are without a purpose."""
    lead = [team_pb2.TeamMember(person=team.lead, role=visit.say("负责人", "lead"))] if team.lead else []
    listed = [*lead, *team.team_members[:_PEOPLE]]
    names: Mapping[str, Called] = called(visit, [each.person for each in listed])
    return [(each, names[each.person]) for each in listed]


def _gaps(visit: Visit, name: str) -> Any:
    stub = visit.stub(team_service_pb2_grpc.TeamServiceStub)
    return stub.GetTeamGaps(team_service_pb2.GetTeamGapsRequest(name=name), timeout=SECONDS).directions


def _nominations(visit: Visit, name: str) -> Any:
    stub = visit.stub(nomination_service_pb2_grpc.NominationServiceStub)
    request = nomination_service_pb2.ListNominationsRequest(filter=lists.condition({"team": name}))
    return stub.ListNominations(request, timeout=SECONDS).nominations


def _positions(visit: Visit, name: str) -> Any:
    stub = visit.stub(matching_service_pb2_grpc.MatchingServiceStub)
    request = matching_service_pb2.FindMatchesRequest(
        kind="team-position", anchor=anchor_pb2.Anchor(name=name), limit=_MATCHES
    )
    return stub.FindMatches(request, timeout=SECONDS).candidates


def _name(visit: Visit) -> str:
    return f"teams/{visit.part('id')}"


def _library(visit: Visit) -> library_service_pb2_grpc.LibraryServiceStub:
    return visit.stub(library_service_pb2_grpc.LibraryServiceStub)
