"""FirmService, what was known when: figures that never change, and firms as they were known."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import firm_pb2
from bole.funding.v1 import firm_service_pb2 as wire
from services.chassis.audit.reveals import entry_of
from services.chassis.house import House
from services.chassis.rpc.call import Call, current_call
from services.chassis.rpc.wire import date_from_wire, instant_from_wire, text_to_wire
from services.chassis.storage.listing import Query
from services.funding.domain.firm.snapshots import SnapshotRecord
from services.funding.rpc.deals.acting import require_records
from services.funding.rpc.firms.firm_wire import (
    figures_of,
    firm_to_wire,
    in_words_of_the_request,
    record_to_wire,
)
from services.funding.rpc.firms.seeing_firms import FirmSight
from services.funding.service.firms.firms import AsKnown, Firms
from services.funding.store import lists, schema
from services.kernel.clock import civil_date
from services.kernel.errors import InvalidArgument, NotFound
from services.kernel.text import Text

KEEPERS = ("fund_manager", "fund_analyst")


@dataclass(frozen=True)
class FirmHistory:
    """Handlers of what is recorded once and looked at again later."""

    house: House
    firms: Firms

    def AddFirmSnapshot(self, request: wire.AddFirmSnapshotRequest, context: Any) -> firm_pb2.FirmSnapshot:
        """Record figures of one day."""
        call = current_call()
        with in_words_of_the_request(""), self.house.database.write() as session:

            def act() -> firm_pb2.FirmSnapshot:
                return self._add(session, call, request)

            caller = (call.principal.subject, call.method)
            return self.house.requests.once(
                session, caller, request.request_id, request, firm_pb2.FirmSnapshot, act
            )

    def ListFirmSnapshots(
        self, request: wire.ListFirmSnapshotsRequest, context: Any
    ) -> wire.ListFirmSnapshotsResponse:
        """Figures on record."""
        table = schema.firm_snapshot
        with self.house.database.read() as session:
            firm = FirmSight(current_call()).open(session, request.parent, "parent")
            query = Query(request.filter, "", request.page_size, request.page_token, {"parent": firm.id})
            page = lists.firm_snapshots().page(
                session,
                SnapshotRecord,
                query,
                self.house.pages,
                current_call().principal.subject,
                table.c.firm_id == firm.id,
            )
        return wire.ListFirmSnapshotsResponse(
            snapshots=[record_to_wire(each) for each in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )

    def GetFirmAsKnown(self, request: wire.GetFirmAsKnownRequest, context: Any) -> wire.FirmAsKnown:
        """A firm as an instant knew it."""
        instant, now = instant_from_wire(request.known_time), self.house.clock.now()
        if instant > now:
            raise _in_future("known_time")
        day = date_from_wire(request.as_of_date) if request.HasField("as_of_date") else civil_date(instant)
        if day > civil_date(now):
            raise _in_future("as_of_date")
        with self.house.database.read() as session:
            firm = FirmSight(current_call()).open(session, request.name)
            known = self.firms.as_known(session, firm.id, instant, day)
            if known.since is None:
                raise NotFound.resource(request.name)
            session.expunge_all()
        return _as_known(known, day)

    def _add(
        self, session: Session, call: Call, request: wire.AddFirmSnapshotRequest
    ) -> firm_pb2.FirmSnapshot:
        firm = FirmSight(call).find(session, request.parent, "parent")
        require_records(session, call, KEEPERS, firm)
        figures = figures_of(request.snapshot, "snapshot.")
        actor = call.principal.subject
        record = self.firms.add_figures(session, firm, figures, request.snapshot.source, actor)
        answer = record_to_wire(record)
        self.house.audit.append(session, entry_of(call, "add-snapshot", answer.name, "done", {}))
        return answer


def _in_future(field: str) -> InvalidArgument:
    return InvalidArgument.field(
        field,
        "TIME_IN_FUTURE",
        "查询时点晚于现在，尚无可知的内容",
        "this lies in the future: nothing is known as of then",
    )


def _as_known(known: AsKnown, day: date) -> wire.FirmAsKnown:
    firm = known.firm
    if firm is None:
        note = Text("该时点尚未登记此企业", "the firm was not on record at that time")
        return wire.FirmAsKnown(note=text_to_wire(note))
    figures = firm.snapshot
    note = (
        Text(f"{day} 及以前没有已登记的数据快照", f"no figures of {day} or earlier were on record then")
        if figures is None
        else Text(
            f"当时所知：记录第{firm.version}版，数据截止 {figures.as_of}（{'已核验' if figures.verified else '申报'}）",
            f"as known then: version {firm.version} of the record, figures of {figures.as_of} "
            f"({'verified' if figures.verified else 'declared'})",
        )
    )
    return wire.FirmAsKnown(firm=firm_to_wire(firm), firm_version=firm.version, note=text_to_wire(note))
