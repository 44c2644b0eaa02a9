"""Bank loans, and the first of them (首贷): the earliest by the day it was paid out, as far as is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.kernel.text import Text


class Security(StrEnum):
    """What a loan rests on."""

    CREDIT = "CREDIT"
    IP_PLEDGE = "IP_PLEDGE"
    GUARANTEE = "GUARANTEE"
    MORTGAGE = "MORTGAGE"


class FirstLoan(StrEnum):
    """Whether a firm's next bank loan would be its first."""

    CANDIDATE = "CANDIDATE"
    HAD_LOAN = "HAD_LOAN"
    UNKNOWN = "UNKNOWN"

    @property
    def label(self) -> Text:
        """The words for it."""
        return _FIRST[self]


_FIRST = {
    FirstLoan.CANDIDATE: Text("尚无贷款", "none yet"),
    FirstLoan.HAD_LOAN: Text("已有贷款", "had a loan"),
    FirstLoan.UNKNOWN: Text("未知", "not known"),
}


@dataclass(frozen=True)
class Loan:
    """One bank loan, never changed; `pledge_id` exactly for IP_PLEDGE."""

    id: str
    firm_id: str
    lender: str
    fen: int
    disbursed: date
    due: date
    security: Security
    pledge_id: str | None
    document: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class CreditCheck:
    """A look at a firm's credit record with its consent. `earliest`: its earliest bank loan, None if none."""

    firm_id: str
    as_of: date
    consent: str
    source: str
    earliest: date | None
    actor: str
    at: datetime


@dataclass(frozen=True)
class FirstLoanRecord:
    """Which loan counts as a firm's first from when on; None: none of the recorded ones."""

    firm_id: str
    sequence: int
    loan_id: str | None
    reason: Text
    actor: str
    at: datetime


def examine_loan(loan: Loan, today: date) -> None:
    """Raise InvalidArgument with everything that cannot be true of a loan."""
    findings = Findings()
    findings.text("lender", loan.lender, most=200, required=True)
    findings.text("document", loan.document, most=300, required=True)
    findings.amount("amount", loan.fen, least=1)
    findings.not_after("disburse_date", loan.disbursed, today)
    if loan.due <= loan.disbursed:
        findings.add(
            "due_date", "DUE_BEFORE_PAID", "到期日应晚于放款日", "a loan is due after it is paid out"
        )
    if loan.security is Security.IP_PLEDGE and loan.pledge_id is None:
        findings.add("pledge", "REQUIRED", "质押贷款须注明质押登记", "name the pledge that secures it")
    if loan.security is not Security.IP_PLEDGE and loan.pledge_id is not None:
        findings.add(
            "pledge", "NOT_A_PLEDGE_LOAN", "仅质押贷款可填写质押登记", "only a loan on a pledge names one"
        )
    findings.finish()


def examine_check(check: CreditCheck, today: date) -> None:
    """Raise InvalidArgument with everything that cannot be true of a look at the credit record."""
    findings = Findings()
    findings.text("consent_document", check.consent, most=300, required=True)
    findings.text("source", check.source, most=200, required=True)
    findings.not_after("as_of_date", check.as_of, today)
    findings.not_after("earliest_loan_date", check.earliest, check.as_of)
    findings.finish()


def first_loan(loans: Sequence[Loan], checks: Sequence[CreditCheck]) -> str | None:
    """The id of the recorded loan that is the first: the earliest paid out, of equals the one recorded first.

    None if there is no loan, or a credit check has found an earlier one that is not recorded.
    """
    if not loans:
        return None
    first = min(loans, key=lambda each: (each.disbursed, each.at, each.id))
    known = [each.earliest for each in checks if each.earliest is not None]
    return None if known and min(known) < first.disbursed else first.id


def standing(loans: Sequence[Loan], checks: Sequence[CreditCheck]) -> tuple[FirstLoan, Text]:
    """Whether the next loan would be the first, and what that rests on."""
    if loans:
        first = min(loans, key=lambda each: (each.disbursed, each.at, each.id))
        return FirstLoan.HAD_LOAN, Text(
            f"已有银行贷款（{first.disbursed}，{first.lender}）",
            f"there is a bank loan ({first.disbursed}, {first.lender})",
        )
    if not checks:
        return FirstLoan.UNKNOWN, Text(
            "未知：尚无企业授权的征信查询，本系统亦无贷款记录",
            "not known: the firm has consented to no credit check, and no loan is recorded here",
        )
    newest = max(checks, key=lambda each: (each.as_of, each.at))
    found = [each for each in checks if each.earliest is not None]
    if found:
        check = found[-1]
        return FirstLoan.HAD_LOAN, Text(
            f"征信记录显示 {check.earliest} 已有银行贷款（{check.source}，{check.as_of} 查询）",
            f"the credit record shows a bank loan of {check.earliest} ({check.source}, seen {check.as_of})",
        )
    return FirstLoan.CANDIDATE, Text(
        f"征信记录无银行贷款（{newest.source}，{newest.as_of} 查询）",
        f"the credit record shows no bank loan ({newest.source}, seen {newest.as_of})",
    )
