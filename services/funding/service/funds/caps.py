"""Amounts above the sanity caps: refused until a second person has said that they are meant."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.funding.domain.findings import Findings
from services.funding.domain.fund.caps import AmountApproval, AmountCaps
from services.funding.domain.fund.fund import Fund
from services.funding.store import repository
from services.funding.store.funds import caps as store
from services.kernel.clock import Clock
from services.kernel.errors import FailedPrecondition, InvalidArgument, Violation
from services.kernel.ids import Ids
from services.kernel.money import Money
from services.kernel.text import Text

CAPS = AmountCaps()
KINDS = ("firm", "fund", "deal")


def fund_of(session: Session, subject: str) -> Fund | None:
    """The fund whose record `subject` is, or whose deal; None for a firm, and for what is not on record yet.

    Raises InvalidArgument (UNKNOWN_SUBJECT) for the key of nothing that has amounts.
    """
    kind, _, key = subject.partition(":")
    if kind not in KINDS or not key:
        raise InvalidArgument.field(
            "subject",
            "UNKNOWN_SUBJECT",
            "记录应写成 firm:信用代码、fund:基金编号 或 deal:项目编号，见拒绝信息",
            "name the record as the refusal does: firm:{credit code}, fund:{number} or deal:{number}",
        )
    if kind == "fund":
        return repository.funds_by_ref(session, [key]).get(key)
    deal = repository.deals_by_ref(session, [key]).get(key) if kind == "deal" else None
    return session.get(Fund, deal.fund_id if deal else key.partition("/")[0]) if kind == "deal" else None


@dataclass(frozen=True)
class Caps:
    """The check, and the approvals that it looks at."""

    clock: Clock
    ids: Ids
    limits: AmountCaps = CAPS

    def require(self, session: Session, actor: str, subject: str, amounts: Mapping[str, int | None]) -> None:
        """Raise FailedPrecondition (AMOUNT_OVER_CAP) for amounts that `actor` states of the record `subject`.

        Amounts by column; those that somebody else approved, to the fen and lately, pass.
        """
        over = self.limits.over(amounts)
        if not over:
            return
        since = self.clock.now() - self.limits.approval_holds
        approved = store.approved_by_others(session, subject, actor, since)
        violations = [
            self._violation(field, fen) for field, fen in over.items() if (field, fen) not in approved
        ]
        if violations:
            raise FailedPrecondition(
                Text(
                    f"金额超出合理上限，疑似单位有误：{'；'.join(each.text.zh for each in violations)}。"
                    f"如属实，请另一人复核（bole amount approve '{subject}' …）",
                    "amounts over the sanity cap, probably in a wrong unit: "
                    f"{'; '.join(each.text.en for each in violations)}. If they are meant, a second person approves "
                    f"them (bole amount approve '{subject}' …)",
                ),
                reason="AMOUNT_OVER_CAP",
                violations=violations,
                metadata={"subject": subject},
            )

    def approve(
        self, session: Session, subject: str, field: str, fen: int, reason: str, actor: str
    ) -> AmountApproval:
        """Keep somebody's word. Raises InvalidArgument for an amount that needs none."""
        findings = Findings()
        subject = findings.text("subject", subject, most=200, required=True)
        reason = findings.text("reason", reason, most=300, required=True)
        findings.finish()
        if not self.limits.over({field: fen}):
            cap = Money(self.limits.of(field))
            raise InvalidArgument.field(
                "amount",
                "AMOUNT_WITHIN_CAP",
                f"金额未超过上限 {cap.display_zh()}，无需复核",
                f"the amount is within the cap of {cap.display_en()} and needs no approval",
            )
        made = AmountApproval(self.ids.new(), subject, field, fen, reason, actor, self.clock.now())
        store.save(session, made)
        return made

    def _violation(self, field: str, fen: int) -> Violation:
        amount, cap = Money(fen), Money(self.limits.of(field))
        return Violation(
            field,
            "AMOUNT_OVER_CAP",
            Text(
                f"{amount.display_zh()}（{fen} 分）超过上限 {cap.display_zh()}",
                f"{amount.display_en()} ({fen} fen) is over the cap of {cap.display_en()}",
            ),
        )
