"""Local reinvestment (返投): what of an investment counts for which city, each fen once.

For one fund an investment counts for one city at most; over all funds that claim it, for no more than was invested.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.funding.domain.capital.commitment import Commitment
from services.funding.domain.findings import Findings
from services.funding.domain.wording import amount
from services.kernel.errors import FailedPrecondition, Violation
from services.kernel.text import Text


class CreditBasis(StrEnum):
    """Why an investment counts for a city."""

    REGISTERED = "REGISTERED"
    MOVED = "MOVED"
    SUBSIDIARY = "SUBSIDIARY"
    OTHER = "OTHER"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    CreditBasis.REGISTERED: Text("企业注册在本市", "the firm is registered there"),
    CreditBasis.MOVED: Text("企业迁入本市", "the firm moved there"),
    CreditBasis.SUBSIDIARY: Text("在本市设立子公司", "the firm founded a subsidiary there"),
    CreditBasis.OTHER: Text("其他", "another ground"),
}


@dataclass(frozen=True)
class ReinvestmentCredit:
    """What of an investment counts for one city and fund, in fen; 0 takes an earlier credit back. Never changed:
    a later credit of the same fund takes its place.
    """

    investment_id: str
    sequence: int
    fund_id: str
    city: str
    fen: int
    basis: CreditBasis
    document: str
    actor: str
    at: datetime


def in_force(records: Iterable[ReinvestmentCredit]) -> list[ReinvestmentCredit]:
    """The credits of one or several investments that no later one replaces and that count for something."""
    newest: dict[tuple[str, str], ReinvestmentCredit] = {}
    for each in sorted(records, key=lambda credit: credit.sequence):
        newest[each.investment_id, each.fund_id] = each
    return [each for each in newest.values() if each.fen]


def examine_credit(new: ReinvestmentCredit) -> None:
    """Raise InvalidArgument with everything that is wrong with a credit by itself."""
    findings = Findings()
    findings.text("document", new.document, most=300, required=True)
    findings.amount("amount", new.fen)
    findings.finish()


def require_creditable(
    new: ReinvestmentCredit,
    known: Sequence[ReinvestmentCredit],
    own_fund: str,
    paid_fen: int,
    investors: set[str],
) -> None:
    """Raise FailedPrecondition: FUND_NOT_INVESTED for a fund that is neither the investment's nor has subscribed to
    it (`investors`: those that have, directly or through others); CREDIT_EXCEEDS_INVESTED.
    """
    if new.fund_id != own_fund and new.fund_id not in investors:
        text = Text(
            f"funds/{new.fund_id} 未出资该投资所属基金，不能计入返投",
            f"funds/{new.fund_id} has no part in the fund of this investment and cannot claim it",
        )
        raise FailedPrecondition(
            text, reason="FUND_NOT_INVESTED", violations=(Violation("fund", "FUND_NOT_INVESTED", text),)
        )
    others = sum(each.fen for each in in_force(known) if each.fund_id != new.fund_id)
    if new.fen > paid_fen - others:
        left, asked = amount(paid_fen - others), amount(new.fen)
        text = Text(
            f"计入{asked.zh}超过该投资尚可计入的{left.zh}",
            f"{asked.en} is over what of the investment is not yet counted, {left.en}",
        )
        raise FailedPrecondition(
            text,
            reason="CREDIT_EXCEEDS_INVESTED",
            violations=(Violation("amount", "CREDIT_EXCEEDS_INVESTED", text),),
            metadata={"leftFen": str(paid_fen - others)},
        )


def investors_of(fund_id: str, commitments: Sequence[Commitment]) -> set[str]:
    """The funds that have subscribed to a fund, directly or through others."""
    found, waiting = set[str](), [fund_id]
    while waiting:
        fund = waiting.pop()
        for each in commitments:
            investor = each.investor_fund
            if each.fund_id == fund and investor is not None and investor not in found:
                found.add(investor)
                waiting.append(investor)
    return found
