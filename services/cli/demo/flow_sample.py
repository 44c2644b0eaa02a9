"""The training places and moves of the sample, by which what comes and goes in the shortage map is not empty."""

from datetime import date

from bole.common.v1 import data_origin_pb2, direction_share_pb2
from bole.talent.v1 import (
    move_pb2,
    move_service_pb2,
    move_service_pb2_grpc,
    training_pb2,
    training_service_pb2,
    training_service_pb2_grpc,
)
from services.chassis.rpc.wire import date_to_wire
from services.cli.demo import sample_people
from services.cli.session import Session
from services.kernel.text import Text, counted
from services.sample.flows import SampleMove, SampleTraining, moves, training

_ORIGIN = data_origin_pb2.DATA_ORIGIN_SYNTHETIC
_WHOLE = 1000


def send(session: Session, profile: str, today: date) -> Text:
    """Record both, take back what was recorded wrongly, and say how many there are."""
    places, planned = list(training(today)), list(moves(sample_people.rows(profile), today))
    for place in places:
        _train(session, place)
    people, made = sample_people.names_of(session, [each.person for each in planned if each.person]), 0
    for move in planned:
        if not move.person or move.person in people:
            _move(session, move, people.get(move.person, ""))
            made += 1
    return Text(
        f"培养名额 {len(places)} 条，人才流动 {made} 条",
        f"{counted(len(places), 'record')} of training places, {counted(made, 'move')}",
    )


def _train(session: Session, each: SampleTraining) -> None:
    stub = training_service_pb2_grpc.TrainingServiceStub(session.channel("talent"))
    place = training_pb2.TrainingPlace(
        source_ref=each.ref,
        provider=each.provider,
        programme=each.programme,
        city_code=each.city,
        direction_code=each.leaf,
        category_code=each.category,
        place_count=each.places,
        start_date=date_to_wire(each.starts),
        completion_date=date_to_wire(each.completes),
        completion_permille=each.completion,
        retention_permille=each.retention,
        origin=_ORIGIN,
    )
    made = stub.CreateTrainingPlace(training_service_pb2.CreateTrainingPlaceRequest(training_place=place))
    if each.cancelled:
        stub.CancelTrainingPlace(
            training_service_pb2.CancelTrainingPlaceRequest(
                name=made.name, etag=made.etag, reason=each.cancelled
            )
        )


def _move(session: Session, each: SampleMove, person: str) -> None:
    stub = move_service_pb2_grpc.MoveServiceStub(session.channel("talent"))
    move = move_pb2.Move(
        source_ref=each.ref,
        person=person,
        category_code=each.category,
        direction_shares=_shares(each.leaf),
        from_city_code=each.from_city,
        to_city_code=each.to_city,
        move_date=date_to_wire(each.day),
        headcount=each.heads,
        reason=f"REASON_{each.reason}",
        origin=_ORIGIN,
    )
    made = stub.CreateMove(move_service_pb2.CreateMoveRequest(move=move))
    if each.voided:
        stub.VoidMove(move_service_pb2.VoidMoveRequest(name=made.name, etag=made.etag, reason=each.voided))


def _shares(leaf: str) -> list[direction_share_pb2.DirectionShare]:
    whole = direction_share_pb2.DirectionShare(code=leaf, permille=_WHOLE)
    return [whole] if leaf else []
