"""People and firms behind a firm (法定代表人、董监高、股东): who, in which part, with what share, since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.funding.domain.findings import Findings

MOST_PEOPLE = 200
WHOLE_PPM = 1_000_000


class Part(StrEnum):
    """The part that somebody has in a firm."""

    LEGAL_REPRESENTATIVE = "LEGAL_REPRESENTATIVE"
    DIRECTOR = "DIRECTOR"
    SUPERVISOR = "SUPERVISOR"
    MANAGER = "MANAGER"
    SHAREHOLDER = "SHAREHOLDER"
    BENEFICIAL_OWNER = "BENEFICIAL_OWNER"


@dataclass(frozen=True)
class FirmPerson:
    """One part. `share_ppm`: millionths of the capital, of a shareholder or owner, None unknown. [since, until)."""

    part: Part
    name: str
    share_ppm: int | None = None
    since: date | None = None
    until: date | None = None


def examine_people(people: Sequence[FirmPerson], today: date) -> tuple[FirmPerson, ...]:
    """The people with clean names. Raises InvalidArgument with every violation at once."""
    findings, clean = Findings(), list[FirmPerson]()
    if len(people) > MOST_PEOPLE:
        findings.add("people", "TOO_MANY_PEOPLE", f"最多{MOST_PEOPLE}人", f"at most {MOST_PEOPLE} are kept")
    for at, each in enumerate(people[:MOST_PEOPLE]):
        name = findings.text(f"people[{at}].display_name", each.name, most=100, required=True)
        findings.count(f"people[{at}].share_ppm", each.share_ppm, most=WHOLE_PPM)
        findings.not_after(f"people[{at}].since_date", each.since, today)
        if each.since and each.until and each.until <= each.since:
            findings.add(
                f"people[{at}].until_date",
                "PERIOD_REVERSED",
                "结束日期应晚于开始日期",
                "the end must be later than the beginning",
            )
        clean.append(FirmPerson(each.part, name, each.share_ppm, each.since, each.until))
    _examine_whole(clean, today, findings)
    findings.finish()
    return tuple(clean)


def _examine_whole(people: Sequence[FirmPerson], today: date, findings: Findings) -> None:
    current = [each for each in people if each.until is None or each.until > today]
    if sum(each.part is Part.LEGAL_REPRESENTATIVE for each in current) > 1:
        findings.add(
            "people", "TWO_LEGAL_REPRESENTATIVES", "法定代表人只有一位", "a firm has one legal representative"
        )
    shares = sum(each.share_ppm or 0 for each in current if each.part is Part.SHAREHOLDER)
    if shares > WHOLE_PPM:
        findings.add(
            "people",
            "SHARES_OVER_WHOLE",
            f"股东持股合计 {shares / 10_000:g}%，超过100%",
            f"the shareholders hold {shares / 10_000:g}%, more than all of it",
        )
    seen = [(each.part, each.name, each.since) for each in people]
    if len(set(seen)) != len(seen):
        findings.add("people", "PERSON_REPEATED", "同一人同一职务重复", "somebody is listed twice in a part")
