"""TrainingService: training places."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import training_pb2, training_service_pb2_grpc
from bole.talent.v1 import training_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.masks import apply_mask
from services.chassis.rpc.wire import check_etag, date_from_wire, date_to_wire, etag_of, instant_to_wire
from services.chassis.storage.listing import Query
from services.talent.domain.flows.training import TrainingFacts, TrainingPlace
from services.talent.events import origin_to_wire
from services.talent.rpc.changing import changed_once
from services.talent.rpc.people.persons import require_city
from services.talent.rpc.wire import id_of, origin_from_wire, search_query
from services.talent.service.finding.flow_search import FlowSearch
from services.talent.service.people.training import Training
from services.talent.store.imports.imports import import_that_made

_FIELDS = {
    "ref": "training_place.source_ref",
    "provider": "training_place.provider",
    "provider_code": "training_place.provider_uscc",
    "programme": "training_place.programme",
    "city": "training_place.city_code",
    "leaf": "training_place.direction_code",
    "category": "training_place.category_code",
    "places": "training_place.place_count",
    "starts": "training_place.start_date",
    "completes": "training_place.completion_date",
    "completion": "training_place.completion_permille",
    "retention": "training_place.retention_permille",
}
_MICRO = 1_000_000


@dataclass(frozen=True)
class TrainingRoom(training_service_pb2_grpc.TrainingServiceServicer):
    """The servicer."""

    house: House
    training: Training
    search: FlowSearch

    def GetTrainingPlace(
        self, request: wire.GetTrainingPlaceRequest, context: Any
    ) -> training_pb2.TrainingPlace:
        """One record."""
        with self.house.database.read() as session:
            found = self.training.get(session, id_of(request.name, "trainingPlaces"))
            made = place_to_wire(found)
            made.import_name = import_that_made(session, "training", found.id, found.created_at)
            return made

    def ListTrainingPlaces(
        self, request: wire.ListTrainingPlacesRequest, context: Any
    ) -> wire.ListTrainingPlacesResponse:
        """Records by filter."""
        call = current_call()
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        with self.house.database.read() as session:
            page = self.search.places.page(
                session, TrainingPlace, query, self.house.pages, call.principal.subject
            )
        return wire.ListTrainingPlacesResponse(
            training_places=[place_to_wire(each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def SearchTrainingPlaces(
        self, request: wire.SearchTrainingPlacesRequest, context: Any
    ) -> wire.SearchTrainingPlacesResponse:
        """Records by words and filter, with facets."""
        subject, query = current_call().principal.subject, search_query(request)
        with self.house.database.read() as session:
            page, facets = self.search.find_places(session, query, request.query, request.facets, subject)
        return wire.SearchTrainingPlacesResponse(
            training_places=[place_to_wire(each) for each in page.items],
            facets=facets,
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def CreateTrainingPlace(
        self, request: wire.CreateTrainingPlaceRequest, context: Any
    ) -> training_pb2.TrainingPlace:
        """Record places."""
        call, given = current_call(), request.training_place
        require_city(call, given.city_code)
        return self._once(
            call,
            "create",
            request,
            lambda session: self.training.register(
                session, _facts(given), origin_from_wire(given.origin), call.principal.subject
            ),
        )

    def UpdateTrainingPlace(
        self, request: wire.UpdateTrainingPlaceRequest, context: Any
    ) -> training_pb2.TrainingPlace:
        """Change fields."""
        call, given = current_call(), request.training_place

        def act(session: Session) -> TrainingPlace:
            place = self._mine(session, call, given.name, given.etag, "training_place.")
            merged = place_to_wire(place)
            apply_mask(request.update_mask, given, merged)
            require_city(call, merged.city_code)
            self.training.revise(session, place, _facts(merged))
            return place

        return self._once(call, "update", request, act)

    def CancelTrainingPlace(
        self, request: wire.CancelTrainingPlaceRequest, context: Any
    ) -> training_pb2.TrainingPlace:
        """Nobody will come."""
        call = current_call()

        def act(session: Session) -> TrainingPlace:
            place = self._mine(session, call, request.name, request.etag)
            self.training.cancel(session, place, request.reason, call.principal.subject)
            return place

        return self._once(call, "cancel", request, act)

    def _mine(self, session: Session, call: Call, name: str, etag: str, prefix: str = "") -> TrainingPlace:
        place = self.training.get(session, id_of(name, "trainingPlaces", field=f"{prefix}name"))
        require_city(call, place.city)
        check_etag(etag, place.version, name, field=f"{prefix}etag")
        return place

    def _once(
        self, call: Call, action: str, request: Any, act: Callable[[Session], TrainingPlace]
    ) -> training_pb2.TrainingPlace:
        return changed_once(
            self.house, call, action, request, training_pb2.TrainingPlace, act, place_to_wire, _FIELDS
        )


def _facts(place: training_pb2.TrainingPlace) -> TrainingFacts:
    return TrainingFacts(
        ref=place.source_ref,
        provider=place.provider,
        provider_code=place.provider_uscc,
        programme=place.programme,
        city=place.city_code,
        leaf=place.direction_code,
        category=place.category_code,
        places=place.place_count,
        starts=date_from_wire(place.start_date),
        completes=date_from_wire(place.completion_date),
        completion=place.completion_permille,
        retention=place.retention_permille,
    )


def place_to_wire(place: TrainingPlace) -> training_pb2.TrainingPlace:
    """Training places as the contract has them."""
    return training_pb2.TrainingPlace(
        name=f"trainingPlaces/{place.id}",
        etag=etag_of(place.version),
        state=f"STATE_{place.status.name}",
        source_ref=place.ref,
        provider=place.provider,
        provider_uscc=place.provider_code,
        programme=place.programme,
        city_code=place.city,
        direction_code=place.leaf,
        category_code=place.category,
        place_count=place.places,
        start_date=date_to_wire(place.starts),
        completion_date=date_to_wire(place.completes),
        completion_permille=place.completion,
        retention_permille=place.retention,
        expected_arrivals=place.expected_micro / _MICRO,
        origin=origin_to_wire(place.origin),
        create_time=instant_to_wire(place.created_at),
        update_time=instant_to_wire(place.updated_at),
        cancel_reason=place.status_reason,
        cancelled_by=place.status_by,
        recorded_by=place.actor,
    )
