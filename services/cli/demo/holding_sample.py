"""The sample's reports, valuations, rights, pledges and loans of firms that are held, sent as a manager would."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from bole.funding.v1 import (
    deal_action_pb2,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    indicator_pb2,
    indicator_service_pb2,
    indicator_service_pb2_grpc,
    intellectual_property_pb2,
    intellectual_property_service_pb2,
    investment_pb2,
    investment_service_pb2,
    loan_pb2,
    loan_service_pb2,
    loan_service_pb2_grpc,
)
from services.chassis.rpc.wire import date_to_wire, instant_to_wire, money_from_wire, money_to_wire
from services.cli.funding import investments, rights
from services.cli.session import Session
from services.kernel.money import Money
from services.kernel.text import Text, counted
from services.sample.holdings import MARKED, SampleHolding, SampleReport, SampleRight, holding

MOST = 24
_FILTER = "origin = SYNTHETIC AND state = ACTIVE"
_LATER = (firm_pb2.FIRM_STAGE_EARLY_GROWTH, firm_pb2.FIRM_STAGE_GROWTH)
_COUNTS = frozenset({"STAFF", "RD_STAFF"})
_BANK = f"演示银行{MARKED}"


def send(session: Session, today: date) -> None:
    """Record what the sample knows of the oldest holdings; firms that came up already are left out."""
    request = investment_service_pb2.ListInvestmentsRequest(
        filter=_FILTER, order_by="close_date", page_size=MOST
    )
    held = {each.firm: each for each in investments.stub(session).ListInvestments(request).investments}
    firms = firm_service_pb2_grpc.FirmServiceStub(session.channel("funding"))
    for index, (name, investment) in enumerate(held.items()):
        firm = firms.GetFirm(firm_service_pb2.GetFirmRequest(name=name))
        made = holding(index, today, quarterly=firm.stage in _LATER)
        for report in made.reports:
            _report(session, name, report)
        _mark(session, investment, made, today)
        _finance(session, name, made, today)
    session.output.say(
        Text(
            f"投后演示数据：{len(held)} 家企业",
            f"sample data after the investment: {counted(len(held), 'firm')}",
        )
    )


def _report(session: Session, firm: str, report: SampleReport) -> None:
    values = [
        indicator_pb2.IndicatorValue(code=code, number=value)
        if code in _COUNTS
        else indicator_pb2.IndicatorValue(code=code, amount=money_to_wire(Money(value)))
        for code, value in report.values.items()
    ]
    given = indicator_pb2.IndicatorReport(
        period=report.period, values=values, source="SOURCE_FIRM", document=f"投后报告{MARKED}"
    )
    stub = indicator_service_pb2_grpc.IndicatorServiceStub(session.channel("funding"))
    stub.CreateIndicatorReport(indicator_service_pb2.CreateIndicatorReportRequest(parent=firm, report=given))


def _mark(session: Session, held: investment_pb2.Investment, made: SampleHolding, today: date) -> None:
    title = f"估值说明{MARKED}"
    paper = deal_action_pb2.DealEvidence(
        kind="VALUATION_BASIS",
        title=title,
        sha256=hashlib.sha256(f"{held.name}{title}".encode()).hexdigest(),
        receive_time=instant_to_wire(datetime.now(UTC) - timedelta(minutes=1)),
    )
    value = money_from_wire(held.cost).fen * made.value_permille // 1000
    mark = investment_pb2.Mark(
        value=money_to_wire(Money(value)), as_of_date=date_to_wire(today), method="MARK_METHOD_LAST_ROUND"
    )
    investments.stub(session).MarkInvestment(
        investment_service_pb2.MarkInvestmentRequest(
            name=held.name,
            command=deal_action_pb2.DealCommand(etag=held.etag, evidence=[paper]),
            mark=mark,
        )
    )


def _finance(session: Session, firm: str, made: SampleHolding, today: date) -> None:
    named = [(right, _right(session, firm, right)) for right in made.rights]
    stub = loan_service_pb2_grpc.LoanServiceStub(session.channel("funding"))
    for right, name in named:
        if right.pledged:
            pledge = _pledge(session, firm, name, made.loan_fen, today)
            loan = loan_pb2.Loan(
                lender=_BANK,
                amount=money_to_wire(Money(made.loan_fen)),
                disburse_date=date_to_wire(today),
                due_date=date_to_wire(today + timedelta(days=365)),
                security="SECURITY_IP_PLEDGE",
                pledge=pledge,
                document=f"借款合同{MARKED}",
            )
            stub.CreateLoan(loan_service_pb2.CreateLoanRequest(parent=firm, loan=loan))
    if made.checked:
        look = loan_pb2.CreditCheck(
            as_of_date=date_to_wire(today), consent_document=f"授权书{MARKED}", source=f"征信记录{MARKED}"
        )
        stub.CreateCreditCheck(loan_service_pb2.CreateCreditCheckRequest(parent=firm, credit_check=look))


def _right(session: Session, firm: str, right: SampleRight) -> str:
    given = intellectual_property_pb2.IpRight(
        kind="KIND_INVENTION",
        number=right.number,
        title=right.title,
        grant_date=date_to_wire(right.granted),
        expire_date=date_to_wire(right.expires),
        document=f"专利证书{MARKED}",
    )
    request = intellectual_property_service_pb2.CreateIpRightRequest(parent=firm, ip_right=given)
    return str(rights.stub(session).CreateIpRight(request).name)


def _pledge(session: Session, firm: str, right: str, secured_fen: int, today: date) -> str:
    given = intellectual_property_pb2.Pledge(
        ip_rights=[right],
        rank=1,
        pledgee=_BANK,
        secured=money_to_wire(Money(secured_fen)),
        valuation=money_to_wire(Money(2 * secured_fen)),
        valuation_basis=f"收益法{MARKED}",
        start_date=date_to_wire(today),
        end_date=date_to_wire(today + timedelta(days=730)),
    )
    drafted = rights.stub(session).CreatePledge(
        intellectual_property_service_pb2.CreatePledgeRequest(
            parent=firm, pledge=given, document=f"质押合同{MARKED}"
        )
    )
    request = intellectual_property_service_pb2.RegisterPledgeRequest(
        name=drafted.name,
        etag=drafted.etag,
        effective_date=date_to_wire(today),
        document=f"登记通知书{MARKED}",
        registration_number=f"DEMO-{drafted.name[-8:]}",
    )
    return str(rights.stub(session).RegisterPledge(request).name)
