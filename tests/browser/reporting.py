"""A release to report on: of the last quarter of a year long past, signed by three people."""

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from bole.talent.v1 import report_service_pb2, report_service_pb2_grpc, shortage_release_service_pb2_grpc
from bole.talent.v1 import shortage_release_pb2 as release_pb2
from bole.talent.v1 import shortage_release_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.kernel.clock import civil_date
from tests.contract.installation import Installation

INTERNAL = release_pb2.STATISTICS_EDITION_INTERNAL
ROLES = {"ann": "talent_officer", "bo": "talent_officer", "cai": "supervisor"}


def year() -> int:
    """Of which nothing else is released."""
    return civil_date(datetime.now(UTC)).year - 4


def release(house: Installation) -> None:
    """The release of the year's last quarter, and the draft of a report of that quarter."""
    with ExitStack() as stack:
        opened = {
            name: stack.enter_context(house.channel("talent", Grant(role), subject=name))
            for name, role in ROLES.items()
        }
        stubs: dict[str, Any] = {
            name: shortage_release_service_pb2_grpc.ShortageReleaseServiceStub(each)
            for name, each in opened.items()
        }
        quarter = f"{year()}Q4"
        made = stubs["ann"].CreateShortageRelease(
            wire.CreateShortageReleaseRequest(quarter=quarter, edition=INTERNAL)
        )
        made = stubs["bo"].CheckShortageRelease(
            wire.CheckShortageReleaseRequest(name=made.name, etag=made.etag)
        )
        stubs["cai"].SignShortageRelease(wire.SignShortageReleaseRequest(name=made.name, etag=made.etag))
        reports = report_service_pb2_grpc.ReportServiceStub(opened["ann"])
        reports.CreateReport(report_service_pb2.CreateReportRequest(period=quarter, edition=INTERNAL))
