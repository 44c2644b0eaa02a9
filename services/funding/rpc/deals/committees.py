"""CommitteeService: committees and sittings; votes and decisions are in `voting`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bole.funding.v1 import committee_pb2
from bole.funding.v1 import committee_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.masks import apply_mask
from services.chassis.rpc.wire import check_etag, instant_from_wire, instant_to_wire
from services.chassis.storage.listing import Query
from services.funding.domain.committee.committee import Committee
from services.funding.domain.committee.sitting import Sitting
from services.funding.domain.deal.deal import Deal
from services.funding.rpc.changing import changed
from services.funding.rpc.deals.acting import require_free, require_fund
from services.funding.rpc.deals.committee_wire import (
    committee_to_wire,
    deals_of,
    item_to_wire,
    seats_of,
    sitting_to_wire,
    tier_of,
)
from services.funding.rpc.deals.voting import VotingRoom
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import id_of
from services.funding.service.deals.agenda import agenda
from services.funding.service.deals.cases import fund_with_mandate
from services.funding.service.deals.committees import Committees, get_committee, get_sitting
from services.funding.store import schema
from services.funding.store.deals import committee_lists as lists

KEEPERS = ("committee_secretary", "fund_manager")


@dataclass(frozen=True)
class CommitteeRoom(VotingRoom):
    """The servicer."""

    committees: Committees
    catalogue: Catalogue

    def CreateCommittee(self, request: wire.CreateCommitteeRequest, context: Any) -> committee_pb2.Committee:
        """Set up a committee."""
        call, stated = current_call(), request.committee

        def act(session: Session) -> committee_pb2.Committee:
            fund_id = id_of(stated.fund, "funds", field="committee.fund")
            require_fund_city(session, call, fund_id)
            made = self.committees.set_up(session, fund_id, tier_of(stated), seats_of(stated.seats))
            return _committee(session, made)

        return changed(self.house, "set-up-committee", request, committee_pb2.Committee, act)

    def GetCommittee(self, request: wire.GetCommitteeRequest, context: Any) -> committee_pb2.Committee:
        """One committee."""
        with self.house.database.read() as session:
            return _committee(session, _seen(session, id_of(request.name, "committees")))

    def ListCommittees(
        self, request: wire.ListCommitteesRequest, context: Any
    ) -> wire.ListCommitteesResponse:
        """Committees of one fund or all."""
        fund = id_of(request.fund, "funds", field="fund") if request.fund else ""
        query = Query("", "", request.page_size, request.page_token, {"fund": fund})
        with self.house.database.read() as session:
            where = (*lists.of_fund(fund), lists.of_funds(Sight.of(current_call()).funds()))
            page = lists.committees().page(session, Committee, query, self.house.pages, _subject(), *where)
            found = [_committee(session, each) for each in page.items]
        return wire.ListCommitteesResponse(
            committees=found, next_page_token=page.next_page_token, total_size=page.total
        )

    def UpdateCommittee(self, request: wire.UpdateCommitteeRequest, context: Any) -> committee_pb2.Committee:
        """Change the seats."""
        call = current_call()

        def act(session: Session) -> committee_pb2.Committee:
            found = get_committee(
                session, id_of(request.committee.name, "committees", field="committee.name")
            )
            require_fund_city(session, call, found.fund_id)
            check_etag(request.committee.etag, found.version, request.committee.name, field="committee.etag")
            stated = _committee(session, found)
            apply_mask(request.update_mask, request.committee, stated)
            found.reseat(seats_of(stated.seats), self.house.clock.now())
            session.flush()
            return _committee(session, found)

        return changed(self.house, "reseat-committee", request, committee_pb2.Committee, act)

    def CreateSitting(self, request: wire.CreateSittingRequest, context: Any) -> committee_pb2.Sitting:
        """Call a sitting."""
        call, stated = current_call(), request.sitting

        def act(session: Session) -> committee_pb2.Sitting:
            found = get_committee(session, id_of(stated.committee, "committees", field="sitting.committee"))
            require_fund_city(session, call, found.fund_id)
            deals = deals_of(stated.deals, "sitting.deals")
            _require_free(session, call, deals)
            made = self.committees.call(
                session,
                found,
                instant_from_wire(stated.sit_time),
                deals,
                seats_of(stated.seats),
            )
            return sitting_to_wire(made, found)

        return changed(self.house, "call-sitting", request, committee_pb2.Sitting, act)

    def GetSitting(self, request: wire.GetSittingRequest, context: Any) -> committee_pb2.Sitting:
        """One sitting."""
        with self.house.database.read() as session:
            return _sitting(session, _seen_sitting(session, id_of(request.name, "sittings")))

    def ListSittings(self, request: wire.ListSittingsRequest, context: Any) -> wire.ListSittingsResponse:
        """Sittings, the latest first."""
        committee = id_of(request.committee, "committees", field="committee") if request.committee else ""
        deals = deals_of(request.deals, "deals")
        asked = {"committee": committee, "deals": ",".join(sorted(deals))}
        query = Query("", "", request.page_size, request.page_token, asked)
        with self.house.database.read() as session:
            of = (*lists.of_committee(committee), *lists.with_one_of(deals))
            where = (*of, lists.sittings_of(Sight.of(current_call()).funds()))
            page = lists.sittings().page(session, Sitting, query, self.house.pages, _subject(), *where)
            found = [_sitting(session, each) for each in page.items]
        return wire.ListSittingsResponse(
            sittings=found, next_page_token=page.next_page_token, total_size=page.total
        )

    def UpdateSitting(self, request: wire.UpdateSittingRequest, context: Any) -> committee_pb2.Sitting:
        """Change a sitting."""
        call, given = current_call(), request.sitting

        def act(session: Session) -> committee_pb2.Sitting:
            found = get_sitting(session, id_of(given.name, "sittings", field="sitting.name"))
            require_fund_city(session, call, get_committee(session, found.committee_id).fund_id)
            check_etag(given.etag, found.version, given.name, field="sitting.etag")
            stated = _sitting(session, found)
            apply_mask(request.update_mask, given, stated)
            deals = deals_of(stated.deals, "sitting.deals")
            _require_free(session, call, {*found.deals, *deals})
            self.committees.replan(
                session,
                found,
                instant_from_wire(stated.sit_time),
                deals,
                seats_of(stated.seats),
            )
            return _sitting(session, found)

        return changed(self.house, "replan-sitting", request, committee_pb2.Sitting, act)

    def GetSittingAgenda(
        self, request: wire.GetSittingAgendaRequest, context: Any
    ) -> wire.GetSittingAgendaResponse:
        """The agenda with the readiness of each deal; of a deal whose file is closed to the caller, its card."""
        sight = Sight.of(current_call())
        with self.house.database.read() as session:
            found = _seen_sitting(session, id_of(request.name, "sittings"))
            items = [
                sight.shown(session, each.deal, item_to_wire(each))
                for each in agenda(session, self.catalogue, found, self.house.clock)
            ]
            return wire.GetSittingAgendaResponse(
                sitting=_sitting(session, found),
                items=items,
                as_of_time=instant_to_wire(self.house.clock.now()),
            )


def require_fund_city(session: Session, call: Call, fund_id: str) -> None:
    """Raise PermissionDenied unless the caller keeps committees in the fund's city. Raises NotFound."""
    require_fund(session, call, KEEPERS, fund_id)
    fund_with_mandate(session, fund_id)


