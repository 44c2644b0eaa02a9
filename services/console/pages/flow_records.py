"""One record of what comes and goes: training places (培养) and a move (流动), each with what can be done about it."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bole.talent.v1 import (
    move_service_pb2,
    move_service_pb2_grpc,
    training_service_pb2,
    training_service_pb2_grpc,
)
from services.chassis.rpc.failures import Failure
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.called import called
from services.console.web.answering import Desk
from services.console.web.refusals import answered, status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit


def routes(desk: Desk) -> list[Route]:
    """The pages."""
    return [
        Route("/training/{id}", desk.endpoint(training)),
        Route("/training/{id}/cancel", desk.endpoint(cancel), methods=["POST"]),
        Route("/moves/{id}", desk.endpoint(move)),
        Route("/moves/{id}/void", desk.endpoint(void), methods=["POST"]),
    ]


def training(visit: Visit) -> Response:
    """Training places: who trains whom, where they are expected, and who entered that."""
    return _training(visit)


def cancel(visit: Visit) -> Response:
    """Nobody will come of these places."""

    def send() -> Response:
        request = training_service_pb2.CancelTrainingPlaceRequest(**_asked(visit, "trainingPlaces"))
        _places(visit).CancelTrainingPlace(request, timeout=SECONDS)
        return RedirectResponse(f"/training/{visit.part('id')}", 303)

    return answered(send, lambda failure: _training(visit, failure))


def move(visit: Visit) -> Response:
    """A move: from where to where, and who moved for whoever stated a purpose."""
    return _move(visit)


def void(visit: Visit) -> Response:
    """Take a move back that was put down wrongly."""

    def send() -> Response:
        request = move_service_pb2.VoidMoveRequest(**_asked(visit, "moves"))
        _moves(visit).VoidMove(request, timeout=SECONDS)
        return RedirectResponse(f"/moves/{visit.part('id')}", 303)

    return answered(send, lambda failure: _move(visit, failure))


def _training(visit: Visit, failure: Failure | None = None) -> Response:
    name = f"trainingPlaces/{visit.part('id')}"
    request = training_service_pb2.GetTrainingPlaceRequest(name=name)
    found = _places(visit).GetTrainingPlace(request, timeout=SECONDS)
    return _page(visit, "training", found, failure)


def _move(visit: Visit, failure: Failure | None = None) -> Response:
    request = move_service_pb2.GetMoveRequest(name=f"moves/{visit.part('id')}")
    found = _moves(visit).GetMove(request, timeout=SECONDS)
    people = called(visit, [found.person] if found.person else [], visit.purpose)
    return _page(visit, "moves", found, failure, {"who": people.get(found.person)})


def _page(
    visit: Visit, tab: str, found: Any, failure: Failure | None, more: Mapping[str, Any] | None = None
) -> Response:
    return render(
        visit,
        f"flows/one_{tab}.html",
        status_of(failure),
        active="people",
        tab=tab,
        synthetic=origins.is_sample(found),
        found=found,
        id=visit.part("id"),
        request_id=str(uuid4()),
        problem=failure,
        form=visit.form,
        **(more or {}),
    )


def _asked(visit: Visit, collection: str) -> dict[str, Any]:
    """What both requests have."""
    return {
        "name": f"{collection}/{visit.part('id')}",
        "etag": visit.form.get("etag", ""),
        "reason": visit.form.get("reason", ""),
        "request_id": visit.form.get("request_id", "") or str(uuid4()),
    }


def _places(visit: Visit) -> training_service_pb2_grpc.TrainingServiceStub:
    return visit.stub(training_service_pb2_grpc.TrainingServiceStub)


def _moves(visit: Visit) -> move_service_pb2_grpc.MoveServiceStub:
    return visit.stub(move_service_pb2_grpc.MoveServiceStub, visit.purpose)
