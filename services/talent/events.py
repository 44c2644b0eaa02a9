"""What the talent service says on the log: full states, personal parts sealed under the person's key."""

from collections.abc import Mapping

from bole.common.v1 import data_origin_pb2, direction_share_pb2
from bole.events.v1 import (
    nomination_event_pb2,
    person_event_pb2,
    position_event_pb2,
    shortage_event_pb2,
    shortage_release_event_pb2,
    team_event_pb2,
)
from bole.talent.v1 import person_pb2, position_pb2, shortage_pb2, shortage_watch_pb2, team_pb2
from services.chassis.rpc.wire import date_to_wire, instant_to_wire
from services.chassis.sealing import DataKey, seal
from services.kernel.clock import civil_date
from services.talent.domain.axes import ALL, Axes
from services.talent.domain.nomination import Nomination
from services.talent.domain.people.person import PersonRecord, Purpose
from services.talent.domain.people.team import Member, Team, TeamStatus
from services.talent.domain.position import Position, PositionStatus
from services.talent.domain.release.lifecycle import Release
from services.talent.domain.shortage.columns import STATES
from services.talent.domain.shortage.standing import Standings
from services.talent.domain.shortage.table import Address, ShortageTable
from services.talent.domain.shortage.watch import Watch

SEALED_SCHEMA = person_event_pb2.SealedPerson.DESCRIPTOR.full_name
_POSITION_STATES = {
    PositionStatus.OPEN: position_pb2.Position.STATE_OPEN,
    PositionStatus.CLOSED: position_pb2.Position.STATE_CLOSED,
    PositionStatus.EXPIRED: position_pb2.Position.STATE_EXPIRED,
    PositionStatus.WITHDRAWN: position_pb2.Position.STATE_CLOSED,
}


def position_state(position: Position) -> position_pb2.Position.State:
    """The state of a position in the contract; a withdrawn one is closed."""
    return _POSITION_STATES[position.status]


def origin_to_wire(origin: str) -> data_origin_pb2.DataOrigin:
    """`REAL` or `SYNTHETIC` as the contract has it."""
    synthetic = origin == "SYNTHETIC"
    return data_origin_pb2.DATA_ORIGIN_SYNTHETIC if synthetic else data_origin_pb2.DATA_ORIGIN_REAL


def shares_to_wire(shares: tuple[tuple[str, int], ...]) -> list[direction_share_pb2.DirectionShare]:
    """Direction shares as the contract has them."""
    return [direction_share_pb2.DirectionShare(code=code, permille=share) for code, share in shares]


def person_event(person: PersonRecord, key: DataKey, birth_year: int | None) -> person_event_pb2.PersonState:
    """The state of a person; of `birth_year` the decade. Contact data and the digest of the identity number never leave
    the service.
    """
    personal = person_event_pb2.SealedPerson(
        display_name=person.name,
        employer=person.employer,
        job_title=person.title,
        profile=person.profile,
        works=dict.fromkeys([*person.works, *(work.title for work in person.work_items)]),
        birth_decade=_decade(birth_year, person.purposes),
    )
    return person_event_pb2.PersonState(
        id=person.id,
        version=person.version,
        state=f"STATE_{person.status.name}",
        category_code=person.category,
        city_code=person.city,
        mobility_city_codes=person.mobility,
        availability=f"AVAILABILITY_{person.availability.name}",
        direction_shares=shares_to_wire(person.direction_shares),
        purposes=[f"CONSENT_PURPOSE_{purpose.name}" for purpose in sorted(person.purposes)],
        observed_date=date_to_wire(person.observed),
        origin=origin_to_wire(person.origin),
        sealed=seal(f"persons/{person.id}", personal.SerializeToString(), key, schema=SEALED_SCHEMA),
    )


def _decade(birth_year: int | None, purposes: frozenset[Purpose]) -> int:
    """The decade of birth of somebody who allows statistics; 0 for anybody else."""
    return 0 if birth_year is None or Purpose.STATISTICS not in purposes else birth_year // 10 * 10


def key_event(person_id: str, wrapped: bytes) -> person_event_pb2.PersonKey:
    """A person's data key, still wrapped."""
    return person_event_pb2.PersonKey(id=person_id, wrapped_key=wrapped)


def merged_event(id_: str, version: int, into: str, key: DataKey) -> person_event_pb2.PersonState:
    """The state of a record that is shown as another person from now on; it says nothing else."""
    nothing = person_event_pb2.SealedPerson().SerializeToString()
    return person_event_pb2.PersonState(
        id=id_,
        version=version,
        state=person_pb2.Person.STATE_MERGED,
        merged_into_id=into,
        sealed=seal(f"persons/{id_}", nothing, key, schema=SEALED_SCHEMA),
    )


def team_event(team: Team, shown_as: Mapping[str, str]) -> team_event_pb2.TeamState | None:
    """The state of a team; None once it is dissolved. `shown_as`: the person of each merged record in it."""
    if team.status is TeamStatus.DISSOLVED:
        return None
    lead, members = team.people(shown_as)
    day = civil_date(team.updated_at)
    return team_event_pb2.TeamState(
        id=team.id,
        version=team.version,
        display_name=team.name,
        lead_id=lead,
        member_ids=[member.person_id for member in members if member.serves(day)],
        direction_codes=team.directions,
        city_code=team.city,
        profile=team.profile,
        origin=origin_to_wire(team.origin),
        needs=[team_pb2.TeamNeed(direction_code=leaf, headcount=heads) for leaf, heads in team.needs],
        parts=[_part(member) for member in members if member.until is None or day <= member.until],
    )


