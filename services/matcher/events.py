"""From states on the log to items, and from changes of lists to events."""

from functools import cache, lru_cache
from typing import NamedTuple

from bole.common.v1 import data_origin_pb2
from bole.events.v1 import (
    firm_event_pb2,
    fund_event_pb2,
    person_event_pb2,
    position_event_pb2,
    shortage_event_pb2,
    team_event_pb2,
)
from bole.funding.v1 import firm_pb2, fund_pb2
from bole.talent.v1 import person_pb2, position_pb2
from services.catalogue.cells import cell_id
from services.chassis.feed.received import Received
from services.chassis.rpc.wire import date_from_wire
from services.matcher.domain.columns import WHOLE
from services.matcher.domain.item import Availability, Item, ItemKind, Mandate, Purpose, Stage
from services.matcher.domain.known import Known, Together
from services.matcher.domain.priority import CellStanding
from services.matcher.domain.staff import Part, Staff

_STAGE = firm_pb2.FirmStage.Name


class Opened(NamedTuple):
    """What the opened state of a person says: no item of whoever is not in use."""

    item: Item | None
    name: str
    origin: str


def origin_of(origin: int) -> str:
    """`SYNTHETIC` or `REAL`."""
    return "SYNTHETIC" if origin == data_origin_pb2.DATA_ORIGIN_SYNTHETIC else "REAL"


def stage_of(stage: int) -> Stage | None:
    """A firm's stage; None where it is not stated."""
    return (
        None if stage == firm_pb2.FIRM_STAGE_UNSPECIFIED else Stage[_STAGE(stage).removeprefix("FIRM_STAGE_")]
    )


@cache
def _availability(number: person_pb2.Availability) -> Availability:
    """Raises KeyError or ValueError for what is none."""
    return Availability[person_pb2.Availability.Name(number).removeprefix("AVAILABILITY_")]


@cache
def _purpose(number: person_pb2.ConsentPurpose) -> Purpose:
    """Raises KeyError or ValueError for what is none."""
    return Purpose[person_pb2.ConsentPurpose.Name(number).removeprefix("CONSENT_PURPOSE_")]


@lru_cache(maxsize=64)
def _purposes(numbers: tuple[person_pb2.ConsentPurpose, ...]) -> frozenset[Purpose]:
    return frozenset(map(_purpose, numbers))


@lru_cache(maxsize=1_024)
def _mobility(codes: tuple[str, ...]) -> frozenset[str]:
    """One set for all who would move to the same cities."""
    return frozenset(codes)


def gone(kind: ItemKind, event: Received) -> Known:
    """An item that takes part in nothing any more."""
    return Known(kind, event.key, event.version, None, "", "", "REAL", event.time)


def opened(state: person_event_pb2.PersonState, sealed: person_event_pb2.SealedPerson) -> Opened:
    """Raises KeyError or ValueError for what is none of the contract's."""
    if state.state != person_pb2.Person.STATE_ACTIVE:
        return Opened(None, "", "")
    item = Item(
        ItemKind.PERSON,
        state.id,
        state.version,
        tuple(filter(None, (sealed.job_title, sealed.profile, *sealed.works))),
        tuple([(share.code, share.permille) for share in state.direction_shares]),
        state.city_code,
        _mobility(tuple(state.mobility_city_codes[:])),
        state.category_code,
        availability=_availability(state.availability),
        purposes=_purposes(tuple(state.purposes[:])),
        employer=sealed.employer or None,
    )
    return Opened(item, sealed.display_name, origin_of(state.origin))


def person(opened: Opened, event: Received) -> Known:
    """A person who is in use; anybody else is gone."""
    item, name, origin = opened
    if item is None:
        return gone(ItemKind.PERSON, event)
    return Known(ItemKind.PERSON, item.id, item.version, item, name, "", origin, event.time)


