"""What waivers make of the results of checks."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from services.funding.domain.checks.check import CheckResult
from services.funding.domain.deal.waiver import Waiver
from services.funding.domain.outcomes import Outcome
from services.kernel.text import Text


def apply_waivers(
    results: Iterable[CheckResult], waivers: Iterable[Waiver], on: date
) -> tuple[CheckResult, ...]:
    """The results, where FAIL and UNKNOWN of waivable checks with a waiver in force on the day become
    WAIVED.
    """
    in_force = {w.code: w for w in waivers if on <= w.until}
    return tuple(_waived(r, in_force.get(r.code)) for r in results)


def _waived(result: CheckResult, waiver: Waiver | None) -> CheckResult:
    if waiver is None or not result.waivable or result.outcome not in (Outcome.FAIL, Outcome.UNKNOWN):
        return result
    text = Text(
        f"{result.text.zh}；已由{waiver.granted_by}豁免至 {waiver.until}（{waiver.document}）",
        f"{result.text.en}; waived by {waiver.granted_by} until {waiver.until} ({waiver.document})",
    )
    return replace(result, outcome=Outcome.WAIVED, text=text, waiver=waiver)
