"""Acts on people that nobody does alone (四眼): a second person confirms beforehand what exactly may be done.

Large exports that tell who people are, erasures, and undoing an import that brought people. Who asked to be forgotten
waits for no approval (个人信息保护法 47), as long as two people had a hand in it: one took the withdrawal down, another
erases. Whoever made an import takes it back alone while it is fresh.
"""

import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.kernel.clock import CIVIL_ZONE
from services.kernel.errors import FailedPrecondition, PermissionDenied
from services.kernel.text import Text

ALONE = 100
"""The most people that one account exports by itself: an answer that shows as many stands out (`lookup.Limits`)."""
HOLDS = timedelta(days=7)
"""How long an approval counts: a working week, so that none lies about."""
FRESH = timedelta(days=7)
"""How long whoever made an import takes it back alone: until its mistakes have shown, and before others build on it."""
SHEETS = ("persons", "outcomes", "moves", "evidence")
"""The sheets whose records name people."""


class Act(StrEnum):
    """What is approved."""

    EXPORT = "EXPORT"
    ERASE = "ERASE"
    UNDO = "UNDO"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What an account is about to do, or may do: an export by sheet, purpose and filter of so many people at most, the
    erasure of a person (its id), or the undoing of an import (`batch`, its id).
    """

    account: str
    act: Act
    sheet: str = ""
    purpose: str = ""
    filter: str = ""
    people: int = 0
    person: str = ""
    batch: str = ""

    @property
    def needs_approval(self) -> bool:
        """Whether the export is too large for one alone; the other acts always are."""
        return self.act is not Act.EXPORT or self.people > ALONE

    def covers(self, other: "Intent") -> bool:
        """Whether `other` is this very act, of no more people."""
        return _key(self) == _key(other) and other.people <= self.people

    def told(self) -> dict[str, str]:
        """What a client shows or hands to the second person."""
        given = {
            "account": self.account,
            "act": self.act,
            "sheet": self.sheet,
            "purpose": self.purpose,
            "filter": self.filter,
            "people": str(self.people or ""),
            "person": f"persons/{self.person}" if self.person else "",
            "batch": f"imports/{self.batch}" if self.batch else "",
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """That nothing is left of an act to be done: the import was undone by `by`, or the record of the person is gone,
    of which `by` and `at` are not told.
    """

    by: str = ""
    at: datetime | None = None

    @property
    def text(self) -> Text:
        """What became of it."""
        if self.at is None:
            return Text("此人的记录已不存在", "the record of the person is not there any more")
        at = f"{self.at.astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M}"
        return Text(f"这次导入已由 {self.by} 于 {at} 撤销", f"{self.by} undid the import on {at}")


class ApprovalState(StrEnum):
    """Whether an act may still be done with an approval. MOOT: nothing is left of it to be done."""

    STANDING = "STANDING"
    USED = "USED"
    EXPIRED = "EXPIRED"
    MOOT = "MOOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's word for an act of another. `used_for`: the resource that came of it; empty while it is unused."""

    id: str
    intent: Intent
    reason: str
    approved_by: str
    approved_at: datetime
    used_for: str = ""
    settled: Settled | None = None

    @property
    def expires_at(self) -> datetime:
        """From when on it no longer counts."""
        return self.approved_at + HOLDS

    def state(self, now: datetime) -> ApprovalState:
        """Whether it still counts; what was settled before it expired is moot."""
        if self.used_for:
            return ApprovalState.USED
        if self.settled is not None:
            return ApprovalState.MOOT
        return ApprovalState.EXPIRED if now >= self.expires_at else ApprovalState.STANDING

    def over(self, now: datetime) -> Text | None:
        """Why nothing comes of it any more; None while it counts and once it is used."""
        state = self.state(now)
        if state is ApprovalState.MOOT and self.settled is not None:
            return self.settled.text
        return _UNUSED if state is ApprovalState.EXPIRED else None

    def counts_for(self, wanted: Intent, now: datetime) -> bool:
        """Whether it is unused, in time, another's word, and about this very act."""
        own = self.approved_by == wanted.account
        return not self.used_for and not own and now < self.expires_at and self.intent.covers(wanted)


