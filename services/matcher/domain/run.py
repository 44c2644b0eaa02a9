"""A run over all anchors of a kind: what was asked, how far it has come, and which step may follow which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text

DEFAULT_LIMIT = 20


class RunState(StrEnum):
    """Where a run stands."""

    RUNNING = "RUNNING"
    CANCELLED = "CANCELLED"
    DONE = "DONE"
    FAILED = "FAILED"


RESUMABLE = frozenset({RunState.CANCELLED, RunState.FAILED})
_NOT_RUNNING = {
    RunState.DONE: Text(
        "任务已经完成，无需取消；请下载结果",
        "the run is done, there is nothing to cancel; download what it found",
    ),
    RunState.CANCELLED: Text(
        "任务已经取消；可以继续运行，或下载已有结果",
        "the run is cancelled already; resume it, or download what it has found",
    ),
    RunState.FAILED: Text(
        "任务已经中断，无需取消；可以继续运行，或下载已有结果",
        "the run has failed, there is nothing to cancel; resume it, or download what it has found",
    ),
}
_NOT_STOPPED = {
    RunState.DONE: Text(
        "任务已经完成，不能继续运行；请下载结果，重新计算请另建任务",
        "the run is done and cannot be resumed; download what it found, or start another",
    ),
    RunState.RUNNING: Text(
        "任务正在运行，无需继续；请等待完成", "the run is running, there is nothing to resume; wait for it"
    ),
}


@dataclass(eq=False, kw_only=True)
class MatchRun:
    """`cities` of the anchors, empty for the whole province; `cursor` says up to which anchor they are worked out.

    `by_city`: `limit` counts for each city of the candidates.
    `model`: what the scores were made with; `reason_zh`, `reason_en`: why it could not go on.
    """

    id: str
    kind: str
    limit: int
    filter: str
    same_industry: bool
    by_city: bool
    cities: tuple[str, ...]
    creator: str
    model: str
    created_at: datetime
    updated_at: datetime
    state: RunState = RunState.RUNNING
    anchors: int = 0
    done: int = 0
    pairs: int = 0
    cursor: str = ""
    reason_zh: str = ""
    reason_en: str = ""

    @property
    def name(self) -> str:
        """The resource name."""
        return f"matchRuns/{self.id}"

    def cancel(self, now: datetime) -> None:
        """Stop. Raises FailedPrecondition (RUN_NOT_RUNNING)."""
        if self.state is not RunState.RUNNING:
            raise FailedPrecondition(_NOT_RUNNING[self.state], reason="RUN_NOT_RUNNING")
        self.state, self.updated_at = RunState.CANCELLED, now

    def resume(self, now: datetime) -> None:
        """Go on. Raises FailedPrecondition (RUN_NOT_STOPPED)."""
        if self.state not in RESUMABLE:
            raise FailedPrecondition(_NOT_STOPPED[self.state], reason="RUN_NOT_STOPPED")
        self.state, self.updated_at = RunState.RUNNING, now
        self.reason_zh = self.reason_en = ""

    def fail(self, reason: Text, now: datetime) -> None:
        """It cannot go on."""
        self.state, self.updated_at = RunState.FAILED, now
        self.reason_zh, self.reason_en = reason.zh, reason.en

    def begin_anew(self, model: str) -> None:
        """Scores are made in another way now: nothing of what was found counts."""
        self.model, self.cursor, self.done, self.pairs = model, "", 0, 0

    def worked_out(self, keys: Sequence[str], pairs: int, remaining: int, now: datetime) -> None:
        """Some more anchors, the next in their order, have their candidates; `remaining` are still to come."""
        self.done += len(keys)
        self.pairs += pairs
        self.anchors = self.done + remaining
        self.cursor = keys[-1] if keys else self.cursor
        self.updated_at = now
        if not remaining:
            self.state = RunState.DONE

    def require_at_rest(self) -> None:
        """Raise FailedPrecondition (RUN_IS_RUNNING) while it is running."""
        if self.state is RunState.RUNNING:
            raise FailedPrecondition(
                Text(
                    "任务仍在运行，请等待完成或先取消",
                    "the run is not done yet; wait for it or cancel it first",
                ),
                reason="RUN_IS_RUNNING",
            )
