"""The life of a release, and of a report: drafted, checked and signed by three people, or turned down."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.kernel.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from services.kernel.text import Text
from services.talent.domain.disclosure.rules import Edition

REMARK_LIMIT = 500


class ReleaseState(StrEnum):
    """How far a release has come."""

    DRAFT = "DRAFT"
    CHECKED = "CHECKED"
    SIGNED = "SIGNED"
    REJECTED = "REJECTED"


class Action(StrEnum):
    """What is done to a release."""

    DRAFT = "DRAFT"
    CHECK = "CHECK"
    SIGN = "SIGN"
    REJECT = "REJECT"


_STEPS = {
    Action.CHECK: ((ReleaseState.DRAFT,), ReleaseState.CHECKED, Text("核稿", "check it")),
    Action.SIGN: ((ReleaseState.CHECKED,), ReleaseState.SIGNED, Text("签发", "sign it")),
    Action.REJECT: (
        (ReleaseState.DRAFT, ReleaseState.CHECKED),
        ReleaseState.REJECTED,
        Text("退回", "turn it down"),
    ),
}
_NAMES = {
    ReleaseState.DRAFT: Text("尚在起草", "a draft"),
    ReleaseState.CHECKED: Text("已核稿", "checked"),
    ReleaseState.SIGNED: Text("已签发", "signed"),
    ReleaseState.REJECTED: Text("已退回", "turned down"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """Who did what, when, and with what remark."""

    action: Action
    actor: str
    at: datetime
    remark: str = ""


class Subject(NamedTuple):
    """What has such a life: its name, and the reason of a step that does not follow."""

    name: Text
    reason: str


RELEASE = Subject(Text("发布", "release"), "RELEASE_STATE")


@dataclass(frozen=True, slots=True)
class Life:
    """The steps so far; the first one is the draft."""

    steps: tuple[Step, ...]
    subject: Subject = RELEASE

    @property
    def version(self) -> int:
        """Counts up with each step."""
        return len(self.steps)

    @property
    def state(self) -> ReleaseState:
        """How far it has come."""
        last = self.steps[-1].action
        return ReleaseState.DRAFT if last is Action.DRAFT else _STEPS[last][1]

    def take(self, step: Step) -> "Life":
        """The life with one more step.

        Raises FailedPrecondition (the subject's reason) if it does not follow, PermissionDenied (SAME_HAND) when who
        drafted or checked would answer for their own work.
        """
        allowed, _, verb = _STEPS[step.action]
        if self.state not in allowed:
            now, name = _NAMES[self.state], self.subject.name
            raise FailedPrecondition(
                Text(
                    f"该{name.zh}{now.zh}，不能{verb.zh}",
                    f"the {name.en} is {now.en}: you cannot {verb.en}",
                ),
                reason=self.subject.reason,
                metadata={"state": self.state.value},
            )
        before = {each.actor for each in self.steps}
        if step.action is not Action.REJECT and step.actor in before:
            raise PermissionDenied(
                Text(
                    f"起草、核稿、签发须由不同人员办理，请由他人{verb.zh}",
                    f"drafting, checking and signing take three people; let somebody else {verb.en}",
                ),
                reason="SAME_HAND",
            )
        if step.action is Action.REJECT and not step.remark.strip():
            raise InvalidArgument.field("reason", "REQUIRED", "请填写退回原因", "say why it is turned down")
        return replace(self, steps=(*self.steps, step))


@dataclass(frozen=True, slots=True)
class Release:
    """A release without its numbers. `beside`: id of the release before, beside which it was made safe, or None."""

    id: str
    quarter: str
    edition: Edition
    revision: int
    as_of: date
    known_at: datetime
    method_version: str
    disclosure_version: str
    catalogue_version: str
    note: Text
    origin: str
    cells: int
    hidden: int
    beside: str | None
    content_sha256: str
    life: Life


def quarter_end(quarter: str, today: date) -> date:
    """The last day of a quarter such as `2026Q3` that has ended by `today`.

    Raises InvalidArgument (QUARTER_NOT_UNDERSTOOD, QUARTER_NOT_ENDED).
    """
    year, mark, number = quarter[:4], quarter[4:5], quarter[5:]
    if not (
        year.isascii()
        and year.isdigit()
        and mark == "Q"
        and number in ("1", "2", "3", "4")
        and int(year) >= 2000
    ):
        raise InvalidArgument.field(
            "quarter",
            "QUARTER_NOT_UNDERSTOOD",
            "季度格式不正确，应形如 2026Q3",
            "the quarter is not in the form 2026Q3",
        )
    months = int(year) * 12 + 3 * int(number)
    end = date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
    if end >= today:
        raise InvalidArgument.field(
            "quarter",
            "QUARTER_NOT_ENDED",
            f"{quarter} 于 {end} 结束，结束后方可发布",
            f"{quarter} ends on {end}; it can be released after that day",
        )
    return end
