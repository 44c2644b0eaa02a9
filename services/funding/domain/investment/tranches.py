"""Tranches (分期出资): how the amount of a signed deal is paid, and what each payment depends on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.funding.domain.wording import amount
from services.kernel.text import Text

MOST = 20


class TrancheState(StrEnum):
    """Where a payment stands."""

    PENDING = "PENDING"
    PREPARED = "PREPARED"
    PAID = "PAID"
    CANCELLED = "CANCELLED"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    TrancheState.PENDING: Text("未付", "pending"),
    TrancheState.PREPARED: Text("已经办", "prepared"),
    TrancheState.PAID: Text("已付", "paid"),
    TrancheState.CANCELLED: Text("已取消", "cancelled"),
}


@dataclass(frozen=True)
class Tranche:
    """One payment; `number` counts from 1. The first is paid at closing and has no milestone."""

    number: int
    fen: int
    milestone: str = ""
    due: date | None = None


@dataclass(frozen=True)
class TrancheTerms:
    """What a supplement to the contract changes of one tranche; None: stays as it is. Amounts never change."""

    milestone: str | None = None
    due: date | None = None

    def applied(self, tranche: Tranche) -> Tranche:
        """The tranche as amended."""
        milestone = tranche.milestone if self.milestone is None else self.milestone
        return replace(tranche, milestone=milestone, due=self.due or tranche.due)


@dataclass(frozen=True)
class TranchePlan:
    """One revision of a deal's plan; every revision is kept."""

    deal_id: str
    revision: int
    tranches: tuple[Tranche, ...]
    document: str
    actor: str
    at: datetime


def examine_tranches(tranches: Sequence[Tranche], document: str, signed_fen: int) -> tuple[Tranche, ...]:
    """The tranches with normal texts. Raises InvalidArgument with everything that is wrong with a plan."""
    findings = Findings()
    findings.text("document", document, most=300, required=True)
    findings.count("tranches", len(tranches), least=1, most=MOST)
    found = []
    for place, each in enumerate(tranches):
        findings.amount(f"tranches[{place}].amount", each.fen, least=1)
        field = f"tranches[{place}].milestone"
        milestone = findings.text(field, each.milestone, most=300, required=place > 0)
        if milestone and place == 0:
            findings.add(
                field,
                "FIRST_HAS_NO_MILESTONE",
                "首期随交割支付，不设里程碑",
                "the first tranche is paid at closing and depends on no milestone",
            )
        found.append(replace(each, milestone=milestone))
    _examine_order(tranches, findings)
    total = sum(each.fen for each in tranches)
    if total != signed_fen:
        planned, signed = amount(total), amount(signed_fen)
        findings.add(
            "tranches",
            "TRANCHES_DO_NOT_ADD_UP",
            f"各期合计{planned.zh}，与签约金额{signed.zh}不一致",
            f"the tranches add up to {planned.en}, and {signed.en} is signed",
        )
    findings.finish()
    return tuple(found)


def _examine_order(tranches: Sequence[Tranche], findings: Findings) -> None:
    latest = None
    for place, each in enumerate(tranches):
        if each.due is not None and latest is not None and each.due < latest:
            findings.add(
                f"tranches[{place}].due_date",
                "DUE_DATES_OUT_OF_ORDER",
                "各期到期日应依次推后",
                "the due dates must follow the order of the tranches",
            )
        latest = each.due or latest


def examine_terms(terms: TrancheTerms | None, findings: Findings) -> None:
    """Find what is wrong with an amendment."""
    if terms is None or (terms.milestone is None and terms.due is None):
        findings.add(
            "milestone",
            "NOTHING_TO_AMEND",
            "请填写新的里程碑或到期日",
            "state a new milestone or a new due date",
        )
    elif terms.milestone is not None:
        findings.text("milestone", terms.milestone, most=300, required=True)
