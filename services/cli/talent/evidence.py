"""`bole evidence …` and `bole target progress`: the evidence register and the policy's goals."""

from datetime import date
from typing import Any
from uuid import uuid4

from bole.talent.v1 import evidence_pb2, evidence_service_pb2_grpc
from bole.talent.v1 import evidence_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, number
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language, Text, counted
from services.wording import library
from services.wording.chances import in_hundredths

TIMEOUT_SECONDS = 30.0
PAGE = 500
_RECORDS = (
    Column("ref", Text("来源编号", "ref")),
    Column("kind", Text("类别", "kind")),
    Column("title", Text("名称", "title"), wraps=True),
    Column("type", Text("类型", "type")),
    Column("city", Text("城市", "city")),
    Column("industry", Text("产业", "industry")),
    Column("approved", Text("批准", "approved")),
    Column("opened", Text("启用", "opened")),
    Column("closed", Text("关闭", "closed")),
    Column("document", Text("文件", "document"), wraps=True),
    Column("department", Text("确认部门", "department")),
    Column("state", Text("状态", "state")),
    Column("hands", Text("录入/确认", "hands")),
    Column("id", Text("编号", "resource"), whole=True),
)
_SHOWN = (
    Column("ref", Text("来源编号", "ref"), wraps=True),
    Column("kind", Text("类别", "kind"), wraps=True),
    Column("title", Text("名称", "title"), wraps=True),
    Column("place", Text("城市与产业", "city, industry"), wraps=True),
    Column("dates", Text("日期", "days"), wraps=True),
    Column("proof", Text("文件与确认部门", "document, department"), wraps=True),
    Column("standing", Text("状态与经手人", "state, hands"), wraps=True),
    Column("id", Text("编号", "record"), below=True),
)
"""The same for people: what belongs together in one column."""
_GOALS = (
    Column("target", Text("目标", "goal"), below=True),
    Column("text", Text("内容", "text"), wraps=True),
    Column("value", Text("目标值", "value"), right=True),
    Column("actual", Text("现状", "actual"), right=True),
    Column("due", Text("期限", "due")),
    Column("needed", Text("需/年", "needed"), right=True, show=number(1)),
    Column("seen", Text("实/年", "seen"), right=True, show=number(1)),
    Column("probability", Text("概率", "P"), right=True, show=lambda value, _: in_hundredths(value)),
    Column("light", Text("灯", "light")),
    Column("reached", Text("达成日", "reached")),
    Column("evidence", Text("佐证", "evidence"), right=True),
)


def stub(session: Session) -> evidence_service_pb2_grpc.EvidenceServiceStub:
    """The evidence register."""
    return evidence_service_pb2_grpc.EvidenceServiceStub(session.channel("talent"))


def kind_of(name: str) -> int:
    """The number of a kind by its name in any case. Raises InvalidArgument with the names."""
    wanted = name.strip().upper().replace("-", "_")
    if wanted not in library.EVIDENCE_KINDS:
        known = ", ".join(each.lower() for each in library.EVIDENCE_KINDS)
        raise InvalidArgument.field(
            "--kind", "KIND_UNKNOWN", f"没有类别“{name}”，可用：{known}", f"no kind {name!r}; use {known}"
        )
    return evidence_pb2.EvidenceKind.Value(f"EVIDENCE_KIND_{wanted}")


def show_list(session: Session, filter_: str, order_by: str, limit: int) -> None:
    """Records by filter, read page by page."""
    rows: list[dict[str, Any]] = []
    token, total = "", 0
    while len(rows) < limit:
        request = service.ListEvidenceRecordsRequest(
            filter=filter_, order_by=order_by, page_size=min(PAGE, limit - len(rows)), page_token=token
        )
        found = stub(session).ListEvidenceRecords(request, timeout=TIMEOUT_SECONDS)
        rows += [_record(each, session.language) for each in found.records]
        token, total = found.next_page_token, found.total_size
        if not token:
            break
    _rows(session, Text(f"佐证台账 {total}", f"{counted(total, 'record')} of evidence"), rows)


def add(session: Session, kind: str, values: dict[str, Any], days: dict[str, date | None]) -> None:
    """Enter a record. Raises InvalidArgument for an unknown kind."""
    record = evidence_pb2.EvidenceRecord(kind=kind_of(kind), **values)  # type: ignore[arg-type]
    for name, day in days.items():
        if day is not None:
            getattr(record, name).CopyFrom(date_to_wire(day))
    request = service.CreateEvidenceRecordRequest(evidence_record=record, request_id=str(uuid4()))
    _show(session, stub(session).CreateEvidenceRecord(request, timeout=TIMEOUT_SECONDS))


def edit(session: Session, name: str, values: dict[str, Any], days: dict[str, date | None]) -> None:
    """Change the fields that are given. Raises InvalidArgument if none is."""
    given = {field: value for field, value in values.items() if value is not None}
    known = {field: day for field, day in days.items() if day is not None}
    if not given and not known:
        raise InvalidArgument.field(
            "--title", "NOTHING_GIVEN", "请给出要更正的字段", "say which fields to change, and to what"
        )
    record = evidence_pb2.EvidenceRecord(name=name, etag=_etag(session, name), **given)
    for field, day in known.items():
        getattr(record, field).CopyFrom(date_to_wire(day))
    request = service.UpdateEvidenceRecordRequest(evidence_record=record, request_id=str(uuid4()))
    request.update_mask.paths.extend([*given, *known])
    _show(session, stub(session).UpdateEvidenceRecord(request, timeout=TIMEOUT_SECONDS))


