"""SavedSearchService: questions that people keep, and what is told of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.message import Message
from sqlalchemy.orm import Session

from bole.funding.v1 import saved_search_pb2, saved_search_service_pb2_grpc
from bole.funding.v1 import saved_search_service_pb2 as wire
from services.catalogue import Catalogue
from services.chassis.audit.reveals import entry_of
from services.chassis.filtering import canonical, canonical_order, parse, parse_order
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import date_to_wire, instant_to_wire, text_to_wire
from services.chassis.storage.paging import page_size
from services.funding.domain.deal.deal import Deal
from services.funding.domain.fund.fund import Fund
from services.funding.domain.screening.saved_search import Alert, SavedSearch
from services.funding.rpc.funds.amounts import fen_of, yuan
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import id_of
from services.funding.service.deals.searches import Searches, Watcher
from services.funding.store.deals import searches
from services.funding.store.deals.screening import SORTABLE
from services.funding.store.deals.screening import schema as fields
from services.kernel.errors import BoleError, NotFound

M = TypeVar("M", bound=Message)
_PATH = "saved_search"
_FIELDS = {
    name: f"{_PATH}.{name}"
    for name in ("title", "crossing_score", "crossing_value", "columns", "filter", "order_by")
} | {"headroom_below_fen": f"{_PATH}.headroom_below"}


@dataclass(frozen=True)
class SearchRoom(saved_search_service_pb2_grpc.SavedSearchServiceServicer):
    """The servicer."""

    house: House
    catalogue: Catalogue
    searches: Searches
    watcher: Watcher

    def CreateSavedSearch(
        self, request: wire.CreateSavedSearchRequest, context: Any
    ) -> saved_search_pb2.SavedSearch:
        """Keep a question."""
        with _in_their_terms(), self.house.database.read() as read:
            stated = self._stated(read, request.saved_search, current_call().principal.subject)
            first = self.watcher.first_look(read, stated)

        def act(session: Session, _owner: str) -> tuple[str, saved_search_pb2.SavedSearch]:
            made = self.watcher.begin(session, self.searches.create(session, stated), first)
            return f"savedSearches/{made.id}", _search_to_wire(made)

        return self._once(request, "save-search", request.request_id, saved_search_pb2.SavedSearch, act)

    def GetSavedSearch(
        self, request: wire.GetSavedSearchRequest, context: Any
    ) -> saved_search_pb2.SavedSearch:
        """One of the caller's own."""
        owner = current_call().principal.subject
        with self.house.database.read() as session:
            found = searches.one(session, id_of(request.name, "savedSearches"), owner)
        if found is None:
            raise NotFound.resource(request.name)
        return _search_to_wire(found)

    def ListSavedSearches(
        self, request: wire.ListSavedSearchesRequest, context: Any
    ) -> wire.ListSavedSearchesResponse:
        """The caller's own."""
        owner = current_call().principal.subject
        with self.house.database.read() as session:
            found = searches.of_owner(session, owner)
        return wire.ListSavedSearchesResponse(saved_searches=[_search_to_wire(each) for each in found])

    def DeleteSavedSearch(
        self, request: wire.DeleteSavedSearchRequest, context: Any
    ) -> wire.DeleteSavedSearchResponse:
        """Give it up."""

        def act(session: Session, owner: str) -> tuple[str, wire.DeleteSavedSearchResponse]:
            self.searches.delete(session, owner, id_of(request.name, "savedSearches"))
            return request.name, wire.DeleteSavedSearchResponse()

        return self._once(request, "delete-search", request.request_id, wire.DeleteSavedSearchResponse, act)

    def ListScreeningAlerts(
        self, request: wire.ListScreeningAlertsRequest, context: Any
    ) -> wire.ListScreeningAlertsResponse:
        """Alerts, newest first; those on deals that the caller may no longer see are left out."""
        call, method = current_call(), "ListScreeningAlerts"
        owner, size = call.principal.subject, page_size(request.page_size, 50, 500)
        bound = {"search": request.saved_search, "all": str(request.include_acknowledged)}
        cursor = self.house.pages.read(request.page_token, method=method, query=bound, subject=owner)
        of_search = id_of(request.saved_search, "savedSearches", field=_PATH) if request.saved_search else ""
        with self.house.database.read() as session:
            found = searches.alerts(
                session,
                owner,
                of_search,
                str(cursor[0]) if cursor else "",
                size + 1,
                acknowledged=request.include_acknowledged,
            )
            sight = Sight.of(call)
            shown = [each for each in found[:size] if _may_see(session, sight, each)]
        token = ""
        if len(found) > size:
            token = self.house.pages.issue([found[size - 1].id], method=method, query=bound, subject=owner)
        return wire.ListScreeningAlertsResponse(
            screening_alerts=[_alert_to_wire(each) for each in shown], next_page_token=token
        )

    def AcknowledgeScreeningAlert(
        self, request: wire.AcknowledgeScreeningAlertRequest, context: Any
    ) -> saved_search_pb2.ScreeningAlert:
        """Take note of an alert."""

        def act(session: Session, owner: str) -> tuple[str, saved_search_pb2.ScreeningAlert]:
            id_ = id_of(request.name, "screeningAlerts")
            return request.name, _alert_to_wire(self.searches.acknowledge(session, owner, id_))

        return self._once(request, "acknowledge-alert", "", saved_search_pb2.ScreeningAlert, act)

    def _stated(self, session: Session, stated: saved_search_pb2.SavedSearch, owner: str) -> SavedSearch:
        fund_id = id_of(stated.fund, "funds", field=f"{_PATH}.fund")
        return SavedSearch(
            id=self.house.ids.new(),
            owner=owner,
            title=stated.title,
            fund_id=fund_id,
            filter=canonical(parse(stated.filter, fields(self.catalogue))),
            order_by=canonical_order(parse_order(stated.order_by, SORTABLE)),
            columns=tuple(stated.columns),
            pinned_revision=stated.mandate_revision or None,
            crossing_score=stated.crossing_score,
            crossing_value=stated.crossing_value + 0.0,  # -0.0 is 0.0
            headroom_below_fen=fen_of(stated, "headroom_below", f"{_PATH}."),
            whole_fund=Sight.of(current_call()).as_staff(session, fund_id),
            created_at=self.house.clock.now(),
        )

    def _once(
        self,
        request: Any,
        action: str,
        request_id: str,
        answer_type: type[M],
        act: Callable[[Session, str], tuple[str, M]],
    ) -> M:
        call = current_call()
        with _in_their_terms(), self.house.database.write() as session:

            def answer() -> M:
                name, made = act(session, call.principal.subject)
                self.house.audit.append(session, entry_of(call, action, name, "done", {}))
                return made

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(session, caller, request_id, request, answer_type, answer)


