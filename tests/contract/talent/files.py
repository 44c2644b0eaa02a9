"""Files of people, teams and positions, sent as a user sends them."""

from typing import Any

import grpc

from bole.common.v1.workbook_import_pb2 import ImportReport
from bole.talent.v1 import (
    import_service_pb2,
    import_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
)
from tests.contract.uploads import parts

Row = dict[str, Any]


def person(ref: str, **changes: Any) -> Row:
    return {
        "ref": ref,
        "name": "欧阳演示",
        "category": "卓越工程师",
        "city": "南通",
        "availability": "随时",
        "directions": "seawater-h2",
        "profile": "从事海水直接电解制氢。",
        "observed": "2026-06-01",
        "purposes": "人岗匹配",
        "origin": "演示数据",
        **changes,
    }


def team(ref: str, lead: str) -> Row:
    return {"ref": ref, "name": f"演示团队{ref}", "lead": lead, "directions": "seawater-h2", "city": "南通"}


def position(ref: str, **changes: Any) -> Row:
    return {
        "ref": ref,
        "title": "海水制氢工程师",
        "employer": "演示制氢有限公司",
        "city": "南通",
        "direction": "seawater-h2",
        "category": "卓越工程师",
        "headcount": 2,
        "opened": "2026-06-01",
        "requirement": "膜电极耐氯腐蚀。",
        "origin": "演示数据",
        **changes,
    }


def mixed(ref: str) -> dict[str, list[Row]]:
    """A row of every sheet, each numbered with `ref`."""
    return {
        "persons": [person(f"{ref}-P")],
        "teams": [team(f"{ref}-T", f"{ref}-P")],
        "positions": [position(f"{ref}-J")],
        "outcomes": [
            {
                "ref": f"{ref}-O",
                "position": f"{ref}-J",
                "kind": "其他人员到岗",
                "heads": 1,
                "day": "2026-06-20",
            }
        ],
        "training": [
            {
                "ref": f"{ref}-C",
                "provider": "南通大学",
                "city": "南通",
                "direction": "seawater-h2",
                "category": "卓越工程师",
                "places": 40,
                "starts": "2025-09-01",
                "completes": "2027-06-30",
                "completion": "90%",
                "retention": "50%",
            }
        ],
        "moves": [
            {
                "ref": f"{ref}-M",
                "category": "卓越工程师",
                "directions": "seawater-h2",
                "from_city": "南通",
                "to_city": "省外",
                "day": "2026-05-01",
                "heads": 3,
                "reason": "薪酬",
            }
        ],
        "evidence": [{"ref": f"{ref}-E", "kind": "开放应用场景", "title": f"示范 {ref}", "city": "常州"}],
    }


def upload(channel: grpc.Channel, data: bytes, **header: Any) -> ImportReport:
    stub = import_service_pb2_grpc.TalentImportServiceStub(channel)
    report: ImportReport = stub.ImportWorkbook(
        parts(import_service_pb2.ImportWorkbookRequest, data, header), timeout=300
    )
    return report


def counts(report: ImportReport) -> dict[str, tuple[int, int, int, int]]:
    """Created, changed, same and refused of each sheet."""
    return {
        each.sheet: (each.created_count, each.changed_count, each.same_count, each.refused_count)
        for each in report.sheets
    }


def people_in(channel: grpc.Channel) -> int:
    stub = library_service_pb2_grpc.LibraryServiceStub(channel)
    return int(stub.ListPersons(library_service_pb2.ListPersonsRequest(), timeout=300).total_size)


def csv_of(*rows: Row, encoding: str = "utf-8") -> bytes:
    """The rows as a CSV file with the columns of the first one."""
    text = "\n".join(",".join(str(row[key]) for key in rows[0]) for row in rows)
    return f"{','.join(rows[0])}\n{text}\n".encode(encoding)
