"""What `bole up` records after the workbook: subscriptions, reports, valuations, rights, pledges, loans and losses."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bole.common.v1 import data_origin_pb2
from bole.funding.v1 import (
    capital_service_pb2,
    capital_service_pb2_grpc,
    deal_analysis_service_pb2,
    deal_analysis_service_pb2_grpc,
    deal_service_pb2,
    dossier_pb2,
    dossier_service_pb2,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    indicator_service_pb2,
    indicator_service_pb2_grpc,
    investment_service_pb2,
    loan_service_pb2,
    loan_service_pb2_grpc,
)
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.demo import fund_sample, history_sample, holding_sample, tolerance_sample
from services.cli.funding import deals, dossiers, investments
from services.cli.funding.screening import list_funds
from services.cli.running import processes, signing_in
from services.cli.session import Session
from services.cli.workbooks import importing
from services.cli.workbooks.importing import Mode
from services.kernel.clock import civil_date
from services.kernel.errors import Unavailable
from services.sample import write_sample
from services.sample.histories import past_deals
from services.sample.names import credit_code
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


def test_losses_of_the_sample_are_written_off_and_judged_by_their_dossiers(staff: Session) -> None:
    history_sample.lay(staff.settings)
    today = civil_date(datetime.now(UTC))
    with (
        closing(signing_in.beside(staff, tolerance_sample.FINANCE, "finance")) as finance,
        closing(signing_in.beside(staff, tolerance_sample.AUDITOR, "auditor")) as auditor,
    ):
        said = tolerance_sample.send(tolerance_sample.Hands(staff, finance, auditor), today)
        assert "核销 3 项投资，材料齐备、认定免责 1 项，材料缺失、认定不予免责 1 项" in said.said.zh
        [whole], (refused, _) = said.whole, said.imported
        assert tolerance_sample.lacking_of(auditor, whole) == set()
        assert "DD_LEGAL" in tolerance_sample.lacking_of(auditor, refused)
        request = investment_service_pb2.ListInvestmentsRequest(filter="state = WRITTEN_OFF")
        lost = investments.stub(staff).ListInvestments(request).investments
        names = [each.deal.replace("deals/", "dutyDossiers/") for each in lost]
        asked = [dossier_service_pb2.GetDutyDossierRequest(name=name) for name in names]
        found = [dossiers.stub(auditor).GetDutyDossier(each) for each in asked]
        outcomes = {each.name: [one.outcome for one in each.determinations] for each in found}
        exempt, denied = (
            dossier_pb2.Determination.OUTCOME_EXEMPT,
            dossier_pb2.Determination.OUTCOME_NOT_EXEMPT,
        )
        assert outcomes.pop(whole.replace("deals/", "dutyDossiers/")) == [exempt]
        assert sorted(outcomes.values()) == [[], [denied]]
        assert all(each.trail_intact for each in found)


def cash_of(staff: Session, fund: str) -> tuple[int, int]:
    """Yuan and billionths that a fund has in the bank."""
    stub = capital_service_pb2_grpc.CapitalServiceStub(staff.channel("funding"))
    found = stub.GetLedgerBalances(capital_service_pb2.GetLedgerBalancesRequest(name=fund)).balances
    amount = next(each.balance for each in found if each.account == "CASH")
    return amount.units, amount.nanos


def test_past_deals_of_the_sample_tell_of_every_stage(staff: Session) -> None:
    stub = deals.stub(staff)
    before = stub.ListDeals(deal_service_pb2.ListDealsRequest()).total_size
    fund = next(each.name for each in list_funds(staff) if each.display_name.startswith("苏州"))
    cash = cash_of(staff, fund)
    history_sample.lay(staff.settings)
    assert cash_of(staff, fund) == cash, "what the fund has for other deals is not touched"
    history_sample.lay(staff.settings)
    listed = stub.ListDeals(deal_service_pb2.ListDealsRequest(filter="origin = SYNTHETIC"))
    assert listed.total_size == before + len(past_deals()), "a second time nothing happens"
    paid = f'fund = "{fund}" AND state = INVESTED AND origin = SYNTHETIC'
    found = stub.ListDeals(deal_service_pb2.ListDealsRequest(filter=paid, page_size=200)).deals
    hiring = [each for each in found if each.expected_hires.basis]
    assert len(hiring) >= sum(each.paid for each in past_deals())
    analysis = deal_analysis_service_pb2_grpc.DealAnalysisServiceStub(staff.channel("funding"))
    told = analysis.GetDealForecast(deal_analysis_service_pb2.GetDealForecastRequest(fund=fund))
    assert told.stages
    assert all(each.HasField("share") and each.HasField("days") for each in told.stages)
    assert told.HasField("expected")
    assert processes.run_tool("funding", ["verify-ledger"], staff.settings).returncode == 0


def test_no_past_is_laid_where_there_are_real_records(staff: Session) -> None:
    firms = firm_service_pb2_grpc.FirmServiceStub(staff.channel("funding"))
    sample = firms.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=1)).firms[0]
    real = firm_pb2.Firm()
    real.CopyFrom(sample)
    real.uscc, real.display_name = credit_code(909_191, "320500"), "真实企业"
    real.origin = data_origin_pb2.DATA_ORIGIN_REAL
    firms.CreateFirm(firm_service_pb2.CreateFirmRequest(firm=real))
    with pytest.raises(Unavailable) as refused:
        history_sample.lay(staff.settings)
    assert "真实数据" in refused.value.text.zh
