"""What `bole up` records after the workbook: subscriptions, reports, valuations, rights, pledges and loans."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bole.funding.v1 import (
    capital_service_pb2,
    capital_service_pb2_grpc,
    indicator_service_pb2,
    indicator_service_pb2_grpc,
    investment_service_pb2,
    loan_service_pb2,
    loan_service_pb2_grpc,
)
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.demo import fund_sample, holding_sample
from services.cli.funding import investments
from services.cli.funding.screening import list_funds
from services.cli.session import Session
from services.cli.workbooks import importing
from services.cli.workbooks.importing import Mode
from services.kernel.clock import civil_date
from services.sample import write_sample
from tests.contract.installation import installation, staff_token
from tests.servers import nursery


@pytest.fixture
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A manager of a funding service with the small sample, for this test alone."""
    made = installation(tmp_path_factory.mktemp("sample"), nursery.spawn)
    made.start("funding")
    workbook = made.settings.data_dir / "sample.xlsx"
    write_sample(workbook, "small", as_of=civil_date(datetime.now(UTC)))
    opened = Session(made.settings, Output(Format.TABLE, "zh"), token=staff_token(made))
    assert importing.send(opened, "funding", workbook, Mode.IMPORT_MODE_GOOD_ROWS).committed
    yield opened
    opened.close()
    assert set(made.stop().values()) == {0}


def test_the_sample_after_the_workbook_is_recorded_whole(staff: Session) -> None:
    fund_sample.send(staff)
    holding_sample.send(staff, civil_date(datetime.now(UTC)))
    channel = staff.channel("funding")
    capital = capital_service_pb2_grpc.CapitalServiceStub(channel)
    for fund in list_funds(staff):
        listed = capital.ListCommitments(capital_service_pb2.ListCommitmentsRequest(parent=fund.name))
        assert (listed.unattributed.units, listed.unattributed.nanos) == (0, 0)
    seen = capital.GetLookThrough(capital_service_pb2.GetLookThroughRequest())
    assert seen.net.units < seen.gross.units
    request = investment_service_pb2.ListInvestmentsRequest(filter="origin = SYNTHETIC")
    held = investments.stub(staff).ListInvestments(request).investments
    reporting = indicator_service_pb2_grpc.IndicatorServiceStub(channel)
    lending = loan_service_pb2_grpc.LoanServiceStub(channel)
    first = 0
    for each in held:
        reports = reporting.ListIndicatorReports(
            indicator_service_pb2.ListIndicatorReportsRequest(parent=each.firm)
        ).reports
        assert len(reports) >= 2
        assert each.HasField("mark")
        loans = lending.ListLoans(loan_service_pb2.ListLoansRequest(parent=each.firm)).loans
        first += sum(loan.first_loan for loan in loans)
    assert first > 0
