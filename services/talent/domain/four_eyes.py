"""Acts on people that nobody does alone (四眼): a second person confirms beforehand what exactly may be done.

Large exports that tell who people are, and erasures. Who asked to be forgotten waits for no approval (个人信息保护法
47), as long as two people had a hand in it: one took the withdrawal down, another erases.
"""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.kernel.errors import FailedPrecondition, PermissionDenied
from services.kernel.text import Text

ALONE = 100
"""The most people that one account exports by itself: an answer that shows as many stands out (`lookup.Limits`)."""
HOLDS = timedelta(days=7)
"""How long an approval counts: a working week, so that none lies about."""
SHEETS = ("persons", "outcomes", "moves", "evidence")
"""The sheets whose records name people."""


class Act(StrEnum):
    """What is approved."""

    EXPORT = "EXPORT"
    ERASE = "ERASE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What an account is about to do, or may do: an export by sheet, purpose and filter of so many people at most, or
    the erasure of a person (its id).
    """

    account: str
    act: Act
    sheet: str = ""
    purpose: str = ""
    filter: str = ""
    people: int = 0
    person: str = ""

    @property
    def needs_approval(self) -> bool:
        """Whether the export is too large for one alone; an erasure always is."""
        return self.act is Act.ERASE or self.people > ALONE

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
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One person's word for an act of another. `used_for`: the resource that came of it; empty while it is unused."""

    id: str
    intent: Intent
    reason: str
    approved_by: str
    approved_at: datetime
    used_for: str = ""

    @property
    def expires_at(self) -> datetime:
        """From when on it no longer counts."""
        return self.approved_at + HOLDS

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


def _key(intent: Intent) -> tuple[str, ...]:
    return (intent.account, intent.act, intent.sheet, intent.purpose, intent.filter, intent.person)


def _missing(wanted: Intent) -> Text:
    if wanted.act is Act.ERASE:
        command = shlex.join(["bole", "approval", "erase", f"persons/{wanted.person}", wanted.account])
        return Text(
            "没有由他人登记的撤回同意，彻底删除须由另一人事先复核：请另一名人才专员或监督人员执行 "
            f"{command}，或在此人的删除页面确认；"
            "本人要求删除的，由一人登记撤回、另一人删除，即无需复核",
            "no withdrawal of this person that somebody else took down is on record, so somebody else approves the "
            f"erasure first: another talent officer or a supervisor runs {command}, or confirms "
            "it on the person's page of erasing; if the person asked for it, one records the withdrawal and another "
            "erases, and no approval is needed",
        )
    words = ["bole", "approval", "export", wanted.sheet, wanted.account, "--for", wanted.purpose]
    words += ["--filter", wanted.filter] if wanted.filter else []
    # quoted: the second person pastes what the first one wrote
    command = shlex.join([*words, "--people", str(wanted.people)])
    return Text(
        f"导出将显示 {wanted.people} 人的身份，超过 {ALONE} 人须由另一人事先复核：请全省的另一名人才专员或监督人员执行 "
        f"{command}；或缩小筛选，或不声明用途以导出脱敏数据",
        f"the file would tell who {wanted.people} people are; for more than {ALONE} somebody else approves it first: "
        f"another talent officer or a supervisor of the province runs {command}; or narrow the filter, or state no "
        "purpose and export masked records",
    )
