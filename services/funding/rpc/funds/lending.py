"""LoanService: bank loans of firms, and the first of them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import loan_pb2, loan_service_pb2_grpc
from bole.funding.v1 import loan_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import date_from_wire
from services.funding.domain.property.loan import CreditCheck
from services.funding.rpc.deals.acting import require_records
from services.funding.rpc.firms.property_wire import (
    check_to_wire,
    first_to_wire,
    loan_of,
    loan_to_wire,
    status_to_wire,
)
from services.funding.rpc.firms.seeing_firms import FirmSight
from services.funding.rpc.once import audit, once
from services.funding.rpc.wire import id_of
from services.funding.service.funds.lending import Lending
from services.funding.store.firms import property as store
from services.kernel.errors import InvalidArgument

KEEPERS = ("fund_manager", "fund_analyst", "finance")
_LOAN = {
    name: f"loan.{name}" for name in ("lender", "document", "amount", "disburse_date", "due_date", "pledge")
}
_CHECK = {
    name: f"credit_check.{name}"
    for name in ("consent_document", "source", "as_of_date", "earliest_loan_date")
}


@dataclass(frozen=True)
class LoanRoom(loan_service_pb2_grpc.LoanServiceServicer):
    """The servicer."""

    house: House
    lending: Lending

    def ListLoans(self, request: wire.ListLoansRequest, context: Any) -> wire.ListLoansResponse:
        """Loans of a firm, and looks at its credit record."""
        with self.house.database.read() as session:
            firm = FirmSight(current_call()).open(session, request.parent, "parent")
            first = _first(session, firm.id)
            return wire.ListLoansResponse(
                loans=[loan_to_wire(each, first) for each in store.loans(session, firm.id)],
                credit_checks=[check_to_wire(each) for each in store.checks(session, firm.id)],
            )

    def CreateLoan(self, request: wire.CreateLoanRequest, context: Any) -> loan_pb2.Loan:
        """Record a loan."""
        call, firm_id = current_call(), id_of(request.parent, "firms", field="parent")

        def act(session: Session) -> loan_pb2.Loan:
            require_records(session, call, KEEPERS, FirmSight(call).find(session, request.parent, "parent"))
            id_, at, actor = self.house.ids.new(), self.house.clock.now(), call.principal.subject
            made = loan_of(request.loan, id=id_, firm_id=firm_id, actor=actor, at=at)
            answer = loan_to_wire(self.lending.record(session, made), _first(session, firm_id))
            audit(self.house, session, call, "record-loan", answer.name)
            return answer

        return once(self.house, call, request, request.request_id, loan_pb2.Loan, act, fields=_LOAN)

    def CreateCreditCheck(self, request: wire.CreateCreditCheckRequest, context: Any) -> loan_pb2.CreditCheck:
        """Record a look at the credit record."""
        call, firm_id = current_call(), id_of(request.parent, "firms", field="parent")
        given = request.credit_check

        def act(session: Session) -> loan_pb2.CreditCheck:
            require_records(session, call, KEEPERS, FirmSight(call).find(session, request.parent, "parent"))
            found = given.HasField("earliest_loan_date")
            check = CreditCheck(
                firm_id=firm_id,
                as_of=date_from_wire(given.as_of_date),
                consent=given.consent_document,
                source=given.source,
                earliest=date_from_wire(given.earliest_loan_date) if found else None,
                actor=call.principal.subject,
                at=self.house.clock.now(),
            )
            answer = check_to_wire(self.lending.check(session, check))
            audit(self.house, session, call, "check-credit", request.parent)
            return answer

        kind, id_ = loan_pb2.CreditCheck, request.request_id
        return once(self.house, call, request, id_, kind, act, fields=_CHECK)

    def ListFirstLoanRecords(
        self, request: wire.ListFirstLoanRecordsRequest, context: Any
    ) -> wire.ListFirstLoanRecordsResponse:
        """Which loan counted as the first."""
        with self.house.database.read() as session:
            firm = FirmSight(current_call()).open(session, request.parent, "parent")
            found = store.first_loans(session, store.records_of(session, firm.id)[0])
        return wire.ListFirstLoanRecordsResponse(records=[first_to_wire(each) for each in found])

    def GetFinancingStatus(
        self, request: wire.GetFinancingStatusRequest, context: Any
    ) -> loan_pb2.FinancingStatus:
        """What the firm could pledge."""
        parent, _, last = request.name.rpartition("/")
        if last != "financingStatus":
            raise InvalidArgument.field(
                "name",
                "INVALID_NAME",
                "名称应写成 firms/编号/financingStatus",
                "the name must read firms/{id}/financingStatus",
            )
        with self.house.database.read() as session:
            firm = FirmSight(current_call()).open(session, parent)
            return status_to_wire(self.lending.status(session, firm.id))


def _first(session: Session, firm_id: str) -> str | None:
    known = store.first_loans(session, store.records_of(session, firm_id)[0])
    return known[-1].loan_id if known else None
