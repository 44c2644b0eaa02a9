"""An application for a second person's word (复核申请): what somebody asks to do, and how somebody else answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.talent.domain.privacy.four_eyes import HOLDS, Approval, Intent, Settled, require_other


class Verdict(StrEnum):
    """How it is answered."""

    APPROVE = "APPROVE"
    REFUSE = "REFUSE"


class ApplicationState(StrEnum):
    """Where it stands. LAPSED: nobody answered in time, or there is nothing left to be done."""

    OPEN = "OPEN"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    LAPSED = "LAPSED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a second person said. `approval`: what came of it, if it was approved."""

    verdict: Verdict
    reason: str
    by: str
    at: datetime
    approval: Approval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Somebody's request; the intent's account made it. `city`: whose officers may answer; empty for those of the
    province. `settled`: nothing is left of it to be done.
    """

    id: str
    intent: Intent
    reason: str
    asked_at: datetime
    city: str = ""
    answer: Answer | None = None
    settled: Settled | None = None

    @property
    def name(self) -> str:
        """The resource name."""
        return f"actApplications/{self.id}"

    @property
    def expires_at(self) -> datetime:
        """From when on it is not answered any more."""
        return self.asked_at + HOLDS

    def state(self, now: datetime) -> ApplicationState:
        """Where it stands."""
        if self.answer is not None:
            approved = self.answer.verdict is Verdict.APPROVE
            return ApplicationState.APPROVED if approved else ApplicationState.REFUSED
        lapsed = self.settled is not None or now >= self.expires_at
        return ApplicationState.LAPSED if lapsed else ApplicationState.OPEN

    def over(self, now: datetime) -> Text | None:
        """Why nothing comes of it any more; None while it waits, if it was refused, and while its approval counts or
        once that is used.
        """
        if self.answer is not None:
            return self.answer.approval.over(now) if self.answer.approval else None
        if self.settled is not None:
            return self.settled.text
        return _UNANSWERED if self.state(now) is ApplicationState.LAPSED else None

    def require_answerable(self, verdict: Verdict, by: str, now: datetime) -> None:
        """Raise FailedPrecondition (NOT_OPEN), or PermissionDenied (FOUR_EYES) for approving one's own.

        One's own may be refused: that takes it back.
        """
        state = self.state(now)
        if state is not ApplicationState.OPEN:
            said = _SAID.get(state) or _lapsed(self.over(now) or _UNANSWERED)
            raise FailedPrecondition(said, reason="NOT_OPEN", metadata={"state": state.value})
        if verdict is Verdict.APPROVE:
            require_other(self.intent, by)


_UNANSWERED = Text(f"{HOLDS.days} 天内无人答复", f"nobody answered within {HOLDS.days} days")
_SAID = {
    ApplicationState.APPROVED: Text("这项申请已获复核通过", "the application is approved already"),
    ApplicationState.REFUSED: Text("这项申请已被拒绝", "the application is refused already"),
}


def _lapsed(why: Text) -> Text:
    return Text(
        f"这项申请已失效：{why.zh}；如仍需要请重新申请",
        f"the application has lapsed: {why.en}; ask anew if it is still needed",
    )