def position(state: position_event_pb2.PositionState, event: Received) -> Known:
    """An open position; a closed or filled one is gone."""
    if state.state != position_pb2.Position.STATE_OPEN or state.open_headcount < 1:
        return gone(ItemKind.POSITION, event)
    item = Item(
        ItemKind.POSITION,
        state.id,
        state.version,
        tuple(text for text in (state.title, state.requirement) if text),
        ((state.direction_code, 1000),),
        state.city_code,
        category=state.category_code,
        employer=state.employer or None,
    )
    origin = origin_of(state.origin)
    return Known(ItemKind.POSITION, state.id, state.version, item, "", state.title, origin, event.time)


def people_of(state: team_event_pb2.TeamState) -> tuple[Part, ...]:
    """The lead, and the members with their parts in the team as far as they are told. Raises ValueError for a day that
    is none.
    """
    told = (state.lead_id, *state.member_ids)
    parts = {id_: Part(id_) for id_ in told} | {
        part.person_id: Part(
            part.person_id,
            part.share_permille if part.HasField("share_permille") else None,
            date_from_wire(part.start_date) if part.HasField("start_date") else None,
            date_from_wire(part.end_date) if part.HasField("end_date") else None,
        )
        for part in state.parts
    }
    return tuple(parts.values())


def team(state: team_event_pb2.TeamState, known: Together, version: int, event: Received) -> Known:
    """A team; `known`: what is known of its members, `version` counts their changes too."""
    needs = tuple((need.direction_code, need.headcount) for need in state.needs)
    share = WHOLE // max(1, len(state.direction_codes))
    item = Item(
        ItemKind.TEAM,
        state.id,
        version,
        tuple(text for text in (state.display_name, state.profile) if text),
        tuple((code, share) for code in state.direction_codes),
        state.city_code or None,
        purposes=known.purposes,
        staff=Staff(needs, known.parts) if needs else None,
    )
    origin = origin_of(state.origin)
    return Known(ItemKind.TEAM, state.id, version, item, "", state.display_name, origin, event.time)


def firm(state: firm_event_pb2.FirmState, event: Received) -> Known:
    """A firm in use; a withdrawn one is gone."""
    if state.state != firm_pb2.Firm.STATE_ACTIVE:
        return gone(ItemKind.FIRM, event)
    item = Item(
        ItemKind.FIRM,
        state.id,
        state.version,
        tuple(text for text in (state.technology, state.product) if text),
        tuple((share.code, share.permille) for share in state.direction_shares),
        state.city_code,
        stage=stage_of(state.stage),
        sought=state.sought_fen if state.HasField("sought_fen") else None,
    )
    origin = origin_of(state.origin)
    return Known(ItemKind.FIRM, state.id, state.version, item, "", state.display_name, origin, event.time)


def fund(state: fund_event_pb2.FundState, event: Received) -> Known:
    """A fund with its mandate, and without a text: its name says nothing of what it may invest in.

    Where the event does not say the stages, the policy gives the angel funds seed and start-up firms (种子期、初创期).
    """
    angel = state.kind == fund_pb2.Fund.KIND_FUTURE_ANGEL
    told = frozenset(stage for each in state.stages if (stage := stage_of(each)) is not None)
    item = Item(
        ItemKind.FUND,
        state.id,
        state.version,
        city=state.city_code or None,
        mandate=Mandate(
            frozenset(state.industry_codes),
            frozenset(state.scope_city_codes),
            frozenset({Stage.SEED, Stage.STARTUP} if angel and not state.has_limits else told),
            state.ticket_max_fen if state.HasField("ticket_max_fen") else None,
            state.valuation_below_fen if state.HasField("valuation_below_fen") else None,
            max(1, state.scope_permille_min),
        ),
    )
    origin = origin_of(state.origin)
    return Known(ItemKind.FUND, state.id, state.version, item, "", state.display_name, origin, event.time)


def cell_named(key: str) -> str:
    """The id of the cell that a record of the shortage map is about. Raises ValueError for another form of key."""
    node, city, category = key.split("/")
    return cell_id(node, city, category)


def shortage(state: shortage_event_pb2.ShortageState) -> CellStanding:
    """What is said of a cell now. Raises ValueError for a day that is none."""
    return CellStanding(state.after.stars, state.after.hidden, date_from_wire(state.as_of_date))
