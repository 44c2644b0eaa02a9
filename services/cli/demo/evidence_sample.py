"""The sample's records on the evidence register, entered by one person and confirmed by another."""

from datetime import date

from bole.talent.v1 import evidence_pb2, library_service_pb2, library_service_pb2_grpc
from bole.talent.v1 import evidence_service_pb2 as service
from services.chassis.rpc.wire import date_to_wire
from services.cli.session import Session
from services.cli.talent.evidence import stub
from services.kernel.text import Text, counted
from services.sample.evidence import SampleEvidence, evidence

CONFIRMS = "demo-confirmer"
"""The second person's account."""
_TEAMS = "origin = SYNTHETIC AND state = ACTIVE"
_ORIGIN = "DATA_ORIGIN_SYNTHETIC"


def send(entering: Session, confirming: Session, today: date) -> Text:
    """Enter the records, have them confirmed, and say how many there are; talents are teams of the sample."""
    teams = _teams(entering)
    made = confirmed = 0
    for each in evidence(today):
        if each.talent is not None and each.talent >= len(teams):
            continue
        record = stub(entering).CreateEvidenceRecord(
            service.CreateEvidenceRecordRequest(evidence_record=_record(each, teams))
        )
        made += 1
        if each.confirmed:
            request = service.ConfirmEvidenceRecordRequest(name=record.name, etag=record.etag)
            stub(confirming).ConfirmEvidenceRecord(request)
            confirmed += 1
    return Text(
        f"佐证台账 {made} 条，其中已确认 {confirmed} 条",
        f"register of evidence: {counted(made, 'record')}, {confirmed:,} of them confirmed",
    )


def _teams(session: Session) -> list[str]:
    """Teams in the province, always in the same order."""
    stub_ = library_service_pb2_grpc.LibraryServiceStub(session.channel("talent"))
    found = stub_.ListTeams(library_service_pb2.ListTeamsRequest(filter=_TEAMS, page_size=500)).teams
    return [
        each.name for each in sorted(found, key=lambda each: each.source_ref) if each.city_code != "outside"
    ]


def _record(each: SampleEvidence, teams: list[str]) -> evidence_pb2.EvidenceRecord:
    made = evidence_pb2.EvidenceRecord(
        source_ref=each.ref,
        kind=f"EVIDENCE_KIND_{each.kind}",
        title=each.title,
        type_code=each.type_code,
        city_code=each.city,
        industry_code=each.industry,
        approved_date=date_to_wire(each.approved),
        opened_date=date_to_wire(each.opened),
        document=each.document,
        department_code=each.department,
        subject="" if each.talent is None else teams[each.talent],
        quantity=each.quantity,
        origin=_ORIGIN,
    )
    if each.closed is not None:
        made.closed_date.CopyFrom(date_to_wire(each.closed))
    return made
