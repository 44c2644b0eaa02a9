"""The life of a position on the command line: changed, renewed, filled, closed, reopened."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from google.protobuf.field_mask_pb2 import FieldMask

from bole.talent.v1 import position_pb2
from bole.talent.v1 import position_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.cli.talent.positions import TIMEOUT_SECONDS, stub
from services.cli.workbooks import stated
from services.cli.workbooks.stated import Stated, read_into, require
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.wording import codes

Kind = position_pb2.PositionOutcome.Kind
_COLUMNS = (
    Column("day", Text("日期", "day")),
    Column("kind", Text("结果", "outcome")),
    Column("heads", Text("人数", "heads"), right=True),
    Column("person", Text("人才", "person"), whole=True),
    Column("skill", Text("缺失技能", "missing skill"), wraps=True),
    Column("note", Text("备注", "note"), wraps=True),
    Column("voided", Text("撤销原因", "taken back"), wraps=True),
    Column("id", Text("编号", "resource"), whole=True),
)


FACTS: Mapping[str, Stated] = {
    "title": Stated("title", "岗位名称", stated.text),
    "employer": Stated("employer", "单位名称", stated.text),
    "uscc": Stated("employer_uscc", "统一社会信用代码", stated.text),
    "city": Stated("city_code", "所在城市", stated.resolved("city")),
    "direction": Stated("direction_code", "技术方向", stated.resolved("direction")),
    "category": Stated("category_code", "人才类别", stated.resolved("category")),
    "headcount": Stated("headcount", "需求人数", stated.whole(1, 10_000)),
    "opened": Stated("opened_date", "发布日期", stated.day),
    "requirement": Stated("requirement", "岗位要求", stated.text),
}
"""What may be stated of a position on the command line."""
_REQUIRED = ("title", "employer", "city", "direction", "category", "headcount")


def get(session: Session, name: str) -> position_pb2.Position:
    """One position."""
    return stub(session).GetPosition(service.GetPositionRequest(name=name), timeout=TIMEOUT_SECONDS)


def publish(session: Session, ref: str, given: Sequence[str]) -> None:
    """Publish a position. Raises InvalidArgument for what is stated."""
    position = position_pb2.Position(source_ref=ref, opened_date=date_to_wire(civil_date(datetime.now(UTC))))
    read_into(position, given, FACTS)
    require(position, FACTS, *_REQUIRED)
    request = service.CreatePositionRequest(position=position, request_id=str(uuid4()))
    _say(session, stub(session).CreatePosition(request, timeout=TIMEOUT_SECONDS))


def change(session: Session, name: str, given: Sequence[str]) -> None:
    """Change fields. Raises InvalidArgument for what is stated."""
    wanted = position_pb2.Position(name=name, etag=get(session, name).etag)
    paths = read_into(wanted, given, FACTS)
    request = service.UpdatePositionRequest(
        position=wanted, update_mask=FieldMask(paths=paths), request_id=str(uuid4())
    )
    _say(session, stub(session).UpdatePosition(request, timeout=TIMEOUT_SECONDS))


def renew(session: Session, name: str) -> None:
    """180 more days."""
    request = service.RenewPositionRequest(name=name, etag=get(session, name).etag, request_id=str(uuid4()))
    renewed = stub(session).RenewPosition(request, timeout=TIMEOUT_SECONDS)
    last = date_from_wire(renewed.expire_date) if renewed.HasField("expire_date") else "—"
    session.output.say(Text(f"{name} 已续期，至 {last} 有效", f"{name} is renewed and counts until {last}"))


def fill(session: Session, name: str, heads: int, person: str, day: date | None, note: str) -> None:
    """Record that people have started: one of the library, or so many others."""
    outcome = position_pb2.PositionOutcome(
        kind=Kind.KIND_FILLED_FROM_LIBRARY if person else Kind.KIND_FILLED_ELSEWHERE,
        headcount=heads,
        person=person,
        note=note,
        outcome_date=date_to_wire(day) if day else None,
    )
    request = service.CreatePositionOutcomeRequest(
        parent=name, outcome=outcome, etag=get(session, name).etag, request_id=str(uuid4())
    )
    made = stub(session).CreatePositionOutcome(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"已登记 {made.name}", f"recorded {made.name}"))


def refuse(session: Session, name: str, skill: str, person: str, day: date | None, note: str) -> None:
    """Record that somebody was proposed and not taken."""
    outcome = position_pb2.PositionOutcome(
        kind=Kind.KIND_PROPOSAL_REFUSED,
        person=person,
        note=note,
        missing_skill=skill,
        outcome_date=date_to_wire(day) if day else None,
    )
    request = service.CreatePositionOutcomeRequest(
        parent=name, outcome=outcome, etag=get(session, name).etag, request_id=str(uuid4())
    )
    made = stub(session).CreatePositionOutcome(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"已登记 {made.name}", f"recorded {made.name}"))


def void(session: Session, name: str, reason: str) -> None:
    """Take a record of a fill back."""
    position = get(session, name.partition("/outcomes/")[0])
    request = service.VoidPositionOutcomeRequest(
        name=name, etag=position.etag, reason=reason, request_id=str(uuid4())
    )
    stub(session).VoidPositionOutcome(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已撤销", f"{name} is taken back"))


def close(session: Session, name: str, outcome: str, filled: int | None, person: str, reason: str) -> None:
    """End the search. Raises InvalidArgument (UNKNOWN_OUTCOME)."""
    kinds = {each.removeprefix("KIND_").lower(): each for each in Kind.keys()[1:4]}
    kinds[""] = Kind.Name(Kind.KIND_UNSPECIFIED)
    if outcome.lower() not in kinds:
        known = ", ".join(each for each in kinds if each)
        raise InvalidArgument.field(
            "--outcome",
            "UNKNOWN_OUTCOME",
            f"没有结果“{outcome}”，可用：{known}",
            f"no outcome {outcome!r}; use {known}",
        )
    request = service.ClosePositionRequest(
        name=name,
        etag=get(session, name).etag,
        outcome=kinds[outcome.lower()],
        filled_count=filled,
        person=person,
        reason=reason,
        request_id=str(uuid4()),
    )
    _say(session, stub(session).ClosePosition(request, timeout=TIMEOUT_SECONDS))


def reopen(session: Session, name: str, reason: str) -> None:
    """Look for people again."""
    request = service.ReopenPositionRequest(
        name=name, etag=get(session, name).etag, reason=reason, request_id=str(uuid4())
    )
    _say(session, stub(session).ReopenPosition(request, timeout=TIMEOUT_SECONDS))


def show_outcomes(session: Session, name: str, limit: int) -> None:
    """How heads were filled, newest first."""
    request = service.ListPositionOutcomesRequest(parent=name, page_size=limit)
    found = stub(session).ListPositionOutcomes(request, timeout=TIMEOUT_SECONDS)
    rows = [_row(each, session) for each in found.outcomes]
    session.output.rows(Text(f"{name} 的结果", f"outcomes of {name}"), _COLUMNS, rows)


def _row(outcome: position_pb2.PositionOutcome, session: Session) -> dict[str, Any]:
    return {
        "day": date_from_wire(outcome.outcome_date).isoformat(),
        "kind": codes.OUTCOME_KINDS[Kind.Name(outcome.kind)].to(session.language),
        "heads": outcome.headcount,
        "person": outcome.person,
        "skill": outcome.missing_skill,
        "note": outcome.note,
        "voided": outcome.void_reason,
        "id": outcome.name,
    }


def _say(session: Session, position: position_pb2.Position) -> None:
    state = position_pb2.Position.State.Name(position.state)
    word = codes.POSITION_STATES[state]
    left = position.headcount - position.filled_count
    session.output.say(
        Text(
            f"{position.name}：{word.zh}，需求 {position.headcount}，尚缺 {left}",
            f"{position.name}: {word.en}, {position.headcount} wanted, {left} left",
        )
    )