def _require_free(session: Session, call: Call, ids: Iterable[str]) -> None:
    """Raise PermissionDenied (RECUSED) for who is recused from one of these deals, as far as they exist."""
    for deal in session.scalars(select(Deal).where(schema.deal.c.id.in_(ids))):
        require_free(session, call, deal)


def _seen(session: Session, id_: str) -> Committee:
    """A committee of a fund that the caller sees. Raises as `Sight.fund`."""
    sight, found = Sight.of(current_call()), session.get(Committee, id_)
    if found is None:
        raise sight.missing(f"committees/{id_}")
    sight.fund(session, found.fund_id)
    return found


def _seen_sitting(session: Session, id_: str) -> Sitting:
    found = session.get(Sitting, id_)
    if found is None:
        raise Sight.of(current_call()).missing(f"sittings/{id_}")
    _seen(session, found.committee_id)
    return found


def _subject() -> str:
    return current_call().principal.subject


def _committee(session: Session, committee: Committee) -> committee_pb2.Committee:
    _, mandate = fund_with_mandate(session, committee.fund_id)
    return committee_to_wire(committee, mandate.voting)


def _sitting(session: Session, sitting: Sitting) -> committee_pb2.Sitting:
    return sitting_to_wire(sitting, get_committee(session, sitting.committee_id))
