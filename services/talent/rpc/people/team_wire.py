"""Teams between the contract and the domain."""

from collections.abc import Mapping

from bole.talent.v1 import team_pb2
from services.chassis.rpc.wire import date_from_wire, date_to_wire, etag_of, instant_to_wire
from services.talent.domain.people.team import Member, Team, TeamFacts
from services.talent.events import origin_to_wire
from services.talent.rpc.wire import id_of

FIELDS = {
    "ref": "team.source_ref",
    "name": "team.display_name",
    "lead": "team.lead",
    "members": "team.team_members",
    "directions": "team.direction_codes",
    "direction": "team.direction_codes",
    "city": "team.city_code",
    "profile": "team.profile",
    "needs": "team.needs",
}


def team_to_wire(team: Team, shown_as: Mapping[str, str]) -> team_pb2.Team:
    """The whole record. `shown_as`: the person of each merged record in it."""
    lead, members = team.people(shown_as)
    return team_pb2.Team(
        name=f"teams/{team.id}",
        etag=etag_of(team.version),
        state=f"STATE_{team.status.name}",
        source_ref=team.ref,
        display_name=team.name,
        lead=f"persons/{lead}",
        members=[f"persons/{each.person_id}" for each in members],
        team_members=[_member_to_wire(each) for each in members],
        needs=[team_pb2.TeamNeed(direction_code=leaf, headcount=heads) for leaf, heads in team.needs],
        direction_codes=team.directions,
        city_code=team.city,
        profile=team.profile,
        origin=origin_to_wire(team.origin),
        create_time=instant_to_wire(team.created_at),
        update_time=instant_to_wire(team.updated_at),
    )


def team_facts(team: team_pb2.Team) -> TeamFacts:
    """What a request states about a team. Raises InvalidArgument (INVALID_NAME)."""
    members = tuple(_member_from_wire(each) for each in team.team_members)
    return TeamFacts(
        ref=team.source_ref,
        name=team.display_name,
        lead=id_of(team.lead, "persons", field="team.lead"),
        members=members or tuple(Member(_person(each)) for each in team.members),
        directions=tuple(team.direction_codes),
        city=team.city_code,
        profile=team.profile,
        needs=tuple((each.direction_code, each.headcount) for each in team.needs),
    )


def _member_to_wire(member: Member) -> team_pb2.TeamMember:
    return team_pb2.TeamMember(
        person=f"persons/{member.person_id}",
        role=member.role,
        share_permille=member.share,
        start_date=date_to_wire(member.since) if member.since else None,
        end_date=date_to_wire(member.until) if member.until else None,
    )


def _member_from_wire(member: team_pb2.TeamMember) -> Member:
    return Member(
        _person(member.person),
        member.role,
        member.share_permille or None,
        date_from_wire(member.start_date) if member.HasField("start_date") else None,
        date_from_wire(member.end_date) if member.HasField("end_date") else None,
    )


def _person(name: str) -> str:
    return id_of(name, "persons", field="team.team_members")
