"""Bank loans of firms, and which of them counts as the first (首贷)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from services.funding.domain.firm.firm import Firm
from services.funding.domain.property.loan import (
    CreditCheck,
    FirstLoan,
    FirstLoanRecord,
    Loan,
    examine_check,
    examine_loan,
    first_loan,
    standing,
)
from services.funding.domain.property.pledge import Pledge, PledgeState
from services.funding.domain.property.products import ProductMethod, suggestions
from services.funding.domain.property.right import IpRight
from services.funding.store.deals import screened
from services.funding.store.firms import property as store
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import FailedPrecondition, NotFound
from services.kernel.text import Text

METHOD = ProductMethod()


@dataclass(frozen=True)
class FinancingStatus:
    """What a firm could pledge on a day, and whether a loan would be its first."""

    firm_id: str
    as_of: date
    free: Sequence[IpRight]
    pledged: Sequence[IpRight]
    live: Sequence[Pledge]
    first: FirstLoan
    first_text: Text
    suggestions: Sequence[Text]


@dataclass(frozen=True)
class Lending:
    """The use cases of loans. Each locks the firm, so that two of them never both find theirs to be the first."""

    clock: Clock

    def record(self, session: Session, loan: Loan) -> Loan:
        """Record a loan. Raises InvalidArgument, NotFound for its pledge, and FailedPrecondition (PLEDGE_NOT_LIVE)
        for one that was never registered.
        """
        examine_loan(loan, civil_date(loan.at))
        _lock(session, loan.firm_id)
        if loan.pledge_id is not None:
            _require_registered(session, loan.firm_id, loan.pledge_id)
        store.save_loan(session, loan)
        reason = Text(
            f"登记 {loan.disbursed} 放款的贷款（{loan.lender}）",
            f"a loan of {loan.disbursed} was recorded ({loan.lender})",
        )
        self.settle(session, loan.firm_id, reason, loan.actor)
        return loan

    def check(self, session: Session, check: CreditCheck) -> CreditCheck:
        """Record a look at a credit record. Raises InvalidArgument."""
        examine_check(check, civil_date(check.at))
        _lock(session, check.firm_id)
        store.save_check(session, check)
        reason = Text(
            f"{check.as_of} 查询征信记录（{check.source}）",
            f"the credit record was seen on {check.as_of} ({check.source})",
        )
        self.settle(session, check.firm_id, reason, check.actor)
        return check

    def status(self, session: Session, firm_id: str) -> FinancingStatus:
        """What the firm could pledge now, and what fits it."""
        today = civil_date(self.clock.now())
        rights = store.rights(session, firm_id)
        free = [each for each in rights if each.free(today)]
        pledged = [each for each in rights if each.pledged_ranks]
        live = [each for each in store.pledges(session, firm_id) if each.state is PledgeState.REGISTERED]
        records = store.records_of(session, firm_id)
        first, text = standing(store.loans(session, *records), store.checks(session, *records))
        fitting = suggestions(free, first, today, METHOD)
        return FinancingStatus(firm_id, today, free, pledged, live, first, text, fitting)

    def settle(self, session: Session, firm_id: str, reason: Text, actor: str) -> None:
        """Append a record if another loan, or none, counts as the first of the firm from now on.

        Loans of records that are merged into one firm are loans of that firm, and its record is told of them.
        """
        _lock(session, firm_id)
        firm, *others = store.records_of(session, firm_id)
        found = first_loan(store.loans(session, firm, *others), store.checks(session, firm, *others))
        known = store.first_loans(session, firm)
        if found == (known[-1].loan_id if known else None):
            return
        made = FirstLoanRecord(firm, len(known) + 1, found, reason, actor, self.clock.now())
        store.save_first_loan(session, made)


def _lock(session: Session, firm_id: str) -> None:
    """Be the only one who changes what is known of a firm's loans; its deals are screened anew in the end.

    Records that are merged are held together, so that nobody else finds another first loan of the same firm.
    """
    records = store.records_of(session, firm_id)
    screened.hold_days(session, screened.funds_of_firms(session, records))
    for id_ in sorted(records):
        screened.touch(session, id_)
        if session.get(Firm, id_, with_for_update=True) is None:
            raise NotFound.resource(f"firms/{id_}")


def _require_registered(session: Session, firm_id: str, pledge_id: str) -> None:
    pledge = session.get(Pledge, pledge_id)
    if pledge is None or pledge.firm_id != firm_id:
        raise NotFound.resource(f"firms/{firm_id}/pledges/{pledge_id}")
    if pledge.state is PledgeState.DRAFT:
        raise FailedPrecondition(
            Text("质押尚未登记，请先登记", "the pledge is not registered; record the registration first"),
            reason="PLEDGE_NOT_LIVE",
        )
