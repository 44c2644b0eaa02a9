"""What firms report of themselves: by who speaks for the one firm, on record once somebody else has confirmed it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import grpc
import pytest
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money

from bole.funding.v1 import (
    deal_document_pb2,
    deal_document_service_pb2,
    deal_document_service_pb2_grpc,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_pb2,
    firm_report_pb2,
    firm_report_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    indicator_pb2,
    indicator_service_pb2,
    indicator_service_pb2_grpc,
    investment_pb2,
    investment_service_pb2,
    investment_service_pb2_grpc,
)
from bole.funding.v1 import firm_report_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.funding import firm_reports
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from tests.contract.installation import MANAGER, Installation, fields, refused, staff_token

Report = firm_report_pb2.FirmReport


def stub(channel: grpc.Channel) -> Any:
    return firm_report_service_pb2_grpc.FirmReportServiceStub(channel)


@pytest.fixture
def manager(whole: Installation) -> Iterator[grpc.Channel]:
    with whole.channel("funding", MANAGER, subject="report-manager") as opened:
        yield opened


@pytest.fixture
def held(manager: grpc.Channel) -> investment_pb2.Investment:
    """The newest holding of the sample."""
    service = investment_service_pb2_grpc.InvestmentServiceStub(manager)
    request = investment_service_pb2.ListInvestmentsRequest(
        filter="origin = SYNTHETIC AND state = ACTIVE", order_by="close_date desc", page_size=1
    )
    found: investment_pb2.Investment = service.ListInvestments(request).investments[0]
    return found


@pytest.fixture
def firm(whole: Installation, held: investment_pb2.Investment) -> Iterator[grpc.Channel]:
    """Signed in as who speaks for the firm that is held."""
    with whole.channel("funding", speaker(held), subject="the-founder") as opened:
        yield opened


def speaker(held: investment_pb2.Investment) -> Grant:
    return Grant("firm_representative", firm=held.firm.removeprefix("firms/"))


def figures(**more: Any) -> Report:
    given = {"as_of_date": Date(year=2026, month=3, day=31), "staff_count": 31, "source": "企业财务系统"}
    return Report(snapshot=firm_pb2.FirmSnapshot(**(given | more)))


def indicators(**more: Any) -> Report:
    value = indicator_pb2.IndicatorValue(code="REVENUE", amount=Money(currency_code="CNY", units=120))
    given: dict[str, Any] = {"period": "2026-02", "values": [value], "document": "月报", "source": 2}
    return Report(indicator_report=indicator_pb2.IndicatorReport(**(given | more)))


def paper(deal: str, **more: Any) -> Report:
    content = f"%PDF-1.7 {uuid4()}".encode()
    stated = deal_document_pb2.DealDocument(
        kind="business_licence", title="营业执照", file_name="licence.pdf", size_bytes=len(content), **more
    )
    return Report(document=Report.Document(deal=deal, document=stated, content=content))


def create(channel: grpc.Channel, held: investment_pb2.Investment, report: Report) -> Report:
    request = wire.CreateFirmReportRequest(parent=held.firm, report=report, request_id=str(uuid4()))
    made: Report = stub(channel).CreateFirmReport(request)
    assert stub(channel).CreateFirmReport(request) == made
    return made


def snapshots(channel: grpc.Channel, firm: str) -> list[firm_pb2.FirmSnapshot]:
    request = firm_service_pb2.ListFirmSnapshotsRequest(parent=firm, page_size=500)
    return list(firm_service_pb2_grpc.FirmServiceStub(channel).ListFirmSnapshots(request).snapshots)


def test_figures_count_once_somebody_else_has_confirmed_them(
    firm: grpc.Channel, manager: grpc.Channel, held: investment_pb2.Investment
) -> None:
    before = snapshots(manager, held.firm)
    made = create(firm, held, figures())
    assert (made.state, made.reporter, made.made) == (Report.STATE_REPORTED, "the-founder", "")
    assert snapshots(manager, held.firm) == before
    assert stub(firm).GetFirmReport(wire.GetFirmReportRequest(name=made.name)) == made
    listed = stub(manager).ListFirmReports(
        wire.ListFirmReportsRequest(parent="firms/-", filter="state = REPORTED", page_size=500)
    )
    assert made.name in {each.name for each in listed.reports}
    confirmed = stub(manager).ConfirmFirmReport(
        wire.ConfirmFirmReportRequest(name=made.name, etag=made.etag, request_id=str(uuid4()))
    )
    assert (confirmed.state, confirmed.decider) == (Report.STATE_CONFIRMED, "report-manager")
    [fresh] = [each for each in snapshots(firm, held.firm) if each.name == confirmed.made]
    assert (fresh.staff_count, fresh.verified, fresh.recorder) == (31, False, "the-founder")
    unknown = wire.GetFirmReportRequest(name=f"{held.firm}/reports/01j00000000000000000000000")
    assert refused(stub(manager).GetFirmReport, unknown).code == "NOT_FOUND"
    wrong = wire.ListFirmReportsRequest(parent=held.firm, filter="state = LOST")
    assert refused(stub(manager).ListFirmReports, wrong).code == "INVALID_ARGUMENT"
    again = wire.ConfirmFirmReportRequest(name=made.name, etag=confirmed.etag)
    failure = refused(stub(manager).ConfirmFirmReport, again)
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "REPORT_DECIDED")


def test_indicators_and_documents_are_reported_the_same_way(
    firm: grpc.Channel, manager: grpc.Channel, held: investment_pb2.Investment
) -> None:
    deal = held.name.replace("investments/", "deals/")
    values, document = create(firm, held, indicators()), create(firm, held, paper(deal))
    assert document.document.content == b""
    assert values.indicator_report.source == indicator_pb2.IndicatorReport.SOURCE_FIRM
    for report in (values, document):
        request = wire.ConfirmFirmReportRequest(name=report.name, etag=report.etag)
        assert stub(manager).ConfirmFirmReport(request).made
    service = indicator_service_pb2_grpc.IndicatorServiceStub(firm)
    series = service.GetIndicatorSeries(
        indicator_service_pb2.GetIndicatorSeriesRequest(name=f"{held.firm}/indicatorSeries")
    )
    assert any(each.period == "2026-02" and each.value.amount.units == 120 for each in series.values)
    register = deal_document_service_pb2_grpc.DealDocumentServiceStub(manager)
    documents = register.ListDealDocuments(deal_document_service_pb2.ListDealDocumentsRequest(parent=deal))
    assert documents.documents[-1].actor == "the-founder"


def test_what_is_rejected_or_withdrawn_leaves_no_record(
    firm: grpc.Channel, manager: grpc.Channel, held: investment_pb2.Investment
) -> None:
    before, deal = snapshots(manager, held.firm), held.name.replace("investments/", "deals/")
    one, other = create(firm, held, figures(staff_count=77)), create(firm, held, paper(deal))
    rejected = stub(manager).RejectFirmReport(
        wire.RejectFirmReportRequest(name=one.name, etag=one.etag, reason="与社保人数不符")
    )
    assert (rejected.state, rejected.reason) == (Report.STATE_REJECTED, "与社保人数不符")
    gone = stub(firm).WithdrawFirmReport(
        wire.WithdrawFirmReportRequest(name=other.name, etag=other.etag, reason="版本有误")
    )
    assert gone.state == Report.STATE_WITHDRAWN
    assert stub(firm).GetFirmReport(wire.GetFirmReportRequest(name=other.name)).document.content == b""
    assert snapshots(manager, held.firm) == before
    late = wire.WithdrawFirmReportRequest(name=other.name, etag=gone.etag, reason="再次")
    assert refused(stub(firm).WithdrawFirmReport, late).reason == "REPORT_DECIDED"
    bare = wire.RejectFirmReportRequest(name=one.name, etag=rejected.etag)
    assert refused(stub(manager).RejectFirmReport, bare).code == "INVALID_ARGUMENT"


def test_what_could_not_be_confirmed_is_refused_at_once_and_leaves_nothing(
    firm: grpc.Channel, held: investment_pb2.Investment
) -> None:
    asked = wire.ListFirmReportsRequest(parent=held.firm)
    before = stub(firm).ListFirmReports(asked).total_size
    value = indicator_pb2.IndicatorValue(code="MOOD", number=3)
    for report, field in (
        (Report(), "report.content"),
        (figures(verified=True), "report.snapshot.verified"),
        (figures(as_of_date=Date(year=2126, month=1, day=1)), "report.snapshot.as_of_date"),
        (indicators(values=[value]), "report.indicator_report.values[0].code"),
        (indicators(period="2026-13"), "report.indicator_report.period"),
        (indicators(document=""), "report.indicator_report.document"),
        (paper("deals/01j00000000000000000000000"), "report.document.deal"),
        (
            paper(held.name.replace("investments/", "deals/"), sha256="0" * 64),
            "report.document.document.sha256",
        ),
    ):
        request = wire.CreateFirmReportRequest(parent=held.firm, report=report)
        failure = refused(stub(firm).CreateFirmReport, request)
        assert failure.code == "INVALID_ARGUMENT"
        assert field in fields(failure), (field, failure)
    checked = wire.CreateFirmReportRequest(parent=held.firm, report=figures(), validate_only=True)
    assert stub(firm).CreateFirmReport(checked).state == Report.STATE_REPORTED
    assert stub(firm).ListFirmReports(asked).total_size == before


def test_who_speaks_for_a_firm_reads_and_reports_that_one_alone(
    whole: Installation, firm: grpc.Channel, manager: grpc.Channel, held: investment_pb2.Investment
) -> None:
    service = firm_service_pb2_grpc.FirmServiceStub(manager)
    others = service.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=500)).firms
    other = next(each.name for each in others if each.name != held.firm)
    nobody = "firms/01j00000000000000000000000"
    own = firm_service_pb2_grpc.FirmServiceStub(firm)
    assert own.GetFirm(firm_service_pb2.GetFirmRequest(name=held.firm)).HasField("snapshot")
    for name in (other, nobody):
        for call, request in (
            (own.GetFirm, firm_service_pb2.GetFirmRequest(name=name)),
            (own.ListFirmSnapshots, firm_service_pb2.ListFirmSnapshotsRequest(parent=name)),
            (stub(firm).CreateFirmReport, wire.CreateFirmReportRequest(parent=name, report=figures())),
            (stub(firm).ListFirmReports, wire.ListFirmReportsRequest(parent=name)),
            (stub(firm).GetFirmReport, wire.GetFirmReportRequest(name=f"{name}/reports/x")),
        ):
            failure = refused(call, request)
            assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "CITY_NOT_GRANTED"), request
    everything = stub(firm).ListFirmReports(wire.ListFirmReportsRequest(parent="firms/-", page_size=500))
    assert {each.name.partition("/reports/")[0] for each in everything.reports} <= {held.firm}
    asked = indicator_service_pb2.ListIndicatorRequestsRequest(parent=held.firm)
    expected = indicator_service_pb2_grpc.IndicatorServiceStub(firm).ListIndicatorRequests(asked)
    assert {each.firm for each in expected.requests} <= {held.firm}
    for name in (other, held.fund):
        asked.parent = name
        failure = refused(indicator_service_pb2_grpc.IndicatorServiceStub(firm).ListIndicatorRequests, asked)
        assert failure.code == "PERMISSION_DENIED"
    deals = deal_service_pb2_grpc.DealServiceStub(firm)
    listed = deals.ListDeals(deal_service_pb2.ListDealsRequest(page_size=500)).deals
    assert {each.firm for each in listed} == {held.firm}
    assert not any(each.HasField("ticket") or each.owner for each in listed)
    card = deals.GetDeal(deal_service_pb2.GetDealRequest(name=held.name.replace("investments/", "deals/")))
    assert card.public_status.zh
    assert not card.HasField("ticket")
    with whole.channel("funding", Grant("firm_representative"), subject="anybody") as unbound:
        request = wire.CreateFirmReportRequest(parent=held.firm, report=figures())
        assert refused(stub(unbound).CreateFirmReport, request).code == "PERMISSION_DENIED"


def test_nobody_confirms_what_they_reported_themselves(
    whole: Installation, held: investment_pb2.Investment
) -> None:
    both = (speaker(held), Grant("fund_manager", fund=held.fund.removeprefix("funds/")))
    with whole.channel("funding", *both, subject="both-sides") as channel:
        made = create(channel, held, figures(staff_count=12))
        request = wire.ConfirmFirmReportRequest(name=made.name, etag=made.etag)
        failure = refused(stub(channel).ConfirmFirmReport, request)
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "FOUR_EYES")


def test_reports_on_the_command_line(
    whole: Installation,
    held: investment_pb2.Investment,
    capsys: pytest.CaptureFixture[str],
) -> None:
    founder = Session(
        whole.settings,
        Output(Format.JSON, "en"),
        token=staff_token(whole, speaker(held), subject="cli-founder"),
    )
    keeper = Session(
        whole.settings, Output(Format.TABLE, "zh"), token=staff_token(whole, MANAGER, subject="cli-keeper")
    )
    firm_reports.report(founder, held.firm, figures(staff_count=29), check_only=False)
    firm_reports.show_list(founder, held.firm, "reported", 10)
    name = next(
        each.name
        for each in firm_reports.stub(founder)
        .ListFirmReports(wire.ListFirmReportsRequest(parent=held.firm, filter="state = REPORTED"))
        .reports
    )
    firm_reports.reject(keeper, name, "试")
    with pytest.raises(InvalidArgument):
        firm_reports.show_list(keeper, held.firm, "lost", 10)
    shown = capsys.readouterr().out
    assert "figures" in shown
    assert "未确认" in shown
    founder.close()
    keeper.close()
