"""`bole training|mobility|hires …`: training places, moves, and hires expected of funded deals."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from google.protobuf.field_mask_pb2 import FieldMask

from bole.talent.v1 import (
    expected_hire_service_pb2,
    expected_hire_service_pb2_grpc,
    move_pb2,
    move_service_pb2_grpc,
    training_pb2,
    training_service_pb2_grpc,
)
from bole.talent.v1 import move_service_pb2 as moving
from bole.talent.v1 import training_service_pb2 as training
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, number
from services.cli.answers.facets import note_facets
from services.cli.answers.searching import words_of
from services.cli.session import Session
from services.cli.workbooks import stated
from services.cli.workbooks.stated import Stated, read_into
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text, counted
from services.wording import codes

TIMEOUT_SECONDS = 30.0
_TRAINING_FACETS = ("industry_code", "city_code", "category_code")
_MOVE_FACETS = ("from_city_code", "to_city_code", "reason")
_PLACE = (
    Column("city", Text("城市", "city")),
    Column("direction", Text("方向", "direction"), wraps=True),
    Column("category", Text("类别", "category")),
)
_TRAINING = (
    Column("provider", Text("培养单位", "provider"), wraps=True),
    *_PLACE,
    Column("places", Text("名额", "places"), right=True),
    Column("completes", Text("完成", "completes")),
    Column("expected", Text("预计到岗", "expected"), right=True, show=number(1)),
    Column("state", Text("状态", "state")),
    Column("id", Text("编号", "resource"), whole=True),
)
_MOVES = (
    Column("day", Text("日期", "day")),
    Column("from", Text("流出", "from")),
    Column("to", Text("流入", "to")),
    Column("heads", Text("人数", "people"), right=True),
    Column("category", Text("类别", "category")),
    Column("directions", Text("方向", "directions"), wraps=True),
    Column("reason", Text("原因", "reason")),
    Column("voided", Text("撤销原因", "taken back"), wraps=True),
    Column("id", Text("编号", "resource"), whole=True),
)
_HIRES = (
    *_PLACE,
    Column("heads", Text("预计", "expected"), right=True, show=number(1)),
    Column("remaining", Text("尚待", "to come"), right=True, show=number(1)),
    Column("until", Text("截止", "until")),
    Column("basis", Text("依据", "basis")),
    Column("deal", Text("项目", "deal"), whole=True),
)
PLACES: Mapping[str, Stated] = {
    "provider": Stated("provider", "培养单位", stated.text),
    "uscc": Stated("provider_uscc", "统一社会信用代码", stated.text),
    "programme": Stated("programme", "专业或项目", stated.text),
    "city": Stated("city_code", "就业城市", stated.resolved("city")),
    "direction": Stated("direction_code", "技术方向", stated.resolved("direction")),
    "category": Stated("category_code", "人才类别", stated.resolved("category")),
    "places": Stated("place_count", "名额", stated.whole(1, 100_000)),
    "starts": Stated("start_date", "开始日期", stated.day),
    "completes": Stated("completion_date", "预计完成日期", stated.day),
    "completion": Stated("completion_permille", "完成率", stated.permille),
    "retention": Stated("retention_permille", "留存率", stated.permille),
}
"""What may be stated of training places on the command line."""


def show_training(session: Session, filter_: str, order_by: str, limit: int) -> None:
    """Training places by filter."""
    stub = training_service_pb2_grpc.TrainingServiceStub(session.channel("talent"))
    request = training.ListTrainingPlacesRequest(filter=filter_, order_by=order_by, page_size=limit)
    found = stub.ListTrainingPlaces(request, timeout=TIMEOUT_SECONDS)
    title = Text(f"培养名额 {found.total_size}", f"{counted(found.total_size, 'record')} of training places")
    session.output.rows(title, _TRAINING, [_training(each, session) for each in found.training_places])


def search_training(session: Session, query: str, filter_: str, order_by: str, limit: int) -> None:
    """Training places by words, then the counts of each dimension."""
    stub = training_service_pb2_grpc.TrainingServiceStub(session.channel("talent"))
    request = training.SearchTrainingPlacesRequest(
        query=words_of(query), filter=filter_, order_by=order_by, page_size=limit, facets=_TRAINING_FACETS
    )
    found = stub.SearchTrainingPlaces(request, timeout=TIMEOUT_SECONDS)
    title = Text(f"培养名额 {found.total_size}", f"{counted(found.total_size, 'record')} of training places")
    session.output.rows(title, _TRAINING, [_training(each, session) for each in found.training_places])
    note_facets(session, found.facets)


def search_moves(session: Session, query: str, filter_: str, order_by: str, limit: int) -> None:
    """Moves by words, then the counts of each dimension."""
    request = moving.SearchMovesRequest(
        query=words_of(query), filter=filter_, order_by=order_by, page_size=limit, facets=_MOVE_FACETS
    )
    found = _moves(session).SearchMoves(request, timeout=TIMEOUT_SECONDS)
    title = Text(f"人才流动 {found.total_size} 条", counted(found.total_size, "move"))
    session.output.rows(title, _MOVES, [_move(each, session) for each in found.moves])
    note_facets(session, found.facets)


def add_training(session: Session, ref: str, given: Sequence[str]) -> None:
    """Record training places. Raises InvalidArgument for what is stated."""
    place = training_pb2.TrainingPlace(source_ref=ref)
    read_into(place, given, PLACES)
    stub = training_service_pb2_grpc.TrainingServiceStub(session.channel("talent"))
    request = training.CreateTrainingPlaceRequest(training_place=place, request_id=str(uuid4()))
    made = stub.CreateTrainingPlace(request, timeout=TIMEOUT_SECONDS)
    session.output.say(_arriving(made))


def change_training(session: Session, name: str, given: Sequence[str]) -> None:
    """Change fields. Raises InvalidArgument for what is stated."""
    stub = training_service_pb2_grpc.TrainingServiceStub(session.channel("talent"))
    now = stub.GetTrainingPlace(training.GetTrainingPlaceRequest(name=name), timeout=TIMEOUT_SECONDS)
    place = training_pb2.TrainingPlace(name=name, etag=now.etag)
    paths = read_into(place, given, PLACES)
    request = training.UpdateTrainingPlaceRequest(
        training_place=place, update_mask=FieldMask(paths=paths), request_id=str(uuid4())
    )
    session.output.say(_arriving(stub.UpdateTrainingPlace(request, timeout=TIMEOUT_SECONDS)))


def cancel_training(session: Session, name: str, reason: str) -> None:
    """Nobody will come of these places."""
    stub = training_service_pb2_grpc.TrainingServiceStub(session.channel("talent"))
    now = stub.GetTrainingPlace(training.GetTrainingPlaceRequest(name=name), timeout=TIMEOUT_SECONDS)
    request = training.CancelTrainingPlaceRequest(
        name=name, etag=now.etag, reason=reason, request_id=str(uuid4())
    )
    stub.CancelTrainingPlace(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已取消，不再计入", f"{name} is cancelled and counts no more"))


def show_moves(session: Session, filter_: str, order_by: str, limit: int) -> None:
    """Moves by filter, the newest first."""
    request = moving.ListMovesRequest(filter=filter_, order_by=order_by, page_size=limit)
    found = _moves(session).ListMoves(request, timeout=TIMEOUT_SECONDS)
    title = Text(f"人才流动 {found.total_size} 条", counted(found.total_size, "move"))
    session.output.rows(title, _MOVES, [_move(each, session) for each in found.moves])


def record_move(
    session: Session, person: str, from_city: str, to_city: str, day: date, reason: str, note: str
) -> None:
    """A person of the library moved. Raises InvalidArgument (UNKNOWN_REASON)."""
    move = move_pb2.Move(
        person=person,
        from_city_code=wording.place(from_city),
        to_city_code=wording.place(to_city) if to_city else "",
        move_date=date_to_wire(day),
        reason=_reason(reason),
        note=note,
    )
    request = moving.CreateMoveRequest(move=move, request_id=str(uuid4()))
    made = _moves(session).CreateMove(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"已登记 {made.name}", f"recorded {made.name}"))


def void_move(session: Session, name: str, reason: str) -> None:
    """Take a record back."""
    stub = _moves(session)
    now = stub.GetMove(moving.GetMoveRequest(name=name), timeout=TIMEOUT_SECONDS)
    request = moving.VoidMoveRequest(name=name, etag=now.etag, reason=reason, request_id=str(uuid4()))
    stub.VoidMove(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已撤销", f"{name} is taken back"))


def show_hires(session: Session, filter_: str, order_by: str, limit: int) -> None:
    """What funded deals are expected to hire."""
    stub = expected_hire_service_pb2_grpc.ExpectedHireServiceStub(session.channel("talent"))
    request = expected_hire_service_pb2.ListExpectedHiresRequest(
        filter=filter_, order_by=order_by, page_size=limit
    )
    found = stub.ListExpectedHires(request, timeout=TIMEOUT_SECONDS)
    title = Text(f"投资带动用人 {found.total_size} 项", f"{found.total_size} expected hires of funded deals")
    session.output.rows(title, _HIRES, [_hire(each, session) for each in found.expected_hires])


def _arriving(place: training_pb2.TrainingPlace) -> Text:
    return Text(
        f"{place.name}：名额 {place.place_count}，预计到岗 {place.expected_arrivals:.1f} 人",
        f"{place.name}: {counted(place.place_count, 'place')}, {place.expected_arrivals:.1f} people expected",
    )


def _moves(session: Session) -> move_service_pb2_grpc.MoveServiceStub:
    return move_service_pb2_grpc.MoveServiceStub(session.channel("talent"))


def _training(each: training_pb2.TrainingPlace, session: Session) -> dict[str, Any]:
    state = training_pb2.TrainingPlace.State.Name(each.state)
    return {
        "provider": each.provider,
        **_place(each, session),
        "places": each.place_count,
        "completes": date_from_wire(each.completion_date).isoformat(),
        "expected": each.expected_arrivals,
        "state": codes.TRAINING_STATES[state].to(session.language),
        "id": each.name,
        "origin": wording.origin(each.origin),
    }


def _move(each: move_pb2.Move, session: Session) -> dict[str, Any]:
    language = session.language
    return {
        "day": date_from_wire(each.move_date).isoformat(),
        "from": wording.city(each.from_city_code, language),
        "to": wording.city(each.to_city_code, language) if each.to_city_code else "",
        "heads": each.headcount,
        "category": wording.category(each.category_code, language),
        "directions": [wording.direction(share.code, language) for share in each.direction_shares],
        "reason": codes.MOVE_REASONS[move_pb2.Move.Reason.Name(each.reason)].to(language),
        "voided": each.void_reason,
        "id": each.name,
        "origin": wording.origin(each.origin),
    }


def _hire(each: expected_hire_service_pb2.ExpectedHire, session: Session) -> dict[str, Any]:
    basis = expected_hire_service_pb2.ExpectedHire.Basis.Name(each.basis)
    return {
        **_place(each, session),
        "heads": each.headcount,
        "remaining": each.remaining_headcount,
        "until": date_from_wire(each.end_date).isoformat(),
        "basis": codes.HIRE_BASES[basis].to(session.language),
        "deal": each.deal,
        "origin": wording.origin(each.origin),
    }


def _place(each: Any, session: Session) -> dict[str, Any]:
    return {
        "city": wording.city(each.city_code, session.language),
        "direction": wording.direction(each.direction_code, session.language),
        "category": wording.category(each.category_code, session.language),
    }


def _reason(word: str) -> str:
    known = {each.removeprefix("REASON_").lower(): each for each in move_pb2.Move.Reason.keys()[1:]}
    if word and word.lower() not in known:
        listed = ", ".join(known)
        raise InvalidArgument.field(
            "--reason",
            "UNKNOWN_REASON",
            f"没有原因“{word}”，可用：{listed}",
            f"no reason {word!r}; use {listed}",
        )
    return known[word.lower()] if word else "REASON_UNSPECIFIED"