def confirm(session: Session, name: str) -> None:
    """Let a record count."""
    request = service.ConfirmEvidenceRecordRequest(
        name=name, etag=_etag(session, name), request_id=str(uuid4())
    )
    _show(session, stub(session).ConfirmEvidenceRecord(request, timeout=TIMEOUT_SECONDS))


def void(session: Session, name: str, reason: str) -> None:
    """Take a record back."""
    request = service.VoidEvidenceRecordRequest(
        name=name, etag=_etag(session, name), reason=reason, request_id=str(uuid4())
    )
    _show(session, stub(session).VoidEvidenceRecord(request, timeout=TIMEOUT_SECONDS))


def delete(session: Session, name: str) -> None:
    """Delete a record that was never confirmed."""
    request = service.DeleteEvidenceRecordRequest(
        name=name, etag=_etag(session, name), request_id=str(uuid4())
    )
    stub(session).DeleteEvidenceRecord(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已删除", f"{name} is deleted"))


def show_progress(session: Session, target: str, day: date | None) -> None:
    """How far the goals have come; of a single goal also its records."""
    request = service.ListTargetProgressRequest(target=target)
    if day is not None:
        request.as_of_date.CopyFrom(date_to_wire(day))
    found = stub(session).ListTargetProgress(request, timeout=TIMEOUT_SECONDS)
    at = date_from_wire(found.as_of_date)
    rows = [_goal(each, session.language) for each in found.targets]
    rules = [
        Text(f"{each.target}：{each.rule.zh}", f"{each.target}: {each.rule.en}") for each in found.targets
    ]
    note = Text(found.method_note.zh, found.method_note.en)
    title = Text(f"目标进度（{at}）", f"progress of goals ({at})")
    session.output.rows(
        title, _GOALS, rows, above=[*(each for each in rules if not each.zh.endswith("：")), note]
    )
    for each in found.targets if target else ():
        for name in each.counted:
            session.output.note(f"  ✓ {name}")
        for other in each.uncounted:
            session.output.note(f"  ✗ {other.record}  {wording.say(other.reason, session.language)}")


def _etag(session: Session, name: str) -> str:
    request = service.GetEvidenceRecordRequest(name=name)
    return str(stub(session).GetEvidenceRecord(request, timeout=TIMEOUT_SECONDS).etag)


def _show(session: Session, record: evidence_pb2.EvidenceRecord) -> None:
    _rows(session, Text("佐证记录", "record of evidence"), [_record(record, session.language)])


def _rows(session: Session, title: Text, rows: list[dict[str, Any]]) -> None:
    if not session.output.for_people:
        session.output.rows(title, _RECORDS, rows)
        return
    days = {
        "approved": Text("批准", "approved"),
        "opened": Text("启用", "opened"),
        "closed": Text("关闭", "closed"),
    }
    told = [
        {
            **row,
            "kind": _said(row, "kind", "type"),
            "place": _said(row, "city", "industry"),
            "dates": [f"{word.to(session.language)} {row[key]}" for key, word in days.items() if row[key]],
            "proof": [*_said(row, "document"), *_departments(row, session.language)],
            "standing": _said(row, "state", "hands"),
        }
        for row in rows
    ]
    session.output.rows(title, _SHOWN, told)


def _departments(row: dict[str, Any], language: Language) -> list[str]:
    return [wording.department(code, language) for code in _said(row, "department")]


def _said(row: dict[str, Any], *keys: str) -> list[str]:
    return [str(row[key]) for key in keys if row[key]]


def _record(record: evidence_pb2.EvidenceRecord, language: Language) -> dict[str, Any]:
    kind = evidence_pb2.EvidenceKind.Name(record.kind).removeprefix("EVIDENCE_KIND_")
    state = evidence_pb2.EvidenceRecord.State.Name(record.state).removeprefix("STATE_")
    return {
        "id": record.name,
        "ref": record.source_ref,
        "kind": library.EVIDENCE_KINDS[kind].to(language),
        "title": record.title or record.subject,
        "type": record.type_code,
        "city": wording.city(record.city_code, language),
        "industry": wording.industry(record.industry_code, language) if record.industry_code else "",
        "approved": _day(record, "approved_date"),
        "opened": _day(record, "opened_date"),
        "closed": _day(record, "closed_date"),
        "document": record.document,
        "department": record.department_code,
        "state": library.EVIDENCE_STATES[state].to(language),
        "hands": "/".join(each for each in (record.entered_by, record.confirmed_by) if each),
        "origin": wording.origin(record.origin),
    }


def _goal(goal: evidence_pb2.TargetProgress, language: Language) -> dict[str, Any]:
    numbers = {
        "value": "value",
        "actual": "actual",
        "needed": "pace_needed",
        "seen": "pace_seen",
        "probability": "probability",
    }
    light = evidence_pb2.TargetProgress.Light.Name(goal.light).removeprefix("LIGHT_")
    return {
        "target": goal.target,
        "text": wording.say(goal.text, language),
        **{key: getattr(goal, name) if goal.HasField(name) else None for key, name in numbers.items()},
        "due": _day(goal, "due_date"),
        "light": library.TARGET_LIGHTS[light].to(language),
        "reached": _day(goal, "reached_date"),
        "evidence": len(goal.counted),
    }


def _day(message: Any, name: str) -> str | None:
    return date_from_wire(getattr(message, name)).isoformat() if message.HasField(name) else None
