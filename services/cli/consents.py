"""`bole consent …`: what people allow, and who looked at them."""

from collections.abc import Sequence
from uuid import uuid4

from bole.talent.v1 import consent_service_pb2 as service
from bole.talent.v1 import consent_service_pb2_grpc, person_pb2
from services.chassis.rpc.wire import instant_from_wire
from services.cli import people
from services.cli.columns import Column, tick
from services.cli.people import TIMEOUT_SECONDS
from services.cli.session import Session
from services.kernel.clock import CIVIL_ZONE
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

_KINDS = {
    service.CONSENT_KIND_GIVEN: Text("同意", "given"),
    service.CONSENT_KIND_WITHDRAWN: Text("撤回", "withdrawn"),
    service.CONSENT_KIND_ANNULLED: Text("作废", "annulled"),
}
_BASES = {
    service.CONSENT_BASIS_CONSENT: Text("本人同意", "consent"),
    service.CONSENT_BASIS_STATUTORY_DUTY: Text("法定职责", "statutory duty"),
}
_USES = {
    "match-position": (person_pb2.CONSENT_PURPOSE_MATCH_POSITION, Text("人岗匹配", "matching positions")),
    "match-firm": (person_pb2.CONSENT_PURPOSE_MATCH_FIRM, Text("人企匹配", "matching firms")),
    "statistics": (person_pb2.CONSENT_PURPOSE_STATISTICS, Text("统计", "statistics")),
}
_ENTRY_COLUMNS = (
    Column("number", Text("序号", "no."), right=True),
    Column("kind", Text("事项", "entry")),
    Column("purposes", Text("用途", "uses"), wraps=True),
    Column("basis", Text("依据", "basis")),
    Column("effective", Text("生效时间", "said at")),
    Column("document", Text("文件", "document"), wraps=True),
    Column("author", Text("登记人", "entered by")),
)
_LOOK_COLUMNS = (
    Column("time", Text("时间", "time")),
    Column("actor", Text("账号", "account")),
    Column("action", Text("事项", "action")),
    Column("purpose", Text("目的", "purpose")),
    Column("fields", Text("所见字段", "fields shown"), wraps=True),
    Column("count", Text("同次人数", "records"), right=True),
    Column("bulk", Text("批量", "bulk"), show=tick),
    Column("number", Text("审计号", "audit no."), right=True),
)
_ANOMALY_COLUMNS = (
    Column("day", Text("日期", "day")),
    Column("actor", Text("账号", "account")),
    Column("calls", Text("次数", "answers"), right=True),
    Column("records", Text("人次", "records"), right=True),
    Column("largest", Text("单次最多", "most at once"), right=True),
)


def stub(session: Session) -> consent_service_pb2_grpc.ConsentServiceStub:
    """The ledger."""
    return consent_service_pb2_grpc.ConsentServiceStub(session.channel("talent"))


def show(session: Session, name: str) -> None:
    """The ledger, and what follows from it."""
    request = service.ListConsentEntriesRequest(parent=name)
    found = stub(session).ListConsentEntries(request, timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "number": each.number,
            "kind": _KINDS[each.kind].to(session.language),
            "purposes": _uses(session, each.purposes),
            "basis": _BASES[each.basis].to(session.language),
            "effective": _moment(each.effective_time),
            "document": each.document,
            "author": each.author,
        }
        for each in found.entries
    ]
    session.output.rows(Text(f"{name} 的同意台账", f"consent ledger of {name}"), _ENTRY_COLUMNS, rows)
    allowed = "、".join(_uses(session, found.purposes)) or "—"
    session.output.note(Text(f"现可用于：{allowed}", f"allowed now: {allowed}").to(session.language))


def record(session: Session, name: str, kind: str, uses: Sequence[str], document: str, *, duty: bool) -> None:
    """Give or take back uses. Raises InvalidArgument (UNKNOWN_PURPOSE)."""
    known = "、".join(_USES)
    for each in uses:
        if each not in _USES:
            raise InvalidArgument.field(
                "USES",
                "UNKNOWN_PURPOSE",
                f"没有用途“{each}”，可选：{known}",
                f"{each!r} is not one of {known}",
            )
    request = service.RecordConsentRequest(
        name=name,
        etag=people.get(session, name).etag,
        kind=f"CONSENT_KIND_{kind}",
        purposes=[_USES[each][0] for each in uses],
        basis=service.CONSENT_BASIS_STATUTORY_DUTY if duty else service.CONSENT_BASIS_CONSENT,
        document=document,
        request_id=str(uuid4()),
    )
    now = stub(session).RecordConsent(request, timeout=TIMEOUT_SECONDS)
    allowed = "、".join(_uses(session, now.purposes)) or "—"
    session.output.say(Text(f"已登记；{name} 现可用于：{allowed}", f"recorded; {name} now allows: {allowed}"))


def show_looks(session: Session, name: str, limit: int) -> None:
    """Who looked, newest first."""
    request = service.ListPersonLookupsRequest(parent=name, page_size=limit)
    found = stub(session).ListPersonLookups(request, timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "time": _moment(each.time),
            "actor": each.actor,
            "action": each.action,
            "purpose": each.purpose,
            "fields": list(each.fields),
            "count": each.record_count or None,
            "bulk": each.bulk,
            "number": each.audit_number,
        }
        for each in found.lookups
    ]
    session.output.rows(
        Text(f"谁查看或修改过 {name}", f"who looked at or changed {name}"), _LOOK_COLUMNS, rows
    )


def show_anomalies(session: Session, days: int) -> None:
    """Accounts over a limit."""
    request = service.ListLookupAnomaliesRequest(days=days)
    found = stub(session).ListLookupAnomalies(request, timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "day": each.day,
            "actor": each.actor,
            "calls": each.call_count,
            "records": each.record_count,
            "largest": each.largest_count,
        }
        for each in found.anomalies
    ]
    title = Text(
        f"单次 {found.bulk_answer} 人或单日 {found.bulk_day} 人次以上",
        f"{found.bulk_answer} records at once or {found.bulk_day} on a day",
    )
    session.output.rows(title, _ANOMALY_COLUMNS, rows)


def _uses(session: Session, numbers: Sequence[int]) -> list[str]:
    words: dict[int, Text] = dict(_USES.values())
    return [words[each].to(session.language) for each in numbers]


def _moment(stamp: object) -> str:
    return f"{instant_from_wire(stamp).astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M}"  # type: ignore[arg-type]