@contextmanager
def _in_their_terms() -> Iterator[None]:
    """Around what may be refused: by the names of the request's fields."""
    try:
        yield
    except BoleError as error:
        raise error.renamed(_FIELDS) from None


def _may_see(session: Session, sight: Sight, alert: Alert) -> bool:
    if not alert.deal_id:
        search = searches.one(session, alert.search_id, alert.owner)
        return search is not None and sight.knows(session.get_one(Fund, search.fund_id))
    deal = session.get(Deal, alert.deal_id)
    return deal is not None and sight.reads(session, deal)


def _search_to_wire(search: SavedSearch) -> saved_search_pb2.SavedSearch:
    return saved_search_pb2.SavedSearch(
        name=f"savedSearches/{search.id}",
        title=search.title,
        fund=f"funds/{search.fund_id}",
        filter=search.filter,
        order_by=search.order_by,
        columns=search.columns,
        mandate_revision=search.pinned_revision or 0,
        crossing_score=search.crossing_score,
        crossing_value=search.crossing_value,
        headroom_below=yuan(search.headroom_below_fen),
        deal_count=search.deal_count,
        create_time=instant_to_wire(search.created_at),
    )


def _alert_to_wire(alert: Alert) -> saved_search_pb2.ScreeningAlert:
    return saved_search_pb2.ScreeningAlert(
        name=f"screeningAlerts/{alert.id}",
        saved_search=f"savedSearches/{alert.search_id}",
        kind=f"KIND_{alert.kind.name}",
        deal=f"deals/{alert.deal_id}" if alert.deal_id else "",
        before=alert.before,
        after=alert.after,
        text=text_to_wire(alert.text),
        day_date=date_to_wire(alert.day),
        create_time=instant_to_wire(alert.at),
        acknowledge_time=instant_to_wire(alert.acked_at) if alert.acked_at else None,
    )
