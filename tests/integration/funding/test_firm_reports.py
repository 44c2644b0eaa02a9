"""What firms report of themselves is told once at every turn, and never what it says."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bole.events.v1.firm_report_event_pb2 import FirmReportState
from bole.funding.v1.firm_report_pb2 import FirmReport as Wire
from services.funding.domain.firm.firm import Firm, FirmFacts, register
from services.funding.domain.firm.firm_report import FirmReport, ReportKind
from services.funding.domain.firm.snapshot import FirmSnapshot
from services.funding.domain.firm.stages import Stage
from services.funding.service.firms.firm_reports import FirmReports, Stated
from services.funding.store import schema
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.uscc import check_character
from tests.integration.funding.installed import Funding

FIGURES = Stated(ReportKind.FIGURES, "2026-06-30", b"")


def told(session: Session) -> list[FirmReportState]:
    table = schema.shared.outbox.c
    query = select(table.payload).where(table.aggregatetype == "firm-report").order_by(table.position)
    return [FirmReportState.FromString(each) for each in session.scalars(query)]


def firm(funding: Funding, session: Session) -> Firm:
    facts = FirmFacts(
        name="演示自报企业",
        city="suzhou",
        direction_shares=(("seawater-h2", 1000),),
        stage=Stage.SEED,
        founded=date(2024, 3, 1),
        snapshot=FirmSnapshot(as_of=date(2026, 6, 30)),
    )
    code = "91320000DEM100001"
    made = register(
        id="f-1", uscc=code + check_character(code), facts=facts, origin="SYNTHETIC", at=funding.clock.now()
    )
    session.add(made)
    session.flush()
    return made


def nothing() -> str:
    return "firms/f-1/snapshots/1"


def unfit() -> str:
    raise InvalidArgument.field("snapshot", "UNFIT", "不合规", "unfit")


def test_every_turn_of_a_report_is_told_once_and_a_refused_one_never(funding: Funding) -> None:
    reports = FirmReports(funding.deals.journal, funding.clock, funding.deals.ids)
    with funding.database.write() as session:
        owner = firm(funding, session)
        one, two, three = (
            reports.report(session, owner, FIGURES._replace(about=f"2026-0{n}-01"), nothing, "founder")
            for n in (1, 2, 3)
        )
        with pytest.raises(InvalidArgument):
            reports.report(session, owner, FIGURES, unfit, "founder")
        reports.confirm(session, one, nothing, "keeper")
        reports.reject(session, two, "人数不符", "keeper")
        reports.withdraw(session, three, "版本有误", "founder")
        ids = [each.id for each in (one, two, three)]
    with funding.database.write() as session:
        again = session.get_one(FirmReport, ids[0])
        with pytest.raises(FailedPrecondition):
            reports.reject(session, again, "再次", "keeper")
    with funding.database.read() as session:
        found = told(session)
        history = schema.shared.history.c
        kept = session.execute(
            select(history.id, history.version).where(history.entity == "firm-report")
        ).all()
    ends = (Wire.STATE_CONFIRMED, Wire.STATE_REJECTED, Wire.STATE_WITHDRAWN)
    assert [(each.id, each.version, each.state) for each in found] == [
        *((id_, 1, Wire.STATE_REPORTED) for id_ in ids),
        *((id_, 2, end) for id_, end in zip(ids, ends, strict=True)),
    ]
    assert sorted((id_, version) for id_, version in kept) == sorted((e.id, e.version) for e in found)
    assert {(each.firm_id, each.kind) for each in found} == {("f-1", FirmReportState.KIND_FIGURES)}
    assert not any(word in str(each) for each in found for word in ("founder", "keeper", "人数不符"))
