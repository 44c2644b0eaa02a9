"""Acts on people that a second person approves beforehand, and the use of what was approved."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.kernel.clock import Clock
from services.kernel.errors import FailedPrecondition
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent.domain.four_eyes import (
    ALONE,
    HOLDS,
    SHEETS,
    Act,
    Approval,
    Intent,
    require_other,
    required,
)
from services.talent.domain.person import Person, PersonStatus
from services.talent.domain.validation import Findings, check_line, clean
from services.talent.service.consents import Consents
from services.talent.store import approvals as store


@dataclass(frozen=True)
class Approving:
    """The use cases."""

    clock: Clock
    ids: Ids
    consents: Consents

    def approve(self, session: Session, intent: Intent, reason: str, approver: str) -> Approval:
        """Keep somebody's word. Raises InvalidArgument for what cannot be meant, PermissionDenied (FOUR_EYES)."""
        reason = clean(reason)
        _check(intent, reason)
        require_other(intent, approver)
        made = Approval(
            id=self.ids.new(),
            intent=intent,
            reason=reason,
            approved_by=approver,
            approved_at=self.clock.now(),
        )
        store.save(session, made)
        return made

    def require(self, session: Session, intent: Intent) -> None:
        """Raise FailedPrecondition (FOUR_EYES_NEEDED) for an act that needs an approval and has none."""
        if intent.needs_approval:
            now = self.clock.now()
            required(intent, store.of_account(session, intent.account, now - HOLDS), now)

    def use(self, session: Session, intent: Intent, done: str) -> Approval | None:
        """Use up the approval of an act, of which the resource `done` comes; None if it needs none. Raises as `require`
        does.
        """
        if not intent.needs_approval:
            return None
        now = self.clock.now()
        found = required(intent, store.of_account(session, intent.account, now - HOLDS, lock=True), now)
        store.use(session, found, done, now)
        return found

    def may_erase_alone(self, session: Session, person: Person, account: str) -> bool:
        """Whether the erasure is a duty, by a withdrawal that somebody other than `account` took down."""
        withdrawn = person.status is PersonStatus.WITHDRAWN
        return withdrawn and self.consents.withdrawn_by_another(session, person.id, account)

    def require_needed(self, session: Session, person: Person, account: str) -> None:
        """Raise FailedPrecondition (NOT_NEEDED) for an account that may erase the person by itself."""
        if self.may_erase_alone(session, person, account):
            raise FailedPrecondition(
                Text(
                    f"本人撤回已由他人登记，{account} 删除无需复核",
                    f"the withdrawal was taken down by somebody else; an erasure by {account} needs no approval",
                ),
                reason="NOT_NEEDED",
            )


def _check(intent: Intent, reason: str) -> None:
    findings = Findings()
    check_line(findings, "account", intent.account, limit=128, required=True)
    check_line(findings, "reason", reason, limit=300, required=True)
    if intent.act is Act.EXPORT:
        listed = ", ".join(SHEETS)
        findings.require(
            intent.sheet in SHEETS,
            "sheet",
            "UNKNOWN_SHEET",
            f"没有此类个人记录，可选：{listed}",
            f"no such sheet of people; one of {listed}",
        )
        findings.require(
            bool(intent.purpose), "purpose", "REQUIRED", "请填写用途", "state the purpose of the export"
        )
        findings.require(
            intent.people > ALONE,
            "max_people",
            "NOT_NEEDED",
            f"不超过 {ALONE} 人的导出无需复核",
            f"an export of at most {ALONE} people needs no approval",
        )
    findings.conclude()
