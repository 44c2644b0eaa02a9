"""The sheet 佐证: imported like the others, entered and not confirmed, taken back whole."""

from typing import Any

from bole.talent.v1 import (
    evidence_pb2,
    evidence_service_pb2_grpc,
    import_service_pb2_grpc,
)
from bole.talent.v1 import evidence_service_pb2 as wire
from bole.talent.v1 import import_service_pb2 as importing
from services.chassis.identity.identity import Grant
from tests.contract.installation import Installation
from tests.contract.uploads import parts

OFFICER = Grant("talent_officer")
GOOD = {
    "ref": "EV-1",
    "kind": "开放应用场景",
    "title": "园区无人配送示范",
    "city": "常州",
    "industry": "氢能",
    "approved": "2025-01-10",
    "opened": "2025-06-01",
    "document": "常工信〔2025〕3号",
    "department": "省工业和信息化厅",
}


def test_rows_are_entered_judged_and_taken_back(talent: Installation, book: Any) -> None:
    rows = [
        GOOD,
        {**GOOD, "ref": "EV-2", "opened": "2024-01-01"},
        {**GOOD, "ref": "EV-3", "kind": "宫殿"},
        {**GOOD, "ref": "EV-4", "kind": "领军人才(团队)", "title": "", "person": "nobody"},
        {**GOOD, "ref": "EV-5", "department": "商会"},
    ]
    with talent.channel("talent", OFFICER) as channel:
        service = import_service_pb2_grpc.TalentImportServiceStub(channel)
        evidence = evidence_service_pb2_grpc.EvidenceServiceStub(channel)
        report = imported(service, book(evidence=rows))
        assert report.committed
        (sheet,) = report.sheets
        assert (sheet.created_count, sheet.refused_count) == (1, 4)
        reasons = {(each.row, each.field): each.reason for each in report.problems}
        assert reasons[3, "启用日期"] == "DATES_OUT_OF_ORDER"
        assert reasons[4, "佐证类别"] == "UNKNOWN_CHOICE"
        assert reasons[5, "人才编号"] == "UNKNOWN_PERSON"
        assert reasons[6, "确认部门"] == "UNKNOWN_DEPARTMENT"
        (record,) = evidence.ListEvidenceRecords(
            wire.ListEvidenceRecordsRequest(filter=f'title = "{GOOD["title"]}"')
        ).records
        assert (record.state, record.department_code) == (
            evidence_pb2.EvidenceRecord.STATE_ENTERED,
            "gongxinting",
        )
        again = imported(service, book(evidence=[{**GOOD, "title": "改名"}]))
        assert again.sheets[0].changed_count == 1
        undone = service.UndoImport(importing.UndoImportRequest(name=again.import_name))
        assert undone.restored_count == 1
        get = wire.GetEvidenceRecordRequest(name=record.name)
        assert evidence.GetEvidenceRecord(get).title == GOOD["title"]


def imported(service: Any, data: bytes) -> Any:
    return service.ImportWorkbook(parts(importing.ImportWorkbookRequest, data, {"filename": "佐证.xlsx"}))
