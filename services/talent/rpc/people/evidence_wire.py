"""The evidence register on the wire."""

from datetime import date

from google.type import date_pb2

from bole.talent.v1 import evidence_pb2
from services.catalogue import Catalogue
from services.chassis.rpc.wire import date_from_wire, date_to_wire, etag_of, instant_to_wire, text_to_wire
from services.kernel.errors import InvalidArgument
from services.talent.domain.evidence.counting import CountingRules
from services.talent.domain.evidence.kinds import EvidenceKind
from services.talent.domain.evidence.progress import Light, Progress
from services.talent.domain.evidence.record import Evidence, EvidenceFacts
from services.talent.events import origin_to_wire
from services.talent.service.people.evidence import Proven

COLLECTION = "evidenceRecords"
FIELDS = {
    "ref": "evidence_record.source_ref",
    "title": "evidence_record.title",
    "type_code": "evidence_record.type_code",
    "city": "evidence_record.city_code",
    "industry": "evidence_record.industry_code",
    "approved": "evidence_record.approved_date",
    "opened": "evidence_record.opened_date",
    "closed": "evidence_record.closed_date",
    "document": "evidence_record.document",
    "department": "evidence_record.department_code",
    "subject": "evidence_record.subject",
    "quantity": "evidence_record.quantity",
    "remark": "evidence_record.remark",
}


def facts_from_wire(record: evidence_pb2.EvidenceRecord, catalogue: Catalogue) -> EvidenceFacts:
    """The facts, codes in any spelling that the catalogue knows. Raises InvalidArgument."""
    name = evidence_pb2.EvidenceKind.Name(record.kind).removeprefix("EVIDENCE_KIND_") if record.kind else ""
    if name not in EvidenceKind.__members__:
        known = ", ".join(EvidenceKind.__members__)
        raise InvalidArgument.field(
            "evidence_record.kind", "KIND_UNKNOWN", f"请选择佐证类别：{known}", f"choose a kind: {known}"
        )
    industry, field = record.industry_code, "evidence_record.industry_code"
    department = record.department_code
    return EvidenceFacts(
        ref=record.source_ref,
        kind=EvidenceKind[name],
        title=record.title,
        type_code=record.type_code,
        city=catalogue.resolve_city(record.city_code, field="evidence_record.city_code"),
        industry=catalogue.resolve_industry(industry, field=field) if industry else "",
        approved=_day(record, "approved_date"),
        opened=_day(record, "opened_date"),
        closed=_day(record, "closed_date"),
        document=record.document,
        department=catalogue.resolve_department(department, field="evidence_record.department_code")
        if department
        else "",
        subject=record.subject,
        quantity=record.quantity,
        remark=record.remark,
    )


def _day(record: evidence_pb2.EvidenceRecord, name: str) -> date | None:
    return date_from_wire(getattr(record, name)) if record.HasField(name) else None


def record_to_wire(record: Evidence) -> evidence_pb2.EvidenceRecord:
    """A record."""
    return evidence_pb2.EvidenceRecord(
        name=f"{COLLECTION}/{record.id}",
        etag=etag_of(record.version),
        state=f"STATE_{record.state.name}",
        source_ref=record.ref,
        kind=f"EVIDENCE_KIND_{record.kind.name}",
        title=record.title,
        type_code=record.type_code,
        city_code=record.city,
        industry_code=record.industry,
        approved_date=_date(record.approved),
        opened_date=_date(record.opened),
        closed_date=_date(record.closed),
        document=record.document,
        department_code=record.department,
        subject=record.subject,
        quantity=record.quantity,
        remark=record.remark,
        origin=origin_to_wire(record.origin),
        entered_by=record.entered_by,
        confirmed_by=record.confirmed_by,
        confirm_time=instant_to_wire(record.confirmed_at) if record.confirmed_at else None,
        void_reason=record.void_reason,
        create_time=instant_to_wire(record.created_at),
        update_time=instant_to_wire(record.updated_at),
    )


def progress_to_wire(found: Progress, rules: CountingRules) -> evidence_pb2.TargetProgress:
    """A goal with a number."""
    target, counted = found.target, found.counted
    return evidence_pb2.TargetProgress(
        target=target.id,
        text=text_to_wire(target.text),
        clause=target.clause,
        value=target.value,
        unit=text_to_wire(target.unit),
        due_date=_date(found.due),
        actual=counted.amount,
        shortfall=found.shortfall,
        reached_date=_date(found.reached),
        pace_needed=found.needed,
        pace_seen=found.seen,
        probability=found.probability,
        light="LIGHT_UNSPECIFIED" if found.light is Light.NONE else f"LIGHT_{found.light.name}",
        counted=[f"{COLLECTION}/{each.id}" for each in counted.records],
        uncounted=[
            evidence_pb2.UncountedEvidence(record=f"{COLLECTION}/{each.id}", reason=text_to_wire(why))
            for each, why in counted.others
        ],
        rule=text_to_wire(rules.text(target)),
    )


def proven_to_wire(found: Proven) -> evidence_pb2.TargetProgress:
    """A goal without a number: evidence, and never a percentage."""
    return evidence_pb2.TargetProgress(
        target=found.milestone.id,
        text=text_to_wire(found.milestone.text),
        clause=found.milestone.clause,
        due_date=date_to_wire(date(found.milestone.year, 12, 31)),
        counted=[f"{COLLECTION}/{each.id}" for each in found.records],
    )


def _date(day: date | None) -> date_pb2.Date | None:
    return None if day is None else date_to_wire(day)
