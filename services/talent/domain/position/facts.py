"""What a source states about a position, and what of it cannot be true."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.kernel.uscc import parse_uscc
from services.talent.domain.axes import Axes
from services.talent.domain.validation import (
    Findings,
    check_code,
    check_line,
    check_past,
    check_prose,
    clean,
)

MAX_HEADCOUNT = 100_000


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


FACT_NAMES = tuple(field.name for field in fields(PositionFacts))


def attributes(facts: PositionFacts) -> dict[str, Any]:
    """The facts by their names."""
    return {name: getattr(facts, name) for name in FACT_NAMES}


def checked(facts: PositionFacts, axes: Axes, today: date, *, attributed: int = 0) -> PositionFacts:
    """The facts, cleaned. `attributed`: heads of which the record says how they were filled.

    Raises InvalidArgument with every broken rule at once.
    """
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
    _check_heads(findings, cleaned, attributed)
    _check_days(findings, cleaned, today)
    findings.conclude()
    return cleaned


def _check_heads(findings: Findings, facts: PositionFacts, attributed: int) -> None:
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
    findings.require(
        facts.filled >= attributed,
        "filled",
        "FILLED_BELOW_OUTCOMES",
        f"已登记 {attributed} 人的到岗结果，已到岗人数不能更少；如有误请先撤销该结果",
        f"outcomes of {attributed} heads are recorded, so that no fewer are filled; void the wrong one first",
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
