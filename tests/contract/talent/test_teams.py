"""TeamService: teams made, changed, ended, and what they lack."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date

from bole.common.v1 import direction_share_pb2
from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc, person_pb2, team_pb2
from bole.talent.v1 import team_service_pb2 as wire
from bole.talent.v1 import team_service_pb2_grpc as team_grpc
from services.chassis.identity.identity import Grant
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.approving import let_erase
from tests.contract.talent.people import create


@pytest.fixture
def library(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER) as channel:
        yield library_service_pb2_grpc.LibraryServiceStub(channel)


@pytest.fixture
def teams(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER) as channel:
        yield team_grpc.TeamServiceStub(channel)


def team(lead_: str, **changes: Any) -> team_pb2.Team:
    given: dict[str, Any] = {
        "source_ref": f"TM-{uuid4()}",
        "display_name": "海水制氢团队",
        "lead": lead_,
        "direction_codes": ["seawater-h2"],
        "city_code": "nantong",
    }
    return team_pb2.Team(**{**given, **changes})


def found(teams: Any, lead: str, **changes: Any) -> team_pb2.Team:
    request = wire.CreateTeamRequest(team=team(lead, **changes), request_id=str(uuid4()))
    made: team_pb2.Team = teams.CreateTeam(request)
    assert teams.CreateTeam(request) == made
    return made


def read(library: Any, name: str) -> team_pb2.Team:
    got: team_pb2.Team = library.GetTeam(library_service_pb2.GetTeamRequest(name=name))
    return got


def member(person: str, **changes: Any) -> team_pb2.TeamMember:
    return team_pb2.TeamMember(person=person, **changes)


def test_a_team_keeps_roles_shares_and_dates(library: Any, teams: Any) -> None:
    lead, other = create(library).name, create(library).name
    part = member(other, role="工艺工程师", share_permille=500, start_date=Date(year=2026, month=1, day=1))
    made = found(teams, lead, team_members=[part])
    got = read(library, made.name)
    assert (list(got.members), list(got.team_members)) == ([other], [part])
    assert got.state == team_pb2.Team.STATE_ACTIVE


def test_gaps_count_directions_by_share_of_time(library: Any, teams: Any) -> None:
    half = [
        direction_share_pb2.DirectionShare(code="seawater-h2", permille=500),
        direction_share_pb2.DirectionShare(code="liquid-h2", permille=500),
    ]
    lead, other, gone = (
        create(library).name,
        create(library, direction_shares=half).name,
        create(library).name,
    )
    made = found(
        teams,
        lead,
        team_members=[
            member(other, share_permille=400),
            member(gone, end_date=Date(year=2026, month=1, day=1)),
        ],
        needs=[
            team_pb2.TeamNeed(direction_code="seawater-h2", headcount=2),
            team_pb2.TeamNeed(direction_code="sic", headcount=1),
        ],
    )
    answer = teams.GetTeamGaps(wire.GetTeamGapsRequest(name=made.name))
    assert {
        each.direction_code: (each.wanted_headcount, each.present_permille, each.lacking_permille)
        for each in answer.directions
    } == {"seawater-h2": (2, 1200, 800), "sic": (1, 0, 1000), "liquid-h2": (0, 200, 0)}
    nobody = wire.GetTeamGapsRequest(name="teams/nobody")
    assert refused(teams.GetTeamGaps, nobody).code == "NOT_FOUND"


def test_an_update_changes_what_the_mask_names(library: Any, teams: Any) -> None:
    lead, other = create(library).name, create(library).name
    made = found(teams, lead, team_members=[member(other, role="工程师")])
    made.display_name, made.profile = "新名称", "不改"
    request = wire.UpdateTeamRequest(team=made, update_mask=FieldMask(paths=["display_name"]))
    changed = teams.UpdateTeam(request)
    assert (changed.display_name, changed.profile, changed.team_members[0].role) == ("新名称", "", "工程师")
    assert refused(teams.UpdateTeam, request).code == "ABORTED"
    changed.lead = other
    del changed.team_members[:]
    mask = FieldMask(paths=["lead", "team_members", "members"])
    handed = teams.UpdateTeam(
        wire.UpdateTeamRequest(
            team=team_pb2.Team(name=changed.name, etag=changed.etag, lead=other, members=[lead]),
            update_mask=mask,
        )
    )
    assert (handed.lead, list(handed.members)) == (other, [lead])
    for path in ("source_ref", "state", "owner"):
        bad = wire.UpdateTeamRequest(team=handed, update_mask=FieldMask(paths=[path]))
        assert refused(teams.UpdateTeam, bad).code == "INVALID_ARGUMENT"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"display_name": ""}, "team.display_name"),
        ({"direction_codes": ["alchemy"]}, "team.direction_codes"),
        ({"city_code": "atlantis"}, "team.city_code"),
        ({"lead": "firms/x"}, "team.lead"),
        ({"team_members": [team_pb2.TeamMember(person="nobody")]}, "team.team_members"),
        ({"needs": [team_pb2.TeamNeed(direction_code="sic", headcount=-1)]}, "team.needs"),
        ({"needs": [team_pb2.TeamNeed(direction_code="alchemy", headcount=1)]}, "team.needs"),
        ({"profile": "a\u202eb"}, "team.profile"),
    ],
)
def test_a_wrong_team_is_named(library: Any, teams: Any, changes: dict[str, Any], field: str) -> None:
    request = wire.CreateTeamRequest(team=team(create(library).name, **changes))
    failure = refused(teams.CreateTeam, request)
    assert failure.code in {"INVALID_ARGUMENT", "PERMISSION_DENIED"}
    assert failure.code == "PERMISSION_DENIED" or field in fields(failure)


def test_parts_that_cannot_be(library: Any, teams: Any) -> None:
    lead, other = create(library).name, create(library).name
    days = {"start_date": Date(year=2026, month=2, day=1), "end_date": Date(year=2026, month=1, day=1)}
    for members in (
        [member(lead)],
        [member(other), member(other)],
        [member(other, share_permille=1001)],
        [member(other, **days)],
    ):
        request = wire.CreateTeamRequest(team=team(lead, team_members=members))
        failure = refused(teams.CreateTeam, request)
        assert (failure.code, set(fields(failure))) == ("INVALID_ARGUMENT", {"team.team_members"})


def test_whoever_withdrew_or_is_unknown_joins_no_team(library: Any, teams: Any) -> None:
    lead, gone = create(library).name, create(library)
    library.WithdrawPerson(
        library_service_pb2.WithdrawPersonRequest(name=gone.name, etag=gone.etag, reason="本人要求")
    )
    for name in (gone.name, "persons/nobody"):
        request = wire.CreateTeamRequest(team=team(lead, members=[name]))
        failure = refused(teams.CreateTeam, request)
        assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "MEMBER_NOT_AVAILABLE")


def test_a_withdrawal_reaches_the_team_and_an_erased_lead_ends_it(
    talent: Installation, library: Any, teams: Any
) -> None:
    lead, other = create(library), create(library)
    made = found(teams, lead.name, team_members=[member(other.name, role="工程师")])
    let_erase(talent, other.name)
    library.ErasePerson(library_service_pb2.ErasePersonRequest(name=other.name, reason="本人要求"))
    assert not read(library, made.name).team_members
    library.WithdrawPerson(
        library_service_pb2.WithdrawPersonRequest(name=lead.name, etag=lead.etag, reason="本人要求")
    )
    ended = read(library, made.name)
    assert ended.state == team_pb2.Team.STATE_DISSOLVED
    request = wire.UpdateTeamRequest(team=ended, update_mask=FieldMask(paths=["profile"]))
    assert refused(teams.UpdateTeam, request).reason == "TEAM_DISSOLVED"


def test_who_led_a_team_that_has_ended_may_withdraw_and_be_erased(
    talent: Installation, library: Any, teams: Any
) -> None:
    for leave in ("withdraw", "erase"):
        lead = create(library)
        made = found(teams, lead.name)
        teams.DissolveTeam(wire.DissolveTeamRequest(name=made.name, etag=made.etag))
        if leave == "withdraw":
            request = library_service_pb2.WithdrawPersonRequest(
                name=lead.name, etag=lead.etag, reason="本人要求"
            )
            assert library.WithdrawPerson(request).state == person_pb2.Person.STATE_WITHDRAWN
        else:
            let_erase(talent, lead.name)
            library.ErasePerson(library_service_pb2.ErasePersonRequest(name=lead.name, reason="本人要求"))
        assert read(library, made.name).state == team_pb2.Team.STATE_DISSOLVED


def test_a_team_ends_and_its_number_stays_taken(talent: Installation, library: Any, teams: Any) -> None:
    lead = create(library).name
    made = found(teams, lead)
    with talent.channel("talent", Grant("talent_officer", "suzhou")) as channel:
        stub = team_grpc.TeamServiceStub(channel)
        request = wire.DissolveTeamRequest(name=made.name, etag=made.etag)
        assert refused(stub.DissolveTeam, request).reason == "CITY_NOT_GRANTED"
    ended = teams.DissolveTeam(wire.DissolveTeamRequest(name=made.name, etag=made.etag))
    assert ended.state == team_pb2.Team.STATE_DISSOLVED
    again = wire.CreateTeamRequest(team=team(lead, source_ref=made.source_ref))
    assert refused(teams.CreateTeam, again).reason == "SOURCE_REF_TAKEN"
    listed = library.ListTeams(library_service_pb2.ListTeamsRequest(filter="state = DISSOLVED"))
    assert made.name in {each.name for each in listed.teams}
    assert refused(teams.DissolveTeam, wire.DissolveTeamRequest(name=made.name)).code == "INVALID_ARGUMENT"
