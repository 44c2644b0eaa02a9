"""An application for a second person's word (复核申请): what somebody asks to do, and how somebody else answered."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.talent.domain.four_eyes import HOLDS, Intent, require_other


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
    """What a second person said. `approval`: the approval that came of it, if any."""

    verdict: Verdict
    reason: str
    by: str
    at: datetime
    approval: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Somebody's request; the intent's account made it. `city`: whose officers may answer; empty for those of the
    province, None if the person to be erased is not there any more.
    """

    id: str
    intent: Intent
    reason: str
    asked_at: datetime
    city: str | None = ""
    answer: Answer | None = None

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
        lapsed = self.city is None or now >= self.expires_at
        return ApplicationState.LAPSED if lapsed else ApplicationState.OPEN

    def require_answerable(self, verdict: Verdict, by: str, now: datetime) -> None:
        """Raise FailedPrecondition (NOT_OPEN), or PermissionDenied (FOUR_EYES) for approving one's own.

        One's own may be refused: that takes it back.
        """
        state = self.state(now)
        if state is not ApplicationState.OPEN:
            said = _SAID[state]
            raise FailedPrecondition(said, reason="NOT_OPEN", metadata={"state": state.value})
        if verdict is Verdict.APPROVE:
            require_other(self.intent, by)


_SAID = {
    ApplicationState.APPROVED: Text("这项申请已获复核通过", "the application is approved already"),
    ApplicationState.REFUSED: Text("这项申请已被拒绝", "the application is refused already"),
    ApplicationState.LAPSED: Text(
        f"这项申请已失效：{HOLDS.days} 天内无人答复，或所涉记录已不存在；如仍需要请重新申请",
        f"the application has lapsed: nobody answered within {HOLDS.days} days, or the record is not there any more; "
        "ask anew if it is still needed",
    ),
}
