"""EvidenceService: the evidence register and the progress of goals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.talent.v1 import evidence_pb2, evidence_service_pb2_grpc
from bole.talent.v1 import evidence_service_pb2 as wire
from services.chassis import policy
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.masks import apply_mask
from services.chassis.rpc.wire import check_etag, date_from_wire, date_to_wire, text_to_wire
from services.chassis.storage.listing import Query
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument
from services.talent.domain.evidence.record import Evidence
from services.talent.rpc.changing import changed_once
from services.talent.rpc.people.evidence_wire import (
    COLLECTION,
    FIELDS,
    facts_from_wire,
    progress_to_wire,
    proven_to_wire,
    record_to_wire,
)
from services.talent.rpc.wire import id_of, origin_from_wire
from services.talent.service.people.evidence import EvidenceRegister
from services.talent.store.people import evidence as store

_KEEPERS = ("talent_officer",)
_CONFIRMERS = ("talent_officer", "supervisor")


@dataclass(frozen=True)
class EvidenceRoom(evidence_service_pb2_grpc.EvidenceServiceServicer):
    """The servicer."""

    house: House
    register: EvidenceRegister

    def GetEvidenceRecord(
        self, request: wire.GetEvidenceRecordRequest, context: Any
    ) -> evidence_pb2.EvidenceRecord:
        """One record."""
        with self.house.database.read() as session:
            return record_to_wire(self.register.get(session, id_of(request.name, COLLECTION)))

    def ListEvidenceRecords(
        self, request: wire.ListEvidenceRecordsRequest, context: Any
    ) -> wire.ListEvidenceRecordsResponse:
        """Records by filter."""
        query = Query(request.filter, request.order_by, request.page_size, request.page_token)
        subject = current_call().principal.subject
        with self.house.database.read() as session:
            page = store.listing(self.register.catalogue).page(
                session, Evidence, query, self.house.pages, subject
            )
        return wire.ListEvidenceRecordsResponse(
            records=[record_to_wire(each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def CreateEvidenceRecord(
        self, request: wire.CreateEvidenceRecordRequest, context: Any
    ) -> evidence_pb2.EvidenceRecord:
        """Enter a record."""
        call, given = current_call(), request.evidence_record
        facts, origin = facts_from_wire(given, self.register.catalogue), origin_from_wire(given.origin)
        _require_city(call, _KEEPERS, facts.city)
        actor = call.principal.subject
        return self._once(
            call, "create", request, lambda session: self.register.enter(session, facts, origin, actor)
        )

    def UpdateEvidenceRecord(
        self, request: wire.UpdateEvidenceRecordRequest, context: Any
    ) -> evidence_pb2.EvidenceRecord:
        """Change fields."""
        call, given = current_call(), request.evidence_record

        def act(session: Session) -> Evidence:
            record = self._mine(session, call, _KEEPERS, given.name, given.etag, "evidence_record.")
            merged = record_to_wire(record)
            apply_mask(request.update_mask, given, merged)
            facts = facts_from_wire(merged, self.register.catalogue)
            _require_city(call, _KEEPERS, facts.city)
            self.register.revise(session, record, facts, call.principal.subject)
            return record

        return self._once(call, "update", request, act)

    def ConfirmEvidenceRecord(
        self, request: wire.ConfirmEvidenceRecordRequest, context: Any
    ) -> evidence_pb2.EvidenceRecord:
        """Let a record count."""
        call = current_call()

        def act(session: Session) -> Evidence:
            record = self._mine(session, call, _CONFIRMERS, request.name, request.etag)
            record.confirm(call.principal.subject, self.house.clock.now())
            return record

        return self._once(call, "confirm", request, act)

    def VoidEvidenceRecord(
        self, request: wire.VoidEvidenceRecordRequest, context: Any
    ) -> evidence_pb2.EvidenceRecord:
        """Take a record back."""
        call = current_call()

        def act(session: Session) -> Evidence:
            record = self._mine(session, call, _KEEPERS, request.name, request.etag)
            record.void(request.reason, self.house.clock.now())
            return record

        return self._once(call, "void", request, act)

    def DeleteEvidenceRecord(
        self, request: wire.DeleteEvidenceRecordRequest, context: Any
    ) -> wire.DeleteEvidenceRecordResponse:
        """Delete a record that was never confirmed."""
        call, empty = current_call(), wire.DeleteEvidenceRecordResponse
        with self.house.database.write() as session:

            def answer() -> wire.DeleteEvidenceRecordResponse:
                record = self._mine(session, call, _KEEPERS, request.name, request.etag)
                record.require_deletable()
                session.delete(record)
                self.house.requests.forget(session, request.name)
                self.house.audit.append(session, entry_of(call, "delete", request.name, "done", {}))
                return empty()

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(session, caller, request.request_id, request, empty, answer)

    def ListTargetProgress(
        self, request: wire.ListTargetProgressRequest, context: Any
    ) -> wire.ListTargetProgressResponse:
        """How far the goals have come."""
        today = civil_date(self.house.clock.now())
        day = date_from_wire(request.as_of_date) if request.HasField("as_of_date") else today
        if day > today:
            raise InvalidArgument.field(
                "as_of_date", "DATE_IN_FUTURE", "日期不能晚于今天", "the date cannot be after today"
            )
        if request.target:
            self.register.require_goal(request.target)
        with self.house.database.read() as session:
            goals, milestones = self.register.progress(session, day)
            shown = [progress_to_wire(each, self.register.rules) for each in goals]
            shown += [proven_to_wire(each) for each in milestones]
        return wire.ListTargetProgressResponse(
            targets=[each for each in shown if request.target in ("", each.target)],
            as_of_date=date_to_wire(day),
            method_note=text_to_wire(self.register.outlook.note),
        )

    def _mine(
        self, session: Session, call: Call, roles: tuple[str, ...], name: str, etag: str, prefix: str = ""
    ) -> Evidence:
        record = self.register.get(session, id_of(name, COLLECTION, field=f"{prefix}name"))
        _require_city(call, roles, record.city)
        check_etag(etag, record.version, name, field=f"{prefix}etag")
        return record

    def _once(
        self, call: Call, action: str, request: Any, act: Callable[[Session], Evidence]
    ) -> evidence_pb2.EvidenceRecord:
        return changed_once(
            self.house, call, action, request, evidence_pb2.EvidenceRecord, act, record_to_wire, FIELDS
        )


def _require_city(call: Call, roles: tuple[str, ...], city: str) -> None:
    policy.require_city(call.principal, roles, city, call.arrived)
