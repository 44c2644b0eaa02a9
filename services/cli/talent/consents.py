"""`bole consent …`: what people allow, and who looked at them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from bole.talent.v1 import consent_service_pb2 as service
from bole.talent.v1 import consent_service_pb2_grpc, person_pb2
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.session import Session
from services.cli.talent import people
from services.cli.talent.people import TIMEOUT_SECONDS
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language, Text
from services.wording import library, persons

_USES = {code.lower().replace("_", "-"): code for code in library.CONSENT_PURPOSES}
"""What a record may be used for, as it is written on the command line."""
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
    Column(
        "action", Text("事项", "action"), show=lambda code, language: _word(library.ACTIONS, code, language)
    ),
    Column("purpose", Text("目的", "purpose"), show=wording.purpose),
    Column(
        "fields",
        Text("所见字段", "fields shown"),
        wraps=True,
        show=lambda names, language: persons.listed(names, language),
    ),
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
            "kind": _said(session, library.CONSENT_KINDS, service.ConsentKind, each.kind),
            "purposes": _uses(session, each.purposes),
            "basis": _said(session, library.CONSENT_BASES, service.ConsentBasis, each.basis),
            "effective": wording.minute(each.effective_time),
            "document": each.document,
            "author": each.author,
        }
        for each in found.entries
    ]
    session.output.rows(
        Text(f"{name} 的同意台账", f"consent ledger of {name}"), _ENTRY_COLUMNS, _marked(session, name, rows)
    )
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
        purposes=[f"CONSENT_PURPOSE_{_USES[each]}" for each in uses],
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
            "time": wording.minute(each.time),
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
        Text(f"谁查看或修改过 {name}", f"who looked at or changed {name}"),
        _LOOK_COLUMNS,
        _marked(session, name, rows),
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


def _marked(session: Session, name: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the origin of the person they are about."""
    origin = people.origin_of(session, name)
    return [{**row, "origin": origin} for row in rows]


def _word(words: Mapping[str, Text], code: str, language: Language) -> str:
    return words[code].to(language) if code in words else code


def _uses(session: Session, numbers: Sequence[int]) -> list[str]:
    kind = person_pb2.ConsentPurpose
    return [_said(session, library.CONSENT_PURPOSES, kind, each) for each in numbers]


def _said(session: Session, words: Mapping[str, Text], kind: Any, number: int) -> str:
    """A number of an enum of the contract, by words for its names without their prefix."""
    name = str(kind.Name(number))
    return next(
        (text.to(session.language) for code, text in words.items() if name.endswith(f"_{code}")), name
    )
