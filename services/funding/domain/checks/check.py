"""What a check is and what it answers. UNKNOWN is not PASS: a blocking check that cannot be judged blocks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.funding.domain import wording
from services.funding.domain.deal.waiver import Waiver
from services.funding.domain.outcomes import Outcome
from services.funding.domain.ratio import Ratio
from services.funding.domain.screening.case import Case
from services.kernel.text import Text, in_per_cent


class Severity(StrEnum):
    """What a failed check means: it blocks, it warns, or it informs."""

    BLOCK = "BLOCK"
    WARN = "WARN"
    INFO = "INFO"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    Severity.BLOCK: Text("禁止", "blocks"),
    Severity.WARN: Text("警示", "warns"),
    Severity.INFO: Text("提示", "informs"),
}


@dataclass(frozen=True)
class Quantity:
    """A value as people read it, and exactly: `200000000 fen`, `20/100`, `61 months`, `2026-06-30`."""

    text: Text
    exact: str


def amount(fen: int) -> Quantity:
    """Money."""
    return Quantity(wording.amount(fen), f"{fen} fen")


def share(ratio: Ratio) -> Quantity:
    """A ratio, exact as a fraction."""
    return Quantity(wording.share(ratio), f"{ratio.num}/{ratio.den}")


def per_mille(number: int) -> Quantity:
    """Thousandths, said in hundredths."""
    said = in_per_cent(number)
    return Quantity(Text(said, said), f"{number}/1000")


def months(number: int) -> Quantity:
    """Months."""
    return Quantity(wording.months(number), f"{number} months")


def label(text: Text, exact: str) -> Quantity:
    """Anything with a name: a city, a stage, a date, yes or no."""
    return Quantity(text, exact)


@dataclass(frozen=True)
class Judgement:
    """What the function of a check found; `severity` only where it differs from the declared one."""

    outcome: Outcome
    text: Text
    observed: Quantity | None = None
    limit: Quantity | None = None
    headroom: Quantity | None = None
    severity: Severity | None = None


@dataclass(frozen=True)
class Check:
    """The declaration of one check.

    `live`: it looks at the fund's balances or at what else the fund holds, which move with every other deal.
    `parameter`: the limit of the mandate it compares with, whose source may be cited there; `inputs`: what it
    reads, as the contract names it.
    """

    code: str
    name: Text
    severity: Severity
    waivable: bool
    citation: Text
    judge: Callable[[Case], Judgement]
    live: bool = False
    parameter: str = ""
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """How one check came out for one case."""

    code: str
    name: Text
    severity: Severity
    waivable: bool
    outcome: Outcome
    observed: Quantity | None
    limit: Quantity | None
    headroom: Quantity | None
    citation: Text
    text: Text
    inputs: tuple[str, ...]
    ruleset: str
    as_of: date
    waiver: Waiver | None = None


def run_check(check: Check, case: Case) -> CheckResult:
    """Apply one check to a case."""
    found = check.judge(case)
    return CheckResult(
        code=check.code,
        name=check.name,
        severity=found.severity or check.severity,
        waivable=check.waivable,
        outcome=found.outcome,
        observed=found.observed,
        limit=found.limit,
        headroom=found.headroom,
        citation=case.mandate.citation(check.parameter) or check.citation,
        text=found.text,
        inputs=check.inputs,
        ruleset=case.mandate.ruleset,
        as_of=case.as_of,
    )


def fails(result: CheckResult) -> bool:
    """Whether the result is a known breach of a blocking rule."""
    return result.severity is Severity.BLOCK and result.outcome is Outcome.FAIL


def blocks(result: CheckResult) -> bool:
    """Whether the result keeps a deal from a committee: a blocking rule that failed or cannot be judged."""
    return result.severity is Severity.BLOCK and result.outcome in (Outcome.FAIL, Outcome.UNKNOWN)


def unknown(name: Text, limit: Quantity | None = None) -> Judgement:
    """The answer when an input is missing; `name` is what to provide."""
    text = Text(f"缺少{name.zh}，无法判断，请补充", f"cannot be judged without {name.en}; provide it")
    return Judgement(Outcome.UNKNOWN, text, limit=limit)


def not_set(name: Text) -> Judgement:
    """The answer when the mandate sets no such limit."""
    return Judgement(Outcome.NOT_APPLICABLE, Text(f"本授权未设{name.zh}", f"this mandate sets no {name.en}"))
