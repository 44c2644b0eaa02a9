"""FirmService: figures on record, and what was known of a firm when."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import firm_pb2, firm_service_pb2_grpc
from bole.funding.v1 import firm_service_pb2 as wire
from services.chassis.identity.identity import Grant
from tests.contract.funding.test_firms_and_funds import firm
from tests.contract.installation import MANAGER, Installation, fields, refused

Stub = firm_service_pb2_grpc.FirmServiceStub


@pytest.fixture
def stub(whole: Installation) -> Iterator[Any]:
    with whole.channel("funding", MANAGER) as channel:
        yield Stub(channel)


def figures(day: tuple[int, int, int], **values: Any) -> firm_pb2.FirmSnapshot:
    year, month, date = day
    return firm_pb2.FirmSnapshot(as_of_date=Date(year=year, month=month, day=date), **values)


def instant(at: datetime) -> Timestamp:
    stamp = Timestamp()
    stamp.FromDatetime(at)
    return stamp


def test_what_was_known_on_the_day_of_the_vote_stays_known(stub: Any) -> None:
    made = stub.CreateFirm(wire.CreateFirmRequest(firm=firm(310)))
    add = wire.AddFirmSnapshotRequest(
        parent=made.name,
        snapshot=figures((2025, 12, 31), staff_count=9, source="2025年度审计报告", verified=True),
        request_id=str(uuid4()),
    )
    older = stub.AddFirmSnapshot(add)
    assert stub.AddFirmSnapshot(add) == older
    assert (older.name, older.source) == (f"{made.name}/snapshots/2", "2025年度审计报告")
    assert stub.GetFirm(wire.GetFirmRequest(name=made.name)) == made  # the later day still counts
    vote = datetime.now(UTC)
    current = stub.AddFirmSnapshot(
        wire.AddFirmSnapshotRequest(parent=made.name, snapshot=figures((2026, 7, 1), staff_count=31))
    )
    now = stub.GetFirm(wire.GetFirmRequest(name=made.name))
    assert (now.snapshot.staff_count, now.snapshot.as_of_date) == (31, current.as_of_date)
    now.display_name = "演示氢能（改名后）有限公司"
    stub.UpdateFirm(wire.UpdateFirmRequest(firm=now, update_mask=FieldMask(paths=["display_name"])))

    def known(at: datetime, day: Date | None = None) -> Any:
        asked = wire.GetFirmAsKnownRequest(name=made.name, known_time=instant(at), as_of_date=day)
        return stub.GetFirmAsKnown(asked)

    then = known(vote)
    assert (then.firm.display_name, then.firm.snapshot.staff_count) == (made.display_name, 12)
    assert known(vote, Date(year=2026, month=1, day=1)).firm.snapshot.staff_count == 9
    assert not known(vote, Date(year=2025, month=1, day=1)).firm.HasField("snapshot")
    latest = known(datetime.now(UTC)).firm
    assert (latest.display_name, latest.snapshot.staff_count) == (now.display_name, 31)
    before = known(datetime(2020, 1, 1, tzinfo=UTC))
    assert not before.HasField("firm")
    assert before.note.zh
    assert before.note.en
    listed = stub.ListFirmSnapshots(wire.ListFirmSnapshotsRequest(parent=made.name, page_size=2))
    assert [each.name.rsplit("/", 1)[1] for each in listed.snapshots] == ["3", "1"]
    assert listed.total_size == 3
    verified = wire.ListFirmSnapshotsRequest(parent=made.name, filter="verified = true")
    assert [each.staff_count for each in stub.ListFirmSnapshots(verified).snapshots] == [9]


def test_figures_that_are_only_checked_are_not_written(stub: Any) -> None:
    made = stub.CreateFirm(wire.CreateFirmRequest(firm=firm(311)))
    request = wire.AddFirmSnapshotRequest(
        parent=made.name, snapshot=figures((2026, 7, 1), staff_count=31), validate_only=True
    )
    assert stub.AddFirmSnapshot(request).staff_count == 31
    assert stub.ListFirmSnapshots(wire.ListFirmSnapshotsRequest(parent=made.name)).total_size == 1
    assert stub.GetFirm(wire.GetFirmRequest(name=made.name)) == made


@pytest.mark.parametrize(
    ("snapshot", "field"),
    [
        (figures((2150, 1, 1)), "snapshot.as_of_date"),
        (figures((2026, 2, 30)), "snapshot.as_of_date"),
        (figures((2026, 6, 1), staff_count=-1), "snapshot.staff_count"),
        (figures((2026, 6, 1), staff_count=3, rd_staff_count=4), "snapshot.rd_staff_count"),
        (figures((2026, 6, 1), assets=Money(currency_code="USD", units=1)), "snapshot.assets"),
        (figures((2026, 6, 1), assets=Money(currency_code="CNY", units=-1)), "snapshot.assets"),
        (figures((2026, 6, 1), assets=Money(currency_code="CNY", units=1, nanos=-1)), "snapshot.assets"),
        (figures((2026, 6, 1), assets=Money(currency_code="CNY", nanos=15)), "snapshot.assets"),
        (figures((2026, 6, 1), assets=Money(units=1)), "snapshot.assets"),
        (
            figures((2026, 6, 1), months=[firm_pb2.MonthFigures(month_date=Date(year=2026, month=5, day=2))]),
            "snapshot.months",
        ),
        (figures((2026, 6, 1), source="a\x00b"), "snapshot.source"),
        (firm_pb2.FirmSnapshot(staff_count=1), "snapshot.as_of_date"),
    ],
)
def test_wrong_figures_are_named(stub: Any, snapshot: firm_pb2.FirmSnapshot, field: str) -> None:
    name = stub.ListFirms(wire.ListFirmsRequest(page_size=1)).firms[0].name
    failure = refused(stub.AddFirmSnapshot, wire.AddFirmSnapshotRequest(parent=name, snapshot=snapshot))
    assert failure.code == "INVALID_ARGUMENT"
    assert any(each.startswith(field) for each in fields(failure)), failure


def test_declared_figures_do_not_replace_verified_ones(stub: Any) -> None:
    made = stub.CreateFirm(wire.CreateFirmRequest(firm=firm(312)))
    day = (2026, 7, 1)
    stub.AddFirmSnapshot(
        wire.AddFirmSnapshotRequest(parent=made.name, snapshot=figures(day, staff_count=5, verified=True))
    )
    failure = refused(
        stub.AddFirmSnapshot,
        wire.AddFirmSnapshotRequest(parent=made.name, snapshot=figures(day, staff_count=6)),
    )
    assert failure.violations[0].reason == "SNAPSHOT_VERIFIED"


def test_who_may_not_and_what_is_not_there(whole: Installation, stub: Any) -> None:
    snapshot = figures((2026, 6, 1))
    for call, request in (
        (stub.AddFirmSnapshot, wire.AddFirmSnapshotRequest(parent="firms/none", snapshot=snapshot)),
        (stub.ListFirmSnapshots, wire.ListFirmSnapshotsRequest(parent="firms/none")),
        (
            stub.GetFirmAsKnown,
            wire.GetFirmAsKnownRequest(name="firms/none", known_time=instant(datetime.now(UTC))),
        ),
    ):
        assert refused(call, request).code == "NOT_FOUND"
    for late in (datetime.now(UTC) + timedelta(days=1), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)):
        future = wire.GetFirmAsKnownRequest(name="firms/none", known_time=instant(late))
        failure = refused(stub.GetFirmAsKnown, future)
        assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", ["known_time"])
    assert fields(refused(stub.AddFirmSnapshot, wire.AddFirmSnapshotRequest()))
    name = stub.CreateFirm(wire.CreateFirmRequest(firm=firm(313))).name
    with whole.channel("funding", Grant("fund_manager", city="wuxi")) as channel:
        failure = refused(
            Stub(channel).AddFirmSnapshot, wire.AddFirmSnapshotRequest(parent=name, snapshot=snapshot)
        )
    assert failure.code == "PERMISSION_DENIED"
    with whole.channel("funding", Grant("talent_officer")) as channel:
        failure = refused(Stub(channel).ListFirmSnapshots, wire.ListFirmSnapshotsRequest(parent=name))
    assert failure.code == "PERMISSION_DENIED"