def required(wanted: Intent, approvals: Iterable[Approval], now: datetime) -> Approval:
    """The first approval that counts. Raises FailedPrecondition (FOUR_EYES_NEEDED), which says what would."""
    found = next((each for each in approvals if each.counts_for(wanted, now)), None)
    if found is None:
        raise FailedPrecondition(_missing(wanted), reason="FOUR_EYES_NEEDED", metadata=wanted.told())
    return found


def require_other(intent: Intent, approver: str) -> None:
    """Raise PermissionDenied (FOUR_EYES) for an act of one's own."""
    if intent.account == approver:
        raise PermissionDenied(
            Text(
                f"不能复核本人（{approver}）的操作，请另一人复核",
                f"{approver} may not approve an act of {approver}'s own; somebody else approves it",
            ),
            reason="FOUR_EYES",
        )


def may_undo_alone(account: str, made_by: str, made_at: datetime, now: datetime) -> bool:
    """Whether an account takes an import that brought people back by itself."""
    return account == made_by and now < made_at + FRESH


def _key(intent: Intent) -> tuple[str, ...]:
    return (
        intent.account,
        intent.act,
        intent.sheet,
        intent.purpose,
        intent.filter,
        intent.person,
        intent.batch,
    )


def _missing(wanted: Intent) -> Text:
    why, otherwise = _WHY[wanted.act](wanted)
    command = shlex.join(["bole", "approval", "ask", *_asked(wanted)]) + " --reason …"
    return Text(
        f"{why.zh}，须由另一人事先复核：请执行 {command} 提出申请，由{_WHO[wanted.act].zh}在控制台“复核”页答复；"
        f"{otherwise.zh}",
        f"{why.en}, so somebody else approves it first: ask with {command}, and {_WHO[wanted.act].en} answers on the "
        f"console's page of approvals; {otherwise.en}",
    )


def _asked(wanted: Intent) -> list[str]:
    """The words of the command that asks; they are quoted by the caller, since a filter is another's text."""
    if wanted.act is Act.ERASE:
        return ["erase", f"persons/{wanted.person}"]
    if wanted.act is Act.UNDO:
        return ["undo", f"imports/{wanted.batch}"]
    words = ["export", wanted.sheet, "--for", wanted.purpose]
    words += ["--filter", wanted.filter] if wanted.filter else []
    return [*words, "--people", str(wanted.people)]


_UNUSED = Text(f"{HOLDS.days} 天内未使用", f"it was not used within {HOLDS.days} days")
_PROVINCE = Text("全省的另一名人才专员或监督人员", "another talent officer or a supervisor of the province")
_WHO = {
    Act.EXPORT: _PROVINCE,
    Act.UNDO: _PROVINCE,
    Act.ERASE: Text("另一名人才专员或监督人员", "another talent officer or a supervisor"),
}
_WHY: Mapping[Act, Callable[[Intent], tuple[Text, Text]]] = {
    Act.EXPORT: lambda wanted: (
        Text(
            f"导出将显示 {wanted.people} 人的身份，超过 {ALONE} 人",
            f"the file would tell who {wanted.people} people are, more than {ALONE}",
        ),
        Text(
            "或缩小筛选，或不声明用途以导出脱敏数据",
            "or narrow the filter, or state no purpose and export masked records",
        ),
    ),
    Act.ERASE: lambda _: (
        Text(
            "没有由他人登记的撤回同意",
            "no withdrawal of this person that somebody else took down is on record",
        ),
        Text(
            "本人要求删除的，由一人登记撤回、另一人删除，即无需复核",
            "if the person asked for it, one records the withdrawal and another erases, and no approval is needed",
        ),
    ),
    Act.UNDO: lambda _: (
        Text(
            f"这次导入登记了人员，不是由您在 {FRESH.days} 天之内所做",
            f"this import brought people, and it is not one that you made within {FRESH.days} days",
        ),
        Text("或逐条更正其中的记录", "or put its records right one by one"),
    ),
}
