"""`bole ip loan|loans|first-loan|check|status`: bank loans of firms, and whether the next would be the first."""

from uuid import uuid4

from bole.funding.v1 import loan_pb2, loan_service_pb2_grpc
from bole.funding.v1 import loan_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire, money_from_wire, money_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.answers.dates import wire_day
from services.cli.funding.rights import RIGHTS, right_row
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.money import Money, parse_amount
from services.kernel.text import Text

TIMEOUT_SECONDS = 30.0
_SECURITIES = {
    "SECURITY_CREDIT": Text("信用", "credit"),
    "SECURITY_IP_PLEDGE": Text("知识产权质押", "pledged rights"),
    "SECURITY_GUARANTEE": Text("担保", "guarantee"),
    "SECURITY_MORTGAGE": Text("抵押等", "other security"),
}
_LOANS = (
    Column("lender", Text("贷款银行", "lender"), wraps=True),
    Column("amount", Text("金额", "amount"), right=True, show=Money.rounded),
    Column("paid", Text("放款日", "paid out")),
    Column("due", Text("到期日", "due")),
    Column("security", Text("方式", "rests on")),
    Column("first", Text("首贷", "first"), show=tick),
    Column("id", Text("资源", "resource"), whole=True),
)
_FIRST = (
    Column("sequence", Text("序号", "no."), right=True),
    Column("loan", Text("首贷", "first loan"), whole=True),
    Column("reason", Text("原因", "what moved it"), wraps=True),
    Column("actor", Text("登记人", "by")),
    Column("time", Text("时间", "time")),
)


def show(session: Session, firm: str) -> None:
    """Loans of a firm."""
    found = _stub(session).ListLoans(service.ListLoansRequest(parent=firm), timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "lender": each.lender,
            "amount": money_from_wire(each.amount),
            "paid": date_from_wire(each.disburse_date).isoformat(),
            "due": date_from_wire(each.due_date).isoformat(),
            "security": _SECURITIES[loan_pb2.Loan.Security.Name(each.security)].to(session.language),
            "first": each.first_loan,
            "id": each.name,
        }
        for each in found.loans
    ]
    session.output.rows(Text("银行贷款", "bank loans"), _LOANS, rows)
    for check in found.credit_checks:
        day = date_from_wire(check.as_of_date)
        session.output.note(
            Text(f"征信查询 {day} {check.source}", f"credit check {day} {check.source}").to(session.language)
        )


def record(
    session: Session,
    firm: str,
    lender: str,
    amount: str,
    paid: str,
    due: str,
    document: str,
    security: str,
    pledge: str,
) -> None:
    """Record a loan."""
    code = f"SECURITY_{security.upper()}"
    if code not in _SECURITIES:
        listed = ", ".join(each.removeprefix("SECURITY_") for each in _SECURITIES)
        raise InvalidArgument.field(
            "--security", "UNKNOWN_CODE", f"方式应为：{listed}", f"state --security as one of {listed}"
        )
    request = service.CreateLoanRequest(
        parent=firm,
        loan=loan_pb2.Loan(
            lender=lender,
            amount=money_to_wire(parse_amount(amount, field="AMOUNT")),
            disburse_date=wire_day(paid, "--paid"),
            due_date=wire_day(due, "--due"),
            security=code,
            pledge=pledge,
            document=document,
        ),
        request_id=str(uuid4()),
    )
    made = _stub(session).CreateLoan(request, timeout=TIMEOUT_SECONDS)
    first = Text("（首贷）", " (the firm's first)") if made.first_loan else Text("", "")
    session.output.say(Text(f"已登记 {made.name}{first.zh}", f"recorded {made.name}{first.en}"))


def check(session: Session, firm: str, source: str, on: str, consent: str, earliest: str) -> None:
    """Record a look at the credit record."""
    request = service.CreateCreditCheckRequest(
        parent=firm,
        credit_check=loan_pb2.CreditCheck(
            as_of_date=wire_day(on, "--on"),
            consent_document=consent,
            source=source,
            earliest_loan_date=wire_day(earliest, "--earliest") if earliest else None,
        ),
        request_id=str(uuid4()),
    )
    _stub(session).CreateCreditCheck(request, timeout=TIMEOUT_SECONDS)
    show_status(session, firm)


def show_status(session: Session, firm: str) -> None:
    """Free and pledged rights, the first loan, and what fits."""
    request = service.GetFinancingStatusRequest(name=f"{firm}/financingStatus")
    found = _stub(session).GetFinancingStatus(request, timeout=TIMEOUT_SECONDS)
    rows = [right_row(each, session.language) for each in (*found.free_rights, *found.pledged_rights)]
    session.output.rows(Text(f"{firm} 融资条件", f"what {firm} could pledge"), RIGHTS, rows)
    session.output.note(wording.say(found.first_loan_text, session.language))
    for each in found.suggestions:
        session.output.note(f"· {wording.say(each, session.language)}")


def show_first(session: Session, firm: str) -> None:
    """What was ever taken for the first loan of a firm, and why it changed."""
    request = service.ListFirstLoanRecordsRequest(parent=firm)
    found = _stub(session).ListFirstLoanRecords(request, timeout=TIMEOUT_SECONDS).records
    rows = [
        {
            "sequence": each.sequence,
            "loan": each.loan,
            "reason": wording.say(each.reason, session.language),
            "actor": each.actor,
            "time": wording.minute(each.record_time),
        }
        for each in found
    ]
    session.output.rows(Text("首贷认定记录", "records of the first loan"), _FIRST, rows)


def _stub(session: Session) -> loan_service_pb2_grpc.LoanServiceStub:
    return loan_service_pb2_grpc.LoanServiceStub(session.channel("funding"))
