"""A revision of a mandate on its way: proposed by one person, decided by another (四眼), in force on its days."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.funding.domain.fund.mandate import Mandate, examine_mandate
from services.kernel.errors import FailedPrecondition, PermissionDenied
from services.kernel.text import Text


class RevisionState(StrEnum):
    """How far a revision has come."""

    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


@dataclass(frozen=True)
class Decision:
    """What somebody else than the proposer decided. `document`: of the approval, or why it is rejected."""

    approved: bool
    decider: str
    at: datetime
    document: str


@dataclass(frozen=True)
class Revision:
    """One revision. `proposer` is empty for rules that came with the fund and were in force from the start."""

    rules: Mandate
    proposer: str
    at: datetime | None
    reason: str
    decision: Decision | None = None

    @property
    def state(self) -> RevisionState:
        """How far it has come."""
        if self.decision is None:
            return RevisionState.APPROVED if not self.proposer else RevisionState.PROPOSED
        return RevisionState.APPROVED if self.decision.approved else RevisionState.REJECTED


def propose(rules: Mandate, *, proposer: str, at: datetime, reason: str, today: date) -> Revision:
    """A proposed revision. Raises InvalidArgument with everything that is wrong, a beginning in the past
    included: what was decided stays decided by the rules of its day.
    """
    findings = Findings()
    reason = findings.text("reason", reason, most=500, required=True)
    if rules.effective_from < today:
        findings.add(
            "effective_from",
            "BEGINS_IN_PAST",
            f"生效日期 {rules.effective_from} 早于今天 {today}，新修订不得溯及既往",
            f"the revision would begin on {rules.effective_from}, before today, {today}",
        )
    findings.finish()
    examine_mandate(rules)
    return Revision(rules, proposer, at, reason)


def decide(revision: Revision, decision: Decision) -> Decision:
    """The decision, if it may be taken. Raises FailedPrecondition (REVISION_DECIDED) and PermissionDenied
    (FOUR_EYES).
    """
    if revision.state is not RevisionState.PROPOSED:
        raise FailedPrecondition(
            Text("该修订已有结论，不能再次审批", "this revision is decided already"),
            reason="REVISION_DECIDED",
            metadata={"state": revision.state.value},
        )
    if decision.decider == revision.proposer:
        raise PermissionDenied(
            Text("提出人不得审批自己的修订，请由他人审批", "who proposed a revision may not decide on it"),
            reason="FOUR_EYES",
        )
    findings = Findings()
    findings.text("document", decision.document, most=500, required=True)
    findings.finish()
    return decision
