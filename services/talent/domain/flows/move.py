"""Moves (人才流动): people who change city, enter or leave the province, leave their field, or retire."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.talent.domain.axes import OUTSIDE, Axes
from services.talent.domain.people.person import check_shares
from services.talent.domain.validation import Findings, check_code, check_line, check_past, clean

MAX_HEADS = 100_000
PLANNED_DAYS = 3_660
REVERSED_WITHIN_DAYS = 30

Shares = tuple[tuple[str, int], ...]


class MoveReason(StrEnum):
    """Why. RETIRED people go nowhere; they count as retirements, and not as loss to other places."""

    UNSTATED = "UNSTATED"
    JOB = "JOB"
    PAY = "PAY"
    HOUSING = "HOUSING"
    FAMILY = "FAMILY"
    STUDY = "STUDY"
    FIELD_LEFT = "FIELD_LEFT"
    RETIRED = "RETIRED"
    OTHER = "OTHER"

    @property
    def label(self) -> Text:
        """As the forms show it."""
        return _LABELS[self]


_LABELS = {
    MoveReason.UNSTATED: Text("未注明", "not stated"),
    MoveReason.JOB: Text("工作", "work"),
    MoveReason.PAY: Text("薪酬", "pay"),
    MoveReason.HOUSING: Text("住房", "housing"),
    MoveReason.FAMILY: Text("家庭", "family"),
    MoveReason.STUDY: Text("求学", "study"),
    MoveReason.FIELD_LEFT: Text("离开本领域", "left the field"),
    MoveReason.RETIRED: Text("退休", "retired"),
    MoveReason.OTHER: Text("其他", "other"),
}


class Movement(NamedTuple):
    """A move reduced to what is counted. `to_city` empty: nowhere that counts."""

    shares: Shares
    category: str
    from_city: str
    to_city: str
    day: date
    heads: int
    retired: bool


@dataclass(frozen=True, kw_only=True)
class MoveFacts:
    """What is stated of `heads` people who moved alike; a person of the library moves alone.

    Cities are city codes or `outside`; `to_city` is empty for people who left their field or retired.
    """

    category: str
    shares: Shares
    from_city: str
    to_city: str
    day: date
    heads: int = 1
    reason: MoveReason = MoveReason.UNSTATED
    person_id: str | None = None
    ref: str = ""
    note: str = ""


@dataclass(eq=False)
class Move:
    """One record, never changed: a wrong one is voided and stays.

    `derived`: made when the city of a person's record changed, not stated by anybody. `voided_by`: who took it back;
    nobody where a merge alone keeps it from counting.
    """

    id: str
    ref: str | None
    person_id: str | None
    category: str
    shares: Shares
    from_city: str
    to_city: str
    day: date
    heads: int
    reason: MoveReason
    note: str
    derived: bool
    origin: str
    actor: str
    version: int
    created_at: datetime
    voided_at: datetime | None
    void_reason: str
    voided_by: str

    @classmethod
    def register(
        cls,
        facts: MoveFacts,
        *,
        id_: str,
        origin: str,
        actor: str,
        axes: Axes,
        now: datetime,
        derived: bool = False,
    ) -> "Move":
        """A new record. Raises InvalidArgument that lists every broken rule of `facts` at once."""
        stated = _checked(facts, axes, civil_date(now))
        return cls(
            id=id_,
            ref=stated.ref or None,
            person_id=stated.person_id,
            category=stated.category,
            shares=stated.shares,
            from_city=stated.from_city,
            to_city=stated.to_city,
            day=stated.day,
            heads=stated.heads,
            reason=stated.reason,
            note=stated.note,
            derived=derived,
            origin=origin,
            actor=actor,
            version=0,
            created_at=now,
            voided_at=None,
            void_reason="",
            voided_by="",
        )

    @property
    def city(self) -> str:
        """The city by which it is judged who may see or take back the record."""
        return self.to_city if self.from_city == OUTSIDE else self.from_city

    @property
    def movement(self) -> Movement:
        """What is counted of it."""
        retired = self.reason is MoveReason.RETIRED
        places = self.from_city, self.to_city
        return Movement(self.shares, self.category, *places, self.day, self.heads, retired)

    def reversed_by(self, from_city: str, to_city: str, day: date) -> bool:
        """Whether a change of city shortly after takes this derived one back: a correction, not two moves."""
        back = (self.from_city, self.to_city) == (to_city, from_city)
        return self.derived and back and abs((day - self.day).days) <= REVERSED_WITHIN_DAYS

    def void(self, reason: str, actor: str, now: datetime) -> None:
        """Take the record back. Raises FailedPrecondition if it was, InvalidArgument without a reason."""
        if self.voided_at is not None:
            raise FailedPrecondition(
                Text("该流动记录已撤销", "the move is voided already"), reason="MOVE_VOIDED"
            )
        findings = Findings()
        text = clean(reason)
        check_line(findings, "reason", text, limit=500, required=True)
        findings.conclude()
        self.voided_at, self.void_reason, self.voided_by = now, text, actor

    def revive(self) -> None:
        """Let a record count again that was taken back."""
        self.voided_at, self.void_reason, self.voided_by = None, "", ""


def _checked(facts: MoveFacts, axes: Axes, today: date) -> MoveFacts:
    stated = replace(facts, ref=clean(facts.ref), note=clean(facts.note))
    findings = Findings()
    check_line(findings, "ref", stated.ref, limit=64)
    check_line(findings, "note", stated.note, limit=500)
    check_code(
        findings, "category", stated.category, axes.categories[:-1], Text("人才类别", "talent category")
    )
    check_shares(findings, stated.shares, axes)
    most = 1 if stated.person_id else MAX_HEADS
    findings.require(
        1 <= stated.heads <= most,
        "heads",
        "HEADS_OUT_OF_RANGE",
        f"人数应在 1 至 {most} 之间",
        f"the people must be 1 to {most}",
    )
    _check_cities(findings, stated, axes)
    _check_day(findings, stated, today)
    findings.conclude()
    return stated


def _check_cities(findings: Findings, facts: MoveFacts, axes: Axes) -> None:
    cities, noun = (*axes.cities[:-1], OUTSIDE), Text("设区市", "city")
    check_code(findings, "from_city", facts.from_city, cities, noun)
    gone = facts.reason in (MoveReason.RETIRED, MoveReason.FIELD_LEFT)
    if facts.to_city:
        check_code(findings, "to_city", facts.to_city, cities, noun)
        findings.require(
            not gone,
            "to_city",
            "DESTINATION_NOT_EXPECTED",
            "退休或离开本领域的人员不填写流入城市",
            "people who retired or left their field go to no city",
        )
        findings.require(
            facts.to_city != facts.from_city,
            "to_city",
            "SAME_CITY",
            "流入与流出城市相同",
            "the cities of departure and arrival are the same",
        )
    else:
        findings.require(
            gone,
            "to_city",
            "DESTINATION_REQUIRED",
            "请填写流入城市；去向在省外请填“省外”",
            "name the city of arrival, `outside` for one outside the province",
        )
    findings.require(
        not (gone and facts.from_city == OUTSIDE),
        "from_city",
        "OUTSIDE_NOT_COUNTED",
        "省外人员的退休或转行不计入",
        "retirements outside the province are not counted",
    )


def _check_day(findings: Findings, facts: MoveFacts, today: date) -> None:
    if facts.reason is not MoveReason.RETIRED:
        check_past(findings, "day", facts.day, today)
        return
    findings.require(
        date(1949, 10, 1) <= facts.day <= today + timedelta(days=PLANNED_DAYS),
        "day",
        "DATE_OUT_OF_RANGE",
        "退休日期最晚为今后十年",
        "the day of retirement lies at most ten years ahead",
    )
