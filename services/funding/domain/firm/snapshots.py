"""Figures on record (数据快照): none ever changes; a correction is a further one of the same day.

Of the figures that were known at an instant, those of the latest day count, as corrected last. Declared figures do not
correct verified ones of the same day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from services.funding.domain.findings import Findings
from services.funding.domain.firm.snapshot import FirmSnapshot


@dataclass(eq=False)
class SnapshotRecord:
    """One entry: the `number`th of its firm. `source`: where the figures come from, in words.

    `retracts`: the number of an entry that this one takes back; it says nothing else.
    """

    firm_id: str
    number: int
    figures: FirmSnapshot
    source: str
    recorded_at: datetime
    recorded_by: str
    retracts: int | None = None


def standing(records: Iterable[SnapshotRecord], as_of: date | None = None) -> SnapshotRecord | None:
    """What counts of these records: of the latest day, not after `as_of`, the last correction."""
    entries = list(records)
    gone = {each.retracts for each in entries}
    counted = (
        each
        for each in entries
        if each.retracts is None
        and each.number not in gone
        and (as_of is None or each.figures.as_of <= as_of)
    )
    return max(counted, key=lambda each: (each.figures.as_of, each.number), default=None)


def known_at(records: Iterable[SnapshotRecord], instant: datetime) -> list[SnapshotRecord]:
    """The records that were there at an instant."""
    return [each for each in records if each.recorded_at <= instant]


def examine_correction(figures: FirmSnapshot, same_day: Iterable[SnapshotRecord], findings: Findings) -> None:
    """Find declared figures of a day for which verified ones stand."""
    corrected = standing(same_day)
    if corrected is not None and corrected.figures.verified and not figures.verified:
        findings.add(
            "snapshot.verified",
            "SNAPSHOT_VERIFIED",
            f"{figures.as_of} 的数据已核验，申报数据不能替代；请提交经核验的更正",
            f"the figures of {figures.as_of} are verified; declared ones do not replace them, submit verified ones",
        )
