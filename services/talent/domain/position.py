"""A position (岗位) that an employer wants to fill."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.kernel.uscc import parse_uscc
from services.talent.domain.axes import Axes
from services.talent.domain.posting import LIFE_DAYS, DuplicateKey, Posting
from services.talent.domain.validation import (
    Findings,
    check_code,
    check_line,
    check_past,
    check_prose,
    clean,
)

MAX_HEADCOUNT = 100_000


class PositionStatus(StrEnum):
    """Where a position stands. CLOSED: filled or ended by the employer; EXPIRED: not renewed for 180 days."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, kw_only=True)
class PositionFacts:
    """What a source states about a position. `employer_code` is the unified social credit code, if known."""

    ref: str
    title: str
    employer: str
    city: str
    leaf: str
    category: str
    headcount: int
    opened: date
    employer_code: str = ""
    filled: int = 0
    closed: date | None = None
    requirement: str = ""

    def cleaned(self) -> "PositionFacts":
        """The same facts with every text in NFC and trimmed."""
        lines = ("ref", "title", "employer", "employer_code", "requirement")
        texts: dict[str, Any] = {name: clean(getattr(self, name)) for name in lines}
        return replace(self, **texts)


@dataclass(eq=False)
class Position:
    """The aggregate. `fills` dates every filled head; `renewed` is the employer's last confirmation.

    `duplicate_of` names the position that already advertises the same demand: a duplicate counts nowhere.
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
    fills: tuple[tuple[date, int], ...]
    opened: date
    renewed: date
    closed: date | None
    requirement: str
    status: PositionStatus
    status_reason: str
    duplicate_of: str | None
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
        checked = _checked(facts, axes, today)
        position = cls(
            id=id_,
            **_attributes(checked),
            fills=_fills((), 0, checked, today),
            renewed=checked.opened,
            status=PositionStatus.OPEN if checked.closed is None else PositionStatus.CLOSED,
            status_reason="",
            duplicate_of=None,
            origin=origin,
            version=0,
            created_at=now,
            updated_at=now,
        )
        position.expire(now)
        return position

    @property
    def facts(self) -> PositionFacts:
        """The stated facts as they stand."""
        return PositionFacts(**{name: getattr(self, name) for name in _FACT_NAMES})

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
        checked = _checked(facts, axes, today)
        if checked == self.facts:
            return False
        self.fills = _fills(self.fills, self.filled, checked, today)
        for name, value in _attributes(checked).items():
            setattr(self, name, value)
        self._confirm(today, now)
        return True

    def renew(self, now: datetime) -> None:
        """The employer confirms that the position is still wanted: 180 more days. Reopens an expired one."""
        self._refuse_if(PositionStatus.WITHDRAWN, PositionStatus.CLOSED)
        self._confirm(civil_date(now), now)

    def record_fill(self, heads: int, on: date, now: datetime) -> None:
        """So many heads were filled on a day; the position closes when none is left."""
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
        self.updated_at = now
        if self.filled == self.headcount:
            self.status, self.closed = PositionStatus.CLOSED, max(day for day, _ in self.fills)

    def close(self, on: date, now: datetime) -> None:
        """The employer ends the search on a day between opening and today."""
        self._refuse_if(PositionStatus.WITHDRAWN, PositionStatus.CLOSED)
        self._end(PositionStatus.CLOSED, on, now)

    def withdraw(self, reason: str, now: datetime) -> None:
        """Take the position back; what it was open for still counts as exposure."""
        self._refuse_if(PositionStatus.WITHDRAWN)
        findings = Findings()
        text = clean(reason)
        check_line(findings, "reason", text, limit=500, required=True)
        findings.conclude()
        self._end(PositionStatus.WITHDRAWN, self.closed or civil_date(now), now)
        self.status_reason = text

    def expire(self, now: datetime) -> bool:
        """Mark an open position that was not renewed for 180 days; tells whether it just expired."""
        last = self.renewed + timedelta(days=LIFE_DAYS)
        if self.status is not PositionStatus.OPEN or civil_date(now) <= last:
            return False
        self.status = PositionStatus.EXPIRED
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


_FACT_NAMES = tuple(field.name for field in fields(PositionFacts))


def _attributes(facts: PositionFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in _FACT_NAMES}


def _fills(
    before: tuple[tuple[date, int], ...], known: int, facts: PositionFacts, today: date
) -> tuple[tuple[date, int], ...]:
    """The dated fills after the count went from `known` to `facts.filled`: more are of today, fewer undo the last."""
    if facts.filled >= known:
        day = min(today, facts.closed or today)
        return before if facts.filled == known else (*before, (max(day, facts.opened), facts.filled - known))
    kept: list[tuple[date, int]] = []
    left = facts.filled
    for day, heads in before:
        taken = min(heads, left)
        if taken:
            kept.append((day, taken))
        left -= taken
    return tuple(kept)


def _checked(facts: PositionFacts, axes: Axes, today: date) -> PositionFacts:
    cleaned = facts.cleaned()
    findings = Findings()
    check_line(findings, "ref", cleaned.ref, required=True)
    check_line(findings, "title", cleaned.title, required=True)
    check_line(findings, "employer", cleaned.employer, required=True)
    check_prose(findings, "requirement", cleaned.requirement)
    check_code(findings, "city", cleaned.city, axes.cities[:-1], Text("设区市", "city"))
    check_code(findings, "leaf", cleaned.leaf, axes.leaves, Text("方向", "direction"))
    check_code(
        findings, "category", cleaned.category, axes.categories[:-1], Text("人才类别", "talent category")
    )
    if cleaned.employer_code:
        try:
            parse_uscc(cleaned.employer_code, field="employer_code")
        except InvalidArgument as error:
            findings.adopt(error)
    _check_heads(findings, cleaned)
    _check_days(findings, cleaned, today)
    findings.conclude()
    return cleaned


def _check_heads(findings: Findings, facts: PositionFacts) -> None:
    findings.require(
        1 <= facts.headcount <= MAX_HEADCOUNT,
        "headcount",
        "HEADCOUNT_OUT_OF_RANGE",
        f"需求人数应在 1 至 {MAX_HEADCOUNT} 之间",
        f"the headcount must lie between 1 and {MAX_HEADCOUNT}",
    )
    findings.require(
        0 <= facts.filled <= facts.headcount,
        "filled",
        "FILLED_OUT_OF_RANGE",
        f"已到岗人数应在 0 至需求人数 {facts.headcount} 之间",
        f"the heads filled must lie between 0 and the headcount {facts.headcount}",
    )


def _check_days(findings: Findings, facts: PositionFacts, today: date) -> None:
    check_past(findings, "opened", facts.opened, today)
    if facts.closed is not None:
        check_past(findings, "closed", facts.closed, today)
        findings.require(
            facts.closed >= facts.opened,
            "closed",
            "CLOSED_BEFORE_OPENED",
            f"关闭日期 {facts.closed} 早于发布日期 {facts.opened}",
            f"the closing day {facts.closed} is before the opening day {facts.opened}",
        )
