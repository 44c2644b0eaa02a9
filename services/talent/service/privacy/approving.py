"""Acts on people that a second person approves beforehand: asking, answering, and the use of what was approved."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from services.chassis.imports.batch import Batch
from services.kernel.clock import Clock
from services.kernel.errors import AlreadyExists
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent.domain.people.person import Person, PersonStatus
from services.talent.domain.privacy.application import Answer, Application, Verdict
from services.talent.domain.privacy.four_eyes import (
    ALONE,
    HOLDS,
    SHEETS,
    Act,
    Approval,
    Intent,
    may_undo_alone,
    require_other,
    required,
)
from services.talent.domain.validation import Findings, check_line, clean
from services.talent.service.privacy.consents import Consents
from services.talent.store.imports.imports import brought_people
from services.talent.store.privacy import applications
from services.talent.store.privacy import approvals as store


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

    def ask(self, session: Session, intent: Intent, reason: str) -> Application:
        """Keep that somebody asks for a second person's word. Raises InvalidArgument for what cannot be meant,
        AlreadyExists if it is asked for already.
        """
        reason, now = clean(reason), self.clock.now()
        _check(intent, reason)
        for each in applications.listed(session, applications.of_intent(intent), applications.open_at(now)):
            raise AlreadyExists(
                Text(
                    f"同样的申请（{each.name}）正在等待答复",
                    f"the same is asked for already ({each.name}) and waits for an answer",
                ),
                reason="ASKED_ALREADY",
                metadata={"resource": each.name},
            )
        made = Application(id=self.ids.new(), intent=intent, reason=reason, asked_at=now)
        applications.save(session, made)
        return applications.get(session, made.id) or made

    def answer(
        self, session: Session, application: Application, verdict: Verdict, reason: str, by: str
    ) -> Application:
        """Answer one that was read with its lock and is answerable; an approval comes of it if it is approved.

        Raises InvalidArgument.
        """
        reason = clean(reason)
        findings = Findings()
        check_line(findings, "reason", reason, limit=300, required=True)
        findings.conclude()
        approved = verdict is Verdict.APPROVE
        approval = self.approve(session, application.intent, reason, by) if approved else None
        at = approval.approved_at if approval else self.clock.now()
        given = Answer(verdict=verdict, reason=reason, by=by, at=at, approval=approval)
        applications.answer(session, application, given)
        return replace(application, answer=given)

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

    def use_for_undo(self, session: Session, batch: Batch, account: str) -> None:
        """Use up the approval of undoing an import, if that needs one. Raises FailedPrecondition (FOUR_EYES_NEEDED)."""
        if not self.may_undo_alone(session, batch, account):
            self.use(session, Intent(account=account, act=Act.UNDO, batch=batch.id), f"imports/{batch.id}")

    def may_undo_alone(self, session: Session, batch: Batch, account: str) -> bool:
        """Whether an import brought nobody, or is the account's own and fresh."""
        made_at = batch.ended_at or batch.heard_at
        own = may_undo_alone(account, batch.created_by, made_at, self.clock.now())
        return own or not brought_people(session, batch.id)

    def may_erase_alone(self, session: Session, person: Person, account: str) -> bool:
        """Whether the erasure is a duty, by a withdrawal that somebody other than `account` took down."""
        withdrawn = person.status is PersonStatus.WITHDRAWN
        return withdrawn and self.consents.withdrawn_by_another(session, person.id, account)


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
