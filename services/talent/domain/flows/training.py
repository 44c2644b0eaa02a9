"""Training places (培养名额): who trains how many people for a direction, and how many of them will be there when."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.kernel.uscc import parse_uscc
from services.talent.domain.axes import Axes
from services.talent.domain.people.person import WHOLE
from services.talent.domain.validation import Findings, check_code, check_line, clean

MAX_PLACES = 100_000
LONGEST_YEARS = 15


class TrainingStatus(StrEnum):
    """Whether the places count."""

    ACTIVE = "ACTIVE"
    CANCELLED = "CANCELLED"


class Arrival(NamedTuple):
    """Training places reduced to what is counted: millionths of a person who are there from `completes` on."""

    leaf: str
    city: str
    category: str
    completes: date
    micro: int

    def arriving(self, after: date, until: date) -> int:
        """Millionths of people who arrive after one day, up to and including another."""
        return self.micro if after < self.completes <= until else 0


@dataclass(frozen=True, kw_only=True)
class TrainingFacts:
    """What a source states: places that begin on one day and complete on another.

    `completion` and `retention` are thousandths: of those who begin, how many complete, and of these, how many
    stay in the city. `provider_code` is the unified social credit code, if known.
    """

    ref: str
    provider: str
    city: str
    leaf: str
    category: str
    places: int
    starts: date
    completes: date
    completion: int
    retention: int
    provider_code: str = ""
    programme: str = ""

    def cleaned(self) -> "TrainingFacts":
        """The same facts with every text in NFC and trimmed."""
        names = ("ref", "provider", "provider_code", "programme")
        texts: dict[str, Any] = {name: clean(getattr(self, name)) for name in names}
        return replace(self, **texts)


@dataclass(eq=False)
class TrainingPlace:
    """The aggregate. `version` is counted by the store; `actor` recorded it, `status_by` cancelled it; empty of some
    older ones.
    """

    id: str
    ref: str
    provider: str
    provider_code: str
    programme: str
    city: str
    leaf: str
    category: str
    places: int
    starts: date
    completes: date
    completion: int
    retention: int
    status: TrainingStatus
    status_reason: str
    origin: str
    actor: str
    status_by: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def register(
        cls, facts: TrainingFacts, *, id_: str, origin: str, actor: str, axes: Axes, now: datetime
    ) -> "TrainingPlace":
        """New places. Raises InvalidArgument that lists every broken rule of `facts` at once."""
        return cls(
            id=id_,
            **_attributes(_checked(facts, axes, civil_date(now))),
            status=TrainingStatus.ACTIVE,
            status_reason="",
            origin=origin,
            actor=actor,
            status_by="",
            version=0,
            created_at=now,
            updated_at=now,
        )

    @property
    def facts(self) -> TrainingFacts:
        """The stated facts as they stand."""
        return TrainingFacts(**{name: getattr(self, name) for name in _FACT_NAMES})

    @property
    def expected_micro(self) -> int:
        """Millionths of people expected to stay: places × completion × retention."""
        return self.places * self.completion * self.retention

    def revise(self, facts: TrainingFacts, *, axes: Axes, now: datetime) -> bool:
        """Replace the facts; tells whether anything changed.

        Raises FailedPrecondition for cancelled places, InvalidArgument with every broken rule.
        """
        if self.status is TrainingStatus.CANCELLED:
            raise FailedPrecondition(
                Text("该培养名额已取消，不能修改", "the places were cancelled and cannot be changed"),
                reason="TRAINING_CANCELLED",
            )
        stated = _checked(facts, axes, civil_date(now))
        if stated == self.facts:
            return False
        for name, value in _attributes(stated).items():
            setattr(self, name, value)
        self.updated_at = now
        return True

    def cancel(self, reason: str, actor: str, now: datetime) -> None:
        """Nobody will come of these places; cancelling twice changes nothing."""
        if self.status is TrainingStatus.CANCELLED:
            return
        findings = Findings()
        text = clean(reason)
        check_line(findings, "reason", text, limit=500, required=True)
        findings.conclude()
        self.status, self.status_reason, self.status_by = TrainingStatus.CANCELLED, text, actor
        self.updated_at = now


_FACT_NAMES = tuple(field.name for field in fields(TrainingFacts))


def _attributes(facts: TrainingFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in _FACT_NAMES}


def _checked(facts: TrainingFacts, axes: Axes, today: date) -> TrainingFacts:
    cleaned = facts.cleaned()
    findings = Findings()
    check_line(findings, "ref", cleaned.ref, required=True)
    check_line(findings, "provider", cleaned.provider, required=True)
    check_line(findings, "programme", cleaned.programme)
    check_code(findings, "city", cleaned.city, axes.cities[:-1], Text("设区市", "city"))
    check_code(findings, "leaf", cleaned.leaf, axes.leaves, Text("方向", "direction"))
    check_code(
        findings, "category", cleaned.category, axes.categories[:-1], Text("人才类别", "talent category")
    )
    if cleaned.provider_code:
        try:
            parse_uscc(cleaned.provider_code, field="provider_code")
        except InvalidArgument as error:
            findings.adopt(error)
    _check_numbers(findings, cleaned)
    _check_span(findings, cleaned, today)
    findings.conclude()
    return cleaned


def _check_numbers(findings: Findings, facts: TrainingFacts) -> None:
    findings.require(
        1 <= facts.places <= MAX_PLACES,
        "places",
        "PLACES_OUT_OF_RANGE",
        f"名额应在 1 至 {MAX_PLACES} 之间",
        f"the places must lie between 1 and {MAX_PLACES}",
    )
    for name, noun in (
        ("completion", Text("完成率", "completion rate")),
        ("retention", Text("留存率", "retention rate")),
    ):
        findings.require(
            0 <= getattr(facts, name) <= WHOLE,
            name,
            "RATE_OUT_OF_RANGE",
            f"{noun.zh}应在 0 至 100% 之间",
            f"the {noun.en} must lie between 0 and 100 %",
        )


def _check_span(findings: Findings, facts: TrainingFacts, today: date) -> None:
    findings.require(
        facts.starts < facts.completes,
        "completes",
        "COMPLETES_BEFORE_STARTS",
        f"预计完成日期 {facts.completes} 须晚于开始日期 {facts.starts}",
        f"the day of completion {facts.completes} must be after the start {facts.starts}",
    )
    findings.require(
        facts.starts.year >= 1949 and facts.completes.year <= today.year + LONGEST_YEARS,
        "completes",
        "DATE_OUT_OF_RANGE",
        f"日期应在 1949 年至今后 {LONGEST_YEARS} 年之间",
        f"the dates must lie between 1949 and {LONGEST_YEARS} years from now",
    )
