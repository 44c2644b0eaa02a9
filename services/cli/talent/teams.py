"""`bole team …`: teams, their people, and what they lack."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from google.protobuf.field_mask_pb2 import FieldMask

from bole.talent.v1 import library_service_pb2 as library
from bole.talent.v1 import team_pb2, team_service_pb2_grpc
from bole.talent.v1 import team_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.cli.talent import people
from services.cli.talent.people import TIMEOUT_SECONDS
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text, counted
from services.wording.library import TEAM_STATES

_COLUMNS = (
    Column("name", Text("团队", "team"), wraps=True),
    Column("city", Text("城市", "city")),
    Column("directions", Text("方向", "directions"), wraps=True),
    Column("size", Text("人数", "people"), right=True),
    Column("state", Text("状态", "state")),
    Column("id", Text("编号", "resource"), whole=True),
)
_MEMBER_COLUMNS = (
    Column("name", Text("姓名", "name")),
    Column("role", Text("角色", "role"), wraps=True),
    Column("share", Text("投入%", "share %"), right=True),
    Column("since", Text("加入", "from")),
    Column("until", Text("离开", "to")),
    Column("person", Text("编号", "person"), whole=True),
)
_GAP_COLUMNS = (
    Column("direction", Text("方向", "direction"), wraps=True),
    Column("wanted", Text("需要", "wanted"), right=True),
    Column("present", Text("现有", "present"), right=True),
    Column("lacking", Text("缺口", "lacking"), right=True),
)


@dataclass(frozen=True)
class Given:
    """What is stated about a new team."""

    ref: str
    name: str
    lead: str
    city: str
    directions: Sequence[str]
    members: Sequence[str] | None
    needs: Sequence[str] | None
    profile: str


def stub(session: Session) -> team_service_pb2_grpc.TeamServiceStub:
    """The teams."""
    return team_service_pb2_grpc.TeamServiceStub(session.channel("talent"))


def get(session: Session, name: str) -> team_pb2.Team:
    """One team."""
    return people.stub(session).GetTeam(library.GetTeamRequest(name=name), timeout=TIMEOUT_SECONDS)


def show(session: Session, filter_: str, limit: int) -> None:
    """Teams by filter."""
    request = library.ListTeamsRequest(filter=filter_, page_size=limit)
    found = people.stub(session).ListTeams(request, timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "name": each.display_name,
            "city": wording.city(each.city_code, session.language),
            "directions": [wording.direction(code, session.language) for code in each.direction_codes],
            "size": 1 + len(each.members),
            "state": TEAM_STATES[team_pb2.Team.State.Name(each.state).removeprefix("STATE_")].to(
                session.language
            ),
            "id": each.name,
            "origin": wording.origin(each.origin),
        }
        for each in found.teams
    ]
    session.output.rows(
        Text(f"团队 {found.total_size} 个", counted(found.total_size, "team")), _COLUMNS, rows
    )


def show_members(session: Session, name: str) -> None:
    """The lead first, then the members."""
    team = get(session, name)
    role = Text("负责人", "lead").to(session.language)
    rows = [
        _member(team_pb2.TeamMember(person=team.lead, role=role)),
        *(_member(each) for each in team.team_members),
    ]
    origin = wording.origin(team.origin)
    named = [{**row, "name": people.name_of(session, row["person"]), "origin": origin} for row in rows]
    session.output.rows(Text(team.display_name, team.display_name), _MEMBER_COLUMNS, named)
    people.note_withheld(session)


def create(session: Session, given: Given) -> None:
    """Register a team. Raises InvalidArgument for a member or a need that is not written as asked."""
    team = team_pb2.Team(
        source_ref=given.ref,
        display_name=given.name,
        lead=given.lead,
        city_code=wording.catalogue().resolve_city(given.city, field="--city"),
        direction_codes=[_direction(each, "--direction") for each in given.directions],
        team_members=[_part(each) for each in given.members or ()],
        needs=[_need(each) for each in given.needs or ()],
        profile=given.profile,
    )
    request = service.CreateTeamRequest(team=team, request_id=str(uuid4()))
    made = stub(session).CreateTeam(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"已登记 {made.name}", f"registered {made.name}"))


def change(
    session: Session,
    name: str,
    title: str | None,
    lead: str | None,
    members: Sequence[str] | None,
    needs: Sequence[str] | None,
    profile: str | None,
) -> None:
    """Change what is given. Raises InvalidArgument as `create` does."""
    wanted = team_pb2.Team(name=name, etag=get(session, name).etag)
    lines = {"display_name": title, "lead": lead, "profile": profile}
    paths = [field for field, value in lines.items() if value is not None]
    for field in paths:
        setattr(wanted, field, lines[field])
    if members is not None:
        wanted.team_members.extend(_part(each) for each in members)
        paths.append("team_members")
    if needs is not None:
        wanted.needs.extend(_need(each) for each in needs)
        paths.append("needs")
    request = service.UpdateTeamRequest(
        team=wanted, update_mask=FieldMask(paths=paths), request_id=str(uuid4())
    )
    changed = stub(session).UpdateTeam(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已修改（{changed.etag}）", f"{name} is changed ({changed.etag})"))


def show_gaps(session: Session, name: str) -> None:
    """Wanted, present and lacking by direction."""
    found = stub(session).GetTeamGaps(service.GetTeamGapsRequest(name=name), timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "direction": wording.direction(each.direction_code, session.language),
            "wanted": each.wanted_headcount,
            "present": each.present_permille / 1000,
            "lacking": each.lacking_permille / 1000,
        }
        for each in found.directions
    ]
    session.output.rows(Text(f"{name} 各方向缺口", f"gaps of {name}"), _GAP_COLUMNS, rows)
    if any(each.lacking_permille for each in found.directions):
        how = f"bole match find {name} --kind person-team"
        session.output.note(Text(f"谁能补上：{how}", f"who fills what it lacks: {how}").to(session.language))


def dissolve(session: Session, name: str) -> None:
    """End a team."""
    request = service.DissolveTeamRequest(name=name, etag=get(session, name).etag, request_id=str(uuid4()))
    stub(session).DissolveTeam(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已解散，成员仍在库中", f"{name} is dissolved; its members stay"))


def _member(member: team_pb2.TeamMember) -> dict[str, Any]:
    first, last = member.HasField("start_date"), member.HasField("end_date")
    return {
        "person": member.person,
        "role": member.role,
        "share": member.share_permille / 10 if member.share_permille else None,
        "since": date_from_wire(member.start_date).isoformat() if first else None,
        "until": date_from_wire(member.end_date).isoformat() if last else None,
    }


def _part(text: str) -> team_pb2.TeamMember:
    """`persons/…:role:share%`."""
    person, _, rest = text.partition(":")
    role, _, share = rest.partition(":")
    per_cent = share.removesuffix("%")
    if per_cent and not per_cent.isdigit():
        raise InvalidArgument.field(
            "--member", "BAD_SHARE", f"占比“{share}”应为百分数，如 50%", f"{share!r} is no share such as 50%"
        )
    return team_pb2.TeamMember(person=person, role=role, share_permille=10 * int(per_cent or 0))


def _need(text: str) -> team_pb2.TeamNeed:
    """`direction=heads`."""
    code, _, heads = text.partition("=")
    if not heads.isdigit():
        raise InvalidArgument.field(
            "--need",
            "BAD_NUMBER",
            f"“{text}”应写成 方向=人数",
            f"{text!r} is not written direction=heads",
        )
    return team_pb2.TeamNeed(direction_code=_direction(code, "--need"), headcount=int(heads))


def _direction(text: str, field: str) -> str:
    return wording.catalogue().resolve_direction(text, field=field)