def _part(member: Member) -> team_event_pb2.TeamState.Part:
    return team_event_pb2.TeamState.Part(
        person_id=member.person_id,
        share_permille=member.share,
        start_date=date_to_wire(member.since) if member.since else None,
        end_date=date_to_wire(member.until) if member.until else None,
    )


def position_event(position: Position) -> position_event_pb2.PositionState:
    """The state of a position, with what is still open on the day of the change."""
    return position_event_pb2.PositionState(
        id=position.id,
        version=position.version,
        state=position_state(position),
        title=position.title,
        employer=position.employer,
        city_code=position.city,
        direction_code=position.leaf,
        category_code=position.category,
        open_headcount=position.open_headcount(civil_date(position.updated_at)),
        requirement=position.requirement,
        origin=origin_to_wire(position.origin),
    )


def nomination_event(nomination: Nomination) -> nomination_event_pb2.NominationState:
    """Where a nomination stands. Nothing of what its steps say or who took them."""
    decided = nomination.decided
    return nomination_event_pb2.NominationState(
        id=nomination.id,
        version=nomination.version,
        state=f"STATE_{nomination.state.name}",
        programme_code=nomination.programme,
        year=nomination.year,
        city_code=nomination.city,
        industry_code=nomination.industry,
        person_id=nomination.person_id or "",
        team_id=nomination.team_id or "",
        decided_date=date_to_wire(decided) if decided else None,
        origin=origin_to_wire(nomination.origin),
    )


def scope_to_wire(axes: Axes, address: Address) -> shortage_pb2.ShortageScope:
    """What a cell of the shortage map counts; empty codes for all."""
    is_industry = address.node in axes.industries
    return shortage_pb2.ShortageScope(
        industry_code=address.node if is_industry else "",
        direction_code="" if is_industry or address.node == ALL else address.node,
        city_code="" if address.city == ALL else address.city,
        category_code="" if address.category == ALL else address.category,
    )


def shortage_event(
    table: ShortageTable,
    before: Standings,
    now: Standings,
    at: tuple[int, int, int],
    revision: int,
    origin: str,
) -> shortage_event_pb2.ShortageState:
    """What is said of a cell of the shortage map, and what was before; nothing that would give a hidden one away."""
    axes = table.cube.axes
    address = Address(axes.nodes[at[0]], axes.cities[at[1]], axes.categories[at[2]])
    return shortage_event_pb2.ShortageState(
        id="/".join((address.node, address.city, address.category)),
        version=int(now.versions[at]),
        scope=scope_to_wire(axes, address),
        after=_standing(now, at),
        before=_standing(before, at) if before.versions[at] else None,
        as_of_date=date_to_wire(table.cube.as_of),
        revision=revision,
        method_version=table.method.version,
        origin=origin_to_wire(origin),
    )


def _standing(found: Standings, at: tuple[int, int, int]) -> shortage_event_pb2.ShortageState.Standing:
    return shortage_event_pb2.ShortageState.Standing(
        state=f"STATE_{STATES[found.states[at]].name}",
        stars=int(found.stars[at]),
        hidden=bool(found.hidden[at]),
    )


def release_event(release: Release) -> shortage_release_event_pb2.ShortageReleaseState:
    """That a release was signed: its last step. Nobody's name, none of its cells."""
    return shortage_release_event_pb2.ShortageReleaseState(
        id=release.id,
        version=release.life.version,
        quarter=release.quarter,
        edition=f"STATISTICS_EDITION_{release.edition.name}",
        revision=release.revision,
        as_of_date=date_to_wire(release.as_of),
        known_time=instant_to_wire(release.known_at),
        sign_time=instant_to_wire(release.life.steps[-1].at),
        method_version=release.method_version,
        disclosure_version=release.disclosure_version,
        catalogue_version=release.catalogue_version,
        content_sha256=release.content_sha256,
        cell_count=release.cells,
        hidden_count=release.hidden,
        previous_release_id=release.beside or "",
        origin=origin_to_wire(release.origin),
    )


def watch_to_wire(axes: Axes, watch: Watch) -> shortage_watch_pb2.ShortageWatch:
    """A watch as its owner sees it."""
    return shortage_watch_pb2.ShortageWatch(
        name=f"shortageWatches/{watch.id}",
        scope=scope_to_wire(axes, watch.address),
        stars=watch.stars,
        percent=watch.percent,
        reached=watch.reached,
        reach_time=instant_to_wire(watch.reached_at) if watch.reached_at else None,
        leave_time=instant_to_wire(watch.left_at) if watch.left_at else None,
        create_time=instant_to_wire(watch.created_at),
    )


def watch_event(axes: Axes, watch: Watch) -> shortage_event_pb2.ShortageWatchState:
    """The state of a watch."""
    return shortage_event_pb2.ShortageWatchState(
        id=watch.id, version=watch.version, watch=watch_to_wire(axes, watch), owner=watch.owner
    )
