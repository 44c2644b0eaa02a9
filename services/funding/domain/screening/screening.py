"""Screening: checks and scores of a case, with the reasons for and against, and the order of a ranking."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from services.funding.domain.checks.check import CheckResult, Severity, blocks, fails
from services.funding.domain.checks.run import run_checks
from services.funding.domain.outcomes import Outcome
from services.funding.domain.scores.composite import Scores, score_case
from services.funding.domain.scores.score import Dimension
from services.funding.domain.screening.case import Case
from services.kernel.text import Text

_NEVER = datetime.max.replace(tzinfo=UTC)


class Standing(StrEnum):
    """Whether a case may go on: yes, not before something is known, or no."""

    ELIGIBLE = "ELIGIBLE"
    UNDETERMINED = "UNDETERMINED"
    INELIGIBLE = "INELIGIBLE"


@dataclass(frozen=True)
class Screening:
    """The result of a screening. `mandate` and `fund_version` name what it was computed from."""

    standing: Standing
    scores: Scores
    checks: tuple[CheckResult, ...]
    reasons_for: tuple[Text, ...]
    reasons_against: tuple[Text, ...]
    mandate: str
    fund_version: int
    firm_version: int

    @property
    def eligible(self) -> bool:
        """Whether every blocking check passed, was waived, or does not apply."""
        return self.standing is Standing.ELIGIBLE

    @property
    def blocking(self) -> tuple[str, ...]:
        """Codes that stop or hold the case."""
        return tuple(each.code for each in self.checks if blocks(each))


def screen(case: Case) -> Screening:
    """Screen a case."""
    checks = run_checks(case)
    scores = score_case(case)
    return Screening(
        standing=standing_of(checks),
        scores=scores,
        checks=checks,
        reasons_for=_reasons_for(checks, scores),
        reasons_against=_reasons_against(checks, scores),
        mandate=case.mandate.name,
        fund_version=case.fund.version,
        firm_version=case.firm.version,
    )


def standing_of(checks: tuple[CheckResult, ...]) -> Standing:
    """INELIGIBLE by one known breach, UNDETERMINED by one blocking check that cannot be judged."""
    if any(fails(result) for result in checks):
        return Standing.INELIGIBLE
    return Standing.UNDETERMINED if any(blocks(result) for result in checks) else Standing.ELIGIBLE


def rank_key(
    screening: Screening, submitted_at: datetime | None, name: str
) -> tuple[float, float, datetime, str]:
    """Sorts ascending into the ranking: higher composite, then coverage, earlier submission, name;
    unscored last.
    """
    composite = screening.scores.composite
    return (
        1.0 if composite is None else -composite,
        -screening.scores.coverage,
        submitted_at or _NEVER,
        name,
    )


def _reasons_for(checks: tuple[CheckResult, ...], scores: Scores) -> tuple[Text, ...]:
    passed = [r.text for r in checks if r.severity is Severity.BLOCK and r.outcome is Outcome.PASS]
    strong = sorted((d for d in _dims(scores) if (d.s or 0) >= 0.6), key=lambda d: -d.points)
    return tuple(_point(d) for d in strong[:5]) + tuple(passed)


def _reasons_against(checks: tuple[CheckResult, ...], scores: Scores) -> tuple[Text, ...]:
    severities = list(Severity)
    broken = [r for r in checks if r.outcome in (Outcome.FAIL, Outcome.UNKNOWN)]
    broken.sort(key=lambda r: (severities.index(r.severity), r.outcome is Outcome.UNKNOWN))
    missing = [d.reason for d in _dims(scores) if d.s is None]
    weak = sorted((d for d in _dims(scores) if d.s is not None and d.s < 0.3), key=lambda d: d.points)
    said = dict.fromkeys(r.text for r in broken)  # two checks may wait for the same thing
    return tuple(said) + tuple(_point(d) for d in weak[:5]) + tuple(missing)


def _point(d: Dimension) -> Text:
    return Text(f"{d.reason.zh}（得{d.points:.1f}分）", f"{d.reason.en} ({d.points:.1f} points)")


def _dims(scores: Scores) -> list[Dimension]:
    return [d for score in (scores.early, scores.small, scores.long, scores.hard) for d in score.dims]
