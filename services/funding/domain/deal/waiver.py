"""Waivers (豁免): a fund's committee may accept a waivable breach, with a document and until a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.funding.domain.findings import Findings

LONGEST_DAYS = 366


@dataclass(frozen=True)
class Waiver:
    """One waiver of one check for one deal, in force through `until`."""

    code: str
    document: str
    granted_by: str
    until: date
    reason: str = ""
    at: datetime | None = None


def examine_waiver(waiver: Waiver, waivable: frozenset[str], known: frozenset[str], today: date) -> None:
    """Raise InvalidArgument with everything that is wrong with a waiver before it is granted."""
    findings = Findings()
    findings.text("document", waiver.document, most=300, required=True)
    findings.text("reason", waiver.reason, most=500, required=True)
    if waiver.code not in known:
        findings.add(
            "code",
            "UNKNOWN_CHECK",
            f"没有检查项“{waiver.code[:40]}”，可豁免：{'、'.join(sorted(waivable))}",
            f"there is no check {waiver.code[:40]!r}; these may be waived: {', '.join(sorted(waivable))}",
        )
    elif waiver.code not in waivable:
        findings.add(
            "code",
            "NOT_WAIVABLE",
            f"检查项 {waiver.code} 不得豁免",
            f"{waiver.code} may not be waived by anybody",
        )
    if not today <= waiver.until <= today + timedelta(days=LONGEST_DAYS):
        findings.add(
            "until",
            "WAIVER_PERIOD",
            f"豁免须有期限：自今天起不超过{LONGEST_DAYS}天",
            f"a waiver ends within {LONGEST_DAYS} days from today",
        )
    findings.finish()
