"""A position (岗位) that an employer wants to fill."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.talent.domain.axes import Axes
from services.talent.domain.position import fills
from services.talent.domain.position.facts import FACT_NAMES, PositionFacts, attributes, checked
from services.talent.domain.position.outcome import OutcomeKind
from services.talent.domain.position.posting import LIFE_DAYS, DuplicateKey, Posting
from services.talent.domain.validation import Findings, check_line, clean


class PositionStatus(StrEnum):
    """Where a position stands. CLOSED: filled or ended by the employer; EXPIRED: not renewed for 180 days."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(eq=False)
class Position:
    """The aggregate. `fills` dates every filled head; `renewed` is the employer's last confirmation.

    `attributed`: the filled heads of which an outcome says how; `outcome`: how the search ended, if it has and
    that is known. `duplicate_of` names the position that already advertises the same demand: a duplicate
    counts nowhere. `same_key` finds the positions that might be duplicates.
    """

    id: str
    ref: str
    title: str
    employer: str
    employer_code: str
    city: str
    leaf: str
    category: str
    headcount: int
    filled: int
    attributed: int
    fills: fills.Fills
    opened: date
    renewed: date
    closed: date | None
    requirement: str
    status: PositionStatus
    status_reason: str
    outcome: OutcomeKind | None
    duplicate_of: str | None
    same_key: str
    origin: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def register(
        cls, facts: PositionFacts, *, id_: str, origin: str, axes: Axes, now: datetime
    ) -> "Position":
        """A new position; heads already filled are dated on the closing day, else today.

        Raises InvalidArgument that lists every broken rule of `facts` at once.
        """
        today = civil_date(now)
        stated = checked(facts, axes, today)
        position = cls(
            id=id_,
            **attributes(stated),
            attributed=0,
            fills=fills.counted((), 0, stated.filled, _fill_day(stated, today)),
            renewed=stated.opened,
            status=PositionStatus.OPEN if stated.closed is None else PositionStatus.CLOSED,
            status_reason="",
            outcome=None,
            duplicate_of=None,
            same_key="",
            origin=origin,
            version=0,
            created_at=now,
            updated_at=now,
        )
        position.same_key = position.duplicate_key.digest
        position.expire(now)
        return position

    @property
    def facts(self) -> PositionFacts:
        """The stated facts as they stand."""
        return PositionFacts(**{name: getattr(self, name) for name in FACT_NAMES})

    @property
    def employer_key(self) -> str:
        """What tells employers apart: the credit code, else the name."""
        return self.employer_code or self.employer

    @property
    def duplicate_key(self) -> DuplicateKey:
        """Normalised employer, title, city and leaf."""
        return DuplicateKey.of(self.employer_key, self.title, self.city, self.leaf)

    @property
    def posting(self) -> Posting | None:
        """What the position adds to the counts; None for a duplicate."""
        if self.duplicate_of is not None:
            return None
        return Posting(
            self.leaf,
            self.city,
            self.category,
            self.employer_key,
            self.opened,
            self.renewed,
            self.closed,
            self.headcount,
            self.fills,
        )

    def open_headcount(self, as_of: date) -> int:
        """Heads wanted on `as_of`, 0 for a duplicate."""
        posting = self.posting
        return 0 if posting is None else posting.open_headcount(as_of)

    def revise(self, facts: PositionFacts, *, axes: Axes, now: datetime) -> bool:
        """Replace the facts and take them as the employer's confirmation; tells whether anything changed.

        A larger `filled` adds fills of today; a smaller one corrects the latest fills.
        Raises FailedPrecondition for a withdrawn position, InvalidArgument with every broken rule.
        """
        self._refuse_if(PositionStatus.WITHDRAWN)
        today = civil_date(now)
        stated = checked(facts, axes, today, attributed=self.attributed)
        if stated == self.facts:
            return False
        self.fills = fills.counted(self.fills, self.filled, stated.filled, _fill_day(stated, today))
        for name, value in attributes(stated).items():
            setattr(self, name, value)
        self.same_key = self.duplicate_key.digest
        self._confirm(today, now)
        return True

    def stand_under(self, leaf: str, now: datetime) -> None:
        """Take the direction that took the place of its own in a new catalogue."""
        self.leaf = leaf
        self.same_key = self.duplicate_key.digest
        self.updated_at = now

    def renew(self, now: datetime) -> None:
        """The employer confirms that the position is still wanted: 180 more days. Reopens an expired one."""
        self._refuse_if(PositionStatus.WITHDRAWN, PositionStatus.CLOSED)
        self._confirm(civil_date(now), now)

    def reopen(self, now: datetime) -> None:
        """Look again for the heads that are left of a closed or withdrawn position.

        Raises FailedPrecondition for one that is open (NOT_ENDED) or has no head left (NOTHING_LEFT).
        """
        if self.status not in (PositionStatus.CLOSED, PositionStatus.WITHDRAWN):
            raise FailedPrecondition(
                Text(
                    "岗位未关闭；已过期的岗位请用续期",
                    "the position is not closed; renew one that has expired",
                ),
                reason="POSITION_NOT_ENDED",
            )
        if self.filled >= self.headcount:
            raise FailedPrecondition(
                Text(
                    "需求人数已全部到岗，请先增加需求人数或撤销有误的到岗结果",
                    "every head is filled; raise the headcount or void a wrong outcome first",
                ),
                reason="POSITION_NOTHING_LEFT",
            )
        self.closed, self.status_reason = None, ""
        self._confirm(civil_date(now), now)

    def record_fill(self, heads: int, on: date, now: datetime, *, outcome: OutcomeKind | None = None) -> None:
        """So many heads were filled on a day, `outcome` says how if that is known; the last one closes."""
        self._refuse_if(PositionStatus.WITHDRAWN, PositionStatus.CLOSED)
        left = self.headcount - self.filled
        if not 1 <= heads <= left or not self.opened <= on <= civil_date(now):
            raise InvalidArgument.field(
                "fills",
                "FILL_OUT_OF_RANGE",
                f"到岗人数须为 1 到 {left}，日期须在 {self.opened} 与今天之间",
                f"the heads filled must be 1 to {left}, the day between {self.opened} and today",
            )
        self.fills = (*self.fills, (on, heads))
        self.filled += heads
        self.attributed += heads if outcome else 0
        self.updated_at = now
        if self.filled == self.headcount:
            self.status, self.closed = PositionStatus.CLOSED, max(day for day, _ in self.fills)
            self.outcome = outcome

    def refuse_proposal(self, on: date, now: datetime) -> None:
        """Somebody who was proposed was not taken, on a day: the search goes on."""
        self._refuse_if(PositionStatus.WITHDRAWN, PositionStatus.CLOSED)
        if not self.opened <= on <= civil_date(now):
            raise InvalidArgument.field(
                "day",
                "DAY_OUT_OF_RANGE",
                f"日期须在 {self.opened} 与今天之间",
                f"the day must lie between {self.opened} and today",
            )
        self.updated_at = now

    def take_back_refusal(self, now: datetime) -> None:
        """The record of a refused proposal was wrong."""
        self.updated_at = now

    def undo_fill(self, heads: int, on: date, now: datetime) -> None:
        """Take back a fill whose outcome was recorded; a position that was full looks for people again."""
        was_full = self.filled == self.headcount
        self.fills = fills.without(self.fills, heads, on)
        self.filled -= heads
        self.attributed -= heads
        self.updated_at = now
        if was_full and self.status is PositionStatus.CLOSED:
            self.status, self.closed, self.outcome = PositionStatus.OPEN, None, None
            self.expire(now)

    def require_searching(self) -> None:
        """Raises FailedPrecondition for a closed or withdrawn position."""
        self._refuse_if(PositionStatus.WITHDRAWN, PositionStatus.CLOSED)

    def close(self, on: date, now: datetime) -> None:
        """The employer ends the search on a day between opening and today."""
        self.require_searching()
        self._end(PositionStatus.CLOSED, on, now)

    def withdraw(self, reason: str, now: datetime, *, on: date | None = None) -> None:
        """Take the position back on a day, today if None; what it was open for still counts as exposure."""
        self._refuse_if(PositionStatus.WITHDRAWN)
        findings = Findings()
        text = clean(reason)
        check_line(findings, "reason", text, limit=500, required=True)
        findings.conclude()
        self._end(PositionStatus.WITHDRAWN, self.closed or on or civil_date(now), now)
        self.status_reason, self.outcome = text, OutcomeKind.WITHDRAWN

    def expire(self, now: datetime) -> bool:
        """Mark an open position that was not renewed for 180 days; tells whether it just expired."""
        last = self.renewed + timedelta(days=LIFE_DAYS)
        if self.status is not PositionStatus.OPEN or civil_date(now) <= last:
            return False
        self.status, self.outcome = PositionStatus.EXPIRED, OutcomeKind.EXPIRED
        self.updated_at = now
        return True

    def _refuse_if(self, *states: PositionStatus) -> None:
        if self.status in states:
            raise FailedPrecondition(
                Text(
                    f"岗位当前状态为 {self.status.value}，不能执行该操作",
                    f"the position is {self.status.value.lower()}; this cannot be done any more",
                ),
                reason=f"POSITION_{self.status.name}",
            )

    def _confirm(self, today: date, now: datetime) -> None:
        """Take `today` as the employer's confirmation; the status follows the facts."""
        self.renewed = max(self.renewed, today)
        self.status = PositionStatus.OPEN if self.closed is None else PositionStatus.CLOSED
        if self.closed is None or self.outcome is OutcomeKind.EXPIRED:
            self.outcome = None
        self.updated_at = now

    def _end(self, status: PositionStatus, on: date, now: datetime) -> None:
        if not self.opened <= on <= civil_date(now):
            raise InvalidArgument.field(
                "closed",
                "CLOSED_OUT_OF_RANGE",
                f"关闭日期须在发布日期 {self.opened} 与今天之间",
                f"the closing day must lie between the opening day {self.opened} and today",
            )
        self.status, self.closed, self.updated_at = status, on, now


def _fill_day(facts: PositionFacts, today: date) -> date:
    """When heads of an undated count are taken to have started."""
    return max(min(today, facts.closed or today), facts.opened)
