"""The feed: what the funding service tells of deals and firms becomes expected demand, marked as such."""

from dataclasses import dataclass
from typing import TypeVar

from google.protobuf.message import DecodeError
from sqlalchemy.orm import Session

from bole.common.v1 import data_origin_pb2
from bole.events.v1 import deal_event_pb2, firm_event_pb2
from bole.funding.v1 import firm_pb2
from services.catalogue.succession import WHOLE, divided
from services.chassis.feed.feed import Feed
from services.chassis.feed.received import Poison, Received
from services.chassis.house import House
from services.chassis.log.topics import DEALS, FIRMS
from services.chassis.rpc.wire import date_from_wire
from services.kernel.errors import InvalidArgument
from services.talent.domain.axes import Axes
from services.talent.domain.flows.hiring import FundedHire
from services.talent.service.positions.hires import DealHeard, ExpectedHires

TOPICS = tuple(topic.name for topic in (DEALS, FIRMS))
S = TypeVar("S", deal_event_pb2.DealState, firm_event_pb2.FirmState)
_UNUSABLE = (DecodeError, KeyError, ValueError)
_MICRO_PER_MILLI = 1000


@dataclass(frozen=True)
class FundingFeed:
    """The handler."""

    hires: ExpectedHires
    axes: Axes

    def handle(self, session: Session, event: Received) -> None:
        """Apply one event. Raises Poison for bytes that are not what the topic promises, or unknown codes."""
        try:
            if event.topic == DEALS.name:
                self._deal(session, event)
            else:
                self._firm(session, event)
        except _UNUSABLE as error:
            raise Poison(f"{event.topic}: {type(error).__name__}") from error
        except InvalidArgument as error:
            raise Poison(f"{event.topic}: {error.reason}") from error

    def finish(self, session: Session, level: bool) -> None:
        """Nothing waits for the end of a batch."""

    def _deal(self, session: Session, event: Received) -> None:
        if event.value is None:
            self.hires.hear_deal(session, DealHeard(event.key, event.version))
            return
        state = _read(deal_event_pb2.DealState, event)
        expected = state.expected_hires
        self.hires.hear_deal(
            session,
            DealHeard(
                event.key,
                event.version,
                firm_id=state.firm_id,
                origin="SYNTHETIC" if state.origin == data_origin_pb2.DATA_ORIGIN_SYNTHETIC else "REAL",
                basis=deal_event_pb2.ExpectedHires.Basis.Name(expected.basis),
                basis_deals=expected.basis_deal_count,
                hires=_hires(expected, self.axes) if state.HasField("expected_hires") else (),
            ),
        )

    def _firm(self, session: Session, event: Received) -> None:
        gone = event.value is None
        if not gone:
            gone = _read(firm_event_pb2.FirmState, event).state == firm_pb2.Firm.STATE_WITHDRAWN
        self.hires.hear_firm(session, event.key, event.version, gone=gone)


def make_feed(house: House, hires: ExpectedHires, axes: Axes) -> Feed:
    """The feed of the talent service."""
    return Feed(
        "talent",
        house.database,
        house.log,
        TOPICS,
        FundingFeed(hires, axes),
        house.clock,
        tables=house.tables.feed,
    )


def _hires(expected: deal_event_pb2.ExpectedHires, axes: Axes) -> tuple[FundedHire, ...]:
    starts, ends = date_from_wire(expected.start_date), date_from_wire(expected.end_date)
    found = []
    for each in expected.hires:
        city, category, micro = each.city_code, each.category_code, each.headcount_milli * _MICRO_PER_MILLI
        places = axes.former.get(each.direction_code, ((each.direction_code, WHOLE),))
        known = all(leaf in axes.leaf_set for leaf, _ in places) and city in axes.cities[:-1]
        if not known or category not in axes.categories[:-1]:
            raise ValueError("a code that the catalogue does not have")
        if each.headcount_milli < 0 or ends < starts:
            raise ValueError("heads below nought, or a window that ends before it starts")
        parts = divided(micro, places)
        found += [FundedHire(leaf, city, category, starts, ends, part) for leaf, part in parts if part]
    return tuple(found)


def _read(kind: type[S], event: Received) -> S:
    """The state that an event holds. Raises Poison when it is another message, or about something else."""
    state = kind.FromString(event.value or b"")
    if event.headers.get("ce_dataschema", kind.DESCRIPTOR.full_name) != kind.DESCRIPTOR.full_name:
        raise Poison(f"{event.topic}: not a {kind.DESCRIPTOR.full_name}")
    if state.id != event.key:
        raise Poison(f"{event.topic}: the state is of another entity than the key says")
    return state
